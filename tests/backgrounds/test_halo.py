from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.backgrounds.halo import halo
from vcam.backgrounds.blur import BlurBackground
from vcam.images.types import I420, Alpha, Image

SIZE = (640, 360)


def _room() -> Image:
    noise = np.random.default_rng(11).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)
    soft = np.asarray(cv2.GaussianBlur(noise, (0, 0), 30), np.float64)
    return np.asarray((soft - soft.min()) / np.ptp(soft) * 160, np.uint8)


def _alpha() -> Alpha:
    alpha = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    cv2.ellipse(alpha, (320, 300), (120, 220), 0, 0, 360, 255, -1)
    return np.asarray(cv2.GaussianBlur(alpha, (0, 0), 1.5), np.uint8)


def _with_person(room: Image, alpha: Alpha) -> Image:
    share = alpha[..., None] / 255
    return np.rint(room * (1 - share) + 250 * share).astype(np.uint8)


@pytest.mark.parametrize(("strength", "part"), [(0.2, 0.5), (0.6, 0.17), (1.0, 0.17)])
def test_the_halo_is_a_small_part_of_that_of_a_naive_blur(strength: float, part: float) -> None:
    room, alpha = _room(), _alpha()
    picture = _with_person(room, alpha)
    sigma = SIZE[1] * (0.006 + 0.054 * strength)
    ideal, naive = (
        np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8) for image in (room, picture)
    )
    ours = BlurBackground(*SIZE, strength).paint(I420.from_bgr(picture), alpha, 0.0).to_bgr()
    assert halo(naive, ideal, alpha) > 3
    assert halo(ours, ideal, alpha) < halo(naive, ideal, alpha) * part


def test_only_what_is_near_and_beside_the_person_counts() -> None:
    alpha = np.zeros((100, 100), np.uint8)
    alpha[:, :20] = 255
    room = np.zeros((100, 100, 3), np.uint8)
    other = room.copy()
    other[:, :20] = 200
    other[:, 61:] = 200
    assert halo(other, room, alpha, band=40) == 0
    other[:, 20:40] = 10
    assert halo(other, room, alpha, band=40) == pytest.approx(5)
    assert halo(other, room, np.zeros_like(alpha)) == 0
