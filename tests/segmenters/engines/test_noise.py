from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading

import pytest

from vcam.segmenters.engines.noise import native_noise_logged


def stderr() -> tuple[int, int]:
    """Where descriptor 2 leads."""
    now = os.fstat(2)
    return now.st_dev, now.st_ino


def test_what_native_code_writes_is_logged_and_not_shown(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with native_noise_logged("Lib"):
        os.write(2, b"INFO: created delegate\nanother \xff line")
    os.write(2, b"shown again")
    assert capfd.readouterr().err == "shown again"
    assert "Lib: INFO: created delegate" in caplog.messages
    assert len(caplog.messages) == 2


def test_two_networks_that_are_loaded_at_once_leave_stderr_as_it_was() -> None:
    before = stderr()
    first_is_in, second_came, first_may_go = (threading.Event() for _ in range(3))

    def first() -> None:
        with native_noise_logged("first"):
            first_is_in.set()
            first_may_go.wait(60)

    def second() -> None:
        first_is_in.wait(60)
        second_came.set()
        with native_noise_logged("second"):
            first_may_go.set()
            one.join(0.2)

    one, other = threading.Thread(target=first), threading.Thread(target=second)
    one.start()
    other.start()
    second_came.wait(60)
    other.join(0.2)  # until it is in, or waits
    first_may_go.set()
    one.join(60)
    other.join(60)
    assert stderr() == before


def test_one_within_another_leaves_stderr_as_it_was() -> None:
    before = stderr()
    with native_noise_logged("outer"), native_noise_logged("inner"):
        assert stderr() != before
    assert stderr() == before


def test_failure_in_between_leaves_stderr_as_it_was() -> None:
    before = stderr()
    with pytest.raises(RuntimeError), native_noise_logged("Lib"):
        raise RuntimeError
    assert stderr() == before


def test_where_there_is_no_place_for_a_file_the_network_is_loaded_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*arguments: object) -> int:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "memfd_create", refuse, raising=False)
    before = stderr()
    with native_noise_logged("Lib"):
        assert stderr() == before


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are closed otherwise there")
def test_process_without_a_stderr_loads_its_network() -> None:
    code = (
        "import os, sys; os.close(2); sys.stderr = None\n"
        "from vcam.segmenters.engines.noise import native_noise_logged\n"
        "with native_noise_logged('Lib'): pass\n"
        "print('loaded')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "loaded\n"
