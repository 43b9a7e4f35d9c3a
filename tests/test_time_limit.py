from __future__ import annotations

import sys
import threading

import pytest

from tests.time_limit import time_limit


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_test_that_hangs_fails_and_says_where_every_thread_is(
    capfd: pytest.CaptureFixture[str],
) -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    with pytest.raises(pytest.fail.Exception, match=r"longer than 0\.05 s"), time_limit(0.05):
        threading.Event().wait()
    over.set()
    other.join()
    told = capfd.readouterr().err
    assert told.count("most recent call first") >= 2
    assert "test_time_limit.py" in told
