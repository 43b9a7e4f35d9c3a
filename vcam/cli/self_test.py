"""`vcam self-test`: a test card through the virtual camera and back, as apps read it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click

from vcam.cli.options import config_option
from vcam.config import find_config
from vcam.errors import SinkError


@click.command("self-test")
@config_option
@click.option("--seconds", type=click.FloatRange(1, 600), help="How long each reader watches (3).")
@click.option("--no-browser", is_flag=True, help="Leave Chromium out.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def self_test(
    ctx: click.Context,
    config_path: Path | None,
    seconds: float | None,
    no_browser: bool,
    as_json: bool,
) -> None:
    """Play a test card and read it back as apps do.

    Stop vcam first. No camera is used; apps that have the virtual camera open see the card.
    """
    from vcam.selftest import SECONDS, SelfTest

    output = find_config(config_path).config.output
    test = SelfTest(output, seconds or SECONDS, with_browser=not no_browser)
    checks, reader = [], ""
    for check in test.run():
        checks.append(check)
        if as_json:
            continue
        if check.reader != reader:
            reader = check.reader
            click.echo(reader)
        click.echo(f"  {'ok     ' if check.ok else 'PROBLEM'}  {check.subject}: {check.text}")
    if as_json:
        found = [dataclasses.asdict(check) for check in checks]
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    if not all(check.ok for check in checks):
        ctx.exit(SinkError.exit_code)
