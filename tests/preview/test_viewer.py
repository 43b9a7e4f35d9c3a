from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from tests.clips import flat
from tests.preview.feeds import FakeFeed, look
from vcam.errors import ServiceError
from vcam.images.picture_files import read_picture, write_picture
from vcam.preview import snapshot
from vcam.preview.modes import Mode
from vcam.preview.viewer import Viewer
from vcam.service.preview_frames import PreviewFrame


def shown(feed: FakeFeed) -> Viewer:
    viewer = Viewer(feed)
    viewer.take(feed.look(viewer.parts, 0))
    return viewer


def test_first_one_sees_what_viewers_see() -> None:
    assert Viewer(FakeFeed()).mode is Mode.SEEN


def test_m_goes_through_the_modes_and_says_which_it_is() -> None:
    viewer = shown(FakeFeed())
    viewer.press("M")  # with caps lock too
    assert viewer.mode is Mode.ORIGINAL
    assert "original" in viewer.message
    assert "room" in viewer.parts


def test_p_pauses_and_goes_on() -> None:
    feed = FakeFeed()
    viewer = shown(feed)
    viewer.press("m")
    viewer.press("p")
    assert viewer.picture().max() == 40, "nothing of the room, even before the next look"
    viewer.press("p")
    assert [command for command, _ in feed.asked] == ["pause", "resume"]


def test_view_from_before_a_key_is_not_shown_after_it() -> None:
    """It may show the room that the shutter has just been closed on."""
    feed = FakeFeed()
    viewer = shown(feed)
    late = PreviewFrame(look(), feed.state, time.monotonic())
    viewer.press("m")
    viewer.press("p")
    viewer.take(late)
    assert viewer.picture().max() == 40


def test_d_and_a_step_a_slideshow() -> None:
    feed = FakeFeed()
    feed.state["background"] = "slideshow"
    viewer = shown(feed)
    viewer.press("d")
    viewer.press("a")
    assert feed.asked == [("next", {"by": 1}), ("next", {"by": -1})]


def test_d_and_a_step_through_the_pictures_beside_the_background(tmp_path: Path) -> None:
    for name in ("a.png", "b.png", "c.png"):
        write_picture(tmp_path / name, flat(9))
    config = tmp_path / "vcam.yaml"
    config.write_text("background: {type: image, path: b.png}\n")
    feed = FakeFeed()
    feed.state.update(background="image", config=str(config))
    viewer = shown(feed)
    viewer.press("d")
    assert "c.png" in config.read_text()
    assert "c.png" in viewer.message
    viewer.press("a")
    assert "b.png" in config.read_text()


def test_n_goes_over_to_the_next_scene(tmp_path: Path) -> None:
    config = tmp_path / "vcam.yaml"
    config.write_text("scenes: {call: {background: {type: blur}}, away: {}}\nscene: call\n")
    feed = FakeFeed()
    feed.state.update(config=str(config))
    viewer = shown(feed)
    viewer.press("n")
    assert viewer.message == "scene: away"
    assert "scene: away" in config.read_text()


def test_what_cannot_be_done_is_said_in_the_window(tmp_path: Path) -> None:
    config = tmp_path / "vcam.yaml"
    config.write_text("background: {type: blur}\n")
    feed = FakeFeed()
    feed.state.update(background="blur", config=str(config))
    viewer = shown(feed)
    viewer.press("d")
    assert "only pictures have a next one" in viewer.message
    feed.refuses = ServiceError("the segmenter mediapipe has nothing to learn")
    viewer.press("r")
    assert "nothing to learn" in viewer.message


def test_r_relearns() -> None:
    feed = FakeFeed()
    shown(feed).press("r")
    assert feed.asked == [("relearn", {})]


def test_b_compares_side_by_side_except_the_original() -> None:
    viewer = shown(FakeFeed())
    single = viewer.picture().shape[1]
    viewer.press("b")
    assert viewer.picture().shape[1] == 2 * single + 2
    assert "mask" in viewer.parts
    viewer.press("m")
    assert viewer.picture().shape[1] == single


def test_s_saves_what_is_shown_without_the_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_pictures", lambda: tmp_path)
    viewer = shown(FakeFeed())
    viewer.press("h")
    viewer.press("s")
    (file,) = tmp_path.iterdir()
    assert str(file) in viewer.message
    assert np.array_equal(read_picture(file), viewer.picture())


@pytest.mark.parametrize("key", ["q", "Q", "\x1b"])
def test_q_and_escape_quit(key: str) -> None:
    viewer = shown(FakeFeed())
    viewer.press("x")
    assert not viewer.has_quit
    viewer.press(key)
    assert viewer.has_quit


def test_learning_is_written_with_its_progress() -> None:
    feed = FakeFeed()
    feed.state.update(state="learning", label="learning 63 %", progress=0.63)
    viewer = shown(feed)
    assert viewer.learning == 0.63
    before = viewer.written(640, 360)
    feed.state["progress"] = 0.99
    viewer.take(feed.look((), 0))
    bar = slice(150, 220)
    assert viewer.written(640, 360)[bar].mean() > before[bar].mean()


def test_writing_fits_whatever_the_window_and_its_content() -> None:
    feed = FakeFeed()
    feed.state.update(error="the camera has gone, " * 30, state="learning", progress=0.5)
    viewer = shown(feed)
    viewer.press("h")
    viewer.say("a long message → " * 40)
    for size in ((1920, 1080), (640, 360), (160, 90), (90, 400), (1, 1)):
        assert viewer.written(*size).shape == (size[1], size[0], 3)
    viewer.press("b")
    assert viewer.written(160, 90).shape == (90, 160, 3)


def test_picture_keeps_its_proportions_in_any_window() -> None:
    viewer = shown(FakeFeed())
    viewer._message = ""
    written = viewer.written(800, 360)  # the picture is 16:9, so 640 wide in the middle
    assert written[100, 40].max() == 0
    assert written[100, 100].max() > 0


def test_status_line_tells_mode_state_rate_and_latency() -> None:
    feed = FakeFeed()
    feed.state.update(fps_out=29.97, latency_ms=21.4)
    assert shown(feed).line.split("   ") == ["background: color", "live", "30 fps", "21 ms"]
