"""The doctor's findings, for people."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from vcam.cli.invocation import as_typed
from vcam.doctor.findings import Finding, Level
from vcam.system.printable import printable, printable_lines

_COLOURS = {
    Level.OK: "green",
    Level.WARNING: "yellow",
    Level.PROBLEM: "red",
    Level.SKIPPED: "bright_black",
}

Colorize = Callable[[str, str], str]
"""Wraps a text in a colour."""


def report(
    findings: Sequence[Finding], width: int = 0, style: Colorize = lambda text, colour: text
) -> list[str]:
    """The lines: level, link and finding, followed by commands and advice.

    Commands are never broken, so that they can be copied.

    Args:
        findings: In their order.
        width: Of the terminal, in characters; 0 for no wrapping.
        style: Colours the level.
    """
    links = max(len(finding.link) for finding in findings)
    levels = max(len(level.value) for level in Level)
    indent = " " * (levels + links + 4)
    lines: list[str] = []
    for finding in findings:
        level = style(f"{finding.level.value:{levels}}", _COLOURS[finding.level])
        first, *others = _wrapped(as_typed(finding.text), width - len(indent))
        lines.append(f"{level}  {finding.link:{links}}  {first}")
        lines += [indent + line for line in others]
        lines += [f"{indent}  {printable(callable_here(command))}" for command in finding.commands]
        lines += [indent + line for line in _wrapped(as_typed(finding.advice), width - len(indent))]
    return lines


def summary(findings: Sequence[Finding]) -> str:
    """One sentence."""
    counts = {level: sum(f.level is level for f in findings) for level in Level}
    problems, warnings = counts[Level.PROBLEM], counts[Level.WARNING]
    if not problems and not warnings:
        return "All is well."
    said = _counted(problems, "problem") + ", " + _counted(warnings, "warning")
    fixable = sum(bool(finding.fixes) for finding in findings)
    if not fixable:
        return f"{said}."
    return as_typed(f"{said}; `vcam doctor --fix` offers to mend {fixable} of them.")


def callable_here(command: str) -> str:
    """A command as it must be typed here, if it is one of vcam's."""
    return as_typed(f"`{command}`").strip("`") if command.startswith("vcam ") else command


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _wrapped(text: str, width: int) -> list[str]:
    lines = printable_lines(text).split("\n") if text else []
    if width < 20:
        return lines
    return [
        part
        for line in lines
        for part in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    ]
