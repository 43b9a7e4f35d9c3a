from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import cv2
import numpy as np
import pytest

from tests.portrait import portrait
from tests.quality.sequences import drawn_sequences
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.segmenters import mediapipe, newcomers, subject, whole_picture
from vcam.segmenters.looking import look
from vcam.segmenters.mediapipe import MediaPipeSegmenter
from vcam.segmenters.quality import Networks
from vcam.sources.scene.scene import SceneSource

LANDSCAPE = Networks("landscape", "never")


def group_of(count: int) -> Pyramid:
    """The portrait, side by side before a wall."""
    image = np.full((720, 1280, 3), (70, 80, 75), np.uint8)
    width = 1280 // count
    person = np.asarray(cv2.resize(portrait()[:, 140:500], (width, width)), np.uint8)
    for index in range(count):
        image[720 - width :, index * width : (index + 1) * width] = person[: min(720, width)]
    return Pyramid(image)


@pytest.mark.parametrize(
    "networks", [Networks("general", "sometimes"), Networks("landscape", "sometimes")]
)
@pytest.mark.parametrize("count", [2, 3])
def test_everybody_of_a_group_is_shown(networks: Networks, count: int) -> None:
    segmenter, pyramid = MediaPipeSegmenter(networks), group_of(count)
    for index in range(20):
        pyramid.load(pyramid.image.copy())
        mask = segmenter.segment(pyramid, index / 30)
    segmenter.close()
    assert mask is not None
    side = 320 // count
    for index in range(count):
        person = mask[180 - side :, index * side : (index + 1) * side]
        face = person[int(0.15 * side) : int(0.4 * side), int(0.36 * side) : int(0.54 * side)]
        assert face.mean() > 0.9, f"number {index} of {count}"


def calls_in(
    monkeypatch: pytest.MonkeyPatch, networks: Networks, images: Iterable[Image]
) -> list[int]:
    """How often a network is called in each picture of 30 a second."""
    segmenter, pyramid, calls = MediaPipeSegmenter(networks), Pyramid(), [0]

    def counted(*arguments: Any) -> Mask:
        calls[-1] += 1
        return look(*arguments)

    for room in (mediapipe, whole_picture, subject, newcomers):
        monkeypatch.setattr(room, "look", counted)
    for index, image in enumerate(images):
        calls.append(0)
        pyramid.load(image, index / 30)
        mask = segmenter.segment(pyramid, index / 30)
        assert mask is not None
        assert index < 5 or mask.mean() > 0.1
    segmenter.close()
    return calls[1:]


def talking() -> Iterator[Image]:
    """The scene's figure, who has come in."""
    scene = SceneSource(640, 360, 30)
    for index in range(220):
        image = scene.read()
        assert image is not None
        if index >= 150:
            yield image


def test_mask_of_one_who_talks_is_not_carried_from_an_earlier_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = calls_in(monkeypatch, Networks("general", "sometimes"), talking())
    assert calls[-40:].count(0) <= 3, "only where they keep still"


def test_mask_is_carried_where_a_matting_network_draws_it(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = calls_in(monkeypatch, Networks("general", "sometimes", matting=True), talking())
    assert sum(calls[-40:]) < 38
    assert calls[-40:].count(0) > 2


def test_two_who_talk_cost_a_network_less_than_twice_a_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two = next(one for one in drawn_sequences(640, 360, 30) if one.name == "two")
    images = (image for image, _ in two.moments())
    calls = calls_in(monkeypatch, Networks("general", "sometimes"), images)
    assert sum(calls[-40:]) < 60
