"""`vcam preview`: what viewers see, in a window or in the terminal."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vcam.cli.invocation import as_typed
from vcam.cli.options import config_option, fetch_models_for, with_scene
from vcam.cli.run import ended_for_certain, make_session, stopped_by_signals
from vcam.config import LoadedConfig, find_config
from vcam.errors import SourceError
from vcam.images.types import I420
from vcam.service.lookup import find_instance
from vcam.service.owners import holder
from vcam.sources import check_source

if TYPE_CHECKING:
    from vcam.preview.showing import Screen
    from vcam.service.runtime import Instance


class NoSink:
    """No virtual camera: the frames are only looked at. Implements `Sink`."""

    description = "the preview alone, no virtual camera"

    def send(self, frame: I420) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to free."""


@click.command()
@config_option
@click.option("--terminal", is_flag=True, help="Draw in the terminal, where there is no display.")
def preview(config_path: Path | None, terminal: bool) -> None:
    """Show what viewers see. A vcam that runs is looked at; else the camera is used for it.

    The picture stays on this computer, and what is written over it in the window only. While
    you look, the camera is on, as it is while a program reads the virtual camera.

    \b
    Keys:
      m     original, mask, cut-out over green, background
      d a   next, previous background
      n     next scene
      b     with and without refinement, side by side
      r     learn the empty room anew (mog2)
      p     pause: the camera is released, viewers see the background; again: go on
      s     save a snapshot
      h     show the keys
      q     quit
    \b
    Examples:
      vcam preview
      vcam preview --terminal
    """
    from vcam.preview.showing import make_screen

    instance = find_instance(config_path)
    screen = make_screen(terminal)
    if holder(instance) is not None:
        _attach(instance, screen)
    else:
        _run(_with_a_camera(find_config(config_path)), screen)


def _attach(instance: Instance, screen: Screen) -> None:
    from vcam.preview.feed import AttachedFeed
    from vcam.preview.showing import show

    feed = AttachedFeed(instance)
    feed.look((), 0)  # fails at once if it is silent, or too old
    ended = threading.Event()
    with stopped_by_signals(ended.set):
        show(feed, screen, ended.is_set)


def _run(loaded: LoadedConfig, screen: Screen) -> None:
    from vcam.preview.showing import run_and_show

    session = make_session(loaded, sink=NoSink())
    with (
        ended_for_certain(session),
        stopped_by_signals(session.stop, lambda: session.reload(True)),
    ):
        run_and_show(session, screen)


def _with_a_camera(loaded: LoadedConfig) -> LoadedConfig:
    """The configuration; with the built-in scene if there is no camera at all."""
    try:
        check_source(loaded.config)
    except SourceError as error:
        if loaded.config.camera.device != "auto":
            raise
        click.echo(f"no camera here ({error.problem}); showing the built-in scene instead")
        click.echo(as_typed(f"  to get one: {error.cure}"))
        loaded = LoadedConfig(with_scene(loaded.config), loaded.path)
    fetch_models_for(loaded.config)
    return loaded
