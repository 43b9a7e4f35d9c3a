"""What the doctor says of one link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from vcam.doctor.system import System
from vcam.errors import VcamError


class Level(str, Enum):
    """How well a link is."""

    OK = "ok"
    WARNING = "warning"  # it works, but not everywhere or not well
    PROBLEM = "problem"  # frames do not reach the apps
    SKIPPED = "skipped"  # an earlier link must be mended before this one can be looked at


@dataclass(frozen=True)
class Fix:
    """A step that the doctor may take itself once it was allowed: it risks nothing.

    Attributes:
        shown: What it does, as a command where it is one.
        apply: Does it; whether that went well.
    """

    shown: str
    apply: Callable[[System], bool]


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes:
        link: Which link, such as "module".
        level: How well it is.
        text: What was found, with the cause where something is wrong.
        commands: What to type about it.
        advice: What else to do about it.
        fixes: What `vcam doctor --fix` may do about it, in this order.
    """

    link: str
    level: Level
    text: str
    commands: tuple[str, ...] = ()
    advice: str = ""
    fixes: tuple[Fix, ...] = ()

    @classmethod
    def of(cls, link: str, error: VcamError) -> Finding:
        """The problem that an error tells of, in its own words."""
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
