from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vcam.service import notify

if sys.platform == "win32":
    pytest.skip("systemd is Linux's", allow_module_level=True)


@pytest.fixture(params=["file", "abstract"])
def manager(
    request: pytest.FixtureRequest, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    """What systemd listens with."""
    runtime.mkdir()
    name = str(runtime / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(name if request.param == "file" else "\0" + name)
        listener.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name if request.param == "file" else "@" + name)
        yield listener


def test_systemd_hears_of_each_step(manager: socket.socket) -> None:
    notify.ready("live: Desk Camera")
    assert manager.recv(1000) == b"READY=1\nSTATUS=live: Desk Camera"
    notify.ready()
    assert manager.recv(1000) == b"READY=1"
    notify.status("paused\nREADY=1")
    assert manager.recv(1000) == b"STATUS=paused READY=1"
    notify.stopping()
    assert manager.recv(1000) == b"STOPPING=1"


def test_a_manager_that_does_not_listen_blocks_nobody(manager: socket.socket) -> None:
    for _ in range(2000):
        notify.status("x" * 1000)


@pytest.mark.parametrize("address", ["", "relative", "/nowhere/notify", "@" + "x" * 200])
def test_without_systemd_nothing_happens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    notify.ready()
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify.stopping()
