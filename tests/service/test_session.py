from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import cast

import pytest

from tests.clips import flat
from tests.service.running_session import START, Running
from vcam.cli.preview import NoSink
from vcam.config import LoadedConfig, load_config, parse_config
from vcam.devices.readers import Readers
from vcam.errors import ServiceError, SourceError
from vcam.images.picture_files import write_picture
from vcam.realtime import capture
from vcam.realtime.bridge import Bridge
from vcam.realtime.status import State
from vcam.service import session
from vcam.service.conversation import request
from vcam.service.owners import holder
from vcam.service.session import Session
from vcam.sources import open_source


def test_saved_file_is_applied_while_frames_flow(running: Running) -> None:
    running.write(START.replace("type: color", "type: gradient"))
    before = running.status()["frames"]
    running.until(lambda status: status["background"] == "gradient")
    running.until(lambda status: status["state"] == "live")
    assert running.status()["frames"] > before


def test_broken_file_keeps_the_last_good_one_and_says_why(running: Running) -> None:
    running.write(START.replace("type: color", "typ: color"))
    running.until(lambda status: bool(status["config_error"]))
    status = running.status()
    assert f"{running.path}:4:14: background.typ" in status["config_error"]
    assert status["background"] == "color"
    running.write(START.replace("red", "blue"))
    running.until(lambda status: not status["config_error"])


@pytest.mark.parametrize("content", [None, ""])
def test_deleted_or_emptied_file_keeps_the_last_good_one(
    running: Running, content: str | None
) -> None:
    if content is None:
        running.path.unlink()
    else:
        running.write(content)
    running.until(lambda status: bool(status["config_error"]))
    assert str(running.path) in running.status()["config_error"]
    running.write(START)
    running.until(lambda status: not status["config_error"])


def test_missing_picture_is_named_and_taken_once_it_is_there(running: Running) -> None:
    picture = running.path.with_name("beach.png")
    running.write(START.replace("type: color", "type: image, path: beach.png"))
    running.until(lambda status: "beach.png" in status["config_error"])
    assert running.status()["background"] == "color"
    write_picture(picture, flat(200))
    running.until(lambda status: status["background"] == "image")
    running.until(lambda status: not status["config_error"])


@pytest.mark.parametrize(
    "keys",
    [
        "finish: {overlay: {path: own.png}}\n",
        "output: {placeholder: {type: card, path: own.png}, type: file, path: out.avi, "
        "width: 160, height: 120, fps: 60}\n",
    ],
)
def test_overlay_and_card_are_taken_once_they_are_there_and_again_when_they_change(
    running: Running, keys: str
) -> None:
    text = START[: START.index("output")] + keys if "output" in keys else START + keys
    running.write(text)
    running.until(lambda status: "own.png" in status["config_error"])
    for level in (200, 20):
        before = running.session._live._pipeline
        write_picture(running.path.with_name("own.png"), flat(level))
        running.until(lambda status, old=before: running.session._live._pipeline is not old)  # type: ignore[misc]
        running.until(lambda status: not status["config_error"])
    assert running.status()["needs_restart"] == []


def test_new_picture_does_not_hide_that_the_file_is_broken(running: Running) -> None:
    picture = running.path.with_name("beach.png")
    write_picture(picture, flat(20))
    image = START.replace("type: color", "type: image, path: beach.png")
    running.write(image)
    running.until(lambda status: status["background"] == "image")
    running.write(image.replace("fps: 60}\nbackground", "typo: 1}\nbackground").replace("red", "r"))
    running.until(lambda status: bool(status["config_error"]))
    before = running.session._live.background
    write_picture(picture, flat(200))
    running.until(lambda status: running.session._live.background is not before)
    assert running.status()["config_error"]
    running.write(image)
    running.until(lambda status: not status["config_error"])


def test_what_cannot_change_live_is_named(running: Running) -> None:
    running.write(START.replace("width: 160, height: 120, fps: 60}\n", "width: 320, fps: 60}\n"))
    running.until(lambda status: bool(status["needs_restart"]))
    assert set(running.status()["needs_restart"]) == {"output.width", "output.height"}
    running.write(START)
    running.until(lambda status: not status["needs_restart"])


