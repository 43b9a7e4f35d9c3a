"""The script that builds the native half."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="it is a shell script")

SCRIPT = Path(__file__).parents[1] / "scripts/build-native"


def build(library: Path, compiler: str) -> int:
    environment = {**os.environ, "CC": compiler}
    command = ["sh", str(SCRIPT), str(library)]
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
