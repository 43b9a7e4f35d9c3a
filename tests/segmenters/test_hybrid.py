from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from tests.segmenters.rooms import (
    HEIGHT,
    ROOM,
    WIDTH,
    outline,
    overlap,
    seen,
    with_box,
    with_person,
)
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask, Plane
from vcam.segmenters.fake import FakeSegmenter
from vcam.segmenters.hybrid import HybridSegmenter

FPS = 30
EMPTY = np.zeros((HEIGHT, WIDTH), np.uint8)
SCRAP = (slice(20, 60), slice(200, 240))


class Call:
    """A camera, and a network that says what it is told to."""

    def __init__(self) -> None:
        self.answer: Mask | None = None
        self.network = FakeSegmenter(lambda _: None if self.answer is None else self.answer.copy())
        self.segmenter = HybridSegmenter(self.network)
        self.frames = 0

    def look(self, image: Image, truth: Plane | Mask, frames: int = 1, **light: Any) -> Mask:
        self.answer = soft(truth)
        for _ in range(frames):
            mask = self.segmenter.segment(Pyramid(seen(image, **light)), self.frames / FPS)
            self.frames += 1
        assert mask is not None
        return mask


def soft(plane: Plane | Mask) -> Mask:
    scale = 1 / 255 if plane.dtype == np.uint8 else 1.0
    return np.asarray(cv2.blur(plane.astype(np.float32) * scale, (5, 5)), np.float32)


def certain() -> Mask:
    return np.where(outline() > 0, np.float32(1), np.float32(0))


def in_an_empty_room() -> Call:
    call = Call()
    call.look(ROOM, EMPTY, 60)
    return call


def test_the_network_is_taken_at_its_word_where_the_room_is_unknown() -> None:
    call = Call()
    for _ in range(60):
        mask = call.look(with_person(ROOM), outline())
        assert np.array_equal(mask[:, 70:190], soft(outline())[:, 70:190])
    assert overlap(mask, outline()) > 0.95


def test_a_network_that_cannot_know_is_not_replaced() -> None:
    call = in_an_empty_room()
    call.answer = None
    assert call.segmenter.segment(Pyramid(ROOM), 9.0) is None


@pytest.mark.parametrize("sure", [0.45, 1.0])
def test_a_scrap_of_room_is_removed_however_sure_the_network_is(sure: float) -> None:
    call = in_an_empty_room()
    said = certain()
    said[SCRAP] = sure
    mask = call.look(with_person(ROOM), said)
    assert mask[SCRAP].max() < 0.2
    assert overlap(mask, outline()) > 0.95


def test_room_at_the_persons_edge_is_removed_where_the_network_hesitates() -> None:
    call = in_an_empty_room()
    wide = np.asarray(cv2.dilate(certain(), np.ones((17, 17), np.uint8)), np.float32)
    wide[outline() == 0] *= 0.6
    mask = call.look(with_person(ROOM), wide)
    assert overlap(mask, outline()) > overlap(wide, outline()) + 0.1


def test_clothes_like_the_wall_are_left_where_the_network_is_sure() -> None:
    room = ROOM.copy()
    room[95:135, 105:145] = (170, 180, 185)
    call = Call()
    call.look(room, EMPTY, 60)
    dressed = with_person(room)
    dressed[100:130, 110:140] = room[100:130, 110:140]
    assert call.look(dressed, outline(), 10)[103:127, 113:137].min() > 0.95


def test_pattern_of_the_room_is_not_the_person_however_sure_the_network_is() -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    wide = np.asarray(cv2.dilate(certain(), np.ones((21, 21), np.uint8)), np.float32)
    mask = call.look(with_person(ROOM), wide)
    assert overlap(mask, outline()) > overlap(wide, outline()) + 0.1
    assert mask[outline() > 0].mean() > 0.95


def test_pattern_on_clothes_that_is_like_the_rooms_by_chance_leaves_no_hole() -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    dressed = with_person(ROOM)
    dressed[100:110, 120:130] = ROOM[100:110, 120:130]
    assert call.look(dressed, certain())[100:110, 120:130].min() > 0.95


