from __future__ import annotations

import itertools
import sys

import cv2
import numpy as np
import pytest

from tests.sources.fake_capture import Setting
from vcam.errors import SourceError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="opens V4L2 nodes")


def coded(level: int, width: int = 1280, height: int = 720) -> np.ndarray:
    """A JPEG as OpenCV gives it where it is not to decode."""
    image = np.full((height, width, 3), level, np.uint8)
    return cv2.imencode(".jpg", image)[1].reshape(1, -1)


def test_a_jpeg_is_had_as_it_is_and_decoded(setting: Setting) -> None:
    setting.capture.gives = [coded(90)]
    source = setting.open()
    assert setting.capture.asked[-1] == (cv2.CAP_PROP_CONVERT_RGB, 0)
    image = source.read()
    assert image is not None
    assert image.shape == (720, 1280, 3)
    assert (image.min(), image.max()) == (90, 90)


def test_a_raw_format_is_left_to_opencv(setting: Setting) -> None:
    setting.open(pixel_format="yuyv")
    assert cv2.CAP_PROP_CONVERT_RGB not in dict(setting.capture.asked)


def test_where_opencv_insists_on_decoding_its_pictures_are_taken(setting: Setting) -> None:
    setting.capture.refuses = (cv2.CAP_PROP_CONVERT_RGB,)
    image = setting.open().read()
    assert image is not None
    assert image.shape == (720, 1280, 3)


def test_broken_jpegs_are_left_out(setting: Setting) -> None:
    whole = coded(90)
    nothing, half, noise = None, whole[:, : whole.size // 2], np.full((1, 999), 7, np.uint8)
    setting.capture.gives = [nothing, half, coded(120), noise, whole]
    source = setting.open()
    read = [np.asarray(source.read()).max() for _ in range(2)]
    assert read == [120, 90]


def test_a_picture_of_another_size_than_granted_is_given_as_it_is(setting: Setting) -> None:
    setting.capture.gives = [coded(90, 1279, 725)]
    image = setting.open().read()
    assert image is not None
    assert image.shape == (725, 1279, 3)


@pytest.mark.parametrize("frame", [None, np.full((1, 999), 7, np.uint8)])
def test_nothing_but_broken_jpegs_is_an_error(setting: Setting, frame: np.ndarray | None) -> None:
    setting.capture.gives = itertools.repeat(frame)
    with pytest.raises(SourceError, match="gives only broken pictures") as caught:
        setting.open(timeout=0.05).read()
    assert "cable" in caught.value.cure
