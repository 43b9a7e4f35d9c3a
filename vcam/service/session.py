"""A running vcam: the bridge, the YAML file it follows, and its control socket."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack, suppress
from typing import Any

from vcam.backgrounds import Stepping
from vcam.config import LoadedConfig, user_config_path
from vcam.devices.readers import Readers
from vcam.errors import ServiceError, VcamError
from vcam.realtime.bridge import Bridge
from vcam.realtime.status import Status
from vcam.service.control import ControlServer
from vcam.service.following import Following
from vcam.service.live import LiveConfig
from vcam.service.lock import Lock
from vcam.service.messages import Answer
from vcam.service.preview_frames import PreviewFrame, asked_number, asked_parts, packed
from vcam.service.runtime import Instance
from vcam.service.usage import Usage
from vcam.sinks import Sink, TellsReaders, open_sink
from vcam.sources import check_source, open_source
from vcam.system.power import on_battery
from vcam.system.process_memory import resident_mb

_KEEP_EVERY = 1.0
"""Seconds between checks that the lock's file still exists."""


class Session:
    """Runs a configuration until stopped, and follows its file.

    Args:
        loaded: The configuration and where it came from.
        follow: Watch the file, and apply its changes.
        sink: Replaces the configured sink. Such a session is not a virtual camera: another may run
            beside it, and it has no control socket.

    Attributes:
        instance: Which vcam this is.

    Raises:
        ServiceError: A vcam already runs for this virtual camera.
        VcamError: A part of it cannot be built.
    """

    def __init__(self, loaded: LoadedConfig, follow: bool = True, sink: Sink | None = None) -> None:
        config = loaded.config
        self.instance = Instance.of(config.output)
        self._sink = sink
        self._lock = Lock(self.instance, loaded.path)
        self._path = loaded.path or user_config_path()
        self._follow = follow
        self._readers: Readers | None = None
        if sink is None:
            self._lock.acquire()
        try:
            self._live = LiveConfig(config)
            self._bridge = self._make_bridge()
            self._following = Following(self._path, self._live, self._bridge)
        except VcamError:
            self._lock.release()
            raise
        self._usage = Usage()
        self._started = self._keep_at = time.monotonic()
        self._commands: dict[str, Callable[[], None]] = {
            "stop": self._bridge.stop,
            "pause": self._bridge.pause,
            "resume": lambda: self._bridge.pause(False),
            "toggle-pause": self._bridge.toggle_pause,
            "relearn": self._relearn,
            "reload": lambda: self.reload(True),
            "status": lambda: None,
        }

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Carry frames until `stop`; call it once.

        Raises:
            VcamError: As in `Bridge.run`.
        """
        with ExitStack() as stack:
            stack.callback(self._lock.release)
            if self._sink is None:
                server = ControlServer(self.instance.socket_path, self.handle)
                server.start()
                stack.callback(server.close)
            self._following.start(self._follow)
            stack.callback(self._following.close)
            self._bridge.run(lambda: self._tick(on_tick))

    def _tick(self, on_tick: Callable[[], None]) -> None:
        if time.monotonic() >= self._keep_at:
            self._keep_at = time.monotonic() + _KEEP_EVERY
            with suppress(ServiceError, OSError):
                self._lock.keep()
        on_tick()

    def stop(self) -> None:
        """End `run`, from any thread or a signal handler."""
        self._bridge.stop()

    @property
    def has_ended(self) -> bool:
        """After `run`: whether no thread is left that could prevent the process from exiting."""
        return self._bridge.has_ended

    def bridge_status(self) -> Status:
        """The bridge's status."""
        return self._bridge.status()

    def reload(self, reload_files: bool = False) -> None:
        """As `Following.reload`, from any thread or a signal handler."""
        self._following.reload(reload_files)

    # -- the control socket ----------------------------------------------------------------

    def handle(self, request: Mapping[str, Any]) -> Mapping[str, Any] | Answer:
        """Answer a request of another process: `obey` it, or return a look.

        Raises:
            ServiceError: As `obey`.
        """
        if request.get("command") == "look":
            return packed(self.look(asked_parts(request), asked_number(request)))
        return self.obey(request)

    def obey(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run the request's command; returns the status.

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

    def look(self, parts: Collection[str], after: int) -> PreviewFrame:
        """What a preview shows; see `Bridge.look`."""
        return PreviewFrame(self._bridge.look(parts, after), self._state())

    def status(self) -> dict[str, Any]:
        """All that `vcam status` shows, ready for JSON."""
        readers = self._readers
        return {
            **self._state(),
            "pid": os.getpid(),
            "uptime_s": time.monotonic() - self._started,
            "cpu_percent": self._usage.cpu_percent(),
            "memory_mb": resident_mb(),
            "on_battery": on_battery(),
            "needs_restart": self._live.needs_restart,
            "readers": readers.names() if readers else None,
            "previewed": self._bridge.is_looked_at,
        }

    def _state(self) -> dict[str, Any]:
        """The cheap part of the status."""
        status = self._bridge.status()
        return {
            **dataclasses.asdict(status),
            "state": status.state.value,
            "label": status.label,
            "segmenter": self._live.config.segmentation.backend,
            "background": self._live.config.background.type,
            "background_problem": self._live.background.problem,
            "config": str(self._path),
            "config_error": self._following.error,
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
            open_source=lambda: open_source(self._live.config, lambda: self._live.config),
            make_pipeline=self._live.first_pipeline,
            placeholder=self._live.first_placeholder(),
            open_sink=self._open_sink,
            fps=config.output.fps,
            reopen_sink=config.output.is_live,
            watched=self._is_watched if self._is_on_demand else None,
            wake=self._end_wait,
            close_sink=self._close_sink,
            await_source=config.camera.type == "device",  # one that is missing may be plugged in
            check_source=lambda: check_source(self._live.config),
            on_battery=on_battery,
        )

    def _open_sink(self) -> Sink:
        if self._sink is not None:
            return self._sink
        self._watch_readers(None)
        sink = open_sink(self._live.config.output)
        if self._is_on_demand and isinstance(sink, TellsReaders):
            self._watch_readers(sink.readers())
        return sink

    def _close_sink(self, sink: Sink) -> None:
        self._watch_readers(None)  # first: they look at the sink's node
        sink.close()

    def _watch_readers(self, readers: Readers | None) -> None:
        if self._readers is not None:
            self._readers.close()
        self._readers = readers

    def _end_wait(self) -> None:
        readers = self._readers
        if readers is not None:
            readers.wake()

    def _is_watched(self, seconds: float) -> bool:
        if self._readers is None:  # not to be known
            return True
        return self._readers.wait(seconds) if seconds else self._readers.watched()
