"""`vcam setup`: the driver of the virtual camera, installed and loaded (Linux)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from vcam.cli.invocation import ENVIRONMENT, program_name
from vcam.devices.node_errors import ACTIVATE_OBS
from vcam.errors import PlatformError


@click.command()
@click.option("-n", "--dry-run", is_flag=True, help="Only show what would be done.")
@click.option("-y", "--yes", is_flag=True, help="Do it without asking.")
@click.option("--family", type=click.Choice(["debian", "fedora", "arch", "suse"]),
              help="What the distribution is like, where it does not tell.")  # fmt: skip
@click.option("--reload", is_flag=True,
              help="Load the driver anew, with other programs' nodes too.")  # fmt: skip
@click.option("--uninstall", is_flag=True,
              help="Take the virtual camera away again; the driver's packages stay.")  # fmt: skip
@click.pass_context
def setup(
    ctx: click.Context, dry_run: bool, yes: bool, family: str | None, reload: bool, uninstall: bool
) -> None:
    """Give this machine a virtual camera: install v4l2loopback, have it loaded at every boot.

    It shows what it will do and asks before it does so; it calls sudo itself. What is already
    as it should be is left alone, so it can be run again at any time.

    \b
    Examples:
      vcam setup --dry-run
      vcam setup
      vcam setup --uninstall
    """
    if sys.platform != "linux":
        raise PlatformError("the driver v4l2loopback is for Linux only", ACTIVATE_OBS)
    flags = {"--dry-run": dry_run, "--yes": yes, "--reload": reload, "--uninstall": uninstall}
    chosen = [flag for flag, is_given in flags.items() if is_given]
    chosen += ["--family", family] if family else []
    done = subprocess.run(
        ["sh", str(script()), *chosen],
        env={**os.environ, ENVIRONMENT: program_name()},
        check=False,
    )
    if done.returncode:
        ctx.exit(PlatformError.exit_code)


def script() -> Path:
    """scripts/setup-linux as installed, or that of the checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "scripts" / "setup-linux"
    return installed if installed.is_file() else package.parent / "scripts" / "setup-linux"
