"""A camera, through OpenCV."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np

from vcam.devices.cameras import Camera, check_free
from vcam.devices.capture_mode import CaptureMode
from vcam.devices.control_settings import ControlSettings, Value
from vcam.devices.host import HOST, Host
from vcam.devices.node_errors import camera_busy, camera_gone
from vcam.devices.nodes import holders
from vcam.devices.pixel_formats import JPEGS
from vcam.errors import SourceError
from vcam.images.types import Image
from vcam.sources.formats import FOURCCS, SLACK, choose_mode
from vcam.sources.jpeg import decode

logger = logging.getLogger(__name__)

BLACK_LEVEL = 16
"""The highest value, of 255, that `is_black` takes for black."""

STALL_SECONDS = 1.5
"""Longest gap between two frames. Some streams stay dead after the cause has passed (suspend, a
loose plug), and only reopening the camera revives them."""


class CameraSource:
    """A camera's pictures.

    Args:
        camera: Which one, from `vcam.devices.cameras`.
        width: The size to ask for, in pixels.
        height: The size to ask for, in pixels.
        fps: The rate to ask for, in frames per second.
        pixel_format: A key of FOURCCS, or "auto": raw where that reaches the rate at this size,
            else MJPG.
        timeout: Seconds without a first frame after which the camera counts as failed (Linux
            only); later on it is STALL_SECONDS, or three periods of a slow camera.
        dark: Seconds of only black pictures at the start after which it counts as failed.
        host: The machine.
        controls: Returns the values for its controls; called before each picture (Linux only).
        restores: Whether the controls are restored at the end; called then.

    Attributes:
        description: The camera and what it granted.
        fps: The rate it granted; 0 if it does not tell.
        live: True.

    Raises:
        SourceError: It is busy, missing, not permitted, or does not offer `pixel_format`.
    """

    live = True

    def __init__(
        self,
        camera: Camera,
        width: int,
        height: int,
        fps: float,
        pixel_format: str = "auto",
        timeout: float = 5.0,
        dark: float = 3.0,
        host: Host = HOST,
        controls: Callable[[], Mapping[str, Value]] = dict,
        restores: Callable[[], bool] = bool,
    ) -> None:
        self._controls, self._restores = controls, restores
        self._settings = ControlSettings(camera, host)
        self._set: Mapping[str, Value] = {}
        self._camera, self._timeout, self._dark = camera, timeout, dark
        self._has_seen_light = self._is_coded = False
        mode = choose_mode(camera, width, height, fps, pixel_format)
        if sys.platform == "linux":
            check_free(camera, host)
        self._capture = _open(camera, host)
        try:
            self._ask(mode, FOURCCS.get(pixel_format, ""), width, height, fps)
        except cv2.error as error:
            self._capture.release()
            raise SourceError(f"{camera} cannot be set up ({_reason(error)})") from error
        granted = self._fourcc()
        self.fps = self._rate()
        self.description = f"{camera}, {self._granted(granted)}"
        asked = mode.fourcc if mode else FOURCCS.get(pixel_format, granted)
        self._compare(granted, asked, width, height, fps)
        self._adjust()

    def read(self) -> Image | None:
        """The next picture, uint8 (h, w, 3) BGR; black ones at the start are skipped.

        Broken JPEGs are skipped: OpenCV would repeat the picture before.

        Raises:
            SourceError: The camera has gone, has delivered nothing or only broken JPEGs for
                `timeout` seconds, or only black pictures for its first `dark` seconds.
        """
        self._adjust()
        image = self._next()
        if not self._has_seen_light:
            until = time.monotonic() + self._dark
            while is_black(image):
                if time.monotonic() >= until:
                    raise self._black()
                image = self._next()
            self._has_seen_light = True
            self._timeout = min(self._timeout, max(STALL_SECONDS, 3 / self.fps if self.fps else 0))
        return image

    def _next(self) -> Image:
        until = time.monotonic() + self._timeout
        while (image := self._picture()) is None:
            if time.monotonic() >= until:
                raise self._broken()
        return image

    def _picture(self) -> Image | None:
        """The camera's next picture; None if it is broken."""
        if not self._wait():
            raise self._silent()
        try:
            if not self._capture.grab():
                raise self._silent()
            _, image = self._capture.retrieve()
        except cv2.error as error:
            raise SourceError(
                f"a frame of {self._camera} cannot be read ({_reason(error)})",
                "set camera.pixel_format to another format it offers; `vcam devices` lists them",
            ) from error
        if image is None:
            return None
        image = np.asarray(image)
        if self._is_coded and image.ndim == 2:
            return decode(np.asarray(image, np.uint8))
        return self._in_colour(image)

    def close(self) -> None:
        """Free the camera."""
        if self._restores():
            self._settings.restore()
        self._capture.release()

    def _adjust(self) -> None:
        """Set the camera's controls whose wanted values have changed."""
        wanted = self._controls()
        if wanted != self._set and sys.platform == "linux":
            self._set = wanted
            self._settings.apply(wanted)

    def _ask(
        self, mode: CaptureMode | None, fourcc: str, width: int, height: int, fps: float
    ) -> None:
        """Request a mode: the pixel format first, or OpenCV chooses BGR where it can.

        JPEGs are requested undecoded; a backend that decodes them anyway is fine, too.
        """
        if mode:
            fourcc = mode.fourcc
            width, height = mode.nearest(width, height)
        if fourcc:
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*fourcc))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
        self._capture.set(cv2.CAP_PROP_FPS, fps)
        if sys.platform == "linux" and self._fourcc() in JPEGS:
            self._is_coded = self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)

    def _wait(self) -> bool:
        if sys.platform != "linux":
            return True
        try:
            return cv2.VideoCapture.waitAny([self._capture], int(self._timeout * 1e9))[0]
        except cv2.error as error:
            logger.debug("%s: %s", self._camera, _reason(error))
            return False

    def _in_colour(self, image: np.ndarray) -> Image:
        if image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3:
            return image
        if image.dtype == np.uint8 and image.shape in (self._size(), (*self._size(), 1)):
            return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), np.uint8)
        raise SourceError(
            f"{self._camera} gives {self._fourcc()} frames, which OpenCV does not decode",
            "set camera.pixel_format to another format it offers; `vcam devices` lists them",
        )

    def _silent(self) -> SourceError:
        if sys.platform == "linux" and not Path(self._camera.path).exists():
            return camera_gone(self._camera)
        if self._camera.is_loopback:
            return SourceError(
                f"{self._camera} gives no frames", "start the program that feeds it, or restart it"
            )
        return SourceError(
            f"{self._camera} gives no frames",
            "plug it in again, into a port of its own, or set camera.pixel_format to mjpg; "
            "if it has a shutter or a switch, open it",
        )

    def _broken(self) -> SourceError:
        return SourceError(
            f"{self._camera} gives only broken pictures",
            "plug it in again, into a port of its own or with another cable, or set "
            "camera.pixel_format to another format it offers; `vcam devices` lists them",
        )

    def _black(self) -> SourceError:
        return SourceError(
            f"{self._camera} gives only black pictures",
            "open its shutter, switch it on (some laptops have a key for it) or give it light",
        )

    def _size(self) -> tuple[int, int]:
        """The granted height and width."""
        get = self._capture.get
        return int(get(cv2.CAP_PROP_FRAME_HEIGHT)), int(get(cv2.CAP_PROP_FRAME_WIDTH))

    def _fourcc(self) -> str:
        code = int(self._capture.get(cv2.CAP_PROP_FOURCC))
        text = code.to_bytes(4, "little").decode("latin-1") if 0 < code < 1 << 32 else ""
        return text if text.isprintable() else ""

    def _rate(self) -> float:
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        return round(rate, 2) if 0 < rate < 1000 else 0.0

    def _granted(self, fourcc: str) -> str:
        height, width = self._size()
        rate = f"at {self.fps:g} fps" if self.fps else ""
        return " ".join(filter(None, [f"{width}x{height}", fourcc.strip(), rate]))

    def _compare(self, granted: str, fourcc: str, width: int, height: int, fps: float) -> None:
        slower = 0 < self.fps < fps - SLACK
        if self._size() != (height, width) or slower or granted != fourcc:
            asked = " ".join(filter(None, [f"{width}x{height}", fourcc.strip()]))
            logger.warning(
                "%s gives %s instead of %s at %g fps",
                self._camera,
                self._granted(granted),
                asked,
                fps,
            )


