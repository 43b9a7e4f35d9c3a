"""vcam as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vcam.service.daemon import run_folder

CONFIG = """
camera: {type: scene, width: 320, height: 180, fps: 30}
segmentation: {backend: mog2, mog2: {learn_seconds: 0.5, working_width: 160}}
background: {type: color, color: "#c80000"}
output: {type: file, path: out.avi, width: 320, height: 180, fps: 30}
"""


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "vcam", *map(str, arguments)]


@contextmanager
def vcam(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """Ends with the block, if not before; what it writes can be read from the pipes."""
    process = subprocess.Popen(
        command(*arguments), cwd=run_folder(), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        said = process.communicate(timeout=20)
        sys.stdout.writelines(said)  # shown where the test fails
