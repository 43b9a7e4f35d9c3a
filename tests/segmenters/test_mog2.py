from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.portrait import portrait
from tests.segmenters.rooms import ROOM, outline, overlap, seen, with_box, with_person
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.segmenters.mog2 import Mog2Segmenter

FPS = 30


class Camera:
    """Feeds a segmenter `fps` frames a second."""

    def __init__(self, fps: int = FPS, **settings: Any) -> None:
        self.fps = fps
        defaults = {"learn_seconds": 20 / fps, "person_check": False}
        self.segmenter = Mog2Segmenter(**{**defaults, **settings})
        self.frames = 0

    def look(self, image: Image, frames: int = 1, **light: Any) -> Mask | None:
        for _ in range(frames):
            mask = self.segmenter.segment(Pyramid(seen(image, **light)), self.frames / self.fps)
            self.frames += 1
        return mask

    def person(self, image: Image, frames: int = 1, **light: Any) -> Mask:
        mask = self.look(image, frames, **light)
        assert mask is not None
        return mask


def learnt(**settings: Any) -> Camera:
    camera = Camera(**settings)
    while camera.segmenter.progress < 1:
        assert camera.look(ROOM) is None
    assert 19 <= camera.frames <= 21
    return camera


def test_nothing_is_known_while_the_room_is_learnt() -> None:
    camera = Camera(learn_seconds=4 / FPS)
    told = []
    for _ in range(4):
        assert camera.look(ROOM) is None
        told.append(camera.segmenter.progress)
    assert told == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert camera.look(ROOM) is not None


def test_person_is_found_and_the_room_is_not() -> None:
    camera = learnt()
    mask = camera.person(with_person(ROOM))
    assert mask.dtype == np.float32
    assert mask.shape == (144, 256)
    assert overlap(mask, outline()) > 0.95
    assert camera.person(ROOM).max() < 0.1


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_room_is_learnt_for_as_long_at_every_rate(fps: int) -> None:
    camera = Camera(fps, learn_seconds=1.0)
    camera.look(ROOM, fps - 2)
    assert camera.segmenter.progress < 1
    camera.look(ROOM, 2 + (fps < FPS))  # nobody knows how long the first picture lasted
    assert camera.segmenter.progress == 1
    assert overlap(camera.person(with_person(ROOM)), outline()) > 0.95


@pytest.mark.parametrize("fps", [15, 60])
def test_somebody_who_sits_still_fades_as_soon_at_every_rate(fps: int) -> None:
    def fades_after(rate: int) -> float:
        camera = Camera(rate, learn_seconds=1.0, after_learning="automatic", history_seconds=2.0)
        camera.look(ROOM, 2 * rate)
        for _ in range(4 * rate):
            if overlap(camera.person(with_person(ROOM)), outline()) < 0.5:
                break
        return camera.frames / rate

    assert fades_after(30) < 5
    assert fades_after(fps) == pytest.approx(fades_after(30), abs=0.2)


def test_the_user_is_told_to_step_out_only_while_the_room_is_learnt() -> None:
    camera = Camera()
    camera.look(ROOM)
    assert camera.segmenter.notice == "step out of the picture"
    camera.look(ROOM, 20)
    assert camera.segmenter.notice == ""


