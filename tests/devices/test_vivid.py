from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices import v4l2
from tests.devices.checks import is_green
from tests.devices.harness import Vcam, can_stream, config, output_node, wait_for
from tests.devices.readers import Reader, by_ffmpeg

pytestmark = pytest.mark.device

FPS = 15
VIVID = "vivid-000-vid-cap"
CODES = {"yuyv": "YUYV", "uyvy": "UYVY", "nv12": "NV12", "i420": "YU12", "bgr": "BGR3"}


@pytest.fixture
def vivid() -> str:
    device = v4l2.nodes().get(VIVID)
    if device is None:
        pytest.skip("no vivid camera (modprobe vivid)")
    return device


def wait_until_green_on_time(vcam: Vcam, reader: Reader) -> None:
    def on_time() -> bool:
        vcam.check()
        picture = reader.picture()
        assert picture is None or is_green(picture)
        return abs(reader.rate(2 * FPS) / FPS - 1) <= 0.05

    wait_for(on_time, f"two seconds at {FPS} fps")


@pytest.mark.parametrize("pixel_format", ["auto", *CODES])
def test_a_test_pattern_is_hidden_whatever_its_format(
    pixel_format: str, vivid: str, tmp_path: Path
) -> None:
    if CODES.get(pixel_format, "YUYV") not in v4l2.formats(vivid):
        pytest.skip(f"{vivid} does not offer {pixel_format}")
    camera: dict[str, object] = {"type": "device", "device": vivid, "pixel_format": pixel_format}
    with Vcam(tmp_path, config(camera, 640, 360, FPS)) as vcam:
        vcam.wait_until_writing()
        with by_ffmpeg(output_node()) as reader:
            wait_for(lambda: f"live: {VIVID}" in vcam.log.read_text(), "vcam shows the camera")
            wait_until_green_on_time(vcam, reader)
            assert reader.size == (640, 360)
            assert not can_stream(vivid), "vcam does not use the camera"
            assert v4l2.pixel_format(vivid) == CODES.get(pixel_format, "YUYV")
