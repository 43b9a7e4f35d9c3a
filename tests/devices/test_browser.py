from __future__ import annotations

from pathlib import Path

import pytest

from tests.devices.browser import find_chromium, watching
from tests.devices.checks import wait_until_right
from tests.devices.footage import clip
from tests.devices.harness import VIRTUAL_CAMERA, Vcam, filming, wait_for

pytestmark = pytest.mark.device


@pytest.mark.skipif(find_chromium() is None, reason="Chromium is not installed")
def test_a_web_page_lists_the_camera_and_plays_what_is_sent(tmp_path: Path) -> None:
    film = clip("portrait")
    with filming(film) as shown, Vcam(tmp_path, shown) as vcam:
        vcam.wait_until_writing()
        with watching(tmp_path, VIRTUAL_CAMERA, film.width, film.height) as tab:
            wait_for(lambda: tab.cameras or tab.error, "Chromium lists the cameras", 120)
            assert any(label.startswith(VIRTUAL_CAMERA) for label in tab.cameras), tab
            wait_until_right(vcam, tab.picture, film)
            assert tab.size == (film.width, film.height)
            enough = tab.pictures + 10
            wait_for(lambda: tab.pictures >= enough, "ten more pictures")
