"""Foreign text in messages: in one line, escaped where it cannot be seen, and not too long."""

from __future__ import annotations


def shown(text: object, most: int = 60) -> str:
    r"""`text` with everything escaped that is not to be seen, and with an end.

    Control characters, line breaks, lone surrogates and spaces other than the usual one are
    written as in Python, such as `\x1b`.
    """
    whole = str(text)
    visible = "".join(c if c.isprintable() else _escaped(c) for c in whole[:most])
    return visible + "..." * (len(whole) > most)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
