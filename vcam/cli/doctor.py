"""`vcam doctor`: every link from the camera to the apps."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from vcam.cli.options import config_option
from vcam.doctor import Case, Finding, Fix, Level, System, examine
from vcam.doctor.report import callable_here, report, summary
from vcam.errors import HealthError


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--fix", is_flag=True, help="Offer to do what mends it without risk.")
@click.option("-y", "--yes", is_flag=True, help="With --fix: do it without asking.")
@click.pass_context
def doctor(
    ctx: click.Context, config_path: Path | None, as_json: bool, fix: bool, yes: bool
) -> None:
    """Look at every link from the camera to the apps; say what is wrong and what to type.

    A vcam that runs, and programs that read from it, are not disturbed. The exit code is 0
    where frames can reach the apps (there may be warnings), else 10.

    \b
    Examples:
      vcam doctor
      vcam doctor --fix
      vcam doctor --json | jq '.findings[] | select(.level != "ok")'
    """
    if as_json and fix:
        raise click.UsageError("--json only tells; leave out --fix")
    system = System()
    findings = examine(Case(system, config_path))
    if fix:
        _show(findings)
        if _mend(findings, system, yes):
            findings = _look_again(findings, Case(system, config_path))
    elif as_json:
        data = {"summary": summary(findings), "findings": [f.as_data() for f in findings]}
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        _show(findings)
    if any(finding.level is Level.PROBLEM for finding in findings):
        ctx.exit(HealthError.exit_code)


def _show(findings: Sequence[Finding]) -> None:
    is_screen = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_screen else 0

    def style(text: str, colour: str) -> str:
        return click.style(text, fg=colour) if "NO_COLOR" not in os.environ else text

    for line in report(findings, width, style):
        click.echo(line)
    click.echo(f"\n{summary(findings)}")


def _mend(findings: Sequence[Finding], system: System, yes: bool) -> bool:
    """Offer each step of each finding; whether anything was done."""
    fixable = [finding for finding in findings if finding.fixes]
    if not fixable:
        click.echo("There is nothing here that vcam may mend by itself.")
    done = [_apply(finding, system, yes) for finding in fixable]
    return any(done)


def _apply(finding: Finding, system: System, yes: bool) -> bool:
    click.echo(f"\n{finding.link}: {finding.text}")
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
    command = callable_here(step.shown)
    return command.removeprefix("sudo ") if system.is_root() else command


def _look_again(before: Sequence[Finding], case: Case) -> list[Finding]:
    """Examine anew, and say what is mended and how things are now."""
    after = examine(case)
    still = {finding.link for finding in after if finding.level in _UNWELL}
    unwell = dict.fromkeys(finding.link for finding in before if finding.level in _UNWELL)
    mended = [link for link in unwell if link not in still]
    click.echo(f"\nMended: {', '.join(mended) or 'nothing'}. How it is now:\n")
    _show(after)
    return after


_UNWELL = (Level.WARNING, Level.PROBLEM)
