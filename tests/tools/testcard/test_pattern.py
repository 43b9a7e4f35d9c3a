from __future__ import annotations

import cv2
import numpy as np
import pytest

from vcam.tools.testcard.pattern import COLOURS, Card, sample


@pytest.mark.parametrize(("width", "height"), [(160, 120), (640, 360), (1280, 720), (854, 480)])
def test_a_card_that_arrives_as_it_was_sent_is_read_back(width: int, height: int) -> None:
    card = Card(width, height)
    for number in (0, 1, 0x5555, 0xFFFF):
        found = sample(card.frame(number).to_bgr())
        assert (found.top, found.bottom) == (number, number)
        assert np.abs(found.patches - COLOURS).max() <= 2


def test_a_scaled_card_can_still_be_read() -> None:
    picture = cv2.resize(Card(1280, 720).frame(4711).to_bgr(), (500, 300))
    found = sample(np.asarray(picture, np.uint8))
    assert (found.top, found.bottom) == (4711, 4711)
    assert np.abs(found.patches - COLOURS).max() <= 2


def test_every_frame_differs_visibly_from_the_one_before() -> None:
    card = Card(640, 360)
    first = card.frame(8).to_bgr()
    assert np.count_nonzero(first != card.frame(9).to_bgr()) > 1000
