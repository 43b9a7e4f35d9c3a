from __future__ import annotations

import numpy as np

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
        added = Dispute().settle(one, other, MOVES)
        assert added[HAND].min() == 1, "and shown whole"
        assert added[:80].max() == 0


def test_a_piece_of_the_room_that_keeps_still_is_not() -> None:
    moves = STILL.copy()
    moves[:, 115:] = 1  # the person beside it does
    assert Dispute().settle(ARM, BODY, moves).max() == 0


def test_what_moves_but_hangs_together_with_nobody_is_not() -> None:
    apart = BODY.copy()
    apart[90:120, 20:80] = 0.8
    assert Dispute().settle(apart, BODY, MOVES).max() == 0


def test_an_arm_that_is_held_still_remains() -> None:
    dispute = Dispute()
    dispute.settle(ARM, BODY, MOVES)
    for _ in range(50):
        added = dispute.settle(ARM, BODY, STILL)
    assert added[HAND].min() == 1


def test_an_arm_that_was_taken_down_is_gone() -> None:
    dispute = Dispute()
    dispute.settle(ARM, BODY, MOVES)
    assert dispute.settle(BODY, BODY, MOVES).max() == 0
