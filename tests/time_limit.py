"""A test that hangs fails, and says where every thread stood."""

from __future__ import annotations

import faulthandler
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

SECONDS, DEVICE_SECONDS = 300.0, 1800.0
"""For any test, also on a machine that is busy; and for one that needs nodes or an installation."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Fail the test when the block takes longer; on the main thread, where there are signals."""
    if sys.platform == "win32":  # has no such signal
        yield
        return

    def fail(number: int, frame: FrameType | None) -> None:
        faulthandler.dump_traceback(2)
        pytest.fail(f"longer than {seconds:g} s: see in the captured stderr where all threads are")

    before = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
