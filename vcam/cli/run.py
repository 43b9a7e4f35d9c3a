"""`vcam run`: the bridge in the foreground."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vcam.cli.options import config_option, fetch_models_for
from vcam.cli.streams import discard_output
from vcam.config import LoadedConfig, find_config
from vcam.errors import VcamError
from vcam.realtime.status import State, Status
from vcam.system.log_format import PrintableFormatter
from vcam.system.printable import printable

if TYPE_CHECKING:
    from vcam.service.session import Session
    from vcam.sinks import Sink

logger = logging.getLogger(__name__)

CLEAR_LINE = "\r\x1b[K"

_COVERED = "viewers see the background or your card"
_WORDS = {
    State.STARTING: f"starting; {_COVERED}",
    State.LEARNING: f"learning the empty room: step out of the picture; {_COVERED}",
    State.STANDBY: "standby: nobody watches, the camera is off",
    State.PAUSED: f"paused: the camera is off; {_COVERED}",
    State.CAMERA_STALLED: f"the camera gives no frames; {_COVERED}",
}


@click.command()
@config_option
@click.option("--preview", is_flag=True, help="Show what viewers see; quitting the window ends it.")
@click.option("--service", is_flag=True, hidden=True, help="As `vcam start` runs it.")
def run(config_path: Path | None, preview: bool, service: bool) -> None:
    """Run in the foreground until Ctrl-C.

    The YAML file is followed: what you save is applied at once.

    \b
    Examples:
      vcam run
      vcam run --preview
      vcam run --config configs/blur.yaml
    """
    loaded = find_config(config_path)
    fetch_models_for(loaded.config)
    if service:
        _run_as_service(loaded)
        return
    click.echo(f"configuration: {printable(loaded.path or 'built-in defaults')}")
    run_in_foreground(loaded, preview=preview)


def run_in_foreground(loaded: LoadedConfig, follow: bool = True, preview: bool = False) -> None:
    """Run until SIGINT or SIGTERM, with a status line if the output is a terminal.

    Args:
        loaded: The configuration and where it came from.
        follow: Watch its file and apply changes.
        preview: Show a window; closing it ends the session.
    """
    run_session = _shown() if preview else _carried
    session = make_session(loaded, follow)
    line = _StatusLine(session.bridge_status)
    with ended_for_certain(session):
        with stopped_by_signals(session.stop, lambda: session.reload(True)):
            run_session(session, _SideTask(line.tick))
        line.say("stopped")


def _carried(session: Session, on_tick: Callable[[], None]) -> None:
    session.run(on_tick)


def _shown() -> Callable[[Session, Callable[[], None]], None]:
    """Runs a session with a window, which is created before anything is sent."""
    from vcam.preview.showing import make_screen, run_and_show

    screen = make_screen()
    return lambda session, on_tick: run_and_show(session, screen, on_tick)


def _run_as_service(loaded: LoadedConfig) -> None:
    from vcam.service import notify
    from vcam.service.logs import log_to

    session = make_session(loaded)
    log_to(session.instance.log_path)
    told = _SideTask(_Once(notify.ready))  # the first call comes after the first frame
    with ended_for_certain(session):
        try:
            with stopped_by_signals(session.stop, lambda: session.reload(True)):
                session.run(told)
        except VcamError as error:
            logger.error("%s", error)
            raise
        finally:
            notify.stopping()


@contextmanager
def ended_for_certain(session: Session) -> Iterator[None]:
    """Exit the process at the end of the block if a thread of the session hangs.

    A thread in native code cannot be stopped, and Python would wait or crash on exit.
    """
    try:
        yield
    except Exception as error:
        if session.has_ended:
            raise
        from vcam.cli.main import say_failure

        _end_at_once(say_failure(error))
    else:
        if not session.has_ended:
            _end_at_once(0)


def _end_at_once(exit_code: int) -> None:
    logging.shutdown()
    with suppress(OSError):  # the terminal has gone
        sys.stdout.flush()
    os._exit(exit_code)


def make_session(loaded: LoadedConfig, follow: bool = True, sink: Sink | None = None) -> Session:
    """A session that has the process for itself; arguments as of `Session`."""
    import cv2

    from vcam.service.session import Session

    cv2.setNumThreads(1)  # on small machines its pool costs more than it gains
    return Session(loaded, follow, sink)


class _SideTask:
    """Runs a side task that must not stop the frames; its first error is logged."""

    def __init__(self, action: Callable[[], object]) -> None:
        self._action = action
        self._is_told = False

    def __call__(self) -> None:
        try:
            self._action()
        except Exception as error:
            if not self._is_told:
                logger.warning("what is told beside the frames has failed (%r)", error)
            self._is_told = True


class _Once:
    """Calls something only the first time."""

    def __init__(self, action: Callable[[], object]) -> None:
        self._action: Callable[[], object] | None = action

    def __call__(self) -> None:
        action, self._action = self._action, None
        if action is not None:
            action()


@contextmanager
def stopped_by_signals(
    stop: Callable[[], None], reload: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """SIGINT and SIGTERM call `stop`; SIGHUP calls `reload`."""
    actions = {"SIGINT": stop, "SIGTERM": stop, "SIGHUP": reload}
    kept = {}
    for name, action in actions.items():
        if hasattr(signal, name):
            number = getattr(signal, name)
            kept[number] = signal.signal(number, lambda *_, action=action: action())
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


class _StatusLine:
    """One line that is overwritten on a terminal; elsewhere a line for each new state.

    If the terminal or the reader of the pipe goes away, the call continues without it.
    """

    _EVERY = 0.5

    def __init__(self, status: Callable[[], Status]) -> None:
        self._status = status
        self._terminal = sys.stdout.isatty()
        self._next = 0.0
        self._said = ""
        if self._terminal:
            _log_above_the_line()

    def tick(self) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._EVERY
        status = self._status()
        sentence = _sentence(status)
        if sentence != self._said:
            self._said = sentence
            self.say(sentence)
        if self._terminal:
            self._write(CLEAR_LINE + _line(status))

    def say(self, sentence: str) -> None:
        self._write((CLEAR_LINE if self._terminal else "") + printable(sentence) + "\n")

    @staticmethod
    def _write(text: str) -> None:
        try:
            click.echo(text, nl=False)
        except OSError:
            discard_output()


def _log_above_the_line() -> None:
    for handler in logging.getLogger().handlers:
        if handler.formatter is not None:
            template = handler.formatter._fmt or ""
            handler.setFormatter(PrintableFormatter(CLEAR_LINE + template))


def _sentence(status: Status) -> str:
    if status.state is State.LIVE:
        return f"live: {status.source} → {status.sink}"
    if status.notice:
        return f"learning the empty room: {status.notice}; {_COVERED}"
    if status.state in _WORDS:
        return _WORDS[status.state]
    seen = "viewers see nothing" if status.state is State.SINK_LOST else _COVERED
    return f"{status.label}: {status.error}; {seen}"


def _line(status: Status) -> str:
    return (
        f"{status.label}  in {status.fps_in:.1f} fps  out {status.fps_out:.1f} fps  "
        f"latency {status.latency_ms:.0f} ms (p99 {status.latency_p99_ms:.0f})  "
        f"dropped {status.dropped}"
    )
