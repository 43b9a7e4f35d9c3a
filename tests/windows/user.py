"""A user of Windows who types commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from tests.service.waiting import wait_for
from vcam.service.daemon import run_folder

PATIENCE = 300.0
"""Seconds that a program may take; under Wine each start of Python takes some."""

CONFIG = """\
camera: {{type: scene, width: 640, height: 360}}
background: {{type: color, color: "#00b140"}}
segmentation: {{mediapipe: {{model: landscape}}}}
output: {output}
"""


class User:
    """Has folders, a configuration file and a prompt of their own.

    Args:
        home: A folder that is made; everything that vcam keeps lies in it.
    """

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self.home = home
        self.config = home / "my cämera.yaml"
        self.environment = {
            **os.environ,
            "VCAM_RUNTIME_DIR": str(home / "run"),
            "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(home / "AppData"),
            "VCAM_CACHE_DIR": os.environ.get("VCAM_CACHE_DIR", str(_cache())),
        }

    def writes(self, output: str) -> None:
        """Save a configuration; `output` as its section in YAML."""
        self.config.write_text(CONFIG.format(output=output), encoding="utf-8")

    def vcam(self, *words: str, code: str = "utf-8") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, its output through pipes of this code page."""
        return self.types([sys.executable, "-m", "vcam", *words], code)

    def types(
        self, command: list[str] | str, code: str = "utf-8"
    ) -> subprocess.CompletedProcess[str]:
        """Run any command. Its pipes may outlive it: a vcam in the background may have them too."""
        process = subprocess.Popen(
            command, cwd=run_folder(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**self.environment, "PYTHONIOENCODING": code},
        )  # fmt: skip
        heard = [Heard(stream) for stream in (process.stdout, process.stderr)]
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
        out, said = (each.text(code) for each in heard)
        sys.stdout.write(f"> {command}\n{out}{said}")  # shown where the test fails
        return subprocess.CompletedProcess(command, process.returncode, out, said)

    def here(self, command: str, *words: str) -> subprocess.CompletedProcess[str]:
        """`vcam COMMAND … --config` with the user's file."""
        return self.vcam(command, *words, "--config", str(self.config))

    def status(self) -> dict[str, Any]:
        """What `vcam status --json` tells."""
        return dict(json.loads(self.here("status", "--json").stdout))

    def until(self, is_so: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Ask for the status until it is so, and give it."""

        def told() -> dict[str, Any] | None:
            status = self.status()
            return status if is_so(status) else None

        return wait_for(told, what, PATIENCE)


class Heard(threading.Thread):
    """What comes through a pipe."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        super().__init__(daemon=True)
        assert stream is not None
        self._stream, self._bytes = stream, b""
        self.start()

    def run(self) -> None:
        with self._stream:
            while part := os.read(self._stream.fileno(), 65536):
                self._bytes += part

    def text(self, code: str) -> str:
        self.join(1.0)
        return self._bytes.decode(code)


def _cache() -> Path:
    from vcam.segmenters import models

    return models.models_folder().parent
