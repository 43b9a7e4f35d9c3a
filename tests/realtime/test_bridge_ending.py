from __future__ import annotations

import threading

import pytest

from tests.realtime.bridge_run import COVER, FPS, make_pipeline, steady
from vcam.errors import SinkError
from vcam.pipeline.pipeline import Pipeline
from vcam.realtime import bridge as bridge_module
from vcam.realtime.bridge import Bridge
from vcam.sinks.fake import FakeSink
from vcam.sources.base import Source


class BadSink(FakeSink):
    """Cannot be closed."""

    def close(self) -> None:
        raise SinkError("the file cannot be finished")


def test_sink_that_cannot_be_closed_is_told_of_but_hides_no_other_cause() -> None:
    def bridge(sink: FakeSink) -> Bridge:
        return Bridge(steady, make_pipeline, COVER, lambda: sink, FPS)

    ended = bridge(BadSink())
    with pytest.raises(SinkError, match="cannot be finished"):
        ended.run(ended.stop)
    assert ended.has_ended
    with pytest.raises(SinkError, match="takes no more"):
        bridge(BadSink(fails_after=3)).run()


def test_bridge_that_never_ran_has_ended() -> None:
    def refuse() -> FakeSink:
        raise SinkError("no node")

    bridge = Bridge(steady, make_pipeline, COVER, refuse, FPS)
    with pytest.raises(SinkError, match="no node"):
        bridge.run()
    assert bridge.has_ended


def test_threads_that_cannot_be_started_leave_nothing_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink = FakeSink()
    bridge = Bridge(steady, make_pipeline, COVER, lambda: sink, FPS)

    def refuse() -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(bridge._renderer, "start", refuse)
    with pytest.raises(RuntimeError, match="new thread"):
        bridge.run()
    assert sink.closed
    assert bridge.has_ended
    assert bridge._capture.join(60)


@pytest.mark.parametrize("hangs", ["source", "stages"])
def test_thread_that_hangs_is_told_of_at_the_end(
    hangs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge_module, "_JOIN_SECONDS", 0.05)
    go_on, sink = threading.Event(), FakeSink()

    def source() -> Source:
        if hangs == "source":
            go_on.wait(60)
        return steady()

    def stages() -> Pipeline:
        if hangs == "stages":
            go_on.wait(60)
        return make_pipeline()

    bridge = Bridge(source, stages, COVER, lambda: sink, FPS)
    bridge.run(bridge.stop)
    assert not bridge.has_ended
    assert sink.closed
    go_on.set()
    assert bridge._renderer.join(60)
    assert bridge._capture.join(60)


def test_threads_end_with_the_run() -> None:
    bridge = Bridge(steady, make_pipeline, COVER, FakeSink, FPS)
    bridge.run(lambda: bridge.stop() if bridge.status().frames > 3 else None)
    assert bridge.has_ended
    assert not bridge._renderer._thread.is_alive()
    assert not bridge._capture._thread.is_alive()
