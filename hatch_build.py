"""Builds the native half of vcam into the wheel, where there is a C compiler.

`scripts/release` brings everything along instead: in VCAM_WHEEL_TAG the wheel's tag, in
VCAM_WHEEL_FILES a folder whose files go into the package as they lie there.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PLACE = "vcam/native/library.so"


class NativeBuildHook(BuildHookInterface[Any]):
    """Runs `scripts/build-native`; where that fails, the wheel is one of pure Python."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it makes a wheel; an editable one uses the checkout."""
        self._folder: TemporaryDirectory[str] | None = None
        if tag := os.environ.get("VCAM_WHEEL_TAG"):
            self._take_along(tag, Path(os.environ["VCAM_WHEEL_FILES"]), build_data)
            return
        if os.name != "posix":
            return
        self._folder = TemporaryDirectory()
        in_place = version == "editable"
        library = Path(self.root if in_place else self._folder.name, _PLACE)
        library.parent.mkdir(parents=True, exist_ok=True)
        command = ["sh", "scripts/build-native", str(library)]
        try:
            subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            why = str(getattr(error, "stderr", "")).strip() or error
            self.app.display_warning(f"without its native half: {why}")
            return
        if not in_place:
            build_data["force_include"][str(library)] = _PLACE
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called by hatchling when it has made the wheel."""
        if self._folder is not None:
            self._folder.cleanup()

    def _take_along(self, tag: str, folder: Path, build_data: dict[str, Any]) -> None:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            build_data["force_include"][str(file)] = f"vcam/{file.relative_to(folder).as_posix()}"
        build_data["pure_python"] = tag.endswith("-any")
        build_data["tag"] = tag
