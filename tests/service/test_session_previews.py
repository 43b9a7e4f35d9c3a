from __future__ import annotations

import socket
import sys

import pytest

from tests.service.running_session import Running
from vcam.preview.feed import AttachedFeed
from vcam.realtime.tap import PARTS


def test_preview_attaches_without_disturbing_the_frames(running: Running) -> None:
    running.until(lambda status: status["state"] == "live")
    feed = AttachedFeed(running.session.instance)
    views = [feed.look(PARTS, 0)]
    before = running.status()["frames"]
    while running.status()["frames"] < before + 60:
        views.append(feed.look(PARTS, views[-1].look.number))
    feed.close()
    assert running.status()["previewed"]
    numbers = [view.look.number for view in views]
    assert numbers == sorted(set(numbers))
    last = views[-1]
    assert (last.state["state"], last.state["background"]) == ("live", "color")
    assert last.look.seen is not None
    assert last.look.room is not None
    assert last.look.room.shape == (last.look.seen.height, last.look.seen.width, 3)


def test_attached_preview_sees_no_room_while_paused(running: Running) -> None:
    running.until(lambda status: status["state"] == "live")
    feed = AttachedFeed(running.session.instance)
    assert feed.look(PARTS, 0).look.room is not None
    assert feed.ask("pause")["state"] == "paused"
    for _ in range(4):
        view = feed.look(PARTS, 0)
        assert view.state["state"] == "paused"
        assert view.look.seen is not None
        assert view.look.room is None
        assert view.look.alpha is None
    feed.close()


def test_viewer_that_hangs_costs_no_frame(running: Running) -> None:
    if sys.platform == "win32":
        pytest.skip("a Unix socket")
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.connect(str(running.session.instance.socket_path))
        look = b'{"command": "look", "parts": ["seen", "room"]}\n'
        hanging.sendall(look * 200)  # many more answers than the socket holds
        unread, now = -1, 0
        while not now or now != unread:  # until no more of them fits
            running.send(frames=30)
            unread, now = now, _readable(hanging)
        running.send(frames=60)
        assert _readable(hanging) == now, "it hangs all the while"


def _readable(stream: socket.socket) -> int:
    """Bytes that could be read from a stream at once."""
    if sys.platform == "win32":
        raise OSError("Windows reads without waiting in another way")
    try:
        return len(stream.recv(1 << 24, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        return 0
