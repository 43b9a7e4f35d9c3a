from __future__ import annotations

import numpy as np
import pytest

from vcam.images.types import I420
from vcam.realtime.tap import PARTS, Look
from vcam.service.messages import Answer
from vcam.service.preview_frames import PreviewFrame, asked_number, asked_parts, packed, unpacked


def look(width: int, height: int) -> Look:
    rng = np.random.default_rng(1)

    def i420() -> I420:
        picture = I420(width, height)
        picture.data[:] = rng.integers(0, 256, picture.data.size)
        return picture

    return Look(
        7,
        1.5,
        seen=i420(),
        room=rng.integers(0, 256, (height, width, 3)).astype(np.uint8),
        alpha=rng.integers(0, 256, (height, width)).astype(np.uint8),
        mask=rng.integers(0, 256, (9, 16)).astype(np.uint8),
        behind=i420(),
    )


@pytest.mark.parametrize("size", [(64, 36), (63, 35)])
def test_what_is_unpacked_is_what_was_packed(size: tuple[int, int]) -> None:
    sent = look(*size)
    got = unpacked(packed(PreviewFrame(sent, {"state": "live"})))
    assert got.state == {"state": "live"}
    assert (got.look.number, got.look.captured) == (7, 1.5)
    for part in PARTS:
        one, other = getattr(sent, part), getattr(got.look, part)
        if isinstance(one, I420):
            one, other = one.data, other.data
        assert np.array_equal(one, other)


def test_parts_that_are_not_there_stay_away() -> None:
    got = unpacked(packed(PreviewFrame(Look(1, seen=I420(4, 4)), {})))
    assert got.look.seen is not None
    assert got.look.room is None


def test_large_room_is_made_small() -> None:
    got = unpacked(packed(PreviewFrame(Look(1, room=np.zeros((720, 1280, 3), np.uint8)), {})))
    assert got.look.room is not None
    assert got.look.room.shape == (360, 640, 3)


@pytest.mark.parametrize(
    "answer",
    [
        Answer({}),
        Answer({"look": {"number": 1, "captured": 0, "shapes": {"seen": [36, 64]}}}, b"short"),
        Answer({"look": {"number": 1, "captured": 0, "shapes": {"room": [-1, 64, 3]}}}),
        Answer({"look": {"number": 1, "captured": 0, "shapes": {"room": [1 << 20, 2, 3]}}}),
        Answer({"look": {"number": 1, "captured": 0, "shapes": {"seen": 5}}}),
    ],
)
def test_nonsense_is_refused(answer: Answer) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        unpacked(answer)


def test_requests_are_read_with_care() -> None:
    assert asked_parts({"parts": ["seen", "nonsense", 3]}) == {"seen"}
    assert asked_parts({"parts": 3}) == set()
    assert asked_number({"after": 3}) == 3
    assert asked_number({"after": "x"}) == 0
