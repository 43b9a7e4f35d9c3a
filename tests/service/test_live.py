from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.clips import flat
from vcam.backgrounds.still import Still
from vcam.config import Config, parse_config
from vcam.errors import ModelError, PictureError
from vcam.images.picture_files import write_picture
from vcam.images.types import I420
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.bridge import Bridge
from vcam.service import live as live_module
from vcam.service.live import LiveConfig
from vcam.sources.base import Source

START = """
segmentation: {backend: mog2, mog2: {learn_seconds: 0.07}}
background: {type: color, color: red}
output: {width: 320, height: 180}
"""


class RecordingBridge(Bridge):
    """Remembers what it was told to go over to."""

    def __init__(self) -> None:
        self.pipelines: list[Pipeline] = []
        self.placeholders: list[I420] = []
        self.sources = self.hidings = 0
        self.opens: list[Callable[[], Source]] = []

    def swap(self, pipeline: Pipeline, placeholder: I420) -> None:
        self.pipelines.append(pipeline)
        self.placeholders.append(placeholder)

    def hide_earlier(self) -> None:
        self.hidings += 1

    def replace_source(self, open_source: Callable[[], Source]) -> None:
        self.sources += 1
        self.opens.append(open_source)


def config(text: str = "", folder: Path = Path()) -> Config:
    return parse_config(START + text, folder / "vcam.yaml")


@pytest.fixture
def live() -> LiveConfig:
    running = LiveConfig(config())
    running.first_pipeline()
    return running


def changed(old: str, new: str, folder: Path = Path()) -> Config:
    assert old in START
    return parse_config(START.replace(old, new), folder / "vcam.yaml")


def test_same_configuration_changes_nothing(live: LiveConfig) -> None:
    bridge = RecordingBridge()
    live.apply(config(), bridge)
    assert not bridge.pipelines
    assert bridge.sources == 0


def test_other_background_keeps_what_the_segmenter_has_learnt(live: LiveConfig) -> None:
    bridge = RecordingBridge()
    before = live.first_pipeline()
    live.apply(changed("color: red", "color: blue"), bridge)
    assert bridge.pipelines[0].segmenter is before.segmenter
    assert bridge.pipelines[0].background is not before.background
    assert bridge.placeholders[0].to_bgr()[0, 0, 0] > 240
    assert bridge.sources == 0


def test_other_segmenter_keeps_the_background(live: LiveConfig) -> None:
    bridge = RecordingBridge()
    before = live.first_pipeline()
    live.apply(changed("learn_seconds: 0.07", "learn_seconds: 0.3"), bridge)
    assert bridge.pipelines[0].segmenter is not before.segmenter
    assert bridge.pipelines[0].background is before.background


def test_other_matte_keeps_both(live: LiveConfig) -> None:
    before = live.first_pipeline()
    bridge = RecordingBridge()
    live.apply(config("matte: {softness: 0.1}\n"), bridge)
    assert bridge.pipelines[0].segmenter is before.segmenter
    assert bridge.pipelines[0].background is before.background
    assert bridge.sources == 0


def test_other_framing_keeps_what_the_segmenter_has_learnt(live: LiveConfig) -> None:
    before = live.first_pipeline()
    bridge = RecordingBridge()
    live.apply(config("framing: {zoom: 1.5}\n"), bridge)
    assert bridge.pipelines[0].framing is not before.framing
    assert bridge.pipelines[0].segmenter is before.segmenter
    assert bridge.pipelines[0].background is before.background
    assert bridge.sources == 0


def test_other_matte_keeps_the_view_where_it_is(live: LiveConfig) -> None:
    before = live.first_pipeline()
    bridge = RecordingBridge()
    live.apply(config("matte: {softness: 0.1}\n"), bridge)
    assert bridge.pipelines[0].framing is before.framing


@pytest.mark.parametrize("way", ["mirror: true", "flip: true", "rotate: 90", "rotate: 180"])
def test_turning_keeps_the_background_and_learns_the_room_anew(way: str, live: LiveConfig) -> None:
    """A room that was learnt the other way round would be shown as if it were a person."""
    before = live.first_pipeline()
    bridge = RecordingBridge()
    live.apply(config(f"camera: {{{way}}}\n"), bridge)
    assert bridge.pipelines[0].segmenter is not before.segmenter
    assert bridge.pipelines[0].background is before.background
    assert bridge.sources == 0


