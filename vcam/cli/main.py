"""The `vcam` command, its options and how it says that something is wrong."""

from __future__ import annotations

import logging
import sys
from typing import Any

import click

from vcam import __version__
from vcam.cli.bench import bench
from vcam.cli.config import config
from vcam.cli.demo import demo
from vcam.cli.devices import devices
from vcam.cli.models import models
from vcam.cli.next import next_command
from vcam.cli.process import process
from vcam.cli.run import run
from vcam.cli.service import (
    logs,
    pause,
    relearn,
    restart,
    resume,
    service,
    start,
    status,
    stop,
)
from vcam.cli.set import set_command
from vcam.errors import VcamError

logger = logging.getLogger(__name__)

_EPILOG = """\b
Examples:
  vcam demo                      no camera needed: the built-in scene
  vcam run                       your camera, in the foreground; Ctrl-C ends it
  vcam start                     the same in the background; vcam status, vcam stop
  vcam config init               write a commented YAML file to edit
  vcam process in.mp4 out.mp4    a file through the same pipeline

\b
Exit codes: 0 done, 1 a fault of vcam, 2 command line, 3 configuration, 4 camera,
5 segmenter or model, 6 background, 7 virtual camera or output file, 8 system, 9 service
(it runs already, does not run, does not answer)."""


class _Commands(click.Group):
    """Turns exceptions into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except VcamError as error:
            logger.debug("refused", exc_info=True)
            say_error(error)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            raise
        except Exception as error:
            logger.debug("a fault of vcam", exc_info=True)
            click.echo(f"vcam: a fault of vcam itself ({error!r})", err=True)
            click.echo("      run it again with --verbose and report what it prints", err=True)
            ctx.exit(1)


def say_error(error: VcamError) -> None:
    """Print what is wrong, and what to do about it, to stderr."""
    lines = error.problem.splitlines() + ([error.cure] if error.cure else [])
    click.echo("vcam: " + "\n      ".join(lines), err=True)


@click.group(
    cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="vcam")
@click.option("-v", "--verbose", is_flag=True, help="Say what happens inside.")
def cli(verbose: bool) -> None:
    """Your webcam before a background of your own, as "Virtual Camera" in every app."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if verbose else logging.WARNING,
        format="%(asctime)s %(name)s %(levelname)s: %(message)s"
        if verbose
        else "vcam: %(message)s",
    )
    for chatty in ("PIL", "matplotlib"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


for command in (run, demo, process, devices, bench, models, config):
    cli.add_command(command)
for command in (set_command, next_command):
    cli.add_command(command)
for command in (start, stop, restart, status, logs, pause, resume, relearn, service):
    cli.add_command(command)
