from __future__ import annotations

import cv2
import numpy as np

from tests.portrait import portrait
from vcam.config.schema.segmentation import SegmentationConfig
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.segmenters import make_segmenter
from vcam.segmenters.fake import FakeSegmenter
from vcam.segmenters.nearest import NearestPerson

PICTURE = Pyramid(np.zeros((180, 320, 3), np.uint8))


def people(*places: tuple[int, int]) -> Mask:
    """Heads on shoulders at columns, of heights."""
    mask = np.zeros((180, 320), np.float32)
    for x, height in places:
        top = 180 - height
        cv2.ellipse(mask, (x, top + height // 4), (height // 6, height // 4), 0, 0, 360, 1, -1)
        cv2.ellipse(mask, (x, 180), (height // 3, height // 2), 0, 0, 360, 1, -1)
    return mask


def shown(mask: Mask | None, x: int) -> bool:
    """Whether somebody at a column is; they are whole or not at all."""
    assert mask is not None
    share = mask[:, x - 10 : x + 10].max(0).mean()
    assert share < 0.01 or share > 0.99
    return bool(share > 0.5)


def after(segmenter: NearestPerson, begin: float, seconds: float) -> Mask | None:
    mask = None
    for time in np.arange(begin, begin + seconds, 1 / 15):
        mask = segmenter.segment(PICTURE, float(time))
    return mask


def test_one_person_is_shown_as_found_to_the_last_digit() -> None:
    mask = people((100, 120)) * np.float32(0.7)
    mask[20:30, 200:210] = 0.9  # their hand
    found = NearestPerson(FakeSegmenter([mask])).segment(PICTURE, 0.0)
    np.testing.assert_array_equal(found, mask)


def test_the_largest_is_shown_and_the_others_are_not() -> None:
    mask = NearestPerson(FakeSegmenter([people((60, 90), (160, 150), (260, 100))])).segment(
        PICTURE, 0.0
    )
    assert [shown(mask, x) for x in (60, 160, 260)] == [False, True, False]


def test_of_two_of_one_size_the_more_central_is_shown() -> None:
    mask = NearestPerson(FakeSegmenter([people((150, 120), (280, 120))])).segment(PICTURE, 0.0)
    assert [shown(mask, x) for x in (150, 280)] == [True, False]


def test_people_who_touch_are_cut_between_their_heads() -> None:
    mask = NearestPerson(FakeSegmenter([people((110, 150), (210, 130))])).segment(PICTURE, 0.0)
    assert [shown(mask, x) for x in (110, 220)] == [True, False]


def test_who_is_shown_stays_while_the_others_are_hardly_larger() -> None:
    masks = [people((110, 130), (230, 120))] + [people((110, 120), (230, 132))] * 60
    segmenter = NearestPerson(FakeSegmenter(masks))
    mask = after(segmenter, 0, 4)
    assert [shown(mask, x) for x in (110, 230)] == [True, False]
    assert segmenter.is_settled


def test_who_walks_past_in_front_is_not_shown_and_who_stays_is() -> None:
    masks = [people((100, 110))] + [people((100, 110), (240, 175))] * 60
    segmenter = NearestPerson(FakeSegmenter(masks))
    mask = after(segmenter, 0, 0.8)
    assert [shown(mask, x) for x in (90, 250)] == [True, False]
    assert not segmenter.is_settled, "a still picture is looked at again"
    mask = after(segmenter, 0.8, 1)
    assert [shown(mask, x) for x in (90, 250)] == [False, True]


def test_when_the_nearest_has_left_somebody_else_is_shown_at_once() -> None:
    masks = [people((100, 150), (240, 110)), people((240, 110))]
    segmenter = NearestPerson(FakeSegmenter(masks))
    segmenter.segment(PICTURE, 0.0)
    assert shown(segmenter.segment(PICTURE, 1 / 15), 240)


def test_a_mask_that_is_given_again_stays_the_same_array() -> None:
    found = people((100, 150), (240, 110))
    segmenter = NearestPerson(FakeSegmenter([found, found, found.copy()]))
    masks = [segmenter.segment(PICTURE, time / 15) for time in range(3)]
    assert masks[1] is masks[0]
    assert masks[2] is not masks[1]


def test_while_the_segmenter_cannot_know_nothing_is_shown() -> None:
    segmenter = NearestPerson(FakeSegmenter([people((100, 120)), None]))
    segmenter.segment(PICTURE, 0.0)
    assert segmenter.segment(PICTURE, 0.1) is None


def test_of_two_real_people_the_nearer_one_is_shown_with_every_backend() -> None:
    image = _two_people()
    for backend in ("mediapipe", "hybrid"):
        config = SegmentationConfig.model_validate({"backend": backend, "people": "nearest"})
        segmenter, pyramid = make_segmenter(config), Pyramid(image)
        for index in range(8):
            mask = segmenter.segment(pyramid, index / 15)
        segmenter.close()
        assert mask is not None
        middle = mask.shape[1] // 2
        assert mask[:, :middle].mean() > 0.2
        assert mask[:, middle:].max() < 0.1


def _two_people() -> Image:
    person = portrait()[:, 140:500]
    image = np.full((360, 720, 3), (70, 80, 75), np.uint8)
    image[:, :360] = person
    image[180:, 480:660] = cv2.resize(person, (180, 180), interpolation=cv2.INTER_AREA)
    return image
