from __future__ import annotations

import errno
import itertools
import logging
import sys

import cv2
import numpy as np
import pytest

from tests.sources.fake_capture import Setting
from vcam.devices import v4l2
from vcam.errors import SourceError
from vcam.sources.camera import BLACK_LEVEL, is_black

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="opens V4L2 nodes")


def test_the_pixel_format_is_asked_for_before_the_size_then_the_rate(setting: Setting) -> None:
    setting.open()
    assert [prop for prop, _ in setting.capture.asked] == [
        cv2.CAP_PROP_FOURCC,
        cv2.CAP_PROP_FRAME_WIDTH,
        cv2.CAP_PROP_FRAME_HEIGHT,
        cv2.CAP_PROP_FPS,
        cv2.CAP_PROP_CONVERT_RGB,
    ]


def test_what_was_granted_is_described(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    source = setting.open()
    assert source.description == f"Webcam ({setting.path}), 1280x720 MJPG at 30 fps"
    assert source.fps == 30
    assert source.live
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("prop", "value", "granted"),
    [
        (cv2.CAP_PROP_FPS, 15, "1280x720 MJPG at 15 fps"),
        (cv2.CAP_PROP_FRAME_WIDTH, 640, "640x720 MJPG at 30 fps"),
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"BGR3"), "1280x720 BGR3 at 30 fps"),
    ],
)
def test_less_than_was_asked_for_is_warned_of(
    setting: Setting, caplog: pytest.LogCaptureFixture, prop: int, value: float, granted: str
) -> None:
    setting.capture.grants = {prop: value}
    with caplog.at_level(logging.WARNING):
        setting.open()
    assert f"gives {granted} instead of 1280x720 MJPG at 30 fps" in caplog.text


def test_a_frame_is_read_in_colour(setting: Setting) -> None:
    image = setting.open().read()
    assert image is not None
    assert image.shape == (720, 1280, 3)


def test_black_pictures_at_first_are_left_out(setting: Setting) -> None:
    black, light = np.zeros((720, 1280, 3), np.uint8), np.full((720, 1280, 3), 90, np.uint8)
    setting.capture.gives = [black, black, light, black]
    source = setting.open()
    assert [image.max() for image in (source.read(), source.read()) if image is not None] == [90, 0]


def test_nothing_but_black_pictures_is_an_error(setting: Setting) -> None:
    setting.capture.gives = itertools.repeat(np.zeros((720, 1280, 3), np.uint8))
    with pytest.raises(SourceError, match="gives only black pictures") as caught:
        setting.open().read()
    assert "shutter" in caught.value.cure


def test_a_grey_frame_becomes_bgr(setting: Setting) -> None:
    setting.capture.gives = [np.full((720, 1280), 50, np.uint8)]
    image = setting.open(pixel_format="yuyv").read()
    assert image is not None
    assert image.shape == (720, 1280, 3)
    assert image[0, 0].tolist() == [50, 50, 50]


@pytest.mark.parametrize("shape", [(1, 1382400), (720, 1280, 2)])
def test_a_frame_that_is_no_picture_is_refused(setting: Setting, shape: tuple[int, ...]) -> None:
    setting.capture.gives = [np.zeros(shape, np.uint8)]
    with pytest.raises(SourceError, match="YUYV frames, which OpenCV does not decode"):
        setting.open(pixel_format="yuyv").read()


def test_a_frame_that_opencv_cannot_convert_is_refused(setting: Setting) -> None:
    source = setting.open()
    setting.capture.error = cv2.error("bad number of channels")
    with pytest.raises(SourceError, match="cannot be read") as caught:
        source.read()
    assert "camera.pixel_format" in caught.value.cure


def test_a_silent_camera_is_an_error(setting: Setting) -> None:
    source = setting.open()
    setting.capture.gives = []
    with pytest.raises(SourceError, match="gives no frames"):
        source.read()


def test_a_camera_that_stops_is_an_error(setting: Setting) -> None:
    source = setting.open()
    source.read()
    with pytest.raises(SourceError, match="gives no frames"):
        source.read()


@pytest.mark.parametrize(("fps", "seconds"), [(30.0, 1.5), (1.0, 3.0), (0.0, 1.5)])
def test_a_camera_that_has_once_begun_is_given_up_sooner(
    setting: Setting, fps: float, seconds: float
) -> None:
    setting.capture.grants = {cv2.CAP_PROP_FPS: fps}
    setting.capture.gives = [np.full((720, 1280, 3), 90, np.uint8)] * 2
    setting.capture.waits = []
    source = setting.open()
    source.read()
    source.read()
    assert setting.capture.waits == [5.0, seconds]


def test_a_camera_that_was_unplugged_has_gone(setting: Setting) -> None:
    source = setting.open()
    setting.capture.gives = []
    setting.path.unlink()
    with pytest.raises(SourceError, match="has gone"):
        source.read()


def test_a_busy_camera_names_the_program_that_has_it(setting: Setting) -> None:
    setting.node.refusals[v4l2.REQBUFS] = errno.EBUSY
    setting.kernel.add_process(31, "zoom", setting.path)
    assert "is in use by zoom (process 31)" in setting.refusal().problem


def test_a_camera_that_may_not_be_opened_names_the_group(setting: Setting) -> None:
    setting.node.refusals["open"] = errno.EACCES
    assert "sudo usermod -aG video $USER" in setting.refusal().cure


def test_a_camera_that_is_not_there_has_gone(setting: Setting) -> None:
    setting.kernel.nodes.clear()
    assert "has gone" in setting.refusal().problem


def test_a_camera_that_opencv_cannot_open_is_released(setting: Setting) -> None:
    setting.capture.opens = False
    assert "cannot be opened" in setting.refusal().problem
    assert setting.capture.released == 1


def test_closing_frees_the_camera(setting: Setting) -> None:
    setting.open().close()
    assert setting.capture.released == 1


def test_a_covered_camera_with_noise_and_hot_pixels_is_black() -> None:
    image = np.random.default_rng(1).integers(0, BLACK_LEVEL, (480, 640, 3), np.uint8)
    image[8, 8] = 255
    assert is_black(image)


def test_a_dark_room_with_a_screen_is_not_black() -> None:
    image = np.full((480, 640, 3), 5, np.uint8)
    image[200:280, 300:380] = 120
    assert not is_black(image)


def test_a_tiny_picture_is_looked_at_whole() -> None:
    assert is_black(np.zeros((9, 9, 3), np.uint8))
    assert not is_black(np.full((9, 9, 3), 99, np.uint8))
