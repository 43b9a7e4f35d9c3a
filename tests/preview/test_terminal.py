"""The preview in a terminal, on a real pseudo-terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preview.processes import command
from tests.preview.typist import Typist
from tests.service.waiting import wait_for
from vcam.service.daemon import run_folder

if sys.platform == "win32":
    pytest.skip("the preview in the terminal is for Linux and macOS", allow_module_level=True)

import termios

BEGIN, END = b"\x1b[?1049h", b"\x1b[?1049l"
CELL = "▀".encode()


@pytest.fixture
def typist(config: Path, request: pytest.FixtureRequest) -> Iterator[Typist]:
    typist = Typist(config, getattr(request, "param", "truecolor"))
    yield typist
    typist.close()


@pytest.mark.parametrize("typist", ["truecolor", ""], indirect=True)
def test_picture_is_drawn_and_keys_work(typist: Typist) -> None:
    wait_for(lambda: typist.sees("live"), "the picture", 40)
    assert CELL in typist.written
    red = b"48;2;200;" if b"38;2;" in typist.written else b"48;5;160m"
    assert red in typist.written
    typist.types("m")
    wait_for(lambda: typist.sees("original"), "the next mode")
    typist.types("p")
    wait_for(lambda: typist.sees("paused"), "paused")
    typist.types("q")
    assert typist.process.wait(20) == 0


@pytest.mark.parametrize("how", ["q", "SIGINT", "SIGTERM"])
def test_terminal_is_left_as_it_was(typist: Typist, how: str) -> None:
    wait_for(lambda: typist.sees("background"), "the picture", 40)
    if how == "q":
        typist.types(how)
    else:
        typist.process.send_signal(signal.Signals[how])
    assert typist.process.wait(20) == 0
    wait_for(lambda: END in typist.written, "the other screen left")
    assert typist.written.count(BEGIN) == typist.written.count(END) == 1
    assert b"\x1b[?25h" in typist.written
    assert termios.tcgetattr(typist.slave) == typist.before


@pytest.mark.parametrize(
    ("term", "piped", "said"),
    [("xterm", True, "is no terminal"), ("dumb", False, "TERM is 'dumb'")],
)
def test_what_is_missing_is_said(term: str, piped: bool, said: str, config: Path) -> None:
    master, slave = os.openpty()
    done = subprocess.run(
        command("preview", "--terminal", "--config", config), cwd=run_folder(),
        stdin=slave, stdout=subprocess.DEVNULL if piped else slave, stderr=subprocess.PIPE,
        text=True, timeout=60, check=False, env={**os.environ, "TERM": term},
    )  # fmt: skip
    os.close(master)
    os.close(slave)
    assert done.returncode == 8
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 2
