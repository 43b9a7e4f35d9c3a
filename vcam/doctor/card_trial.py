"""What programs get of a test card that is played to them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Level

if TYPE_CHECKING:
    from vcam.tools.testcard import Comparison

LINK = "test card"


class CardTrial:
    """Plays the test card; unlike all other links it does feed the virtual camera.

    Args:
        seconds: How long each program watches; None for as long as is usual.
        with_browser: Try headless Chromium too, where it is installed.

    Attributes:
        checks: All that was found so far.
    """

    def __init__(self, seconds: float | None = None, with_browser: bool = True) -> None:
        self._seconds, self._with_browser = seconds, with_browser
        self.checks: list[Comparison] = []

    def look(self, case: Case) -> Iterator[Finding]:
        """Whether picture, size, rate and colours arrive in each program."""
        from vcam.tools.testcard import SECONDS, Playback

        playback = Playback(case.config.output, self._seconds or SECONDS, self._with_browser)
        for reader, checks in groupby(playback.run(), attrgetter("reader")):
            found = list(checks)
            self.checks += found
            yield from _told(reader, found)


def _told(reader: str, checks: list[Comparison]) -> Iterator[Finding]:
    """One finding of a program that is well; else one for each thing that is not."""
    for check in checks:
        if not check.ok:
            yield Finding(LINK, _level(check), f"{reader}: {check.subject}: {check.text}")
    if all(check.ok for check in checks):
        text = "; ".join(check.text for check in checks)
        yield Finding(LINK, Level.OK, f"{reader}: {text}")


def _level(check: Comparison) -> Level:
    """A picture that is late or lacking is worth a warning, one that is wrong is a problem."""
    is_whole = not (check.figures.get("torn") or check.figures.get("late"))
    return Level.WARNING if check.subject in ("rate", "frames") and is_whole else Level.PROBLEM
