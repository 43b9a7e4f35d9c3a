from __future__ import annotations

from vcam.segmenters.schedule import Task, most_urgent


def test_only_the_most_urgent_look_is_had() -> None:
    tasks = [Task(1.2, "follow"), Task(1.4, "confirm", 2), Task(0.3, "look around")]
    assert most_urgent(tasks, is_busy=False) == Task(1.4, "confirm", 2)


def test_no_look_is_had_before_its_time() -> None:
    assert most_urgent([Task(0.9, "follow")], is_busy=False) is None
    assert most_urgent([], is_busy=False) is None


def test_picture_that_a_network_looks_at_gets_another_look_only_where_that_is_overdue() -> None:
    assert most_urgent([Task(1.9, "look around")], is_busy=True) is None
    assert most_urgent([Task(2.0, "look around")], is_busy=True) == Task(2.0, "look around")
