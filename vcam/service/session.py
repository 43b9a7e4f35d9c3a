"""A running vcam: the bridge, the YAML file that steers it, and the socket that answers for it."""

from __future__ import annotations

import dataclasses
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from vcam.backgrounds import Stepping
from vcam.bridge import Bridge
from vcam.config import (
    Config,
    ConfigFileError,
    LoadedConfig,
    load_config,
    parse_config,
    user_config_path,
)
from vcam.config.watch import FileWatch
from vcam.devices.readers import Readers
from vcam.errors import ConfigError, ServiceError, VcamError
from vcam.service.control import Answer, ControlServer
from vcam.service.live import LiveConfig
from vcam.service.lock import Lock
from vcam.service.runtime import Instance
from vcam.service.usage import Usage
from vcam.service.views import View, asked_number, asked_parts, packed
from vcam.sinks import Sink, Watched, open_sink
from vcam.sources import check_source, open_source
from vcam.status import Status

logger = logging.getLogger(__name__)


class Session:
    """Runs one configuration until told to stop, and follows its file.

    Args:
        loaded: The configuration and where it came from.
        follow: Watch the file, and apply what is written to it.
        sink: Takes the frames in place of the configured sink. Such a session is nobody's
            virtual camera: another may run beside it, and it answers no requests of others.

    Attributes:
        instance: Which vcam this is.

    Raises:
        ServiceError: A vcam already runs for this virtual camera.
        VcamError: A part of it cannot be made.
    """

    def __init__(self, loaded: LoadedConfig, follow: bool = True, sink: Sink | None = None) -> None:
        config = loaded.config
        self.instance = Instance.of(config.output)
        self._sink = sink
        self._lock = Lock(self.instance, loaded.path)
        self._path = loaded.path or user_config_path()
        self._watch: FileWatch | None = None
        self._follow = follow
        self._wanted = config
        self._readers: Readers | None = None
        if sink is None:
            self._lock.acquire()
        try:
            self._live = LiveConfig(config)
            self._bridge = self._make_bridge()
        except VcamError:
            self._lock.release()
            raise
        self._usage = Usage()
        self._started = time.monotonic()
        self._busy = threading.Lock()
        self._reloads: SimpleQueue[bool | None] = SimpleQueue()
        self._file_error = self._stage_error = ""
        self._commands: dict[str, Callable[[], None]] = {
            "stop": self._bridge.stop,
            "pause": self._bridge.pause,
            "resume": lambda: self._bridge.pause(False),
            "relearn": self._relearn,
            "reload": lambda: self.reload(True),
            "status": lambda: None,
        }

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Carry frames until `stop`; to be called once.

        Raises:
            VcamError: As in `Bridge.run`.
        """
        with ExitStack() as stack:
            stack.callback(self._lock.release)
            if self._is_on_demand:
                check_source(self._live.config)  # without switching its light on
            if self._sink is None:
                server = ControlServer(self.instance.socket_path, self.handle)
                server.start()
                stack.callback(server.close)
            if self._follow:
                self._watch = FileWatch(self._files(), self._changed)
                self._watch.start()
                self._reload_if_there()  # it may have been saved since it was read
                stack.callback(self._watch.close)
            threading.Thread(target=self._serve_reloads, name="reload", daemon=True).start()
            stack.callback(self._reloads.put, None)
            stack.callback(self._watch_readers, None)
            self._bridge.run(on_tick)

    def stop(self) -> None:
        """End `run`, from any thread or a signal handler."""
        self._bridge.stop()

    @property
    def has_ended(self) -> bool:
        """After `run`: whether no thread is left that could keep the process from ending."""
        return self._bridge.has_ended

    def bridge_status(self) -> Status:
        """How the frames fare."""
        return self._bridge.status()

    def reload(self, reload_files: bool = False) -> None:
        """Read the YAML file again, and the background's files if asked; soon, and elsewhere.

        May be called from any thread or a signal handler.
        """
        self._reloads.put(reload_files)

    # -- the control socket ----------------------------------------------------------------

    def handle(self, request: Mapping[str, Any]) -> Mapping[str, Any] | Answer:
        """Answer one request of another process: `obey` it, or give it a look.

        Raises:
            ServiceError: As `obey`.
        """
        if request.get("command") == "look":
            return packed(self.look(asked_parts(request), asked_number(request)))
        return self.obey(request)

    def obey(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do the request's command, then give the status.

        Raises:
            ServiceError: There is no such command.
        """
        if request.get("command") == "next":
            self._step(request.get("by"))
            return self.status()
        command = self._commands.get(str(request.get("command")))
        if command is None:
            raise ServiceError(
                f"a running vcam knows no command {request.get('command')!r}",
                f"it knows {', '.join(self._commands)}",
            )
        command()
        return self.status()

    def _relearn(self) -> None:
        segmentation = self._live.config.segmentation
        if not segmentation.learns_room:
            raise ServiceError(
                f"the segmenter {segmentation.backend} has nothing to learn",
                "`vcam set segmentation.backend=mog2` goes over to one that learns the room",
            )
        self._bridge.relearn()

    def _step(self, by: Any) -> None:
        background = self._live.background
        if not isinstance(background, Stepping):
            raise ServiceError(
                f"a background of type {self._live.config.background.type} has nothing to step "
                "through",
                "`vcam set background.type=slideshow background.path=FOLDER`",
            )
        background.step(by if isinstance(by, int) else 1)

    def look(self, parts: Collection[str], after: int) -> View:
        """What a preview shows; see `Bridge.look`."""
        return View(self._bridge.look(parts, after), self._state())

    def status(self) -> dict[str, Any]:
        """All that `vcam status` shows, ready for JSON."""
        readers = self._readers
        return {
            **self._state(),
            "pid": os.getpid(),
            "uptime_s": time.monotonic() - self._started,
            "cpu_percent": self._usage.cpu_percent(),
            "memory_mb": self._usage.memory_mb(),
            "needs_restart": self._live.needs_restart,
            "readers": readers.names() if readers else None,
            "previewed": self._bridge.is_looked_at,
        }

    def _state(self) -> dict[str, Any]:
        """The part of the status that costs nothing to find out."""
        status = self._bridge.status()
        return {
            **dataclasses.asdict(status),
            "state": status.state.value,
            "label": status.label,
            "background": self._live.config.background.type,
            "background_problem": self._live.background.problem,
            "config": str(self._path),
            "config_error": self._file_error or self._stage_error,
        }

    # -- the sink and who looks at it --------------------------------------------------------

    @property
    def _is_on_demand(self) -> bool:
        output = self._live.config.output
        is_live = output.is_live and self._sink is None
        return output.on_demand and is_live and sys.platform == "linux"

    def _make_bridge(self) -> Bridge:
        config = self._live.config
        return Bridge(
            open_source=lambda: open_source(self._live.config),
            make_pipeline=self._live.first_pipeline,
            cover=self._live.first_cover(),
            open_sink=self._open_sink,
            fps=config.output.fps,
            reopen_sink=config.output.is_live,
            watched=self._is_watched if self._is_on_demand else None,
        )

    def _open_sink(self) -> Sink:
        if self._sink is not None:
            return self._sink
        self._watch_readers(None)
        sink = open_sink(self._live.config.output)
        if self._is_on_demand and isinstance(sink, Watched):
            self._watch_readers(sink.readers())
        return sink

    def _watch_readers(self, readers: Readers | None) -> None:
        if self._readers is not None:
            self._readers.close()
        self._readers = readers

    def _is_watched(self, seconds: float) -> bool:
        if self._readers is None:  # not to be known
            return True
        return self._readers.wait(seconds) if seconds else self._readers.watched()

    # -- the YAML file -----------------------------------------------------------------------

    def _files(self) -> list[Path]:
        """What is watched: the YAML file, and the pictures and the video that it asks for."""
        wanted = self._wanted
        used = [
            wanted.background.path if wanted.background.type in ("image", "video") else None,
            wanted.finish.overlay.path,
            wanted.output.placeholder.path if wanted.output.placeholder.type == "card" else None,
        ]
        return [self._path, *(path for path in used if path)]

    def _changed(self, path: Path, content: bytes | None) -> None:
        """A watched file was written or deleted; called in the watch's thread."""
        if path == self._path:
            self._take_over(lambda: _parsed(path, content))
        else:
            with self._busy:
                self._apply(self._wanted, reload_files=True)

    def _reload_if_there(self) -> None:
        if self._path.exists():
            self.reload()

    def _serve_reloads(self) -> None:
        """Reload when asked to, until told None; requests that have piled up count as one."""
        while (wanted := self._reloads.get()) is not None:
            while not self._reloads.empty():
                another = self._reloads.get()
                if another is None:
                    return
                wanted = wanted or another
            background = wanted
            self._take_over(lambda: load_config(self._path), background)

    def _take_over(self, read: Callable[[], Config], reload_files: bool = False) -> None:
        with self._busy:  # from reading on: or an older content could be applied last
            try:
                wanted = read()
            except VcamError as error:
                self._file_error = self._refused(error, self._file_error)
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
        except Exception as error:  # a fault of ours must not end the call
            logger.exception("the configuration could not be applied")
            fault = ConfigError(f"it could not be applied ({error!r})")
            self._stage_error = self._refused(fault, self._stage_error)
            return
        mended, self._stage_error = bool(self._stage_error), ""
        if mended:
            logger.warning("what %s asks for can be had again", self._path.name)
        logger.info("running with %s", self._path)
        if self._live.needs_restart:
            keys = ", ".join(self._live.needs_restart)
            logger.warning("%s cannot change while vcam runs: type `vcam restart`", keys)

    @staticmethod
    def _refused(error: VcamError, before: str) -> str:
        if str(error) != before:
            logger.warning("%s; going on with the last good configuration", error)
        return str(error)


def _parsed(path: Path, content: bytes | None) -> Config:
    """The configuration in what was read of `path`."""
    try:
        return parse_config((content or b"").decode("utf-8-sig"), path)
    except (UnicodeDecodeError, ConfigFileError):
        return load_config(path)  # says what is wrong with the file, if it is the file
