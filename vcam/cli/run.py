"""`vcam run`: the bridge in the foreground."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import cv2

from vcam.assemble import make_bridge, make_configured_background
from vcam.bridge import Bridge
from vcam.cli.options import config_option, fetch_models_for
from vcam.config import Config, find_config
from vcam.status import State, Status


@click.command()
@config_option
def run(config_path: Path | None) -> None:
    """Run in the foreground until Ctrl-C.

    \b
    Examples:
      vcam run
      vcam run --config configs/blur.yaml
    """
    loaded = find_config(config_path)
    click.echo(f"configuration: {loaded.path or 'built-in defaults'}")
    fetch_models_for(loaded.config)
    run_bridge(loaded.config)


def run_bridge(config: Config) -> None:
    """Run until SIGINT or SIGTERM, with a status line where the output is a terminal."""
    cv2.setNumThreads(1)  # on small machines its pool costs more than it gains
    bridge = make_bridge(config, make_configured_background(config))
    with _signals_end(bridge):
        bridge.run(_StatusLine(bridge).tick)
    click.echo("stopped")


@contextmanager
def _signals_end(bridge: Bridge) -> Iterator[None]:
    kept = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        kept[number] = signal.signal(number, lambda *_: bridge.stop())
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


class _StatusLine:
    """One line that is written over on a terminal; elsewhere a line for each new state."""

    _EVERY = 0.5

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._terminal = sys.stdout.isatty()
        self._next = 0.0
        self._said: tuple[State | None, str] = (None, "")

    def tick(self) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._EVERY
        status = self._bridge.status()
        news = (status.state, status.error)
        if news != self._said:
            self._said = news
            self._print(_sentence(status), end="\n")
        if self._terminal:
            self._print(_line(status), end="")

    def _print(self, text: str, end: str) -> None:
        click.echo(("\r\x1b[K" if self._terminal else "") + text + end, nl=False)


def _sentence(status: Status) -> str:
    if status.state is State.LIVE:
        return f"live: {status.source} → {status.sink}"
    if status.state is State.STARTING:
        return f"starting: viewers of {status.sink} see the background"
    if status.state is State.LEARNING:
        return "learning the empty room: step out of the picture; viewers see the background"
    return f"{status.label}: {status.error or 'no frames come'}; viewers see the background"


def _line(status: Status) -> str:
    return (
        f"{status.label}  in {status.fps_in:.1f} fps  out {status.fps_out:.1f} fps  "
        f"latency {status.latency_ms:.0f} ms (p99 {status.latency_p99_ms:.0f})  "
        f"dropped {status.dropped}"
    )
