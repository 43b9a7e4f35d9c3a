from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vcam.errors import SegmenterError
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.matte import Matte
from vcam.pipeline.cutter import Cutter
from vcam.segmenters.fake import FakeSegmenter

rng = np.random.default_rng(6)
ROOM = rng.integers(40, 200, (36, 64, 3), np.uint8).repeat(10, 0).repeat(10, 1)


def picture(shift: float = 0.0) -> Image:
    """A noisy room with a block in it, some pixels further to the right."""
    image = ROOM.copy()
    x = int(200 + shift)
    image[100:300, x : x + 120] = (20, 220, 120)
    noise = rng.normal(0, 1.5, image.shape)
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)


def whole() -> Mask:
    return np.ones((9, 16), np.float32)


def cutter() -> tuple[Cutter, FakeSegmenter]:
    segmenter = FakeSegmenter(lambda _: whole())
    return Cutter(segmenter, Matte()), segmenter


def test_nothing_is_computed_while_nothing_moves() -> None:
    made, segmenter = cutter()
    for index in range(10):
        cutout = made.cut(picture(), index / 30)
        assert cutout is not None
        assert cutout.alpha.min() == 255
    assert segmenter.calls == 1


def test_what_moves_is_looked_at_in_the_same_frame() -> None:
    made, segmenter = cutter()
    for index in range(3):
        made.cut(picture(), index / 30)
    made.cut(picture(8), 0.1)
    assert segmenter.calls == 2


def test_what_creeps_is_seen_in_the_end() -> None:
    made, segmenter = cutter()
    for index in range(14):
        made.cut(picture(0.25 * index), index / 30)
    assert segmenter.calls >= 3


def test_still_picture_is_looked_at_again_after_a_while() -> None:
    made, segmenter = cutter()
    for index in range(31):
        made.cut(picture(), index / 30)
    assert 2 <= segmenter.calls <= 4


def ages(pictures: Callable[[int], Image], count: int, interval: float) -> list[float]:
    """How old the picture is that each one's alpha was made of, in seconds."""
    made, segmenter = cutter()
    calls, made_at, found = 0, 0.0, []
    for index in range(count):
        assert made.cut(pictures(index), index * interval) is not None
        if segmenter.calls > calls:
            calls, made_at = segmenter.calls, index * interval
        found.append(index * interval - made_at)
    return found


@pytest.mark.parametrize("interval", [1 / 60, 1 / 30, 1 / 7, 0.5, 0.71])
def test_alpha_is_at_most_0_7_s_older_than_its_picture(interval: float) -> None:
    found = ages(lambda index: picture(), 100, interval)
    assert max(found) < 0.7
    assert max(found) > 0 or interval > 0.7


@pytest.mark.parametrize(("side", "is_own"), [(4, False), (20, True), (60, True)])
def test_alpha_is_this_pictures_own_where_more_than_a_twentieth_of_a_hand_is_elsewhere(
    side: int, is_own: bool
) -> None:
    """Of 640 x 360 pixels, 0.05 % are 11 x 11."""

    def pictures(index: int) -> Image:
        image = picture()
        if index == 5:
            image[20 : 20 + side, 500 : 500 + side] = (250, 10, 250)
        return image

    found = ages(pictures, 6, 1 / 30)
    assert found[4] > 0
    assert (found[5] == 0) == is_own


@pytest.mark.parametrize("answer", [None, SegmenterError("broken")])
def test_nothing_is_shown_again_after_a_failure(answer: Mask | Exception | None) -> None:
    made = Cutter(FakeSegmenter([whole(), answer, answer]), Matte())
    assert made.cut(picture(), 0.0) is not None
    for _ in range(2):
        try:
            assert made.cut(picture(20), 0.1) is None
        except SegmenterError:
            assert answer is not None


def test_picture_that_got_an_earlier_ones_mask_is_not_rested_on() -> None:
    first, second = whole(), whole()
    segmenter = FakeSegmenter([first, first, second])
    made = Cutter(segmenter, Matte())
    made.cut(picture(), 0.0)
    made.cut(picture(8), 0.03)
    made.cut(picture(8), 0.06)
    assert segmenter.calls == 3
    assert made.mask is second


def test_reset_forgets_what_motion_is_measured_from() -> None:
    seen: list[float] = []

    class Watching(FakeSegmenter):
        def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
            seen.append(float(pyramid.motion.max()))
            return super().segment(pyramid, time)

    made = Cutter(Watching(lambda _: whole()), Matte())
    made.cut(picture(), 0.0)
    made.cut(picture(8), 0.03)
    made.reset()
    assert made.mask is None
    made.cut(picture(30), 0.06)
    assert seen[1] > 0
    assert seen[2] == 0


def test_reset_and_another_size_look_anew() -> None:
    made, segmenter = cutter()
    made.cut(picture(), 0.0)
    made.reset()
    made.cut(picture(), 0.01)
    assert segmenter.calls == 2
    cutout = made.cut(picture()[:180, :320], 0.02)
    assert segmenter.calls == 3
    assert cutout is not None
    assert cutout.alpha.shape == (180, 320)
