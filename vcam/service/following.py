"""Live reload: applying changes of the YAML file, and of the pictures and videos it names."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from vcam.config import Config, load_config, parse_config
from vcam.config.changes import read_again
from vcam.config.load import decode
from vcam.config.watch import FileWatch
from vcam.errors import ConfigError, VcamError
from vcam.realtime.bridge import Bridge
from vcam.service.live import LiveConfig
from vcam.sources import check_controls
from vcam.system.printable import shown

logger = logging.getLogger(__name__)

_MOST_LINES, _LONGEST_LINE = 20, 2000
"""Limits of an error message, to fit into the answer to `vcam status`."""


class Following:
    """Applies a YAML file to a running bridge; an invalid file changes nothing.

    Args:
        path: The file.
        live: The running configuration.
        bridge: The running bridge.
    """

    def __init__(self, path: Path, live: LiveConfig, bridge: Bridge) -> None:
        self._path, self._live, self._bridge = path, live, bridge
        self._wanted = live.config
        self._watch: FileWatch | None = None
        self._busy = threading.Lock()
        self._reloads: SimpleQueue[bool | None] = SimpleQueue()
        self._file_error = self._stage_error = ""

    @property
    def error(self) -> str:
        """Why the file is not applied; empty if it is."""
        return self._file_error or self._stage_error

    def start(self, watch: bool) -> None:
        """Serve `reload` from now on.

        Args:
            watch: Also apply changes of the files automatically.
        """
        if watch:
            self._watch = FileWatch(self._files(), self._changed)
            self._watch.start()
            if self._path.exists():
                self.reload()  # it may have been saved since it was read
        threading.Thread(target=self._serve_reloads, name="reload", daemon=True).start()

    def close(self) -> None:
        """Stop following."""
        self._reloads.put(None)
        self._live.give_up()
        if self._watch is not None:
            self._watch.close()

    def reload(self, reload_files: bool = False) -> None:
        """Request that the YAML file, and optionally the background's files, are read again.

        May be called from any thread or a signal handler.
        """
        self._reloads.put(reload_files)

    def _files(self) -> list[Path]:
        """The watched files: the YAML file, and the pictures and videos in use."""
        return [self._path, *read_again(self._wanted)]

    def _changed(self, path: Path, content: bytes | None) -> None:
        """A watched file was written or deleted; called in the watch's thread."""
        if path == self._path:
            self._take_over(lambda: _parsed(path, content))
        else:
            with self._busy:
                self._apply(self._wanted, reload_files=True)

    def _serve_reloads(self) -> None:
        """Serve reload requests until None comes; accumulated requests count as one."""
        while (wanted := self._reloads.get()) is not None:
            while not self._reloads.empty():
                another = self._reloads.get()
                if another is None:
                    return
                wanted = wanted or another
            background = wanted
            self._take_over(lambda: load_config(self._path), background)

    def _take_over(self, read: Callable[[], Config], reload_files: bool = False) -> None:
        with self._busy:  # lock from reading on, or older content could be applied last
            try:
                wanted = read()
            except VcamError as error:
                self._file_error = self._refused(error, self._file_error)
                return
            except Exception as error:  # a bug must not end the thread that follows
                logger.exception("%s could not be read", self._path)
                self._file_error = self._refused(_fault("read", error), self._file_error)
                return
            mended, self._file_error = bool(self._file_error), ""
            if mended:
                logger.warning("%s is right again", self._path.name)
            self._wanted = wanted
            if self._watch is not None:
                self._watch.paths = self._files()
            self._apply(wanted, reload_files)

    def _apply(self, wanted: Config, reload_files: bool) -> None:
        try:
            self._live.apply(wanted, self._bridge, reload_files)
        except VcamError as error:
            self._stage_error = self._refused(error, self._stage_error)
            return
        except Exception as error:  # a bug must not end the call
            logger.exception("the configuration could not be applied")
            self._stage_error = self._refused(_fault("applied", error), self._stage_error)
            return
        mended, self._stage_error = bool(self._stage_error), self._controls_problem()
        if mended and not self._stage_error:
            logger.warning("what %s asks for can be had again", self._path.name)
        logger.info("running with %s", self._path)
        if self._live.needs_restart:
            keys = ", ".join(self._live.needs_restart)
            logger.warning("%s cannot change while vcam runs: type `vcam restart`", keys)

    def _controls_problem(self) -> str:
        """Configured controls that the camera lacks; everything else has been applied by then."""
        try:
            check_controls(self._live.config)
        except VcamError as error:
            return self._refused(error, self._stage_error, "all else is taken over")
        return ""

    @staticmethod
    def _refused(
        error: VcamError, before: str, then: str = "going on with the last good configuration"
    ) -> str:
        lines = str(error).splitlines()[:_MOST_LINES]
        told = "\n".join(shown(line, _LONGEST_LINE) for line in lines)
        if told != before:
            logger.warning("%s; %s", told, then)
        return told


def _parsed(path: Path, content: bytes | None) -> Config:
    """The configuration in the content read from `path`."""
    if not content:
        return load_config(path)  # says why there is nothing, if there still is nothing
    return parse_config(decode(content, path), path)


def _fault(what: str, error: Exception) -> ConfigError:
    return ConfigError(
        f"it could not be {what} ({shown(repr(error), 300)})", "undo the last change"
    )
