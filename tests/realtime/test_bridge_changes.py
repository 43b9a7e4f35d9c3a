from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from tests.realtime.bridge_run import (
    BACKGROUND,
    COVER,
    FPS,
    ROOM,
    H,
    Run,
    W,
    all_person,
    rooms,
    shows_person,
)
from vcam.backgrounds.still import Still
from vcam.framing import Framing
from vcam.images.types import I420, Image, Mask
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime.status import State
from vcam.segmenters.fake import FakeSegmenter
from vcam.sources.fake import FakeSource

OTHER = Still.plain(W, H, (20, 60, 200))


pytestmark = pytest.mark.usefixtures("busy_machine")


def test_stages_are_swapped_between_two_frames_without_a_gap() -> None:
    segmenter = FakeSegmenter(lambda image: np.zeros((9, 16), np.float32))
    swapped: list[int] = []

    def make(background: Still) -> Pipeline:
        return Pipeline(Framing(W, H), segmenter, Matte(), background, Compositor(W, H), W, H)

    def until(run: Run) -> bool:
        if not swapped and run.bridge.status().state is State.LIVE:
            swapped.append(len(run.sink.frames))
            run.bridge.swap(make(OTHER), OTHER.cover(0.0))
        return run.shows(OTHER.cover(0.0).data)

    run = Run(make=lambda: make(BACKGROUND), until=until).run()
    allowed = (COVER.data, OTHER.cover(0.0).data)
    assert all(any(np.array_equal(frame, one) for one in allowed) for frame in run.sink.frames)
    assert segmenter.closed, "at the end"
    assert segmenter.resets == 0


def test_relearning_resets_the_segmenter() -> None:
    segmenter = FakeSegmenter(all_person)
    asked: list[int] = []

    def make() -> Pipeline:
        return Pipeline(Framing(W, H), segmenter, Matte(), BACKGROUND, Compositor(W, H), W, H)

    def until(run: Run) -> bool:
        if not asked and shows_person(run):
            asked.append(segmenter.resets)
            run.bridge.relearn()
        return segmenter.resets > 0

    Run(make=make, until=until).run()
    assert asked == [0]
    assert segmenter.resets == 1


def test_source_can_be_replaced() -> None:
    replaced: list[int] = []
    blue: Image = np.full((H, W, 3), (255, 0, 0), np.uint8)
    first = FakeSource(rooms(), fps=FPS)

    def until(run: Run) -> bool:
        if not replaced and shows_person(run):
            replaced.append(1)
            run.bridge.replace_source(lambda: FakeSource(iter([blue] * 1000), fps=FPS))
        return run.shows(I420.from_bgr(blue).data)

    Run(lambda: first, until=until).run()
    assert first.closed


def test_camera_that_was_replaced_is_learnt_anew_before_it_is_shown() -> None:
    segmenter = FakeSegmenter(all_person)
    resets: list[int] = []
    other = np.full((H, W, 3), (0, 255, 255), np.uint8)

    def find(image: Image) -> Mask:
        if np.array_equal(image, other):
            resets.append(segmenter.resets)
        return np.ones((9, 16), np.float32)

    segmenter = FakeSegmenter(find)

    def make() -> Pipeline:
        return Pipeline(Framing(W, H), segmenter, Matte(), BACKGROUND, Compositor(W, H), W, H)

    def others() -> Iterator[Image]:
        while True:
            yield other

    def until(run: Run) -> bool:
        if shows_person(run):
            run.bridge.replace_source(lambda: FakeSource(others(), fps=FPS))
        return len(resets) > 5

    Run(make=make, until=until).run()
    assert min(resets) >= 1


def test_what_was_shown_can_be_hidden_at_once() -> None:
    sent: list[int] = []
    over = threading.Event()

    def once() -> Iterator[Image]:
        yield ROOM
        over.wait(5)  # no newer one comes that may be shown

    def until(run: Run) -> bool:
        if shows_person(run) and not sent:
            run.bridge.hide_earlier()
            sent.append(len(run.sink.frames))
        if sent and len(run.sink.frames) > sent[0]:
            over.set()
        return over.is_set()

    run = Run(lambda: FakeSource(once(), live=True), until=until).run()
    assert np.array_equal(run.sink.frames[sent[0]], COVER.data)
