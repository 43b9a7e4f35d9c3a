from __future__ import annotations

import threading

import pytest

from vcam.backgrounds.worker import ThreadWorker


def test_it_works_in_a_thread_of_its_own_until_nothing_is_left() -> None:
    left, idle, threads = [3], threading.Event(), set()

    def work() -> bool:
        threads.add(threading.current_thread())
        if not left[0]:
            idle.set()
            return False
        left[0] -= 1
        return True

    worker = ThreadWorker(work, lambda: None)
    worker.wake()
    assert idle.wait(5)
    worker.close()
    assert left == [0]
    assert threading.current_thread() not in threads


def test_it_finishes_in_the_same_thread() -> None:
    finished: list[threading.Thread] = []
    worker = ThreadWorker(lambda: False, lambda: finished.append(threading.current_thread()))
    worker.close()
    assert len(finished) == 1
    assert finished[0] is not threading.current_thread()


def test_a_fault_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    failed, again = threading.Event(), threading.Event()

    def work() -> bool:
        if failed.is_set():
            again.set()
            return False
        failed.set()
        raise ZeroDivisionError

    worker = ThreadWorker(work, lambda: None)
    worker.wake()
    assert failed.wait(5)
    worker.wake()
    assert again.wait(5)
    worker.close()
    assert "ZeroDivisionError" in caplog.text