def test_piece_of_the_room_is_not_taken_for_the_person_who_has_left() -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    rock = np.zeros_like(certain())
    rock[60:140, 150:230] = 1
    for _ in range(5):
        assert call.look(ROOM, rock).max() < 0.2


def test_somebody_whom_the_network_did_not_see_at_first_is_shown_once_it_does() -> None:
    call = Call()
    call.look(with_person(ROOM), EMPTY, 60)
    assert overlap(call.look(with_person(ROOM), outline(), 12), outline()) > 0.95
    for x in (128, 140, 150):
        mask = call.look(with_person(ROOM, x), outline(x), 2)
        assert np.abs(mask - soft(outline(x))).mean() < 0.01


def test_a_cup_in_the_hand_is_given_back() -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    for frame in range(10):
        mask = call.look(with_box(with_person(ROOM), 168, 90 + frame, 22, 24), outline())
    assert mask[102:118, 174:186].min() > 0.9


def test_a_hand_of_the_persons_colours_is_given_back() -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    for frame in range(10):
        picture = with_person(ROOM)
        x = 215 + frame % 3
        picture[84:, x : x + 24] = picture[84:, 116:140]
        mask = call.look(picture, outline())
    assert mask[105:140, 224:234].mean() > 0.85


def test_a_hand_that_waves_is_given_back_wherever_it_is() -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    for x in (205, 205, 213, 221, 229, 221, 213, 205):
        picture = with_person(ROOM)
        picture[84:, x : x + 20] = picture[84:, 116:136]
        mask = call.look(picture, outline())
        shown = mask[105:140, x + 4 : x + 16].mean()
    assert shown > 0.85
    assert mask[105:140, 229:].max() < 0.2


def test_a_hand_that_is_lost_for_a_moment_is_known_again_whatever_its_colour() -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    for x in (205, 205, 213):
        picture = with_person(ROOM)
        picture[84:, x : x + 20] = picture[84:, 116:136]
        call.look(picture, outline())
    call.look(with_person(ROOM), outline())
    for x in (217, 225):
        mask = call.look(with_box(with_person(ROOM), x, 84, 20, 60), outline())
    assert mask[105:140, 229:241].mean() > 0.85


def test_a_hand_that_is_gone_for_long_is_forgotten() -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    for _ in range(3):
        picture = with_person(ROOM)
        picture[84:, 205:225] = picture[84:, 116:136]
        call.look(picture, outline())
    call.look(with_person(ROOM), outline(), 10)
    mask = call.look(with_box(with_person(ROOM), 205, 84, 20, 60), outline(), 3)
    assert mask[84:, 209:221].max() < 0.2


@pytest.mark.parametrize("place", [(200, 30, 30, 30), (215, 84, 24, 60)], ids=["aloft", "below"])
def test_a_thing_that_is_not_the_persons_is_not_given(place: tuple[int, int, int, int]) -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    mask = call.look(with_box(with_person(ROOM), *place), outline(), 10)
    assert np.array_equal(mask > 0.5, soft(outline()) > 0.5)


def shown_beside(call: Call, room: Image, beside: float | tuple[float, float, float]) -> float:
    """How many pixels are shown of a wall in another light that falls on it beside somebody.

    Args:
        call: In which `room` is known.
        room: uint8 (144, 256, 3).
        beside: Factor of that light, or of its blue, green and red.
    """
    call.look(with_person(room), outline(), 5)
    shown = 0.0
    for frame in range(20):
        light = np.ones((HEIGHT, WIDTH, 3), np.float32)
        light[60:, 170 + frame % 4 : 215 + frame % 4] = beside
        picture = np.asarray(room * light, np.uint8)
        np.copyto(picture, with_person(room), where=outline()[..., None] > 0)
        mask = call.look(picture, outline())
        shown += float(np.maximum(mask - soft(outline()), 0).sum()) / 20
    return shown


