"""Which network looks at what in a picture: one look at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Aim: TypeAlias = Literal["follow", "confirm", "look around", "newcomers"]
"""Finding somebody anew; asking the other network about them; looking at the whole picture; and at
parts of it in which somebody may be."""

_DUE = 1.0
_OVERDUE = 2.0
"""Lateness from which a look is had in a picture that needs another already."""


@dataclass(frozen=True)
class Task:
    """A look that can be had.

    Attributes:
        lateness: Time since the last such look, in times that may pass between two.
        aim: What is looked for.
        subject: Whom it is about, by their place in the group; 0 where it is about nobody.
    """

    lateness: float
    aim: Aim
    subject: int = 0


def most_urgent(tasks: Iterable[Task], is_busy: bool) -> Task | None:
    """The look to be had in a picture; None where none is due.

    Args:
        tasks: All that can be had.
        is_busy: Whether a network must look at this picture already, because a mask cannot be
            carried to it.
    """
    first = max(tasks, key=lambda task: task.lateness, default=None)
    if first is None or first.lateness < (_OVERDUE if is_busy else _DUE):
        return None
    return first
