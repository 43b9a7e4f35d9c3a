from __future__ import annotations

import os
import sys
from typing import cast

import pytest

from vcam.cli.run import _SideTask, _StatusLine, ended_for_certain
from vcam.errors import SinkError
from vcam.realtime.status import State, Status
from vcam.service.session import Session

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


def test_what_fails_beside_the_frames_ends_no_call_and_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise OSError(24, "Too many open files")

    beside = _SideTask(fail)
    beside()
    beside()
    assert caplog.text.count("Too many open files") == 1


class Hanging:
    """A session of which a thread hangs, or not."""

    def __init__(self, has_ended: bool) -> None:
        self.has_ended = has_ended


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (None, 0, ""),
        (SinkError("the virtual camera has gone", "plug it in"), 7, "vcam: the virtual camera"),
        (RuntimeError("unforeseen"), 1, "a fault of vcam itself"),
    ],
)
def test_process_ends_at_once_where_a_thread_hangs_however_the_run_ended(
    failure: Exception | None,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    with ended_for_certain(cast(Session, Hanging(has_ended=False))):
        if failure is not None:
            raise failure
    assert codes == [code]
    assert said in capsys.readouterr().err


def test_process_ends_as_ever_where_no_thread_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    with ended_for_certain(cast(Session, Hanging(has_ended=True))):
        pass
    with pytest.raises(SinkError), ended_for_certain(cast(Session, Hanging(has_ended=True))):
        raise SinkError("gone")
    assert codes == []
