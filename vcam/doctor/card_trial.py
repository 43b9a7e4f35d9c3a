"""Playing a test card and checking what programs receive."""

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
    """Plays the test card; unlike all other checks it writes to the virtual camera.

    Args:
        seconds: How long each program watches; None for the default.
        with_browser: Try headless Chromium too, where it is installed.

    Attributes:
        checks: All that was found so far.
    """

    def __init__(self, seconds: float | None = None, with_browser: bool = True) -> None:
        self._seconds, self._with_browser = seconds, with_browser
        self.checks: list[Comparison] = []

    def look(self, case: Case) -> Iterator[Finding]:
        """Whether each program receives the right picture, size, rate and colours."""
        from vcam.tools.testcard import SECONDS, Playback

        playback = Playback(case.config.output, self._seconds or SECONDS, self._with_browser)
        for reader, checks in groupby(playback.run(), attrgetter("reader")):
            found = list(checks)
            self.checks += found
            yield from _as_findings(reader, found)


def _as_findings(reader: str, checks: list[Comparison]) -> Iterator[Finding]:
    """One finding for a program without problems, else one per problem."""
    for check in checks:
        if not check.ok:
            yield Finding(LINK, _level(check), f"{reader}: {check.subject}: {check.text}")
    if all(check.ok for check in checks):
        text = "; ".join(check.text for check in checks)
        yield Finding(LINK, Level.OK, f"{reader}: {text}")


def _level(check: Comparison) -> Level:
    """Late or missing frames are a warning, wrong pictures a problem."""
    is_whole = not (check.figures.get("torn") or check.figures.get("late"))
    return Level.WARNING if check.subject in ("rate", "frames") and is_whole else Level.PROBLEM
