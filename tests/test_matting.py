from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import vcam
from tests.portrait import portrait
from vcam.config import parse_config
from vcam.images.types import Image


def test_alpha_of_a_person_is_found() -> None:
    matting = vcam.Matting()
    alpha = matting.process(portrait())
    again = matting.process(portrait())
    matting.close()
    assert alpha.shape == (360, 640)
    assert alpha.dtype == np.uint8
    assert alpha[60:140, 280:330].mean() > 230
    assert alpha[:150, :80].mean() < 20
    assert alpha is not again


def test_nothing_is_shown_while_mog2_learns() -> None:
    text = "segmentation: {backend: mog2, mog2: {learn_frames: 2}}\n"
    matting = vcam.Matting(parse_config(text, Path("vcam.yaml")))
    room: Image = np.full((90, 160, 3), 100, np.uint8)
    person = room.copy()
    person[30:, 60:100] = 250
    assert matting.process(room).max() == 0
    assert matting.process(room).max() == 0
    assert matting.process(person)[50:80, 70:90].min() > 200
    matting.reset()
    assert matting.process(person).max() == 0


@pytest.mark.parametrize("shape", [(90, 160), (90, 160, 4), (90,)])
def test_frame_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    text = "segmentation: {backend: mog2}\n"
    matting = vcam.Matting(parse_config(text, Path("vcam.yaml")))
    with pytest.raises(ValueError, match="must be uint8"):
        matting.process(np.zeros(shape, np.uint8))
