from __future__ import annotations

import time

from vcam.images.types import I420
from vcam.sinks.fake import FakeSink
from vcam.tools.testcard.pattern import Card, sample
from vcam.tools.testcard.player import Player

FPS = 100.0


def numbers(sink: FakeSink) -> list[int]:
    pictures = (I420(160, 120, frame).to_bgr() for frame in sink.frames)
    return [sample(picture).top for picture in pictures]


def test_frames_are_numbered_and_sent_at_the_rate() -> None:
    sink = FakeSink()
    with Player(lambda: sink, Card(160, 120), FPS) as player:
        assert len(player.sent) >= 5
        time.sleep(0.5)
    assert numbers(sink) == list(range(len(sink.frames)))
    assert list(player.sent) == numbers(sink)
    assert 0.5 * FPS * 0.5 < len(sink.frames) < 0.5 * FPS * 1.5 + 10
    assert sink.closed


def test_a_sink_that_fails_is_told_and_nobody_waits_for_it() -> None:
    sink = FakeSink(fails_after=2)
    with Player(lambda: sink, Card(160, 120), FPS) as player:
        assert player.problem is not None
    assert len(sink.frames) == 2
