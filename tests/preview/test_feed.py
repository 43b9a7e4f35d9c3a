from __future__ import annotations

from tests.preview.feeds import FakeFeed
from tests.service.waiting import wait_for
from vcam.errors import ServiceError
from vcam.preview.feed import Watcher


def test_watcher_looks_on_and_asks_for_what_is_wanted_now() -> None:
    feed = FakeFeed()
    watcher = Watcher(feed, {"seen"})
    watcher.start()
    first = wait_for(lambda: watcher.views.take(0.0), "a view")
    watcher.parts = {"seen", "room"}
    wait_for(lambda: "room" in feed.parts, "the other parts")
    later = wait_for(lambda: watcher.views.take(0.0), "another view")
    assert later.look.number > first.look.number
    watcher.stop()
    wait_for(lambda: feed.closed, "closed")


def test_vcam_that_has_gone_is_told_and_its_last_picture_dropped() -> None:
    feed = FakeFeed()
    watcher = Watcher(feed, {"seen"})
    watcher.start()
    feed.refuses = ServiceError("vcam does not run", "start it")

    def gone() -> bool:
        view = watcher.views.take(0.0)
        return view is not None and view.state["state"] == "gone" and view.look.seen is None

    wait_for(gone, "told")
    feed.refuses = None
    wait_for(lambda: (view := watcher.views.take(0.0)) and view.look.seen, "back again")
    watcher.stop()
