from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.service.caller import INSTANCE, client
from tests.service.waiting import wait_for
from vcam.errors import ServiceError
from vcam.service import control
from vcam.service.control import ControlServer
from vcam.service.conversation import Conversation, request
from vcam.service.lock import Lock
from vcam.service.messages import Answer


def with_bytes(asked: Mapping[str, Any]) -> Answer:
    return Answer({"asked": dict(asked)}, bytes(range(256)) * asked["times"])


@pytest.fixture
def pictures() -> Iterator[ControlServer]:
    server = ControlServer(INSTANCE.socket_path, with_bytes)
    server.start()
    yield server
    server.close()


def test_bytes_follow_an_answer_and_the_channel_stays_open(pictures: ControlServer) -> None:
    talk = Conversation(INSTANCE)
    channels = set()
    for times in (3, 0, 5000):
        answer = talk.ask("look", times=times)
        assert answer.result["asked"]["times"] == times
        assert answer.data == bytes(range(256)) * times
        channels.add(id(talk._channel))
    assert len(channels) == 1
    talk.close()


def test_conversation_that_was_cut_off_begins_anew(
    pictures: ControlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "_CLIENT_SECONDS", 0.05)
    talk = Conversation(INSTANCE)
    talk.ask("look", times=1)
    wait_for(lambda: pictures._slots._value == control._CLIENTS, "given up")
    assert talk.ask("look", times=2).data == bytes(range(256)) * 2
    talk.close()


def test_client_that_takes_no_bytes_is_given_up(
    pictures: ControlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "_CLIENT_SECONDS", 0.2)
    with client() as connection:
        connection.sendall(b'{"command": "look", "times": 100000}\n')
        wait_for(lambda: pictures._slots._value < control._CLIENTS, "taken up")
        wait_for(lambda: pictures._slots._value == control._CLIENTS, "given up")


def test_server_closes_quickly_while_somebody_looks(pictures: ControlServer) -> None:
    over = threading.Event()

    def look() -> None:
        talk = Conversation(INSTANCE)
        with contextlib.suppress(ServiceError):
            while not over.is_set():
                talk.ask("look", times=1)
        talk.close()

    thread = threading.Thread(target=look)
    thread.start()
    began = time.monotonic()
    pictures.close()
    assert time.monotonic() - began < 2
    over.set()
    thread.join(5)


def test_one_whose_socket_is_gone_is_said_to_run() -> None:
    with Lock(INSTANCE), pytest.raises(ServiceError, match=r"runs \(process \d+\).*socket") as told:
        request(INSTANCE, "status")
    assert "vcam restart" in told.value.cure
    with pytest.raises(ServiceError, match="does not run"):
        request(INSTANCE, "status")
