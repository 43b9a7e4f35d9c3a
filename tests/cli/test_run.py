from __future__ import annotations

import sys

import pytest

from vcam.cli.run import _StatusLine
from vcam.realtime.status import State, Status

STATUS = Status(State.LIVE, 1.0, "a camera", "Virtual Camera", 30, 30, 20, 30, 9, 0, "")


class ClosedTerminal:
    """As a terminal whose window was closed."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.writes = 0

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.writes += 1
        raise OSError(5, "Input/output error")

    def flush(self) -> None:
        raise OSError(5, "Input/output error")


def test_terminal_that_was_closed_does_not_end_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = ClosedTerminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    line = _StatusLine(lambda: STATUS)
    line.tick()
    line.say("stopped")
    assert terminal.writes >= 2
