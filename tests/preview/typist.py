"""Someone who looks at a preview in a real pseudo-terminal."""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.preview.processes import command
from vcam.service.daemon import run_folder


class Typist:
    """Someone at a terminal in which `vcam preview --terminal` runs."""

    before: list[Any]
    slave: int
    process: subprocess.Popen[bytes]
    written: bytes
    _master: int

    def __init__(self, config: Path, colours: str) -> None:
        if sys.platform == "win32":
            raise OSError("there are no pseudo-terminals of this kind")
        import fcntl
        import termios

        self._master, self.slave = os.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.written = b""
        self.process = subprocess.Popen(
            command("preview", "--terminal", "--config", config),
            cwd=run_folder(), stdin=self.slave, stdout=self.slave, stderr=self.slave,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": colours},
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while part := os.read(self._master, 65536):
                self.written += part

    def types(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def sees(self, text: str) -> bool:
        """Whether it was written lately."""
        return text.encode() in self.written[-20000:]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        for descriptor in (self._master, self.slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)
