from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices.checks import wait_until_right
from tests.devices.footage import clip
from tests.devices.harness import Vcam, filming, output_node
from tests.devices.readers import Tap, by_ffmpeg

pytestmark = pytest.mark.device

ROUNDS = 3


def test_the_node_works_again_after_each_restart(tmp_path: Path) -> None:
    film = clip("portrait")
    with filming(film) as shown:
        for _ in range(ROUNDS):
            with Vcam(tmp_path, shown) as vcam:
                vcam.wait_until_writing()
                with by_ffmpeg(output_node()) as reader:
                    wait_until_right(vcam, reader.picture, film)


def test_a_reader_that_stays_gets_pictures_again_after_a_restart(tmp_path: Path) -> None:
    film = clip("portrait")
    with filming(film) as shown, Tap(output_node()) as tap:
        for _ in range(ROUNDS):
            tap.frames.clear()
            with Vcam(tmp_path, shown) as vcam:
                wait_until_right(vcam, tap.picture, film)
