from __future__ import annotations

from dataclasses import replace

import pytest

from vcam.devices.cameras import Camera
from vcam.devices.capture_mode import CaptureMode
from vcam.errors import SourceError
from vcam.sources.formats import choose_mode

WEBCAM = Camera(
    "Webcam",
    "/dev/video0",
    0,
    modes=(
        CaptureMode("MJPG", 1280, 720, (30.0,)),
        CaptureMode("MJPG", 640, 480, (30.0,)),
        CaptureMode("YUYV", 1280, 720, (10.0, 5.0)),
        CaptureMode("YUYV", 640, 480, (30.0, 15.0)),
        CaptureMode("H264", 1920, 1080, (30.0,)),
    ),
)


@pytest.mark.parametrize(
    ("size", "fps", "fourcc", "chosen"),
    [
        ((1280, 720), 10, "YUYV", (1280, 720)),
        ((1280, 720), 30, "MJPG", (1280, 720)),
        ((640, 480), 29.97, "YUYV", (640, 480)),
        ((640, 480), 60, "YUYV", (640, 480)),
        ((1920, 1080), 30, "MJPG", (1280, 720)),
    ],
)
def test_raw_is_kept_where_it_reaches_the_rate_else_mjpg(
    size: tuple[int, int], fps: float, fourcc: str, chosen: tuple[int, int]
) -> None:
    mode = choose_mode(WEBCAM, *size, fps)
    assert mode is not None
    assert (mode.fourcc, mode.nearest(*size)) == (fourcc, chosen)


def test_a_size_within_a_range_is_taken_exactly() -> None:
    ranged = CaptureMode("NV12", 1920, 1080, (30.0, 1.0), (32, 32), (2, 2))
    mode = choose_mode(replace(WEBCAM, modes=(*WEBCAM.modes, ranged)), 800, 600, 30)
    assert mode == ranged


def test_grey_is_taken_only_where_there_is_nothing_else() -> None:
    grey = CaptureMode("GREY", 800, 600, (30.0,))
    assert choose_mode(replace(WEBCAM, modes=(grey, *WEBCAM.modes)), 800, 600, 30) != grey
    assert choose_mode(replace(WEBCAM, modes=(grey,)), 1280, 720, 30) == grey


def test_a_format_the_camera_lacks_is_refused_naming_those_it_has() -> None:
    with pytest.raises(SourceError) as caught:
        choose_mode(WEBCAM, 640, 480, 30, "nv12")
    assert "does not offer nv12" in caught.value.problem
    assert caught.value.cure.endswith("auto or one of: mjpg, yuyv")


def test_a_camera_with_nothing_that_can_be_decoded_is_refused() -> None:
    mode = CaptureMode("VP80", 1920, 1080, (30.0,))
    with pytest.raises(SourceError, match="offers only VP8, which vcam cannot decode"):
        choose_mode(replace(WEBCAM, modes=(mode,)), 640, 480, 30)


def test_a_coded_format_is_taken_where_there_is_nothing_else() -> None:
    coded = replace(WEBCAM, modes=(WEBCAM.modes[-1],))
    assert choose_mode(coded, 640, 480, 30) == WEBCAM.modes[-1]
    assert choose_mode(WEBCAM, 1920, 1080, 30) != WEBCAM.modes[-1]
    with pytest.raises(SourceError, match="does not offer mjpg"):
        choose_mode(coded, 640, 480, 30, "mjpg")
