"""The transport for Windows, over the sockets that multiprocessing has elsewhere."""

from __future__ import annotations

import contextlib
import multiprocessing.connection
import pickle
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from vcam.errors import ServiceError
from vcam.service import control, pipes
from vcam.service.channels import MAX_BYTES, TooLongError
from vcam.service.control import ControlServer
from vcam.service.conversation import request
from vcam.service.messages import Answer
from vcam.service.runtime import Instance

INSTANCE = Instance("Virtual Camera")


def answer(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"asked": asked["command"]}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ControlServer]:
    monkeypatch.setattr(control, "listen", pipes.PipeListener)
    monkeypatch.setattr(
        "vcam.service.conversation.connect", lambda path, deadline: pipes.connect_pipe(path)
    )
    monkeypatch.setattr(control, "_CLIENT_SECONDS", 0.3)
    server = ControlServer(INSTANCE.socket_path, answer)
    server.start()
    yield server
    server.close()


def conversation() -> pipes.Connection:
    return multiprocessing.connection.Client(pipes.address(INSTANCE.socket_path))


@pytest.mark.usefixtures("server")
def test_a_request_is_answered() -> None:
    assert request(INSTANCE, "status") == {"asked": "status"}


@pytest.mark.usefixtures("server")
def test_whoever_cannot_read_the_key_is_turned_away() -> None:
    with conversation() as stranger:
        stranger.send_bytes(b"a guess")
        with contextlib.suppress(ConnectionError):
            stranger.send_bytes(b'{"command": "status"}')
        with pytest.raises((EOFError, ConnectionError)):
            stranger.recv_bytes()
    assert request(INSTANCE, "status")


@pytest.mark.usefixtures("server")
def test_the_key_is_private_and_another_each_time() -> None:
    path = INSTANCE.socket_path.with_suffix(".key")
    if sys.platform != "win32":  # whose profiles are private, whatever the mode
        assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 32


@pytest.mark.usefixtures("server")
def test_what_is_received_is_not_unpickled(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "exploded",))

    with conversation() as client:
        client.send_bytes(INSTANCE.socket_path.with_suffix(".key").read_bytes())
        client.send_bytes(pickle.dumps(Bomb()))
        assert b"not JSON" in client.recv_bytes()
    assert not (tmp_path / "exploded").exists()


@pytest.mark.usefixtures("server")
def test_silent_clients_are_given_up() -> None:
    with conversation() as silent:
        assert request(INSTANCE, "status")
        with pytest.raises((EOFError, ConnectionError)):
            silent.recv_bytes()


def test_a_message_that_is_too_long_is_refused() -> None:
    one, other = multiprocessing.connection.Pipe()

    def send() -> None:
        with contextlib.suppress(ConnectionError):  # the other end hangs up while it comes
            other.send_bytes(b"x" * (MAX_BYTES + 1))

    sender = threading.Thread(target=send)
    sender.start()
    with pytest.raises(TooLongError):
        pipes.PipeChannel(one).receive(time.monotonic() + 5)
    one.close()
    sender.join()
    other.close()


def test_nobody_listening_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "vcam.service.conversation.connect", lambda path, deadline: pipes.connect_pipe(path)
    )
    with pytest.raises(ServiceError, match="does not run"):
        request(INSTANCE, "status")


def test_silent_clients_do_not_keep_others_waiting(
    server: ControlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "_CLIENT_SECONDS", 5.0)
    with contextlib.ExitStack() as stack:
        for _ in range(control._CLIENTS + 2):
            stack.enter_context(conversation())
        began = time.monotonic()
        assert request(INSTANCE, "status")
        assert time.monotonic() - began < 1.0


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere the pipe is a socket that buffers")
def test_clients_that_do_not_read_their_answer_do_not_keep_others_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(control, "_CLIENT_SECONDS", 5.0)

    def long(asked: Mapping[str, Any]) -> Answer | Mapping[str, Any]:
        return Answer({}, b"x" * 1_000_000) if asked["command"] == "picture" else {}

    server = ControlServer(INSTANCE.socket_path, long)
    server.start()
    with contextlib.ExitStack() as stack:
        stack.callback(server.close)
        for _ in range(control._CLIENTS + 2):
            channel = pipes.connect_pipe(INSTANCE.socket_path)
            stack.callback(channel.close)
            channel.send(b'{"command": "picture"}', time.monotonic() + 1)
        began = time.monotonic()
        assert request(INSTANCE, "status") == {}
        assert time.monotonic() - began < 1.0


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere the pipe is a socket that buffers")
def test_an_answer_that_nobody_reads_ends_with_its_time() -> None:
    listener = pipes.PipeListener(INSTANCE.socket_path)
    client = pipes.connect_pipe(INSTANCE.socket_path)
    channel = listener.accept()
    assert channel is not None
    with pytest.raises(TimeoutError):
        channel.send_blob(b"x" * 1_000_000, time.monotonic() + 0.2)
    channel.close()
    client.close()
    listener.close()
