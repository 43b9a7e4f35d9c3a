from __future__ import annotations

import os
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.devices.harness import wait_for
from tests.devices.stage import BLUE, GREEN, GREY, ORANGE, Stage, ask, figures, staged, status
from tests.devices.viewer import Seen, Viewer, keeps_rate, missed, others, rate

if sys.platform == "win32":
    raise ImportError("device nodes are Linux's")

pytestmark = pytest.mark.device

RELOAD_SECONDS = 1.0
"""From save to the first frame with the new background: 0.5 s, and as much for the guest."""

BUFFERED = 2
"""Frames of some time ago that v4l2loopback 0.12 gives to a reader who has just come."""

ROUNDS = int(os.environ.get("VCAM_RELOADS", "4"))


@pytest.fixture(scope="module")
def shared_stage(_node: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    if _node:
        pytest.skip(_node)
    with staged(tmp_path_factory.mktemp("live")) as stage:
        yield stage


@pytest.fixture
def stage(shared_stage: Stage) -> Stage:
    return shared_stage.shown()


@pytest.fixture
def viewer(stage: Stage) -> Iterator[Viewer]:
    with stage.viewer() as viewer:
        wait_for(lambda: len(viewer.seen) > BUFFERED, "frames of now")
        viewer.wait(lambda frame: frame.person, "the person", viewer.seen[BUFFERED].at)
        yield viewer


def _differs(colour: str, frame: Seen) -> bool:
    return frame.colour != colour


def in_place(file: Path, text: str) -> None:
    file.write_text(text)


def renamed_over(file: Path, text: str) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(file)


def assert_unbroken(seen: list[Seen], fps: float, colours: set[str]) -> None:
    """Only these backgrounds, never the room, the person in each frame, at the promised rate."""
    assert {frame.colour for frame in seen} == colours
    assert all(frame.person and not frame.room for frame in seen)
    assert keeps_rate(seen, fps)


def test_saved_colour_is_seen_at_once_and_a_broken_file_changes_nothing(
    stage: Stage, viewer: Viewer
) -> None:
    seconds: list[float] = []
    shown = GREEN
    began = time.monotonic()
    time.sleep(1)
    ways: list[Callable[[Path, str], None]] = [in_place, renamed_over]
    for number in range(ROUNDS):
        colour = (BLUE, ORANGE, GREY, GREEN)[number % 4]
        saved = time.monotonic()
        ways[number // 2 % 2](stage.file, stage.text(colour))
        first = viewer.wait(partial(_differs, shown), "a change", saved)
        assert first.colour == colour
        seconds.append(first.at - saved)
        time.sleep(0.3)
        assert {frame.colour for frame in viewer.between(first.at, time.monotonic())} == {colour}
        shown = colour
    seen = viewer.between(began, time.monotonic())
    assert_unbroken(seen, stage.fps, {frame.colour for frame in seen})
    figures.info(
        "reload: median %.0f ms, worst %.0f ms of %d; %d of %d frames missed, %.2f fps",
        1e3 * statistics.median(seconds), 1e3 * max(seconds), len(seconds),
        missed(seen, stage.fps), len(seen), rate(seen),
    )  # fmt: skip
    assert max(seconds) <= RELOAD_SECONDS

    began = time.monotonic()
    in_place(stage.file, stage.text(BLUE).replace('"color"', '"colour"'))
    told = stage.wait_for_status(lambda told: bool(told["config_error"]), "the fault is named")
    assert str(stage.file) in told["config_error"]
    time.sleep(1)
    assert_unbroken(viewer.between(began, time.monotonic()), stage.fps, {shown})

    saved = time.monotonic()
    in_place(stage.file, stage.text(BLUE))
    viewer.wait(lambda frame: frame.colour == BLUE, "the mended file", saved)
    stage.wait_for_status(lambda told: not told["config_error"], "the fault is forgotten")
    in_place(stage.file, stage.text(GREEN))
    viewer.wait(lambda frame: frame.colour == GREEN, "the first colour")


def test_shutter_hides_the_person_at_once_and_releases_the_camera(
    stage: Stage, viewer: Viewer
) -> None:
    began = time.monotonic()
    ask("pause")
    paused = time.monotonic()
    covered = viewer.wait(lambda frame: not frame.person, "the shutter", began)
    time.sleep(1)
    assert not any(frame.person for frame in viewer.between(covered.at, time.monotonic()))
    assert covered.at - paused < 0.2
    assert status()["state"] == "paused"
    assert not stage.uses_camera()

    resumed = time.monotonic()
    ask("resume")
    back = viewer.wait(lambda frame: frame.person, "the person again", resumed)
    time.sleep(1)
    seen = viewer.between(began, time.monotonic())
    assert others(seen, GREEN) == []
    assert keeps_rate(seen, stage.fps)
    figures.info(
        "pause: covered after %.0f ms; resume: live after %.0f ms; %d of %d frames missed",
        1e3 * (covered.at - began), 1e3 * (back.at - resumed),
        missed(seen, stage.fps), len(seen),
    )  # fmt: skip


def test_hangup_reads_the_files_again_without_a_break(stage: Stage, viewer: Viewer) -> None:
    began = time.monotonic()
    for _ in range(3):
        stage.vcam.process.send_signal(signal.SIGHUP)
        time.sleep(1)
    stage.vcam.check()
    seen = viewer.between(began, time.monotonic())
    assert_unbroken(seen, stage.fps, {GREEN})
    figures.info("SIGHUP: %d of %d frames missed", missed(seen, stage.fps), len(seen))
