"""The results of checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from vcam.doctor.system import System
from vcam.errors import VcamError


class Level(str, Enum):
    """The state of a link."""

    OK = "ok"
    WARNING = "warning"  # it works, but not everywhere or not well
    PROBLEM = "problem"  # frames do not reach the apps
    SKIPPED = "skipped"  # an earlier link must be mended before this one can be looked at


@dataclass(frozen=True)
class Fix:
    """A safe step that the doctor can take itself, with the user's consent.

    Attributes:
        shown: A description; the command, if it is one.
        apply: Does it; returns whether it succeeded.
    """

    shown: str
    apply: Callable[[System], bool]


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        link: Which link, such as "module".
        level: Its state.
        text: What was found, with the cause of a problem.
        commands: Commands that fix it.
        advice: Further advice.
        fixes: What `vcam doctor --fix` may do, in this order.
    """

    link: str
    level: Level
    text: str
    commands: tuple[str, ...] = ()
    advice: str = ""
    fixes: tuple[Fix, ...] = ()

    @classmethod
    def of(cls, link: str, error: VcamError) -> Finding:
        """The finding for an error."""
        return cls(link, Level.PROBLEM, error.problem, error.commands, error.advice)

    def as_data(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "link": self.link,
            "level": self.level.value,
            "text": self.text,
            "commands": list(self.commands),
            "advice": self.advice,
            "fixable": bool(self.fixes),
        }