def test_new_background_is_closed_where_the_segmenter_cannot_be_made(
    live: LiveConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[object] = []
    monkeypatch.setattr(Still, "close", lambda self: closed.append(self))
    wanted = parse_config(
        START.replace("backend: mog2", "mediapipe: {model: no-such-model}").replace("red", "blue"),
        Path("vcam.yaml"),
    )
    with pytest.raises(ModelError):
        live.apply(wanted, RecordingBridge())
    assert len(closed) == 1
    assert closed[0] is not live.background


def test_other_camera_opens_another_source_and_keeps_the_stages(live: LiveConfig) -> None:
    bridge = RecordingBridge()
    live.apply(config("camera: {device: 3}\n"), bridge)
    assert bridge.sources == 1
    assert not bridge.pipelines


def test_room_itself_needs_no_segmenter_and_the_way_back_makes_one(live: LiveConfig) -> None:
    bridge = RecordingBridge()
    live.apply(changed("type: color", "type: none"), bridge)
    assert bridge.hidings == 0
    live.apply(config(), bridge)
    assert bridge.pipelines[0].segmenter is None
    assert bridge.pipelines[1].segmenter is not None
    assert bridge.hidings == 1  # frames that show the room are not shown any longer


def test_background_that_cannot_be_made_leaves_all_as_it_was(
    live: LiveConfig, tmp_path: Path
) -> None:
    bridge = RecordingBridge()
    wanted = changed("type: color", "path: gone.png, type: image", tmp_path)
    with pytest.raises(PictureError):
        live.apply(wanted, bridge)
    assert not bridge.pipelines
    assert live.config == config()
    write_picture(tmp_path / "gone.png", flat(200))
    live.apply(wanted, bridge)
    assert bridge.placeholders[0].to_bgr().mean() > 190


def test_picture_that_changed_on_the_disk_is_read_again(live: LiveConfig, tmp_path: Path) -> None:
    bridge = RecordingBridge()
    wanted = changed("type: color", "path: a.png, type: image", tmp_path)
    for level in (200, 20):
        write_picture(tmp_path / "a.png", flat(level))
        live.apply(wanted, bridge, reload_files=True)
    assert bridge.placeholders[0].to_bgr().mean() > 190
    assert bridge.placeholders[1].to_bgr().mean() < 30


CARD = START.replace("height: 180", "height: 180, placeholder: {type: card, text: x}")


def white_share(placeholder: I420) -> float:
    return float((placeholder.y > 220).mean())


def test_placeholder_changes_at_once_and_the_stages_go_on(live: LiveConfig) -> None:
    before, bridge = live.first_pipeline(), RecordingBridge()
    assert white_share(live.first_placeholder()) == 0
    live.apply(parse_config(CARD, Path("vcam.yaml")), bridge)
    assert live.needs_restart == []
    assert white_share(bridge.placeholders[0]) > 0
    assert bridge.pipelines[0].segmenter is before.segmenter
    assert bridge.pipelines[0].background is before.background


def test_placeholder_is_the_first_that_viewers_see() -> None:
    running = LiveConfig(parse_config(CARD, Path("vcam.yaml")))
    assert white_share(running.first_placeholder()) > 0


def test_finish_changes_at_once_and_keeps_the_rest(live: LiveConfig) -> None:
    before, bridge = live.first_pipeline(), RecordingBridge()
    live.apply(config("finish: {light_wrap: 0.5}\n"), bridge)
    assert bridge.pipelines[0].segmenter is before.segmenter
    assert bridge.pipelines[0].background is before.background
    assert bridge.pipelines[0].front is before.front


def test_overlay_that_is_missing_leaves_all_as_it_was(live: LiveConfig, tmp_path: Path) -> None:
    bridge = RecordingBridge()
    wanted = config("finish: {overlay: {path: logo.png, size: 0.5}}\n", tmp_path)
    with pytest.raises(PictureError, match="logo"):
        live.apply(wanted, bridge)
    assert not bridge.pipelines
    write_picture(tmp_path / "logo.png", flat(255))
    live.apply(wanted, bridge)
    assert white_share(bridge.placeholders[0]) > 0.1


def test_overlay_that_changed_on_the_disk_is_read_again(live: LiveConfig, tmp_path: Path) -> None:
    bridge = RecordingBridge()
    wanted = config("finish: {overlay: {path: logo.png, size: 0.5}}\n", tmp_path)
    for level in (255, 20):
        write_picture(tmp_path / "logo.png", flat(level))
        live.apply(wanted, bridge, reload_files=True)
    assert white_share(bridge.placeholders[0]) > 0.1
    assert white_share(bridge.placeholders[1]) == 0


def test_output_changes_only_after_a_restart_and_the_rest_at_once(live: LiveConfig) -> None:
    bridge = RecordingBridge()
    wanted = parse_config(
        START.replace("width: 320", "width: 640").replace("red", "blue"), Path("vcam.yaml")
    )
    live.apply(wanted, bridge)
    assert live.needs_restart == ["output.width"]
    assert bridge.pipelines
    assert bridge.placeholders[0].width == 320
    live.apply(changed("red", "blue"), bridge)
    assert live.needs_restart == []


class Impatient(threading.Event):
    """An event for which a time limit is over at once."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait() if timeout is None else self.is_set()


def test_what_is_saved_while_the_first_stages_are_made_is_taken_over_after_any_time() -> None:
    live, bridge = LiveConfig(config()), RecordingBridge()
    live._made = Impatient()
    wanted = changed("color: red", "color: blue")
    saving = threading.Thread(target=live.apply, args=(wanted, bridge), daemon=True)
    saving.start()
    live.first_pipeline()
    saving.join(10)
    assert live.config.background.color == (0, 0, 255)
    assert len(bridge.pipelines) == 1


def test_nobody_waits_for_stages_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ModelError("no model")

    monkeypatch.setattr("vcam.service.live.make_pipeline", fail)
    live, bridge = LiveConfig(config()), RecordingBridge()
    with pytest.raises(ModelError):
        live.first_pipeline()
    live.apply(changed("color: red", "color: blue"), bridge)
    LiveConfig(config()).give_up()
    assert not bridge.pipelines


def test_what_it_starts_with_is_what_the_file_says() -> None:
    running = LiveConfig(config())
    assert running.config == config()
    assert running.needs_restart == []
    stages = running.first_pipeline()
    assert stages.background is running.background
    assert np.array_equal(running.first_placeholder().data, running.background.cover(0.0).data)


def test_background_is_closed_where_the_overlay_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[object] = []
    monkeypatch.setattr(Still, "close", lambda self: closed.append(self))
    with pytest.raises(PictureError):
        LiveConfig(config("finish: {overlay: {path: gone.png}}\n", tmp_path))
    assert len(closed) == 1


def test_source_that_is_opened_anew_is_the_new_ones(
    live: LiveConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Config] = []
    monkeypatch.setattr(live_module, "open_source", lambda config, _: opened.append(config))
    bridge, wanted = RecordingBridge(), config("camera: {device: 3}\n")
    live.apply(wanted, bridge)
    bridge.opens[0]()
    assert opened[0].camera == wanted.camera
    live.apply(wanted, bridge)
    assert bridge.sources == 1


@pytest.mark.parametrize("fails", [True, False])
def test_change_is_dropped_where_the_first_stages_fail_or_are_given_up(
    fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> Pipeline:
        raise ModelError("no model")

    running, bridge = LiveConfig(config()), RecordingBridge()
    if fails:
        monkeypatch.setattr(live_module, "make_pipeline", refuse)
        with pytest.raises(ModelError):
            running.first_pipeline()
    else:
        running.give_up()
    running.apply(changed("color: red", "color: blue"), bridge)
    assert not bridge.pipelines
    assert running.config == config()


def test_controls_change_without_the_camera_being_opened_anew(live: LiveConfig) -> None:
    before = live.first_pipeline()
    bridge = RecordingBridge()
    live.apply(config("camera: {controls: {brightness: 3}, restore_controls: true}\n"), bridge)
    assert bridge.sources == 0
    assert not bridge.pipelines
    assert live.config.camera.controls == {"brightness": 3}
    assert live.background is before.background
