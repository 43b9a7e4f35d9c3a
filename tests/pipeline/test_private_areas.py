"""What is in an area that is never shown changes nothing of what is sent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.configurations import configurations
from tests.pipeline.test_room_stays_hidden import MUCH, NOBODY, folder
from vcam.backgrounds import make_background
from vcam.backgrounds.worker import PromptWorker
from vcam.config.schema import Config
from vcam.config.schema.framing import AreaConfig
from vcam.images.types import I420, Frame, Image
from vcam.pipeline.build import make_pipeline
from vcam.segmenters.fake import FakeSegmenter

__all__ = ["folder"]

AREA = {"left": 0.25, "top": 0.25, "right": 0.75, "bottom": 0.75}
KINDS = ["color", "gradient", "blur", "mask", "none"]
EVERYBODY = NOBODY + 1


def sent(config: Config, inside: int) -> list[bytes]:
    width, height = 162, 122
    background = make_background(config.background, width, height, PromptWorker)
    finder = FakeSegmenter([EVERYBODY])
    pipeline = make_pipeline(config, background, width, height, segmenter=finder)
    out, frames = I420(width, height), []
    for number in range(3):
        rendered = pipeline.render(Frame(_room(inside + number), number / 15), out)
        assert not rendered.error
        frames.append(out.data.tobytes())
    pipeline.close()
    return frames


def _room(inside: int) -> Image:
    image = np.full((90, 161, 3), 90, np.uint8)
    image[23:67, 41:120] = inside
    return image


def _with_area(config: Config) -> Config:
    areas = [AreaConfig.model_validate(AREA)]
    framing = config.framing.model_copy(update={"private": areas})
    in_order = config.background.model_copy(update={"order": "name"})  # else it is chance's
    return config.model_copy(update={"framing": framing, "background": in_order})


@MUCH
@given(data=st.data())
def test_what_is_in_a_private_area_changes_nothing_whatever_the_configuration(
    folder: Path, data: st.DataObject
) -> None:
    config = _with_area(data.draw(configurations(folder)))
    assert sent(config, 100) == sent(config, 200)


@pytest.mark.parametrize("kind", KINDS)
def test_nor_with_any_background(kind: str) -> None:
    config = Config.model_validate({"background": {"type": kind}, "framing": {"private": [AREA]}})
    assert sent(config, 100) == sent(config, 200)
    shown = Config.model_validate({"background": {"type": kind}})
    if kind != "mask":
        assert sent(shown, 100) != sent(shown, 200)


def test_a_person_is_cut_off_there_with_a_wide_soft_edge_too() -> None:
    config = Config.model_validate({
        "background": {"type": "mask"},
        "matte": {"feather": 20, "choke": -20},
        "framing": {"private": [AREA]},
    })  # fmt: skip
    seen = np.frombuffer(sent(config, 100)[-1], np.uint8)[: 162 * 122].reshape(122, 162)
    assert seen[32:90, 42:120].max() == 16
    assert seen[:20].min() > 200
