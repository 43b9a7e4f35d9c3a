from __future__ import annotations

import errno
import itertools
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
import pytest

from tests.linux.fake_host import FakeControl, FakeKernel, FakeNode
from tests.sources.test_formats import WEBCAM
from vcam.devices import v4l2
from vcam.devices.control_settings import Value
from vcam.devices.controls import BRIGHTNESS
from vcam.errors import SourceError
from vcam.sources.camera import BLACK_LEVEL, CameraSource, is_black

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="opens V4L2 nodes")


class FakeCapture:
    """`cv2.VideoCapture` of a camera that grants what it is asked, unless told otherwise."""

    opens = True
    gives: Iterable[np.ndarray | None] = ()
    grants: ClassVar[dict[int, float]] = {}
    refuses: ClassVar[tuple[int, ...]] = ()
    error: cv2.error | None = None
    asked: ClassVar[list[tuple[int, float]]] = []
    released = 0
    waits: ClassVar[list[float]] = []

    def __init__(self, name: str, backend: int) -> None:
        self.values: dict[int, float] = {}
        self.frames = iter(type(self).gives)
        self.frame: np.ndarray | None = None
        type(self).asked = []

    def isOpened(self) -> bool:  # noqa: N802
        return self.opens

    def set(self, prop: int, value: float) -> bool:
        self.asked.append((prop, value))
        if prop in self.refuses:
            return False
        self.values[prop] = value
        return True

    def get(self, prop: int) -> float:
        return self.grants.get(prop, self.values.get(prop, 0.0))

    def grab(self) -> bool:
        try:
            self.frame = next(self.frames)
        except StopIteration:
            return False
        return True

    def retrieve(self) -> tuple[bool, np.ndarray | None]:
        if self.error:
            raise self.error
        return True, self.frame

    def release(self) -> None:
        type(self).released += 1

    @classmethod
    def waitAny(cls, streams: Sequence[FakeCapture], timeout: int) -> tuple[bool, list[int]]:  # noqa: N802
        cls.waits.append(timeout / 1e9)
        return bool(cls.gives), []


class Setting:
    """A webcam's node and the capture OpenCV makes of it."""

    def __init__(self, folder: Path, capture: type[FakeCapture]) -> None:
        self.node, self.capture = FakeNode(), capture
        self.kernel = FakeKernel(folder, {0: self.node})
        self.path = folder / "dev/video0"
        self.camera = replace(WEBCAM, path=str(self.path))

    def open(
        self,
        width: int = 1280,
        height: int = 720,
        fps: float = 30,
        pixel_format: str = "auto",
        timeout: float = 5.0,
        controls: Callable[[], dict[str, Value]] = dict,
        restores: Callable[[], bool] = bool,
    ) -> CameraSource:
        return CameraSource(
            self.camera, width, height, fps, pixel_format, timeout, dark=0.05,
            host=self.kernel.host, controls=controls, restores=restores,
        )  # fmt: skip

    def refusal(self, pixel_format: str = "auto") -> SourceError:
        with pytest.raises(SourceError) as caught:
            self.open(pixel_format=pixel_format)
        assert self.kernel.descriptors == {}
        return caught.value


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    capture = type("Capture", (FakeCapture,), {"gives": [np.full((720, 1280, 3), 90, np.uint8)]})
    monkeypatch.setattr(cv2, "VideoCapture", capture)
    return Setting(tmp_path, capture)


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


def brightness(setting: Setting) -> FakeControl:
    control = FakeControl(BRIGHTNESS, "Brightness", 128)
    setting.node.controls = [control]
    return control


def test_controls_are_set_when_the_camera_is_opened_and_whenever_it_is_again(
    setting: Setting,
) -> None:
    control = brightness(setting)
    for _ in range(2):
        setting.open(controls=lambda: {"brightness": 7}).close()
        assert control.value == 7
        control.value = 128  # as a camera that was unplugged


def test_controls_that_change_are_set_before_the_next_picture(setting: Setting) -> None:
    control, wanted = brightness(setting), {"brightness": 7}
    setting.capture.gives = [np.full((720, 1280, 3), 90, np.uint8)] * 3
    source = setting.open(controls=lambda: dict(wanted))
    wanted["brightness"] = 9
    source.read()
    assert control.value == 9
    wanted.clear()
    source.read()
    assert control.value == 128


@pytest.mark.parametrize("restores", [True, False])
def test_controls_are_put_back_at_the_end_if_asked(restores: bool, setting: Setting) -> None:
    control = brightness(setting)
    setting.open(controls=lambda: {"brightness": 7}, restores=lambda: restores).close()
    assert control.value == (128 if restores else 7)


def test_a_control_the_camera_lacks_costs_no_picture(
    setting: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    brightness(setting)
    source = setting.open(controls=lambda: {"focus": 3, "brightness": 5})
    assert source.read() is not None
    assert "camera.controls.focus" in caplog.text
    assert len(caplog.records) == 1
