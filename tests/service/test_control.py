from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.service.caller import INSTANCE, client
from tests.service.waiting import wait_for
from vcam.errors import ConfigError, ServiceError
from vcam.service import control
from vcam.service.channels import MAX_BYTES
from vcam.service.control import ControlServer
from vcam.service.conversation import request
from vcam.service.messages import Answer

if sys.platform == "win32":
    pytest.skip("Unix sockets; test_pipes has what Windows uses", allow_module_level=True)

from vcam.service import sockets


def answer(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    if asked["command"] == "refuse":
        raise ConfigError("vcam.yaml:3: no such key", "write color")
    if asked["command"] == "crash":
        raise ZeroDivisionError("oh")
    if asked["command"] == "babble":
        return {"text": "x" * MAX_BYTES}
    return {"asked": dict(asked), "path": Path("/dev/video10")}


@pytest.fixture
def server() -> Iterator[ControlServer]:
    server = ControlServer(INSTANCE.socket_path, answer)
    server.start()
    yield server
    server.close()


def say(message: bytes) -> dict[str, Any]:
    """Send as it is; the answer."""
    with client() as connection:
        connection.sendall(message)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    answered: dict[str, Any] = json.loads(received)
    return answered


def is_cut_off(connection: socket.socket, part: bytes, pause: float = 0.0) -> bool:
    """Whether the other side goes away while the same is sent over and over."""
    for _ in range(1000):
        try:
            connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            return True
        time.sleep(pause)
    return False


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def client_threads() -> int:
    return sum(thread.name == "control-client" for thread in threading.enumerate())


@pytest.mark.usefixtures("server")
def test_a_request_is_answered() -> None:
    result = request(INSTANCE, "set", key="background.path", value="größer.jpg")
    assert result["asked"] == {"command": "set", "key": "background.path", "value": "größer.jpg"}
    assert result["path"] == "/dev/video10"


@pytest.mark.usefixtures("server")
def test_a_refusal_keeps_its_words() -> None:
    with pytest.raises(ServiceError) as refused:
        request(INSTANCE, "refuse")
    assert refused.value.problem == "vcam.yaml:3: no such key"
    assert refused.value.cure == "write color"


@pytest.mark.usefixtures("server")
def test_a_fault_of_the_handler_is_answered_and_the_next_is_served(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(ServiceError, match=r"a fault of vcam itself .*ZeroDivisionError"):
        request(INSTANCE, "crash")
    assert "ZeroDivisionError" in caplog.text
    assert request(INSTANCE, "status")


@pytest.mark.usefixtures("server")
def test_an_answer_that_is_too_long_is_refused() -> None:
    with pytest.raises(ServiceError, match="too long"):
        request(INSTANCE, "babble")


def test_nobody_listening_is_said_plainly() -> None:
    with pytest.raises(ServiceError) as refused:
        request(INSTANCE, "status")
    assert refused.value.problem == "vcam does not run for Virtual Camera"
    assert refused.value.cure == "`vcam start` starts it"


def test_a_socket_left_by_a_process_that_is_gone_counts_as_not_running() -> None:
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(INSTANCE.socket_path))
    with pytest.raises(ServiceError, match="does not run"):
        request(INSTANCE, "status")
    server = ControlServer(INSTANCE.socket_path, answer)
    server.start()
    assert request(INSTANCE, "status")
    server.close()
    assert not INSTANCE.socket_path.exists()


def test_one_that_listens_but_never_answers_is_given_up() -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(INSTANCE.socket_path))
        silent.listen(0)
        for _ in range(3):  # the later ones find the queue full
            with pytest.raises(ServiceError, match=r"did not answer within 0\.1 s: `vcam restart`"):
                request(INSTANCE, "status", timeout=0.1)


@pytest.mark.parametrize("nonsense", [b"[]\n", b"{\n", b"\n", b'{"ok": true}\n', b"5\n", b""])
def test_nonsense_instead_of_an_answer_is_said_plainly(nonsense: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(INSTANCE.socket_path))
        listener.listen()

        def talk() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(nonsense)

        thread = threading.Thread(target=talk)
        thread.start()
        with pytest.raises(ServiceError, match="answered nonsense"):
            request(INSTANCE, "status")
        thread.join()


@pytest.mark.usefixtures("server")
def test_only_the_owner_may_open_the_socket() -> None:
    assert INSTANCE.socket_path.stat().st_mode & 0o777 == 0o600
    assert INSTANCE.socket_path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("server")
def test_other_users_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    uid = os.getuid()
    monkeypatch.setattr(sockets, "_peer", lambda connection: uid + 1)
    with client() as connection:
        assert connection.recv(10) == b""
    monkeypatch.setattr(sockets, "_peer", lambda connection: uid)
    assert request(INSTANCE, "status")