def is_black(image: Image) -> bool:
    """Whether a picture shows nothing: a closed shutter, a covered or a dead sensor.

    One pixel in 256 is sampled; 99 % of the values must be at most BLACK_LEVEL, so that a covered
    sensor's noise and hot pixels count as black and a dark room with a lit screen does not.

    Args:
        image: uint8 (h, w, 3), BGR.
    """
    sample = image[8::16, 8::16] if min(image.shape[:2]) > 16 else image
    return int(np.count_nonzero(sample > BLACK_LEVEL)) * 100 <= sample.size


def _open(camera: Camera, host: Host) -> cv2.VideoCapture:
    if sys.platform == "linux":
        capture = cv2.VideoCapture(camera.path, cv2.CAP_V4L2)
    elif sys.platform == "win32":
        capture = cv2.VideoCapture(camera.index, cv2.CAP_DSHOW)
    else:
        capture = cv2.VideoCapture(camera.index, cv2.CAP_AVFOUNDATION)
    if not capture.isOpened():
        capture.release()
        if sys.platform == "linux" and holders(camera.path, host):
            raise camera_busy(camera, camera.path, host)
        raise SourceError(
            f"{camera} cannot be opened",
            "close other programs that use it, and allow camera access in the system's settings",
        )
    return capture


def _reason(error: cv2.error) -> str:
    return " ".join((error.err or str(error)).split())
