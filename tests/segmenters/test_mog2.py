from __future__ import annotations

import numpy as np
import pytest

from vcam.errors import SegmenterError
from vcam.frames import Image, Mask
from vcam.segmenters.mog2 import Cleanup, Mog2Segmenter

rng = np.random.default_rng(3)
ROOM = rng.integers(60, 200, (90, 160, 3), np.uint8)
BOX = (slice(30, 90), slice(60, 100))


def room() -> Image:
    noise = rng.integers(-3, 4, ROOM.shape)
    return np.clip(ROOM.astype(int) + noise, 0, 255).astype(np.uint8)


def with_person() -> Image:
    image = room()
    image[BOX] = (20, 20, 230)
    return image


def learnt(**settings: object) -> Mog2Segmenter:
    segmenter = Mog2Segmenter(**{"learn_frames": 20, "working_width": 160, **settings})  # type: ignore[arg-type]
    for _ in range(20):
        assert segmenter.segment(room(), 0.0) is None
    return segmenter


def segment(segmenter: Mog2Segmenter, image: Image) -> Mask:
    mask = segmenter.segment(image, 0.0)
    assert mask is not None
    return mask


def test_nothing_is_known_while_the_room_is_learnt() -> None:
    segmenter = Mog2Segmenter(learn_frames=4)
    told = []
    for _ in range(4):
        assert segmenter.segment(with_person(), 0.0) is None
        told.append(segmenter.progress)
    assert told == [0.25, 0.5, 0.75, 1.0]


def test_person_is_found_and_the_room_is_not() -> None:
    mask = segment(learnt(), with_person())
    assert mask.dtype == np.float32
    assert mask.shape == (90, 160)
    assert mask[40:85, 66:94].min() > 0.9
    assert mask[:, :50].max() < 0.1
    assert segment(learnt(), room()).max() < 0.1


def test_frozen_learning_keeps_somebody_who_sits_still() -> None:
    segmenter = learnt()
    for _ in range(300):
        mask = segment(segmenter, with_person())
    assert mask[BOX].mean() > 0.9


def test_automatic_learning_absorbs_somebody_who_sits_still() -> None:
    segmenter = learnt(after_learning="automatic", history=20)
    for _ in range(300):
        mask = segment(segmenter, with_person())
    assert mask[BOX].mean() < 0.1


@pytest.mark.parametrize(("counts", "expected"), [(True, 0.9), (False, 0.1)])
def test_shadow_counts_as_person_only_where_asked(counts: bool, expected: float) -> None:
    shaded = room()
    shaded[BOX] = (shaded[BOX] * 0.7).astype(np.uint8)
    mask = segment(learnt(shadows_are_person=counts), shaded)
    inner = mask[45:80, 70:90].mean()
    assert inner > expected if counts else inner < expected


def test_work_is_done_at_the_reduced_size() -> None:
    segmenter = Mog2Segmenter(learn_frames=1, working_width=80)
    segmenter.segment(room(), 0.0)
    assert segment(segmenter, room()).shape == (45, 80)


def test_other_picture_size_is_learnt_anew() -> None:
    segmenter = learnt()
    assert segmenter.segment(np.zeros((120, 160, 3), np.uint8), 0.0) is None
    assert segmenter.progress < 1


def test_reset_learns_again() -> None:
    segmenter = learnt()
    segmenter.reset()
    assert segmenter.progress == 0
    assert segmenter.segment(room(), 0.0) is None


def test_cleanup_removes_specks_fills_holes_and_grows() -> None:
    mask = np.zeros((60, 60), np.uint8)
    mask[5, 5] = 255
    mask[20:50, 20:50] = 255
    mask[34:36, 34:36] = 0
    Cleanup(size=5, open=1, close=1, grow=0).apply(mask)
    assert mask[5, 5] == 0
    assert mask[34, 34] == 255
    before = np.count_nonzero(mask)
    Cleanup(size=3, open=0, close=0, grow=2).apply(mask)
    grown = np.count_nonzero(mask)
    Cleanup(size=3, open=0, close=0, grow=-3).apply(mask)
    assert np.count_nonzero(mask) < before < grown


@pytest.mark.parametrize(
    "changed",
    [np.clip(ROOM * 1.4, 0, 255).astype(np.uint8), np.roll(ROOM, 8, axis=1)],
    ids=["lit", "nudged"],
)
def test_room_that_has_changed_as_a_whole_is_not_taken_for_a_person(changed: Image) -> None:
    segmenter = learnt()
    with pytest.raises(SegmenterError, match="relearn"):
        segmenter.segment(changed, 0.0)
    assert segment(segmenter, with_person())[BOX].mean() > 0.9