def test_the_system_s_word_on_the_peer_is_read_rightly() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert sockets._peer(one) == os.getuid()


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    "garbage",
    [
        b"\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x80\x04\x95\n",
        b"\xff\xfe\xfd\n",
        b"5\n",
        b"[" * 50_000 + b"\n",
        b"9" * 60_000 + b"\n",
        b'{"command": 5}\n',
        b'{"command": null}\n',
        b'{"no": "command"}\n',
    ],
)
def test_garbage_is_refused_and_the_next_is_served(garbage: bytes) -> None:
    assert say(garbage)["ok"] is False
    assert request(INSTANCE, "status")


@pytest.mark.usefixtures("server")
def test_the_longest_message_is_taken_and_one_byte_more_is_not() -> None:
    frame = len(json.dumps({"command": "x", "pad": ""}))
    fits = json.dumps({"command": "x", "pad": "p" * (MAX_BYTES - frame)}).encode()
    assert len(fits) == MAX_BYTES
    assert "too long" in say(fits + b"\n")["problem"]  # the answer holds the request and more
    assert say(fits + b"p\n")["problem"] == f"a request may have {MAX_BYTES} bytes, no more"
    assert (
        say(b"x" * (MAX_BYTES + 1))["problem"] == f"a request may have {MAX_BYTES} bytes, no more"
    )


@pytest.mark.usefixtures("server")
def test_a_flood_without_an_end_is_cut_off() -> None:
    with client() as connection:
        assert is_cut_off(connection, b"x" * 65536)
    assert request(INSTANCE, "status")


@pytest.mark.usefixtures("server")
def test_clients_that_leave_at_any_moment_harm_nobody() -> None:
    for said in (b"", b'{"comm', b'{"command": "status"}\n'):
        for _ in range(20):
            with client() as connection:
                connection.sendall(said)
    assert request(INSTANCE, "status")
    wait_for(lambda: client_threads() == 0, "all are done with")


@pytest.mark.usefixtures("server")
def test_silent_clients_do_not_keep_others_waiting() -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(client())
        began = time.monotonic()
        assert request(INSTANCE, "status")
        assert time.monotonic() - began < control._CLIENT_SECONDS / 2
        assert client_threads() <= control._CLIENTS


def _stall(connection: socket.socket) -> None:
    """Ask for more than the system buffers, and take nothing of it."""
    connection.sendall(b'{"command": "blob"}\n')


def _drip(connection: socket.socket) -> None:
    connection.sendall(b"{")


@pytest.mark.parametrize("attack", [_stall, _drip, lambda connection: None])
@pytest.mark.parametrize("number", [control._CLIENTS, 60])
def test_hostile_clients_delay_nobody(attack: Callable[[socket.socket], None], number: int) -> None:
    blob = Answer({}, b"x" * 4_000_000)
    server = ControlServer(
        INSTANCE.socket_path, lambda asked: blob if asked["command"] == "blob" else {}
    )
    server.start()
    with contextlib.ExitStack() as stack:
        stack.callback(server.close)
        for _ in range(number):
            attack(stack.enter_context(client()))
        began = time.monotonic()
        for _ in range(3):
            request(INSTANCE, "status")
        assert time.monotonic() - began < 3.0  # each within a second


@pytest.mark.usefixtures("server")
def test_one_that_sends_a_byte_now_and_then_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "_CLIENT_SECONDS", 0.2)
    with client() as connection:
        assert is_cut_off(connection, b" ", pause=0.01)


def test_one_that_does_not_take_its_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "_CLIENT_SECONDS", 0.2)
    one, other = socket.socketpair()
    with one, other:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        with pytest.raises(TimeoutError):
            sockets.SocketChannel(one).send(b"x" * 1_000_000, time.monotonic() + 0.1)


def test_closing_waits_for_answers_under_way_and_leaves_nothing() -> None:
    asked, go = threading.Event(), threading.Event()

    def slowly(asked_for: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.set()
        go.wait(10)
        return {"done": True}

    open_before = descriptors()
    server = ControlServer(INSTANCE.socket_path, slowly)
    server.start()
    results: list[dict[str, Any]] = []
    asker = threading.Thread(target=lambda: results.append(request(INSTANCE, "stop")))
    asker.start()
    assert asked.wait(10)
    threading.Timer(0.05, go.set).start()
    server.close()
    assert client_threads() == 0
    server.close()
    asker.join()
    assert results == [{"done": True}]
    assert not INSTANCE.socket_path.exists()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("control")]
    assert descriptors() == open_before


def test_a_socket_that_cannot_be_made_says_why(runtime: Path) -> None:
    server = ControlServer(runtime / "no" / "such" / "folder.sock", answer)
    with pytest.raises(ServiceError, match=r"cannot be made \(No such file"):
        server.start()
    server.close()


def test_a_process_without_descriptors_still_answers(server: ControlServer) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(client()) for _ in range(2)]
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 256), hard))
        with contextlib.suppress(OSError):
            while True:
                stack.callback(os.close, os.dup(0))
        for connection in connections:
            connection.sendall(b'{"command": "status"}\n')
            assert json.loads(connection.recv(65536))["ok"]
