from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.service.waiting import wait_for
from vcam.service.processes import birth, is_alive


def test_a_running_process_is_known_by_number_and_birth() -> None:
    own = birth(os.getpid())
    assert own.isdecimal()
    assert is_alive(os.getpid())
    assert is_alive(os.getpid(), own)
    assert not is_alive(os.getpid(), own + "0")


@pytest.mark.parametrize("pid", [0, -1, 2**22 + 1])
def test_numbers_that_no_process_has(pid: int) -> None:
    assert not is_alive(pid)
    assert birth(pid) == ""


def test_one_that_ended_but_was_not_waited_for_is_not_alive() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    wait_for(lambda: not is_alive(child.pid), "it ended")
    assert child.wait() == 0
