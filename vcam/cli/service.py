"""Commands for a vcam in the background."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from vcam.cli.invocation import as_typed
from vcam.cli.options import config_option, fetch_models_for
from vcam.config.find import find_config
from vcam.errors import ServiceError
from vcam.service.conversation import request
from vcam.service.lookup import find_instance
from vcam.service.shortcut import PAUSED, RESUMED, ended
from vcam.system.printable import printable, printable_json

_WATCH_EVERY = 1.0


@click.command()
@config_option
def start(config_path: Path | None) -> None:
    """Start vcam in the background; returns when frames flow, or says why they do not.

    \b
    Examples:
      vcam start
      vcam start --config configs/blur.yaml
    """
    _start(config_path)


@click.command()
@config_option
def stop(config_path: Path | None) -> None:
    """End the vcam in the background; says so, and is content, where none runs.

    \b
    Examples:
      vcam stop
      vcam stop --config second-camera.yaml
    """
    _stop(config_path)


@click.command()
@config_option
def restart(config_path: Path | None) -> None:
    """End the vcam in the background, if one runs, and start it anew.

    \b
    Examples:
      vcam restart
    """
    from vcam.cli.files import check_files

    check_files(find_config(config_path).config)  # what is broken shall not cost the running one
    _stop(config_path)
    _start(config_path)


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="For programs; one line for each look.")
@click.option("--watch", is_flag=True, help="Look again every second until Ctrl-C.")
def status(config_path: Path | None, as_json: bool, watch: bool) -> None:
    """Show how the running vcam does; the exit code is 9 where none runs.

    \b
    Examples:
      vcam status
      vcam status --watch
      vcam status --json | jq .state
    """
    _show(config_path, as_json)
    with suppress(KeyboardInterrupt):
        while watch:
            time.sleep(_WATCH_EVERY)
            if not as_json:
                click.clear()
            _show(config_path, as_json)


@click.command()
@config_option
@click.option("-f", "--follow", "following", is_flag=True, help="Go on until Ctrl-C.")
@click.option("-n", "--lines", default=50, show_default=True, type=click.IntRange(min=0),
              metavar="N", help="How many of the last lines.")  # fmt: skip
def logs(config_path: Path | None, following: bool, lines: int) -> None:
    """Show the log of the vcam in the background.

    \b
    Examples:
      vcam logs
      vcam logs -f -n 0
    """
    from vcam.service.logs import follow, last_lines, parts

    path = find_instance(config_path).log_path
    if not following and not any(map(os.path.lexists, parts(path))):
        click.echo(f"there is no log yet; it will be {printable(path)}", err=True)
    for line in last_lines(path, lines):
        click.echo(printable(line))
    if following:
        with suppress(KeyboardInterrupt):
            for line in follow(path):
                click.echo(printable(line))


@click.command()
@config_option
def pause(config_path: Path | None) -> None:
    """Close the shutter: viewers see the background or your card, the camera is released.

    \b
    Examples:
      vcam pause
    """
    _ask(config_path, "pause")
    click.echo(PAUSED)


@click.command()
@config_option
def resume(config_path: Path | None) -> None:
    """Open the shutter again.

    \b
    Examples:
      vcam resume
    """
    _ask(config_path, "resume")
    click.echo(RESUMED)


@click.command()
@config_option
def relearn(config_path: Path | None) -> None:
    """Learn the room anew (backends mog2, hybrid, chroma); with mog2 step out of the picture first.

    \b
    Examples:
      sleep 5; vcam relearn
    """
    if _ask(config_path, "relearn").get("segmenter") == "mog2":
        click.echo("learning the empty room; `vcam status --watch` shows how far it is")
    else:
        click.echo("what was known of the room is forgotten; it is learnt anew by and by")


@click.group()
def service() -> None:
    """Have vcam started at login: by systemd, on Windows by its registry."""


@service.command("install")
@config_option
def install(config_path: Path | None) -> None:
    """Have it started at every login: a systemd user unit, on Windows a registry entry.

    \b
    Examples:
      vcam service install
      systemctl --user start vcam
    """
    manager = _manager()
    fetch_models_for(find_config(config_path).config)  # the service has no network
    for line in manager.install(config_path):
        click.echo(printable(as_typed(line)))


@service.command("uninstall")
def uninstall() -> None:
    """Have it started no longer; under systemd the service ends too."""
    for line in _manager().uninstall():
        click.echo(printable(as_typed(line)))


def _start(config_path: Path | None) -> None:
    from vcam.service import daemon

    fetch_models_for(find_config(config_path).config)
    found = daemon.start(config_path)
    state = found.get("state")
    reason = f" ({found['error']})" if found.get("error") else ""
    click.echo(f"ready: {printable(found.get('sink') or 'frames flow')}")
    if state == "standby":
        click.echo("standby: the camera turns on when a program reads the virtual camera")
    elif state == "camera-lost":
        click.echo(f"waiting for the camera{reason}; until then viewers see no person")
    elif state != "live":
        click.echo(printable(f"state: {state}{reason}"))


def _stop(config_path: Path | None) -> None:
    from vcam.service.ending import stop as end

    instance = find_instance(config_path)
    click.echo(ended(instance, end(instance)))


def _ask(config_path: Path | None, command: str) -> dict[str, Any]:
    return request(find_instance(config_path), command)


def _show(config_path: Path | None, as_json: bool) -> None:
    from vcam.service.owners import holder
    from vcam.service.status_text import report

    instance = find_instance(config_path)
    try:
        found = request(instance, "status")
    except ServiceError as error:
        if as_json:
            state = "stopped" if holder(instance) is None else "silent"
            click.echo(printable_json({"state": state, "error": error.problem}))
        raise
    click.echo(printable_json(found) if as_json else "\n".join(report(found)))


def _manager() -> ModuleType:
    """The platform's module for starting at login, with `install` and `uninstall`."""
    if sys.platform == "linux":
        from vcam.service import systemd

        return systemd
    if sys.platform == "win32":
        from vcam.service import autostart

        return autostart
    raise ServiceError(
        "vcam cannot have itself started at login on this system",
        "have your system run `vcam start` at login",
    )
