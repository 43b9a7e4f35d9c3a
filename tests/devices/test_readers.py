from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.devices import v4l2
from tests.devices.harness import PATIENCE, output_node, stop, wait_for
from tests.devices.readers import by_ffmpeg
from vcam.devices.readers import DriverEvents, Readers, watch_readers
from vcam.images.types import I420
from vcam.sinks.virtual_camera import VirtualCameraSink

pytestmark = pytest.mark.device

WIDTH, HEIGHT, FPS = 640, 360, 15
ROUNDS = {"ffmpeg": 10, "v4l2-ctl": 25, "opencv": 3}
QUIET = 1.5
"""Seconds in which any reader would have been noticed."""

_OPENCV = """
import sys, cv2
camera = cv2.VideoCapture(sys.argv[1], cv2.CAP_V4L2)
while camera.read()[0]:
    pass
"""


class Writer:
    """Writes a grey that grows lighter to the node, 15 times a second, until told to be silent."""

    def __init__(self) -> None:
        self.sink = VirtualCameraSink("Virtual Camera", WIDTH, HEIGHT, FPS)
        self.sent = 0
        self._frame = I420(WIDTH, HEIGHT)
        self._silent = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self._thread.start()
        wait_for(lambda: self.sent > 4, "frames are written")

    def _write(self) -> None:
        while not self._silent.is_set():
            self.send(self.sent % 200)
            self._silent.wait(1 / FPS)

    def send(self, grey: int) -> None:
        self._frame.data[:] = grey
        self.sink.send(self._frame)
        self.sent += 1

    def fall_silent(self) -> None:
        self._silent.set()
        self._thread.join()

    def close(self) -> None:
        self.fall_silent()
        self.sink.close()


@pytest.fixture
def writer() -> Iterator[Writer]:
    writer = Writer()
    yield writer
    writer.close()


@pytest.fixture
def readers(writer: Writer) -> Iterator[Readers]:
    readers = watch_readers(output_node())
    assert readers is not None
    assert not readers.watched()
    yield readers
    readers.close()


def start(program: str) -> tuple[subprocess.Popen[bytes], str]:
    """Let a program stream the node until it is ended; returns also what it is called."""
    node = output_node()
    command = {
        "ffmpeg": ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", node, "-f", "null", "-"],
        "v4l2-ctl": ["v4l2-ctl", "-d", node, "--stream-mmap"],
        "opencv": [sys.executable, "-c", _OPENCV, node],
    }[program]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
    return process, f"{Path(command[0]).name} (process {process.pid})"


def wait_until(readers: Readers, watched: bool, what: str) -> None:
    assert readers.wait(PATIENCE) is watched, what


@pytest.mark.parametrize("program", ROUNDS)
def test_each_reader_is_noticed_coming_and_going(program: str, readers: Readers) -> None:
    for number in range(ROUNDS[program]):
        process, name = start(program)
        try:
            wait_until(readers, True, f"{program} comes, round {number}")
            assert readers.names() == [name]
        finally:
            stop(process)
        wait_until(readers, False, f"{program} goes, round {number}")


def test_a_reader_who_is_killed_is_noticed_going(readers: Readers) -> None:
    for _ in range(3):
        process, _ = start("ffmpeg")
        wait_until(readers, True, "ffmpeg comes")
        process.kill()
        process.wait()
        wait_until(readers, False, "ffmpeg is gone")


def test_programs_that_only_ask_or_hold_the_node_do_not_count(readers: Readers) -> None:
    for _ in range(20):
        subprocess.run(["v4l2-ctl", "-d", output_node(), "--all"], check=True, capture_output=True)
        assert not readers.wait(0.05)
    with Path(output_node()).open("rb", buffering=0) as node:
        holder = subprocess.Popen(["sleep", "60"], stdin=node)
    assert not readers.wait(QUIET)
    stop(holder)
    assert not readers.wait(QUIET)


def test_a_reader_who_was_there_first_is_noticed(writer: Writer) -> None:
    with by_ffmpeg(output_node()) as reader:
        wait_for(lambda: reader.frames, "ffmpeg reads")
        readers = watch_readers(output_node())
        assert readers is not None
        assert readers.watched()
        readers.close()


def test_watching_changes_nothing_for_the_node(writer: Writer) -> None:
    for _ in range(3):
        readers = watch_readers(output_node())
        assert readers is not None
        readers.close()
        assert v4l2.capabilities(output_node()) == v4l2.CAPTURE
    with by_ffmpeg(output_node()) as reader:
        wait_for(lambda: reader.frames, "ffmpeg reads")
    writer.close()
    assert v4l2.capabilities(output_node()) & v4l2.OUTPUT


def test_the_driver_itself_tells_where_it_can(readers: Readers) -> None:
    folder = Path("/sys/class/video4linux") / Path(output_node()).name
    assert isinstance(readers, DriverEvents) is (folder / "state").exists()


def test_a_silent_writer_stays_listed_and_shows_its_last_frame(writer: Writer) -> None:
    writer.fall_silent()
    writer.send(222)
    for _ in range(2):
        time.sleep(QUIET)
        assert v4l2.capabilities(output_node()) == v4l2.CAPTURE
        with v4l2.Stream(output_node()) as capture:
            frame = capture.read(0.5)
            assert frame is not None
            assert np.all(frame == 222)
            assert capture.read(0.5) is None
            writer.send(223)
            assert capture.read(0.5) is not None
        writer.send(222)
