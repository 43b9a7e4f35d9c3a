from __future__ import annotations

import numpy as np

from tests.segmenters.rooms import HEIGHT, WIDTH, outline
from vcam.images.types import Mask
from vcam.segmenters.limb import limb_at_the_edge

ARM = (slice(82, 110), slice(0, 90))
PIECE = (slice(90, 108), slice(40, 70))
EVERYWHERE = np.ones((HEIGHT, WIDTH), np.float32)
NOWHERE = np.zeros((HEIGHT, WIDTH), np.float32)


def body() -> Mask:
    return (outline() > 0).astype(np.float32)


def half_seen(area: tuple[slice, slice] = ARM) -> Mask:
    mask = body()
    mask[area] = np.maximum(mask[area], 0.4)
    return mask


def find(most: Mask, moved: Mask = EVERYWHERE) -> Mask:
    piece = np.zeros(most.shape, np.bool_)
    piece[PIECE] = body()[PIECE] == 0
    return limb_at_the_edge(piece, most, body(), moved)


def test_the_rest_of_an_arm_that_the_edge_cuts_is_found() -> None:
    found = find(half_seen())
    assert found[86:106, :50].min() == 1
    assert not found[:, 110:].any()


def test_a_hole_in_it_that_is_open_to_the_edge_is_filled() -> None:
    most = half_seen()
    most[88:98, :20] = 0
    assert find(most)[88:98, :20].min() == 1


def test_a_hole_that_is_open_to_the_room_is_not_filled() -> None:
    most = half_seen()
    most[:90, 20:30] = 0
    assert not find(most)[84:88, 22:28].any()


def test_what_keeps_still_is_a_piece_of_the_room() -> None:
    assert not find(half_seen(), NOWHERE).any()


def test_what_no_edge_cuts_is_left_as_it_is() -> None:
    assert not find(half_seen((slice(82, 110), slice(20, 90)))).any()


def test_what_is_nearly_as_large_as_somebody_is_no_limb() -> None:
    assert not find(half_seen((slice(2, 142), slice(0, 90)))).any()
