from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.devices import v4l2
from tests.devices.checks import wait_until_right
from tests.devices.footage import clip
from tests.devices.harness import Vcam, can_stream, filming, output_node
from tests.devices.readers import by_ffmpeg

pytestmark = pytest.mark.device


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("watched", [True, False], ids=["watched", "unwatched"])
def test_a_signal_ends_it_within_a_second_and_frees_both_devices(
    number: signal.Signals, watched: bool, tmp_path: Path
) -> None:
    film = clip("portrait")
    with filming(film) as shown, Vcam(tmp_path, shown) as vcam:
        vcam.wait_until_writing()
        reader = by_ffmpeg(output_node())
        with reader:
            wait_until_right(vcam, reader.picture, film)
            seconds = vcam.stop(number) if watched else 0.0
        seconds = seconds or vcam.stop(number)
        assert vcam.process.returncode == 0
        assert seconds <= 1
        device = shown["camera"].get("device")
        assert device is None or can_stream(str(device))
        assert v4l2.mend(output_node()) & v4l2.OUTPUT
