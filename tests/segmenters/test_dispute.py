from __future__ import annotations

import numpy as np
import pytest

from vcam.images.types import Mask
from vcam.segmenters.dispute import Dispute

BODY: Mask = np.zeros((180, 320), np.float32)
BODY[60:180, 120:220] = 1
ARM = BODY.copy()
ARM[90:120, 60:125] = 0.8
STILL, MOVES = np.zeros_like(BODY), np.ones_like(BODY)
HAND = np.s_[95:115, 65:105]


def test_an_arm_that_one_network_overlooks_is_kept_as_its_outline_moves() -> None:
    for one, other in ((ARM, BODY), (BODY, ARM)):
        added = Dispute().settle(one, other, MOVES, 0.0)
        assert added[HAND].min() == 1, "and shown whole"
        assert added[:80].max() == 0


def test_a_piece_of_the_room_that_keeps_still_is_not() -> None:
    moves = STILL.copy()
    moves[:, 115:] = 1  # the person beside it does
    assert Dispute().settle(ARM, BODY, moves, 0.0).max() == 0


def test_what_moves_but_hangs_together_with_nobody_is_not() -> None:
    apart = BODY.copy()
    apart[90:120, 20:80] = 0.8
    assert Dispute().settle(apart, BODY, MOVES, 0.0).max() == 0


@pytest.mark.parametrize("asks", [5, 20, 60])
def test_an_arm_that_is_held_still_remains(asks: int) -> None:
    dispute = Dispute()
    dispute.settle(ARM, BODY, MOVES, 0.0)
    for number in range(1, 50):
        added = dispute.settle(ARM, BODY, STILL, number / asks)
    assert added[HAND].min() == 1


def test_an_arm_that_was_taken_down_is_gone() -> None:
    dispute = Dispute()
    dispute.settle(ARM, BODY, MOVES, 0.0)
    assert dispute.settle(BODY, BODY, MOVES, 0.2).max() == 0


@pytest.mark.parametrize("asks", [5, 20, 60])
def test_an_arm_that_both_overlook_for_two_seconds_must_move_again(asks: int) -> None:
    dispute = Dispute()
    dispute.settle(ARM, BODY, MOVES, 0.0)
    for number in range(1, 2 * asks):
        dispute.settle(BODY, BODY, STILL, number / asks)
    assert dispute.settle(ARM, BODY, STILL, 2.0).max() == 0
