from __future__ import annotations

import numpy as np

from vcam.images.types import Mask, Plane
from vcam.segmenters.room_veto import RoomVeto

SHAPE = (144, 256)
ROOM, PERSON = np.full(SHAPE, 255, np.uint8), np.zeros(SHAPE, np.uint8)


def sure_of(left: int, right: int) -> Mask:
    mask = np.zeros(SHAPE, np.float32)
    mask[40:, left:right] = 1
    return mask


def verdicts(veto: RoomVeto, mask: Mask, likeness: Plane, start: float) -> list[tuple[bool, bool]]:
    """For half a second: whether something is called room, and whether the plate is doubted."""
    answers = [veto.judge(mask, likeness, start + index / 30) for index in range(15)]
    return [(bool(room.any()), bool(misjudged.any())) for room, misjudged in answers]


def test_somebody_who_was_overlooked_is_believed_once_the_network_stays_sure() -> None:
    answers = verdicts(RoomVeto(), sure_of(80, 160), ROOM, 0.0)
    assert answers[:9] == [(True, False)] * 9
    assert answers[-1] == (False, True)


def test_what_is_seen_for_a_moment_is_the_room() -> None:
    veto = RoomVeto()
    for time in (0.0, 1.0, 2.0):
        room, misjudged = veto.judge(sure_of(80, 160), ROOM, time)
        assert room.any()
        assert not misjudged.any()
        veto.judge(sure_of(0, 0), ROOM, time + 0.5)


def test_what_looks_like_the_room_is_the_room_after_somebody_was_met() -> None:
    veto = RoomVeto()
    assert verdicts(veto, sure_of(80, 160), PERSON, 0.0) == [(False, False)] * 15
    assert veto.has_met_somebody
    assert verdicts(veto, sure_of(160, 240), ROOM, 1.0) == [(True, False)] * 15


def test_another_room_has_met_nobody() -> None:
    veto = RoomVeto()
    veto.judge(sure_of(80, 160), PERSON, 0.0)
    veto.forget()
    assert verdicts(veto, sure_of(160, 240), ROOM, 1.0)[-1] == (False, True)


def test_another_room_is_not_doubted_for_what_was_seen_in_the_one_before() -> None:
    veto = RoomVeto()
    veto.judge(sure_of(80, 160), ROOM, 0.0)
    veto.forget()
    room, misjudged = veto.judge(sure_of(80, 160), ROOM, 5.0)
    assert room.any()
    assert not misjudged.any()
