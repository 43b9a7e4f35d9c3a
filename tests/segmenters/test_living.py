from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

import vcam
from tests.portrait import portrait
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.segmenters.fake import FakeSegmenter
from vcam.segmenters.living import LivingPeople
from vcam.sources.scene.scene import SceneSource

WIDTH, HEIGHT, FPS = 640, 360, 15
PERSON, FRAMED, BESIDE = (200, 300, 1.0), (500, 170, 0.4), (500, 360, 0.5)
"""Where somebody's middle and lower end are, and their size."""
Place = tuple[float, int, float]


def figure(*places: Place) -> Mask:
    """Heads on shoulders, to a fraction of a pixel: float32 (h, w)."""
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x, bottom, size in places:
        for dy, wide, tall in ((-190, 45, 60), (-60, 100, 70)):
            centre = round(x * 16), round((bottom + dy * size) * 16)
            axes = round(wide * size * 16), round(tall * size * 16)
            cv2.ellipse(alpha, centre, axes, 0, 0, 360, 255, cv2.FILLED, cv2.LINE_AA, 4)
    return alpha.astype(np.float32) / np.float32(255)


class Room:
    """Pictures of people before a wall, with the camera's noise, and what is shown of them."""

    def __init__(self) -> None:
        self.rng, self.pyramid, self.frame = np.random.default_rng(2), Pyramid(), 0
        self.places: list[Place] = []
        self.segmenter = LivingPeople(FakeSegmenter(self._seen))

    def _seen(self, image: Image) -> Mask:
        small = cv2.resize(figure(*self.places), (320, 180), interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.float32)

    def look(
        self, seconds: float, *movements: Callable[[float], Place], light: float = 1.0,
        noise: float = 2.0, shift: int = 0,
    ) -> Mask:  # fmt: skip
        """What is shown after so many seconds of people who move like this."""
        mask = None
        for _ in range(round(seconds * FPS)):
            time = self.frame / FPS
            self.places = [move(time) for move in movements]
            alpha = figure(*self.places)[..., None]
            stripes = (np.indices((HEIGHT, WIDTH)).sum(0) // 9 % 2)[..., None]
            wall = 140 + 30 * (np.arange(WIDTH) // 40 % 2)[None, :, None]
            image = (wall * (1 - alpha) + (60 + 60 * stripes) * alpha) * light
            image = np.roll(image, shift, 1) + self.rng.normal(0, noise, image.shape)
            self.pyramid.load(np.clip(image.repeat(3, 2), 0, 255).astype(np.uint8))
            mask = self.segmenter.segment(self.pyramid, time)
            self.frame += 1
        assert mask is not None
        return mask


def sways(place: Place) -> Callable[[float], Place]:
    return lambda time: (place[0] + 5 * np.sin(time * 2.5), *place[1:])


def breathes(place: Place) -> Callable[[float], Place]:
    """By half a pixel of 640: two millimetres."""
    return lambda time: (place[0] + 0.5 * np.sin(time * 1.6), *place[1:])


def hangs(place: Place) -> Callable[[float], Place]:
    return lambda time: place


def share(mask: Mask, place: Place) -> float:
    small = cv2.resize(figure(place), (320, 180), interpolation=cv2.INTER_AREA)
    return float((mask * small).sum() / small.sum())


def test_a_portrait_on_the_wall_is_hidden_within_three_seconds() -> None:
    room = Room()
    assert share(room.look(0.2, sways(PERSON), hangs(FRAMED)), FRAMED) > 0.95
    mask = room.look(2.8, sways(PERSON), hangs(FRAMED))
    assert share(mask, FRAMED) == 0
    assert share(mask, PERSON) > 0.8
    assert mask[:, 200:].max() == 0, "nor its soft edge"


@pytest.mark.parametrize("noise", [0.5, 2, 6])
@pytest.mark.parametrize("place", [FRAMED, BESIDE])
def test_whoever_breathes_is_shown_however_still_they_sit(place: Place, noise: float) -> None:
    mask = Room().look(12, sways(PERSON), breathes(place), noise=noise)
    assert share(mask, place) > 0.95


def test_nobody_is_hidden_who_is_alone_or_the_largest() -> None:
    assert share(Room().look(6, hangs(PERSON)), PERSON) > 0.95
    mask = Room().look(6, hangs(PERSON), sways(FRAMED))
    assert share(mask, PERSON) > 0.95


def test_who_reaches_down_to_the_edge_is_given_more_time() -> None:
    room = Room()
    assert share(room.look(7, sways(PERSON), hangs(BESIDE)), BESIDE) > 0.95


def test_who_has_come_in_is_shown_although_they_keep_still() -> None:
    room = Room()
    room.look(3, sways(PERSON), lambda time: (700 - 67 * min(time, 3), *FRAMED[1:]))
    assert share(room.look(8, sways(PERSON), hangs(FRAMED)), FRAMED) > 0.95


def test_a_camera_that_has_stopped_hides_nobody() -> None:
    room = Room()
    room.look(1.5, sways(PERSON), hangs(FRAMED))
    for index in range(5 * FPS):
        mask = room.segmenter.segment(room.pyramid, 1.5 + index / FPS)
    assert mask is not None
    assert share(mask, FRAMED) > 0.95


def test_a_portrait_is_hidden_again_at_once_when_somebody_has_passed_it() -> None:
    room = Room()
    room.look(3, sways(PERSON), hangs(FRAMED))
    room.look(1.5, sways((500, 330, 1.0)), hangs(FRAMED))
    mask = room.look(1.6, sways(PERSON), hangs(FRAMED))
    assert share(mask, FRAMED) == 0


def test_a_lamp_changes_nothing() -> None:
    room = Room()
    room.look(3, sways(PERSON), hangs(FRAMED))
    assert share(room.look(1.5, sways(PERSON), hangs(FRAMED), light=0.6), FRAMED) == 0
    other = Room()
    other.look(1.5, sways(PERSON), hangs(FRAMED))
    mask = other.look(4, sways(PERSON), hangs(FRAMED), light=0.6)
    assert share(mask, FRAMED) == 0


def test_a_nudge_of_the_camera_makes_no_portrait_alive() -> None:
    room = Room()
    room.look(1.5, sways(PERSON), hangs(FRAMED))
    assert share(room.look(4, sways(PERSON), hangs(FRAMED), shift=3), FRAMED) == 0


def test_a_reset_forgets_the_portraits() -> None:
    room = Room()
    room.look(3, sways(PERSON), hangs(FRAMED))
    room.segmenter.reset()
    assert share(room.look(0.5, sways(PERSON), hangs(FRAMED)), FRAMED) > 0.95


def test_a_real_portrait_behind_a_figure_is_hidden_with_the_defaults() -> None:
    source, matting = SceneSource(WIDTH, HEIGHT, FPS), vcam.Matting()
    small = cv2.resize(portrait()[:220, 230:420], (147, 170), interpolation=cv2.INTER_AREA)
    rng, shown = np.random.default_rng(4), []
    for number in range(9 * FPS):
        image = source.read()
        assert image is not None
        if number < 5 * FPS:
            continue
        image = image.copy()
        image[20:190, 20:167] = small
        noisy = np.clip(image + rng.normal(0, 2, image.shape), 0, 255).astype(np.uint8)
        shown.append(matting.process(noisy, number / FPS)[20:190, 20:167].mean() / 255)
    matting.close()
    assert max(shown[: 2 * FPS]) > 0.2, "the networks take it for somebody"
    assert max(shown[3 * FPS :]) < 0.01
