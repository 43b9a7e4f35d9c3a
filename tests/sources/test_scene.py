from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from vcam.images.types import Alpha, Image
from vcam.sources.base import Source
from vcam.sources.scene.scene import EMPTY, ROUND, SceneSource

SMALL = (160, 90)


def _until(source: SceneSource, seconds: float) -> tuple[Image, Alpha]:
    """The picture at that time, and its true alpha."""
    image = None
    for _ in range(round(seconds * source.fps) + 1):
        image = source.read()
    assert image is not None
    return image, source.alpha


@pytest.mark.parametrize("size", [(160, 120), (1280, 720), (1920, 1080), (360, 640), (1001, 333)])
def test_pictures_have_the_size_that_was_asked_for(size: tuple[int, int]) -> None:
    source = SceneSource(*size, fps=1)
    image, alpha = _until(source, 8)
    assert image.shape == (size[1], size[0], 3)
    assert alpha.shape == (size[1], size[0])
    assert image.dtype == alpha.dtype == np.uint8
    assert 0.1 < (alpha > 127).mean() < 0.6


def test_it_is_a_source_whose_reader_keeps_the_time() -> None:
    source: Source = SceneSource(*SMALL, fps=25)
    assert not source.live
    assert source.fps == 25
    assert "160x90" in source.description
    source.close()


def test_the_room_is_empty_at_first_so_that_it_can_be_learnt() -> None:
    source = SceneSource(*SMALL, fps=10)
    for _ in range(round(EMPTY * 10)):
        source.read()
        assert not source.alpha.any()
    _, alpha = _until(source, 2)
    assert alpha.any()


def test_somebody_comes_from_the_side_and_takes_a_third_of_the_width() -> None:
    source = SceneSource(*SMALL, fps=10)
    _, alpha = _until(source, EMPTY + 0.8)
    assert not alpha[:, : SMALL[0] // 2].any()
    _, alpha = _until(source, 3)
    columns = np.flatnonzero((alpha > 127).any(axis=0))
    assert 0.25 < len(columns) / SMALL[0] < 0.45
    assert 0.4 < columns.mean() / SMALL[0] < 0.6


def test_the_person_leaves_and_comes_back() -> None:
    source = SceneSource(*SMALL, fps=5)
    there = []
    for _ in range(round(2 * ROUND * 5)):
        source.read()
        there.append(bool(source.alpha.any()))
    changes = [after for before, after in pairwise(there) if before != after]
    assert changes == [True, False, True, False]


def test_the_hand_is_raised_and_waved_beside_the_shoulder() -> None:
    source = SceneSource(320, 180, fps=10)
    beside = (slice(90, 140), slice(0, 98))
    _, before = _until(source, 8)
    assert (before[beside] > 127).sum() < 20
    _until(source, 1.8)
    shown = [int((_until(source, 0)[1][beside] > 127).sum()) for _ in range(20)]
    assert max(shown) > 150
    assert min(shown) < 20


def test_the_same_number_always_gives_the_same_picture() -> None:
    one, other = SceneSource(*SMALL, fps=8), SceneSource(*SMALL, fps=8)
    for _ in range(60):
        np.testing.assert_array_equal(one.read(), other.read())
        np.testing.assert_array_equal(one.alpha, other.alpha)


def test_pictures_and_alphas_are_the_reader_s_for_good() -> None:
    source = SceneSource(*SMALL, fps=1)
    image, alpha = _until(source, 8)
    kept, matte = image.copy(), alpha.copy()
    _until(source, 5)
    np.testing.assert_array_equal(image, kept)
    np.testing.assert_array_equal(alpha, matte)


def test_the_camera_is_a_little_noisy() -> None:
    source = SceneSource(*SMALL)
    first, second = source.read(), source.read()
    assert first is not None
    assert second is not None
    difference = cv2.absdiff(first, second)
    assert 0.3 < float(np.mean(difference)) < 3


def test_a_scene_without_loop_ends_after_one_round() -> None:
    source = SceneSource(*SMALL, fps=2, loop=False)
    for _ in range(round(ROUND * 2)):
        assert source.read() is not None
    assert source.read() is None
    assert source.read() is None


def test_the_alpha_is_true_to_the_picture() -> None:
    """Where it is 0 the empty room shows; where it is 255 something else does."""
    source = SceneSource(320, 180, fps=10)
    empty = source.read()
    image, alpha = _until(source, 8)
    assert empty is not None
    change = cv2.absdiff(image, empty).max(axis=2)
    assert change[alpha == 0].max() <= 16  # noise
    assert (change[alpha == 255] > 16).mean() > 0.9
