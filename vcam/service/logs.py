"""The log of a vcam in the background, rotated over three files of a megabyte, and reading it."""

from __future__ import annotations

import contextlib
import logging
import os
import stat
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from vcam.system.log_format import PrintableFormatter
from vcam.system.shared_files import open_shared

_BYTES, _OLDER = 1_000_000, 2
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LOOK_EVERY = 0.2
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
"""Without O_BINARY Windows would add a carriage return to each line."""
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
"""Otherwise a pipe in the log's place would block writers until it has a reader."""


class LogFile(logging.Handler):
    """Writes to a private file, rotated after a megabyte, with two older ones kept.

    On any error of the disk or folder it neither raises nor writes elsewhere: the record is lost,
    and the next one is tried again. A deleted file is recreated.
    """

    def __init__(self, path: Path, level: int = logging.INFO) -> None:
        super().__init__(level)
        self._path = path
        self._descriptor: int | None = None
        self.setFormatter(PrintableFormatter(_FORMAT))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or lose it."""
        try:
            self._write(f"{self.format(record)}\n".encode("utf-8", "replace"))
        except Exception:  # a log that cannot be written is no reason to lose a frame
            self._let_go()

    def close(self) -> None:
        """Close the file."""
        self._let_go()
        super().close()

    def _write(self, line: bytes) -> None:
        if self._descriptor is None or not self._is_in_place(self._descriptor):
            self._let_go()
            self._descriptor = self._open()
        if os.fstat(self._descriptor).st_size + len(line) > _BYTES:
            self._let_go()
            self._turn()
            self._descriptor = self._open()
        os.write(self._descriptor, line)

    def _open(self) -> int:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, _FLAGS | _NO_WAIT, 0o600)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(f"{self._path} is no file")
        return descriptor

    def _is_in_place(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False

    def _turn(self) -> None:
        """Rotate the files; if renaming fails, the old text is dropped."""
        try:
            *_, older = names = parts(self._path)
            for newer in reversed(names[:-1]):
                if newer.exists():
                    newer.replace(older)
                older = newer
        except OSError:
            os.truncate(self._path, 0)

    def _let_go(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def log_to(path: Path) -> None:
    """Log everything from now on to this file only."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(LogFile(path))
    root.setLevel(min(root.level, logging.INFO))


def parts(path: Path) -> list[Path]:
    """The log's files, the newest first, whether or not they exist."""
    return [path, *(path.with_name(f"{path.name}.{n}") for n in range(1, _OLDER + 1))]


def last_lines(path: Path, count: int) -> list[str]:
    """The log's last `count` lines, including older files."""
    lines: deque[str] = deque(maxlen=count)
    for part in reversed(parts(path)):
        with contextlib.suppress(OSError), part.open(encoding="utf-8", errors="replace") as stream:
            lines.extend(line.rstrip("\n") for line in stream)
    return list(lines)


def follow(path: Path, wait: Callable[[float], None] = time.sleep) -> Iterator[str]:
    """Every line written from now on, endlessly, across rotations.

    Args:
        path: The log; it need not exist yet.
        wait: Called with seconds while there is nothing new.
    """
    start = os.SEEK_END
    while True:
        try:
            stream = open_shared(path)
        except OSError:
            wait(_LOOK_EVERY)
        else:
            with stream:
                stream.seek(0, start)
                yield from _lines_of(stream, path, wait)
        start = os.SEEK_SET


def _lines_of(stream: IO[bytes], path: Path, wait: Callable[[float], None]) -> Iterator[str]:
    """The lines written to one file until it is rotated."""
    rest, moved = b"", False
    while not moved:
        moved = _was_moved(stream, path)  # asked before the last reading, so that nothing is lost
        *lines, rest = (rest + stream.read()).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in lines)
        if not moved:
            wait(_LOOK_EVERY)


def _was_moved(stream: IO[bytes], path: Path) -> bool:
    """Whether the file was replaced or truncated."""
    found = os.fstat(stream.fileno())
    if found.st_size < stream.tell():
        return True
    try:
        return not os.path.samestat(found, path.stat())
    except OSError:
        return True
