from __future__ import annotations

import time

import numpy as np

from vcam.images.types import I420
from vcam.realtime.renderer import Finished
from vcam.realtime.sender import Sender
from vcam.realtime.slot import Latest
from vcam.sinks.fake import FakeSink

COVER, PERSON = I420(4, 4), I420(4, 4)
COVER.data[:], PERSON.data[:] = 0, 255


class Closing(Latest[Finished]):
    """Somebody closes the shutter while the sender waits for this frame."""

    closed = False

    def take(self, timeout: float) -> Finished | None:
        self.closed = True
        return Finished(PERSON, time.monotonic())


def test_shutter_that_is_closed_during_the_wait_counts_for_that_frame() -> None:
    finished, back, sink = Closing(), list[I420](), FakeSink()
    sender = Sender(finished, back.append, COVER, 100.0, lambda: finished.closed)
    sender.send_next(sink, 100.0)
    assert np.array_equal(sink.frames[0], COVER.data)
    assert back == [PERSON]
    assert not sender.shows_person
