"""The native half is built, and built anew."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="it is a shell script")

SCRIPTS = Path(__file__).parents[1] / "scripts"


def build(library: Path, compiler: str) -> int:
    environment = {**os.environ, "CC": compiler}
    command = ["sh", str(SCRIPTS / "build-native"), str(library)]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_compiler_may_be_a_command_with_arguments_and_the_place_have_spaces(
    tmp_path: Path,
) -> None:
    library = tmp_path / "a place" / "library.so"
    library.parent.mkdir()
    assert build(library, "env cc") == 0
    assert ctypes.CDLL(str(library)).vcam_native_version() > 0
    assert list(library.parent.iterdir()) == [library]


def test_compiler_that_ends_midway_leaves_no_library(tmp_path: Path) -> None:
    library, compiler = tmp_path / "library.so", tmp_path / "compiler"
    library.write_bytes(b"of an earlier version")
    compiler.write_text('#!/bin/sh\nfor last; do :; done\necho half > "$last"\nexit 1\n')
    compiler.chmod(0o755)
    assert build(library, str(compiler)) != 0
    assert not library.exists()


@pytest.mark.parametrize("is_changed", [False, True])
def test_source_that_has_changed_is_built_without_installing_anew(
    tmp_path: Path, is_changed: bool
) -> None:
    stamp, source = tmp_path / ".venv/vcam-runtime", tmp_path / "vcam/native/some.c"
    script = tmp_path / "scripts/build-native"
    for file in (tmp_path / "pyproject.toml", script, source, stamp):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        os.utime(file, (1000, 1000))
    script.write_text(f"touch {tmp_path}/built\n")
    os.utime(script, (1000, 1000))
    if is_changed:
        source.touch()
    code = 'set -eu; . "$1/environment"; prepare_environment "$2" runtime'
    for _ in range(2):
        subprocess.run(["sh", "-c", code, "sh", str(SCRIPTS), str(tmp_path)], check=True)
        assert (tmp_path / "built").exists() == is_changed
        (tmp_path / "built").unlink(missing_ok=True)
        is_changed = False
    assert list(stamp.parent.iterdir()) == [stamp]
