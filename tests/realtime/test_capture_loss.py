from __future__ import annotations

import pytest

from tests.clips import flat
from tests.realtime.capture_bench import BEGIN, Bench, Flaky, endless
from tests.realtime.fake_clock import FakeClock
from vcam.errors import SourceError
from vcam.sources.fake import FakeSource


def test_source_that_fails_before_its_first_frame_is_refused_too() -> None:
    source = FakeSource([SourceError("gives no frames")])
    bench = Bench(lambda: source, 1).run()
    assert str(bench.capture.refused) == "gives no frames"
    assert source.closed


@pytest.mark.parametrize("error", [SourceError("no camera"), RuntimeError("unforeseen")])
def test_source_refused_at_first_is_told_and_not_tried_again(error: Exception) -> None:
    tries: list[int] = []

    def refuse() -> FakeSource:
        tries.append(1)
        raise error

    bench = Bench(refuse, 1).run()
    assert isinstance(bench.capture.refused, SourceError)
    assert str(error) in str(bench.capture.refused)
    assert len(tries) == 1


def test_camera_that_is_not_there_at_the_start_is_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Flaky({0, 1, 2})
    bench = Bench(source, 3, awaited=True, clock=source.clock)
    states: list[str] = []
    source.clock.at(BEGIN + 0.5, lambda: states.append(bench.capture.lost))
    bench.run()
    assert source.tries == pytest.approx([0, 0.1, 1.1, 2.1])
    assert states == ["try 1 failed"]
    assert bench.capture.lost == ""
    assert bench.capture.refused is None
    assert "try 0 failed; trying again every 1 s" in caplog.text


def test_lost_source_is_closed_told_of_once_and_opened_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    source = Flaky({1, 2}, frames=2)
    bench = Bench(source, 4, clock=source.clock).run()
    assert [each.closed for each in source.opened] == [True, True]
    assert source.tries == pytest.approx([0, 0.1, 1.1, 2.1])
    assert bench.capture.lost == ""
    told = [record.message for record in caplog.records if "trying again" in record.message]
    assert [each.split(";")[0] for each in told] == [
        "a fake source has ended",
        "try 1 failed",
        "try 2 failed",
    ]


def test_same_loss_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    clock, tries = FakeClock(), list[int]()

    def refuse() -> FakeSource:
        tries.append(1)
        if len(tries) == 4:
            bench.capture.stop()
        raise SourceError("no camera")

    bench = Bench(refuse, 1, awaited=True, clock=clock)
    bench.run()
    assert caplog.text.count("no camera") == 1
    assert bench.capture.lost == "no camera"


def test_unforeseen_fault_of_a_source_is_a_loss(caplog: pytest.LogCaptureFixture) -> None:
    sources = [FakeSource([flat(1), RuntimeError("unforeseen")]), FakeSource(endless())]
    opened = iter(sources)
    bench = Bench(lambda: next(opened), 3).run()
    assert len(bench.seen) == 3
    assert [source.closed for source in sources] == [True, True]
    assert "unforeseen" in caplog.text