def test_a_room_in_which_somebody_moves_is_not_learnt() -> None:
    camera = Camera()
    for frame in range(100):
        assert camera.look(with_person(ROOM, 128 + frame // 4 % 8)) is None
    assert camera.segmenter.progress < 0.5
    assert "something moves" in camera.segmenter.notice
    assert camera.look(ROOM, 21) is None
    assert overlap(camera.person(with_person(ROOM)), outline()) > 0.95


def test_a_camera_that_still_adjusts_its_exposure_does_not_spoil_what_is_learnt() -> None:
    camera = Camera()
    for frame in range(20):
        camera.look(ROOM, light=1.2 - frame / 100)
    mask = camera.person(with_person(ROOM))
    assert overlap(mask, outline()) > 0.95


def test_somebody_who_sits_still_is_noticed_by_the_network() -> None:
    camera = Camera(person_check=True)
    assert camera.look(portrait(), 40) is None
    assert camera.segmenter.progress == 0
    assert "somebody is in the picture" in camera.segmenter.notice
    assert "person_check: false" in camera.segmenter.notice


def test_an_empty_room_passes_the_networks_check() -> None:
    camera = learnt(person_check=True)
    assert overlap(camera.person(with_person(ROOM)), outline()) > 0.95


@pytest.mark.parametrize("after_learning", ["around-person", "frozen"])
def test_five_minutes_without_a_motion_lose_nothing(after_learning: str) -> None:
    # A model with a memory of 17 frames instead of 500 lives five minutes in ten seconds.
    camera = learnt(after_learning=after_learning, history_seconds=17 / FPS, absorb_seconds=0.5)
    mask = camera.person(with_person(ROOM), 300)
    assert overlap(mask, outline()) > 0.95


def test_automatic_learning_absorbs_somebody_who_sits_still() -> None:
    camera = learnt(after_learning="automatic", history_seconds=20 / FPS)
    assert overlap(camera.person(with_person(ROOM), 300), outline()) < 0.2


@pytest.mark.parametrize(("counts", "low", "high"), [(True, 0.9, 1.0), (False, 0.0, 0.1)])
def test_shadow_counts_as_person_only_where_asked(counts: bool, low: float, high: float) -> None:
    shade = np.full((60, 80, 3), (150, 160, 165), np.uint8)
    wall = ROOM.copy()
    wall[84:, 80:160] = shade
    camera = Camera(shadows_are_person=counts)
    camera.look(wall, 20)
    shaded = wall.copy()
    shaded[84:, 80:160] = (shade * 0.8).astype(np.uint8)
    assert low <= camera.person(shaded)[95:, 90:150].mean() <= high


@pytest.mark.parametrize("light", [0.7, 1.35, (1.1, 1.25, 1.4)], ids=["dim", "bright", "warm"])
def test_another_exposure_changes_nothing(light: Any) -> None:
    camera = learnt()
    camera.look(with_person(ROOM), 5)
    for _ in range(5):
        mask = camera.person(with_person(ROOM), light=light)
        assert overlap(mask, outline()) > 0.9
    assert camera.person(ROOM, light=light).mean() < 0.01


def test_a_thing_that_is_moved_is_not_shown() -> None:
    camera = learnt()
    camera.look(with_person(ROOM), 5)
    mask = camera.person(with_box(with_person(ROOM), 20, 40, 30, 24))
    assert overlap(mask, outline()) > 0.95


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_chair_that_is_pushed_aside_becomes_room(fps: int) -> None:
    camera = learnt(fps=fps, absorb_seconds=2)
    pushed = with_box(with_person(ROOM, 80), 190, 80, 40, 64)
    assert camera.person(pushed)[90:, 195:225].mean() > 0.9, "it might be an arm at first"
    mask = camera.person(pushed, 4 * fps)
    assert overlap(mask, outline(80)) > 0.95
    assert camera.person(with_box(ROOM, 190, 80, 40, 64)).mean() < 0.02
    assert camera.person(ROOM).mean() < 0.02


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_the_room_is_learnt_on_as_often_at_every_rate(
    fps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera, times = learnt(fps=fps), list[float]()
    monkeypatch.setattr(Mog2Segmenter, "_update", lambda self, lit, time: times.append(time))
    camera.person(with_person(ROOM), 4 * fps)
    assert len(times) == pytest.approx(12, abs=1)


def test_a_hand_beside_the_person_is_theirs_while_it_moves() -> None:
    camera = learnt(absorb_seconds=1)
    for frame in range(3 * FPS):
        mask = camera.person(with_box(with_person(ROOM, 80), 190 + frame % 20, 90, 24, 54))
    assert mask[110:, 210:212].mean() > 0.9


@pytest.mark.parametrize("shift", [4, 12, 40])
def test_a_camera_that_was_moved_shows_nothing(shift: int) -> None:
    camera = learnt()
    camera.look(with_person(ROOM), 5)
    moved = np.roll(ROOM, (shift // 2, shift), (0, 1))
    for picture in (moved, with_person(moved)):
        assert camera.look(picture) is None
        assert camera.segmenter.progress == 1
        assert "vcam relearn" in camera.segmenter.notice
    assert overlap(camera.person(with_person(ROOM)), outline()) > 0.9
    assert camera.segmenter.notice == ""


def lamp_off(image: Image, brightness: float, edge: float) -> Image:
    """`image` with its left half in another light, from one column to the next or over `edge`."""
    across = np.arange(image.shape[1])[None, :, None] - image.shape[1] / 2
    right = 1 / (1 + np.exp(-across / edge))
    lit = image * (brightness + (1 - brightness) * right)
    return np.asarray(np.clip(lit, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("brightness", [0.4, 0.65, 1.4])
@pytest.mark.parametrize("edge", [1, 20])
def test_a_lamp_that_goes_off_shows_nothing_and_is_named(brightness: float, edge: float) -> None:
    camera = learnt()
    for picture in (ROOM, with_person(ROOM, 180)):
        for _ in range(40):
            assert camera.look(lamp_off(picture, brightness, edge)) is None
        assert "vcam relearn" in camera.segmenter.notice
        assert camera.look(picture, 12) is not None, "it is as it was again"
        assert camera.segmenter.notice == ""


def test_a_picture_that_differs_nearly_everywhere_shows_nothing() -> None:
    assert learnt().look(255 - ROOM) is None


def test_work_is_done_at_the_reduced_size() -> None:
    camera = Camera(learn_seconds=1 / FPS, working_width=80)
    camera.look(ROOM)
    assert camera.person(ROOM).shape == (45, 80)


def test_other_picture_size_is_learnt_anew() -> None:
    camera = learnt()
    assert camera.look(np.zeros((120, 160, 3), np.uint8)) is None
    assert camera.segmenter.progress < 1


def test_reset_learns_again() -> None:
    camera = learnt()
    camera.segmenter.reset()
    assert camera.segmenter.progress == 0
    assert camera.look(ROOM) is None


def test_most_of_the_picture_may_be_the_person() -> None:
    close = ROOM.copy()
    close[20:, 40:216] = with_person(ROOM)[100, 128]
    assert learnt().person(close).mean() > 0.55
