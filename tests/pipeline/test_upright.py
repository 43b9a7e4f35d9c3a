"""A phone held upright before a wide frame: what stands beside it shows nothing of the room."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vcam.backgrounds.still import Still
from vcam.config import Config, parse_config
from vcam.images.types import I420, Frame, Image, Mask
from vcam.pipeline.build import make_pipeline
from vcam.segmenters.fake import FakeSegmenter

W, H = 320, 180
GREEN = (0, 177, 64)
ROOM: Image = np.full((160, 90, 3), (255, 0, 255), np.uint8)  # upright
EVERYBODY: Mask = np.ones((18, 32), np.float32)


def config(text: str = "") -> Config:
    return parse_config(f"output: {{width: {W}, height: {H}}}\n{text}", Path("vcam.yaml"))


def shown(text: str, segmenter: FakeSegmenter, *images: Image) -> list[Image]:
    wanted = config(text)
    pipe = make_pipeline(wanted, Still.plain(W, H, GREEN), W, H, segmenter=segmenter)
    out, pictures = I420(W, H), []
    for second, image in enumerate(images):
        assert not pipe.render(Frame(image, float(second)), out).error
        pictures.append(out.to_bgr())
    return pictures


def is_green(picture: Image) -> bool:
    return bool(np.abs(picture.astype(int) - GREEN[::-1]).max() < 6)


@pytest.mark.parametrize("finish", ["", "finish: {light_wrap: 1, color_match: 1}\n"])
@pytest.mark.parametrize("edges", ["picture", "mask"])
@pytest.mark.parametrize("zoom", [1, 1.3])
@pytest.mark.parametrize("rotate", [0, 90, 270])
def test_with_everything_taken_for_a_person_the_background_is_beside(
    rotate: int, zoom: float, edges: str, finish: str
) -> None:
    text = (
        f"camera: {{rotate: {rotate}}}\nframing: {{zoom: {zoom}}}\n"
        f"matte: {{edges: {edges}}}\n{finish}"
    )
    image = ROOM if rotate == 0 else np.ascontiguousarray(ROOM.transpose(1, 0, 2))
    picture = shown(text, FakeSegmenter([EVERYBODY]), image)[0]
    inner = round(H * 9 / 16 * zoom / 2)
    beside = W // 2 - inner - 4
    assert is_green(picture[:, :beside])
    assert is_green(picture[:, -beside:])
    assert np.abs(picture[:, W // 2].astype(int) - ROOM[0, 0]).max() < 60  # toned at most


def test_without_a_segmenter_it_is_black_beside() -> None:
    wanted = config("background: {type: none}\n")
    out = I420(W, H)
    make_pipeline(wanted, Still.plain(W, H, GREEN), W, H).render(Frame(ROOM, 0.0), out)
    picture = out.to_bgr()
    assert picture[:, :100].max() == picture[:, -100:].max() == 0
    assert np.abs(picture[:, 160].astype(int) - ROOM[0, 0]).max() < 6


def test_a_camera_that_turns_has_what_was_learnt_of_the_room_forgotten() -> None:
    segmenter = FakeSegmenter([EVERYBODY])
    wide = np.ascontiguousarray(ROOM.transpose(1, 0, 2))
    shown("", segmenter, wide, wide)
    assert segmenter.resets == 0
    pictures = shown("", segmenter, wide, ROOM, ROOM)
    assert segmenter.resets == 1
    assert is_green(pictures[1][:, :100])


def test_the_person_is_looked_for_in_the_turned_picture() -> None:
    looked: list[Image] = []

    def look(image: Image) -> Mask:
        looked.append(image.copy())
        return EVERYBODY

    image = np.zeros((H, W, 3), np.uint8)
    image[:90] = 255
    shown("camera: {rotate: 180}\n", FakeSegmenter(look), image)
    assert looked[0][90:].min() == 255
    assert looked[0][:90].max() == 0