def test_relearn_is_handed_on_to_the_bridge(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Bridge] = []
    monkeypatch.setattr(Bridge, "relearn", lambda bridge: asked.append(bridge))
    running.session.obey({"command": "relearn"})
    assert len(asked) == 1


def test_commands_come_through_the_socket(running: Running) -> None:
    instance = running.session.instance
    assert request(instance, "pause")["state"] == "paused"
    assert request(instance, "toggle-pause")["state"] != "paused"
    assert request(instance, "toggle-pause")["state"] == "paused"
    request(instance, "resume")
    running.until(lambda status: status["state"] == "live")
    request(instance, "relearn")
    request(instance, "reload")
    assert request(instance, "status")["config"] == str(running.path)
    with pytest.raises(ServiceError, match="no command"):
        request(instance, "explode")


def test_second_instance_for_the_same_output_is_refused(running: Running) -> None:
    with pytest.raises(ServiceError, match="already runs"):
        Session(LoadedConfig(load_config(running.path), running.path))
    assert running.status()["state"] != "sink-lost"


def test_camera_that_is_not_there_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VCAM_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setattr(capture, "RETRY_SECONDS", 0.01)
    path = tmp_path / "vcam.yaml"
    path.write_text(START.replace("type: scene,", "type: device, device: No Such Camera,"))
    running = Running(path).start()
    try:
        running.until(lambda status: status["state"] == "camera-lost" and status["frames"] > 5)
        assert "No Such Camera" in running.status()["error"]
        scene = parse_config(START, path)
        monkeypatch.setattr(session, "open_source", lambda *_: open_source(scene))
        running.until(lambda status: status["state"] == "live")
        assert running.status()["error"] == ""
    finally:
        running.stop()


def test_who_reads_a_sink_is_watched_no_more_before_it_is_closed(running: Running) -> None:
    order: list[str] = []

    class Watching:
        """Readers of a node; it is gone once the sink is closed."""

        def close(self) -> None:
            order.append("readers")

    class Sink(NoSink):
        def close(self) -> None:
            order.append("sink")

    running.session._watch_readers(cast(Readers, Watching()))
    running.session._close_sink(Sink())
    assert order == ["readers", "sink"]


def test_video_that_is_not_there_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VCAM_RUNTIME_DIR", str(tmp_path / "run"))
    path = tmp_path / "vcam.yaml"
    path.write_text(START.replace("type: scene,", "type: video, path: gone.mp4,"))
    with pytest.raises(SourceError, match=r"gone\.mp4"):
        Session(LoadedConfig(load_config(path), path)).run()


def test_slideshow_goes_on_at_a_word(running: Running) -> None:
    with pytest.raises(ServiceError, match="nothing to step through"):
        request(running.session.instance, "next", by=1)
    folder = running.path.with_name("pictures")
    folder.mkdir()
    for name, level in (("a.png", 60), ("b.png", 200)):
        write_picture(folder / name, flat(level))
    running.write(START.replace("type: color", "type: slideshow, path: pictures"))
    running.until(lambda status: status["background"] == "slideshow")
    assert request(running.session.instance, "next", by=1)["background_problem"] == ""


def test_session_with_a_sink_of_its_own_is_nobodys_virtual_camera(running: Running) -> None:
    own = Session(LoadedConfig(load_config(running.path), running.path), sink=NoSink())
    thread = threading.Thread(target=own.run)
    thread.start()
    end = time.monotonic() + 20
    while own.bridge_status().state is not State.LIVE:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert own.look(["seen"], 0).look.seen is not None
    assert request(running.session.instance, "status")["pid"] == os.getpid()
    own.stop()
    thread.join(10)
    assert request(running.session.instance, "status")["state"] == "live"


def test_a_second_one_is_refused_though_the_lock_was_deleted(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = running.session.instance.lock_path
    monkeypatch.setattr(session, "_KEEP_EVERY", 3600.0)
    running.session._keep_at = time.monotonic() + 3600
    lock.unlink()
    with pytest.raises(ServiceError, match="already runs"):
        Session(LoadedConfig(load_config(running.path), running.path))
    assert request(running.session.instance, "status")["frames"]  # its socket is still there
    running.session._keep_at = 0.0
    running.until(lambda _: holder(running.session.instance) is not None)
