from __future__ import annotations

import numpy as np

from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.segmenters.confirmation import Confirmation, Movement

MASK = np.zeros((90, 160), np.float32)
MASK[20:90, 20:60] = 1
MASK[60:80, 110:140] = 1  # a chair, or a hand
PERSON = MASK.copy()
PERSON[:, 100:] = 0


def scene(x: int = 0) -> Image:
    image = np.full((180, 320, 3), 90, np.uint8)
    image[120:160, 220 + x : 280 + x : 8] = 200
    return image


def confirmed(*pictures: Image) -> Mask:
    trust, movement, pyramid = Confirmation(), Movement(), Pyramid(pictures[0])
    for picture in pictures:
        pyramid.load(picture)
        trust.update(PERSON)
        mask = trust.confirm(MASK, movement.where(pyramid))
    return mask


def test_what_both_networks_see_is_shown() -> None:
    mask = confirmed(scene())
    assert np.array_equal(mask[:, :80], MASK[:, :80])


def test_what_only_one_sees_and_keeps_still_is_not_shown() -> None:
    assert confirmed(scene(), scene(), scene())[60:80, 110:140].max() == 0


def test_what_only_one_sees_and_moves_is_shown() -> None:
    assert confirmed(scene(), scene(4))[60:80, 110:140].mean() > 0.9


def test_nothing_is_shown_before_the_other_was_asked() -> None:
    assert Confirmation().confirm(MASK, np.ones_like(MASK)).max() == 0


def test_opinion_reaches_a_little_further_than_it_was() -> None:
    trust = Confirmation()
    trust.update(PERSON)
    wider = PERSON.copy()
    wider[:, 60:63] = wider[:, 19:20] = 1
    assert trust.confirm(wider, np.zeros_like(MASK))[50, 61] == 1


def test_what_creeps_has_moved_lately_and_is_forgotten_later() -> None:
    movement, pyramid = Movement(), Pyramid(scene())
    for index in range(30):
        pyramid.load(scene(index // 6))
        lately = movement.lately(pyramid, index / 30)
    assert lately[60:80, 110:140].mean() > 0.5
    assert lately[:, :80].max() == 0
    for index in range(30, 240):
        pyramid.load(scene(5))
        lately = movement.lately(pyramid, index / 30)
    assert lately.max() < 0.2
