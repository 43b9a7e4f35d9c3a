"""Probable causes of YAML syntax errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]")
_PARTING = re.compile(rf"^{_ODD_SPACE.pattern}+|:{_ODD_SPACE.pattern}+|{_ODD_SPACE.pattern}+$")
_SPACE_FIX = "delete it and type an ordinary blank"


@dataclass(frozen=True)
class Hint:
    """A syntax error in words.

    Attributes:
        problem: What is wrong.
        fix: What to do about it.
        line: Its line, from 1.
        column: Likewise.
    """

    problem: str
    fix: str
    line: int
    column: int


def odd_space(text: str) -> tuple[str, str, str] | None:
    """A space character in `text` that is none in YAML: the character, the problem and the fix."""
    found = _ODD_SPACE.search(text)
    if not found:
        return None
    name = "a no-break space" if found[0] in "\u00a0\u202f" else "an unusual blank"
    return found[0], f"{name} (U+{ord(found[0]):04X}) stands here", _SPACE_FIX


def odd_space_at_end(text: str) -> tuple[str, str, str] | None:
    """The same, only where it was meant to separate something from `text`."""
    found = _PARTING.search(text)
    return odd_space(found[0]) if found else None


def hint_for(error: Any, text: str, line: int, column: int) -> Hint:
    """The probable cause of ruamel.yaml's `error` at this place of `text`."""
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    problem, context = str(error.problem or error.context), str(error.context or "")
    tab = _tab(written)
    if tab is not None:
        return Hint("a tab stands here", _tab_fix(written, tab), line, tab + 1)
    for number in (line, line - 1):
        around = lines[number - 1] if 0 < number <= len(lines) else ""
        space = odd_space(around)
        if space:
            return Hint(*space[1:], number, around.index(space[0]) + 1)
    mark = error.context_mark
    for number in (mark.line + 1 if mark else line, line, line - 1):
        cut = _CUT_OFF.search(lines[number - 1]) if 0 < number <= len(lines) else None
        if cut and "flow" in context:
            return Hint(problem, _CUT_OFF_FIX, number, cut.end())
    for pattern, fix in _FIXES:
        if re.search(pattern, f"{problem} {context}"):
            return Hint(problem, fix, line, column)
    return Hint(problem, _LAST_RESORT, line, column)


def _tab(written: str) -> int | None:
    """The position of a tab that YAML does not allow: outside of quotes and comments."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", lambda quoted: "x" * len(quoted[0]), written)
    bare = re.sub(r"(^|\s)#.*", r"\1", bare)
    return bare.index("\t") if "\t" in bare else None


def _tab_fix(written: str, tab: int) -> str:
    if not written[:tab].strip():
        return "indent with spaces, never with tabs"
    return "type a blank instead, or nothing at the end of the line"


_LAST_RESORT = "check the indentation, and that each key is followed by a colon and a space"
_CUT_OFF = re.compile(r"[\[{][^\]}]*\s#")
_CUT_OFF_FIX = "an unquoted # begins a comment: put the value in quotes"
_FIXES = (
    ("duplicate", "each key may stand once"),
    (
        r"escape",
        "in double quotes a backslash begins an escape: put the text in single quotes, or write "
        "/ for each backslash",
    ),
    ("quoted scalar", "close the quote, or write ' twice within '...' and \\\" within \"...\""),
    (r"flow (mapping|sequence|node)", "close the bracket, and put a comma between two entries"),
    ("mapping values", "put a text with a colon in quotes, and indent all keys of a section alike"),
    (r"that cannot start any token", "put the value in quotes"),
    ("directive|YAML document|incompatible", "a line may not begin with %: delete it"),
    ("anchor|alias", "put a text that begins with & or * in quotes"),
    ("tag", "put a text that begins with ! in quotes"),
    (
        "block mapping|block collection|block end",
        "indent all keys of a section alike, with a colon and a space behind each",
    ),
)
"""By ruamel.yaml's message; the first that matches."""
