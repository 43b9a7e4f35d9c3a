"""docs/commands.md and the man page vcam(1), generated from the commands' help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from vcam.cli.main import cli

_HEAD = """\
<!-- Written by `python -m vcam.cli.manual` from the commands themselves; do not edit. -->
# Every command

`vcam COMMAND --help` says the same in the terminal, and so does `man vcam` where vcam was
installed by pipx or into the system. From a checkout, type `./scripts/vcam` for `vcam`.
"""

_FILES = (
    ("~/.config/vcam/vcam.yaml", "Your configuration; vcam config path prints where it is."),
    ("~/.cache/vcam/models", "The networks' model files. VCAM_CACHE_DIR names another folder."),
    ("/etc/modprobe.d/vcam.conf, /etc/modules-load.d/vcam.conf", "Written by vcam setup."),
)


@dataclass(frozen=True)
class Page:
    """One command.

    Attributes:
        name: As it is typed, such as "vcam config init".
        usage: The arguments after the name.
        paragraphs: Its help; those that begin with a line break are preformatted.
        options: Each option and its help, except `--help`.
    """

    name: str
    usage: str
    paragraphs: tuple[str, ...]
    options: tuple[tuple[str, str], ...]


def pages() -> list[Page]:
    """Every command: the program first, each group followed by its commands."""
    return list(_walk(cli, click.Context(cli, info_name="vcam")))


def markdown() -> str:
    """docs/commands.md."""
    whole, *commands = pages()
    overview = [
        f"| [`{page.name}`](#{page.name.replace(' ', '-')}) | {_first_sentence(page)} |"
        for page in commands
    ]
    table = "\n".join(["| command | what it does |", "|---|---|", *overview, ""])
    return "\n".join([_HEAD, table, *map(_markdown_page, (whole, *commands))])


def man_page() -> str:
    """vcam(1), for `man`."""
    whole, *commands = pages()
    about, *rest = whole.paragraphs
    lines = ['.TH VCAM 1 "" vcam "User Commands"', ".SH NAME", f"vcam \\- {_roff(about)}"]
    lines += [".SH SYNOPSIS", ".B vcam", _roff(whole.usage), ".SH OPTIONS"]
    lines += [line for option in whole.options for line in _man_option(*option)]
    lines.append(".SH COMMANDS")
    lines += [line for page in commands for line in _man_command(page)]
    for paragraph in rest:
        title, *body = paragraph.strip("\n").splitlines()
        name, _, begun = title.partition(":")
        lines += [f".SH {name.upper()}", ".nf", *map(_roff, filter(None, [begun.strip(), *body]))]
        lines.append(".fi")
    lines.append(".SH FILES")
    lines += [line for name, text in _FILES for line in (".TP", ".I " + _roff(name), _roff(text))]
    return "\n".join(lines) + "\n"


def _walk(command: click.Command, ctx: click.Context) -> Iterator[Page]:
    yield Page(
        ctx.command_path,
        " ".join(command.collect_usage_pieces(ctx)),
        tuple(_paragraphs(command.help or "") + _paragraphs(command.epilog or "")),
        tuple(_options(command, ctx)),
    )
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            assert inner is not None
            yield from _walk(inner, click.Context(inner, info_name=name, parent=ctx))


def _paragraphs(text: str) -> list[str]:
    """Those after a \\b keep their lines, and begin with a line break here."""
    parts = re.split(r"\n\s*\n", inspect.cleandoc(text).strip())
    return [
        "\n" + part.removeprefix("\b\n") if part.startswith("\b") else " ".join(part.split())
        for part in parts
        if part
    ]


def _options(command: click.Command, ctx: click.Context) -> Iterator[tuple[str, str]]:
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record and "--help" not in parameter.opts:
            yield record


def _first_sentence(page: Page) -> str:
    return re.split(r"(?<=[.;])\s", page.paragraphs[0])[0].rstrip(".;") + "."


def _markdown_page(page: Page) -> str:
    lines = [f"## {page.name}", "", "```", f"{page.name} {page.usage}".strip(), "```", ""]
    for paragraph in page.paragraphs:
        kept = paragraph.startswith("\n")
        lines += ["```", paragraph.strip("\n"), "```", ""] if kept else [paragraph, ""]
    lines += [f"- `{typed}`: {text}" for typed, text in page.options]
    return "\n".join(lines).rstrip() + "\n"


def _man_command(page: Page) -> Iterator[str]:
    yield f".SS {_roff(page.name.removeprefix('vcam '))} {_roff(page.usage)}"
    for number, paragraph in enumerate(page.paragraphs):
        if number:
            yield ".PP"
        if paragraph.startswith("\n"):
            yield from (".nf", *map(_roff, paragraph.strip("\n").splitlines()), ".fi")
        else:
            yield _roff(paragraph)
    for option in page.options:
        yield from _man_option(*option)


def _man_option(typed: str, text: str) -> tuple[str, str, str]:
    return ".TP", ".B " + _roff(typed), _roff(text)


def _roff(text: str) -> str:
    """Text escaped for roff."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    docs = Path(__file__).resolve().parents[2] / "docs"
    (docs / "commands.md").write_text(markdown(), encoding="utf-8")
    (docs / "vcam.1").write_text(man_page(), encoding="utf-8")
