from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from tests.portrait import portrait
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image
from vcam.segmenters.exposed import exposed
from vcam.segmenters.mediapipe import MediaPipeSegmenter
from vcam.segmenters.quality import Networks


def dimmed(light: float) -> Image:
    noise = np.random.default_rng(3).normal(0, 2, portrait().shape)
    return np.clip(portrait() * light + noise, 0, 255).astype(np.uint8)


def found(image: Image) -> npt.NDArray[np.bool_]:
    segmenter = MediaPipeSegmenter(Networks("general", "never"), follow=False)
    mask = segmenter.segment(Pyramid(image), 0.0)
    segmenter.close()
    assert mask is not None
    return mask > 0.5


def test_a_bright_picture_is_shown_to_the_network_as_it_is() -> None:
    np.testing.assert_array_equal(exposed(portrait()), portrait())


@pytest.mark.parametrize("level", [0, 1, 20, 70, 130, 255])
def test_a_picture_of_one_level_stays_one(level: int) -> None:
    image = np.full((144, 256, 3), level, np.uint8)
    bright = exposed(image)
    assert bright.min() == bright.max() == min(round(level * 2.5), max(235, level))


def test_a_lamp_in_a_dim_room_does_not_keep_it_dim() -> None:
    image = dimmed(0.3)
    image[:20, :40] = 255
    assert exposed(image).mean() > 2 * image.mean()


def test_in_dim_light_as_much_of_a_person_is_found_as_in_bright() -> None:
    bright, dim = found(portrait()), found(dimmed(0.1))
    assert (bright & dim).sum() > 0.97 * bright.sum()
