"""Watching files for changes, however they are saved, on any file system."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from vcam.config.file_events import FileEvents
from vcam.config.file_state import FileState, WatchedFile, advance, look
from vcam.system.waker import Waker

logger = logging.getLogger(__name__)

_CONFIRM_AFTER = 1 / 2
_HASTE = 1 / 6
"""Parts of the interval at rest."""

_ASK_EVERY = 3
_LONGEST_WAIT = 60.0
"""Seconds after which it is waited anew: a system that says nothing is not looked at."""
_JOIN_SECONDS = 1.0


class FileWatch:
    """Watches files in a thread of its own, and reports changes.

    It looks at them when the system reports an event, and polls where the system does not report
    every change (network file systems, Windows, macOS). Both work with files written in place,
    renamed over, deleted and recreated, and behind symlinks. A change is reported once a second
    look, half an interval later, finds the same content, so that a half-written file is not taken
    for a complete one; a file that is missing, unreadable or empty only after 0.3 s. A file that
    changes constantly is reported about twice a second.

    Args:
        paths: The files; they need not exist. Their present content counts as known: create the
            watch first, then read them.
        on_change: Called in the watch's thread with the path as given and the file's content: of a
            very large file only the start (`READ_BYTES`), None for a missing or unreadable file.
            Exceptions are logged.
        interval: Seconds between two polls of unchanged files, where they are polled. With 0.15 a
            change is reported within 0.23 s; less costs more than a thousandth of a core on small
            machines.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        on_change: Callable[[Path, bytes | None], None],
        interval: float = 0.15,
    ) -> None:
        self._on_change = on_change
        self._interval = interval
        self._watched: dict[Path, WatchedFile] = {}
        self._lock = threading.Lock()
        self._stopped = self._has_new = False
        self._waker = Waker()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self.paths = paths

    @property
    def paths(self) -> tuple[Path, ...]:
        """The watched files; can be set at any time, from any thread."""
        return tuple(self._watched)

    @paths.setter
    def paths(self, paths: Iterable[Path]) -> None:
        wanted = tuple(dict.fromkeys(paths))
        known = self._watched
        fresh = {path: _first_look(path) for path in wanted if path not in known}
        with self._lock:
            known = {**fresh, **known, **self._watched}
            self._watched = {path: known[path] for path in wanted}
        self._has_new = True
        self._waker.wake()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; once this returns, nothing more is reported."""
        self._stopped = True
        self._waker.wake()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        pace, looks, events = 1.0, 0, FileEvents((), self._waker)
        try:
            while not self._stopped:
                rests = pace == 1 and events.is_sure
                if not self._has_new:
                    if not rests:
                        time.sleep(self._interval * pace)  # half the cost of waiting for an event
                    elif not events.wait(_LONGEST_WAIT):
                        continue
                if rests or self._has_new:  # links and folders may lead elsewhere now
                    events.close()
                    events = self._events()
                looks += 1
                pace = self._poll(time.monotonic(), looks % _ASK_EVERY == 0)
        finally:
            events.close()
            self._waker.close()

    def _events(self) -> FileEvents:
        self._has_new = False
        places = [watched.place for watched in self._watched.values()]
        return FileEvents(places, self._waker)

    def _poll(self, now: float, ask: bool) -> float:
        """Poll each file once; returns the part of the interval until the next poll."""
        pace = 1.0
        for path, watched in self._watched.items():  # replaced as a whole, never changed
            known = None if watched.needs_content(now) else watched.latest
            seen, content = look(watched.place, known, ask)
            if seen is not watched.latest:
                pace = min(pace, self._take_in(path, watched, seen, content, now))
        return pace

    def _take_in(
        self, path: Path, watched: WatchedFile, seen: FileState, content: bytes, now: float
    ) -> float:
        after, changed = advance(watched, seen, now)
        with self._lock:
            if path not in self._watched:
                return 1.0
            self._watched = {**self._watched, path: after}
        if changed and not self._stopped:
            self._tell(path, None if seen.error else content)
        if after.is_hasty(now):
            return _HASTE
        return 1.0 if after.restless is None else _CONFIRM_AFTER

    def _tell(self, path: Path, content: bytes | None) -> None:
        try:
            self._on_change(path, content)
        except Exception:
            logger.exception("a change of %s could not be followed", path)


def _first_look(path: Path) -> WatchedFile:
    place = path.absolute()  # the working folder may change
    sighting, _ = look(place)
    return WatchedFile(place, sighting, sighting, time.monotonic())