@pytest.mark.parametrize("shadow", [0.65, 0.7, 0.8])
def test_somebodys_shadow_on_a_plain_wall_is_not_given(shadow: float) -> None:
    wall, call = np.full((HEIGHT, WIDTH, 3), (170, 180, 185), np.uint8), Call()
    call.look(wall, EMPTY, 60)
    assert shown_beside(call, wall, shadow) < 20


@pytest.mark.parametrize("light", [0.45, (1.0, 0.7, 0.5)], ids=["dark", "blue"])
def test_things_at_a_wall_in_another_light_are_not_given(light: Any) -> None:
    assert shown_beside(in_an_empty_room(), ROOM, light) < 300, "of 3700, most without a pattern"


def test_arm_that_the_network_loses_now_and_then_is_not_learnt_as_room() -> None:
    call, arm = Call(), np.s_[60:120, 178:200]
    picture, bare, whole = with_person(ROOM), certain(), certain()
    picture[arm] = (60, 90, 200)
    whole *= np.float32(0.8)
    whole[arm] = 0.8
    for frame in range(300):
        mask = call.look(picture, bare if frame % 60 < 9 else whole)
    assert mask[66:114, 182:196].min() > 0.75


def test_what_does_not_move_is_not_given_for_long() -> None:
    call = in_an_empty_room()
    put = with_box(with_person(ROOM), 162, 90, 24, 24)
    call.look(with_person(ROOM), outline(), 5)
    assert call.look(put, outline(), 10)[96:108, 172:182].min() > 0.9
    assert call.look(put, outline(), 5 * FPS)[96:108, 174:182].max() < 0.1


@pytest.mark.parametrize("light", [0.7, 1.3, (1.1, 1.25, 1.4)])
def test_it_is_never_worse_than_the_network_when_the_light_changes(light: Any) -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    for _ in range(40):
        mask = call.look(with_person(ROOM), outline(), light=light)
        assert np.abs(mask - soft(outline())).mean() < 0.01


@pytest.mark.parametrize("shift", [3, 12, 40])
def test_a_camera_that_was_moved_gives_nothing_of_the_room_back(shift: int) -> None:
    call = in_an_empty_room()
    call.look(with_person(ROOM), outline(), 5)
    moved = with_person(np.roll(ROOM, shift, 1))
    for _ in range(40):
        mask = call.look(moved, outline())
        assert (mask - soft(outline())).max() < 0.1


def test_a_pause_makes_it_forget() -> None:
    call = in_an_empty_room()
    call.frames += 5 * FPS
    said = certain()
    said[SCRAP] = 0.6
    assert call.look(with_person(ROOM), said)[30:50, 210:230].min() > 0.5


def test_five_minutes_without_a_motion_lose_nothing() -> None:
    call = in_an_empty_room()
    for _ in range(300):
        call.frames += FPS - 1  # a frame a second
        mask = call.look(with_person(ROOM), outline())
    assert overlap(mask, outline()) > 0.95


def test_what_is_corrected_of_a_mask_given_again_is_given_as_one() -> None:
    answers = [soft(EMPTY) for _ in range(60)] + [soft(outline())]
    segmenter, pyramid = HybridSegmenter(FakeSegmenter(answers)), Pyramid()
    masks = []
    for index in range(64):
        image = ROOM if index < 60 else with_person(ROOM)
        if index == 63:
            image = np.asarray(np.roll(image, 6, axis=1), np.uint8)
        pyramid.load(seen(image))
        mask = segmenter.segment(pyramid, index / FPS)
        assert mask is not None
        masks.append((mask, mask.copy()))
    assert pyramid.motion.mean() > 0.002
    assert masks[63][0] is masks[62][0]
    assert not np.array_equal(masks[63][1], masks[62][1])


def test_reset_forgets_the_room_and_resets_the_network() -> None:
    call = in_an_empty_room()
    call.segmenter.reset()
    assert call.network.resets == 1
    said = certain()
    said[SCRAP] = 0.6
    assert call.look(with_person(ROOM), said)[30:50, 210:230].min() > 0.5


def test_close_closes_the_network() -> None:
    call = Call()
    call.segmenter.close()
    assert call.network.closed
