"""`vcam doctor`: checking every link from the camera to the apps."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from vcam.cli.options import NumberRange, config_option
from vcam.doctor import CardTrial, Case, Finding, Fix, Level, System, examine
from vcam.doctor.findings_text import callable_here, report, summary
from vcam.errors import HealthError
from vcam.system.printable import printable, printable_json, printable_lines


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--app", is_flag=True, help="Play a test card and read it back as apps do.")
@click.option(
    "--seconds", type=NumberRange(1, 600), help="With --app: how long each reader watches (3)."
)
@click.option("--no-browser", is_flag=True, help="With --app: leave Chromium out.")
@click.option("--fix", is_flag=True, help="Offer to do what mends it without risk.")
@click.option("-y", "--yes", is_flag=True, help="With --fix: do it without asking.")
@click.pass_context
def doctor(
    ctx: click.Context,
    config_path: Path | None,
    as_json: bool,
    app: bool,
    seconds: float | None,
    no_browser: bool,
    fix: bool,
    yes: bool,
) -> None:
    """Look at every link from the camera to the apps; say what is wrong and what to type.

    A vcam that runs, and programs that read from it, are not disturbed. The exit code is 0
    where frames can reach the apps (there may be warnings), else 10.

    With --app it feeds the virtual camera: stop vcam first. No camera is used; apps that have
    the virtual camera open see the card.

    \b
    Examples:
      vcam doctor
      vcam doctor --fix
      vcam doctor --app
      vcam doctor --json | jq '.findings[] | select(.level != "ok")'
    """
    if fix and (as_json or app):
        raise click.UsageError(f"{'--json' if as_json else '--app'} only tells; leave out --fix")
    if not app and (seconds or no_browser):
        raise click.UsageError("--seconds and --no-browser are for --app")
    system = System()
    trial = CardTrial(seconds, not no_browser) if app else None
    if trial:
        click.echo("Playing a test card; that takes a while.", err=True)
    findings = examine(Case(system, config_path), trial)
    if fix:
        _show(findings)
        if _mend(findings, system, yes):
            findings = _look_again(findings, Case(system, config_path))
    elif as_json:
        data = _as_data(findings, trial)
        click.echo(printable_json(data, indent=2))
    else:
        _show(findings)
    if any(finding.level is Level.PROBLEM for finding in findings):
        ctx.exit(HealthError.exit_code)


def _as_data(findings: Sequence[Finding], trial: CardTrial | None) -> dict[str, Any]:
    data = {"summary": summary(findings), "findings": [f.as_data() for f in findings]}
    if trial:
        data["checks"] = [dataclasses.asdict(check) for check in trial.checks]
    return data


def _show(findings: Sequence[Finding]) -> None:
    is_screen = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_screen else 0

    def style(text: str, colour: str) -> str:
        return click.style(text, fg=colour) if "NO_COLOR" not in os.environ else text

    for line in report(findings, width, style):
        click.echo(line)
    click.echo(f"\n{summary(findings)}")


def _mend(findings: Sequence[Finding], system: System, yes: bool) -> bool:
    """Offer each fix of each finding; returns whether any was applied."""
    fixable = [finding for finding in findings if finding.fixes]
    if not fixable:
        click.echo("There is nothing here that vcam may mend by itself.")
    done = [_apply(finding, system, yes) for finding in fixable]
    return any(done)


def _apply(finding: Finding, system: System, yes: bool) -> bool:
    click.echo(f"\n{finding.link}: {printable_lines(finding.text)}")
    for number, step in enumerate(finding.fixes):
        shown = _shown(step, system)
        click.echo(f"  {shown}")
        if not (yes or click.confirm("  Do this?", default=False)):
            return number > 0
        if not step.apply(system):
            click.echo(f"  that failed; {finding.link} stays as it is", err=True)
            return True
    return True


def _shown(step: Fix, system: System) -> str:
    command = printable(callable_here(step.shown))
    return command.removeprefix("sudo ") if system.is_root() else command


def _look_again(before: Sequence[Finding], case: Case) -> list[Finding]:
    """Check again, and report what was fixed and the present state."""
    after = examine(case)
    still = {finding.link for finding in after if finding.level in _UNWELL}
    unwell = dict.fromkeys(finding.link for finding in before if finding.level in _UNWELL)
    mended = [link for link in unwell if link not in still]
    click.echo(f"\nMended: {', '.join(mended) or 'nothing'}. How it is now:\n")
    _show(after)
    return after


_UNWELL = (Level.WARNING, Level.PROBLEM)
