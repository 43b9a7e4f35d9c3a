"""Faults that need no device: what viewers see meanwhile, and that it passes with its cause."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.clips import flat
from tests.realtime.bridge_run import (
    BACKGROUND,
    COVER,
    FPS,
    PERSON,
    ROOM,
    H,
    Run,
    W,
    rooms,
    shows_person,
)
from tests.service.running_session import START, Running
from vcam.errors import SegmenterError
from vcam.framing import Framing
from vcam.images.picture_files import write_picture
from vcam.images.types import Image, Mask
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime import capture
from vcam.realtime.clock import Clock
from vcam.realtime.status import State
from vcam.segmenters.fake import Answer, FakeSegmenter
from vcam.sources.fake import FakeSource

pytestmark = pytest.mark.usefixtures("busy_machine")

GOOD: Mask = np.ones((9, 16), np.float32)
HOURS = 5 * 3600.0


def assert_cover_or_person(run: Run) -> None:
    for frame in run.sink.frames:
        assert np.array_equal(frame, COVER.data) or np.array_equal(frame, PERSON)


def changing() -> FakeSource:
    """All of the picture changes all the time."""
    return FakeSource((np.full((H, W, 3), 60 * (n % 4), np.uint8) for n in count()), fps=FPS)


def pipeline_with(segmenter: FakeSegmenter) -> Pipeline:
    return Pipeline(Framing(W, H), segmenter, Matte(), BACKGROUND, Compositor(W, H), W, H)


def test_camera_that_changes_its_size_is_framed_anew() -> None:
    sizes = [(W, H)] * 20 + [(2 * W, 2 * H), (W // 2, H // 2), (50, 50), (3 * W, H)] * 100
    given: list[tuple[int, int]] = []

    def script() -> Iterator[Image]:
        for width, height in sizes:
            given.append((width, height))
            yield np.full((height, width, 3), ROOM[0, 0], np.uint8)

    def until(run: Run) -> bool:
        return len(given) > 60 and shows_person(run)

    run = Run(lambda: FakeSource(script(), fps=FPS), until=until).run()
    assert_cover_or_person(run)
    first = next(i for i, frame in enumerate(run.sink.frames) if np.array_equal(frame, PERSON))
    assert all(np.array_equal(frame, PERSON) for frame in run.sink.frames[first:])
    assert run.bridge.status().state is State.LIVE


def test_camera_whose_stream_has_died_is_opened_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(capture, "RETRY_SECONDS", 3600.0)
    opened: list[FakeSource] = []

    def open_source() -> FakeSource:
        opened.append(FakeSource(rooms() if opened else [ROOM] * 20, fps=FPS))
        return opened[-1]

    def until(run: Run) -> bool:
        return len(opened) == 2 and run.bridge.status().state is State.LIVE

    run = Run(open_source, until=until, frames=2000).run()
    assert run.bridge.status().state is State.LIVE
    assert_cover_or_person(run)


def test_segmenter_ten_times_slower_than_the_frames_holds_none_up() -> None:
    begun: list[int] = []
    sent = threading.Condition()

    def slow(image: Image) -> Mask:
        begun.append(len(run.sink.frames))
        with sent:
            sent.wait_for(lambda: len(run.sink.frames) >= begun[-1] + 10, 60)
        return GOOD.copy()

    def until(run: Run) -> bool:
        with sent:
            sent.notify_all()
        return len(begun) == 5

    run = Run(changing, lambda: pipeline_with(FakeSegmenter(slow)), until=until)
    run.run()
    assert all(later - earlier >= 10 for earlier, later in pairwise(begun))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (SegmenterError("out of order"), "out of order"),
        (RuntimeError("unforeseen"), "unforeseen"),
        (np.full((9, 16), np.nan, np.float32), "outside 0..1"),
        (np.ones((9, 16, 3), np.float32), "instead of a mask"),
        (np.ones((0, 16), np.float32), "instead of a mask"),
    ],
    ids=["raises", "crashes", "nan", "no-plane", "empty"],
)
def test_segmenter_that_fails_is_covered_and_named_until_it_works_again(
    answer: Answer, said: str
) -> None:
    fails = threading.Event()
    states: list[State] = []

    def answers(image: Image) -> Mask | None:
        if not fails.is_set():
            return GOOD
        if isinstance(answer, Exception):
            raise answer
        return answer

    segmenter = FakeSegmenter(answers)

    def until(run: Run) -> bool:
        status = run.bridge.status()
        if not states and shows_person(run):
            states.append(State.LIVE)
            fails.set()
        elif states == [State.LIVE] and run.shows(COVER.data):
            assert status.state is State.COVERED
            assert said in status.error
            states.append(status.state)
            fails.clear()
        return len(states) == 2 and shows_person(run)

    run = Run(make=lambda: pipeline_with(segmenter), until=until).run()
    assert states == [State.LIVE, State.COVERED]
    assert_cover_or_person(run)
    status = run.bridge.status()
    assert (status.state, status.error) == (State.LIVE, "")


class Jumping(Clock):
    """A clock that can be set on."""

    ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


def test_computer_that_slept_for_hours_shows_nothing_of_before() -> None:
    clock = Jumping()
    woken: list[int] = []

    def until(run: Run) -> bool:
        if not woken and shows_person(run):
            clock.ahead = HOURS
            woken.append(len(run.sink.frames))
        return bool(woken) and len(run.sink.frames) > woken[0] + 3 and shows_person(run)

    run = Run(until=until, clock=clock).run()
    assert np.array_equal(run.sink.frames[woken[0]], COVER.data)
    assert run.bridge.status().state is State.LIVE
    assert_cover_or_person(run)


@pytest.mark.parametrize("content", [b"no picture any more", b"", None])
def test_picture_that_is_broken_emptied_or_deleted_stays_as_it_was_until_it_is_mended(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VCAM_RUNTIME_DIR", str(tmp_path / "run"))
    picture, file = tmp_path / "beach.png", tmp_path / "vcam.yaml"
    write_picture(picture, flat(200))
    file.write_text(START.replace("type: color", "type: image, path: beach.png"))
    running = Running(file).start()
    try:
        running.until(lambda status: status["state"] == "live")
        if content is None:
            picture.unlink()
        else:
            picture.write_bytes(content)
        running.until(lambda status: "beach.png" in status["config_error"])
        sent = running.status()["frames"]
        running.until(lambda status: status["frames"] > sent + 20)
        assert running.status()["state"] == "live"
        assert running.status()["background"] == "image"
        write_picture(picture, flat(90))
        running.until(lambda status: not status["config_error"])
    finally:
        running.stop()
