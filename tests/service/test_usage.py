from __future__ import annotations

import threading

from vcam.service.usage import Usage


def test_share_is_that_of_the_last_second_or_since_it_was_asked() -> None:
    wall, cpu = [10.0], [3.0]
    usage = Usage(lambda: wall[0], lambda: cpu[0])
    wall[0], cpu[0] = 12.0, 3.5
    assert usage.cpu_percent() == 25.0
    wall[0], cpu[0] = 12.9, 9.0
    assert usage.cpu_percent() == 25.0
    wall[0], cpu[0] = 13.0, 4.0
    assert usage.cpu_percent() == 50.0


def test_two_that_ask_at_once_are_told_the_same() -> None:
    """The second must not take the first one's begin for its own and divide by nothing."""
    wall, asked, inside = [0.0], list[float](), threading.Event()

    def cpu() -> float:
        if wall[0] and not inside.is_set():  # the first is in the middle of it
            inside.set()
            second.start()
            second.join(0.1)
        return wall[0] / 2

    usage = Usage(lambda: wall[0], cpu)
    second = threading.Thread(target=lambda: asked.append(usage.cpu_percent()))
    wall[0] = 2.0
    asked.append(usage.cpu_percent())
    second.join(60)
    assert asked == [50.0, 50.0]
    assert usage._wall == 2.0
