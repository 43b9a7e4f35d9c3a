"""Two vcams on one machine: two cameras, two virtual cameras."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices import v4l2
from tests.devices.checks import PERSON_SHOWN, ROOM_HIDDEN, is_green, shares
from tests.devices.footage import clip
from tests.devices.harness import DESK_CAMERA, Vcam, can_stream, config, output_node, wait_for
from tests.devices.readers import Reader, by_ffmpeg
from tests.devices.test_vivid import VIVID

pytestmark = pytest.mark.device

SECONDS = 4


@pytest.fixture
def second_node() -> str:
    """A second virtual camera: nobody films with it here."""
    nodes = v4l2.nodes()
    if DESK_CAMERA not in nodes or VIVID not in nodes:
        pytest.skip("no second loopback node, or no vivid camera")
    v4l2.mend(nodes[DESK_CAMERA])
    return nodes[DESK_CAMERA]


def test_two_at_once_each_keep_their_rate_and_their_picture(
    second_node: str, tmp_path: Path
) -> None:
    film = clip("portrait")
    size = (film.width, film.height, film.fps)
    one = config({"type": "device", "device": VIVID}, *size)
    two = config({"type": "video", "path": str(film.path)}, *size)
    two["output"]["device"] = DESK_CAMERA
    with Vcam(tmp_path, one) as first, Vcam(tmp_path, two) as second:
        first.wait_until_writing()
        wait_for(lambda: can_stream(second_node), f"vcam writes to {second_node}")
        with by_ffmpeg(output_node()) as green, by_ffmpeg(second_node) as person:

            def on_time() -> bool:
                first.check()
                second.check()
                return all(keeps(reader, film.fps) for reader in (green, person))

            def shown() -> bool:
                picture = person.picture()
                if picture is None:
                    return False
                found = shares(picture, film)
                return found[0] >= PERSON_SHOWN and found[1] >= ROOM_HIDDEN

            wait_for(shown, "the second one's person before the background")
            wait_for(on_time, f"{SECONDS} seconds at {film.fps} fps of both at once")
            picture = green.picture()
            assert picture is not None
            assert is_green(picture), "the first one shows what is not of its camera"


def keeps(reader: Reader, fps: float) -> bool:
    """Whether the last seconds came at the rate that was promised."""
    return abs(reader.rate(round(SECONDS * fps)) / fps - 1) <= 0.05
