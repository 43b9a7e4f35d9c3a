from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.pipewire.desktop import Consumer, Desktop, desktop, wait_for
from vcam.cli import cli
from vcam.errors import SinkError
from vcam.images.types import I420, Image
from vcam.pipewire import graph, library
from vcam.pipewire.packing import Packer
from vcam.sinks.pipewire import PipeWireSink

WIDTH, HEIGHT, FPS = 320, 180, 30
YUY2, YUY2_BYTES = "video/x-raw,format=YUY2", WIDTH * HEIGHT * 2
BGR, BGR_BYTES = "video/x-raw,format=BGR", WIDTH * HEIGHT * 3

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="PipeWire is there on Linux only")


def stripes() -> Image:
    """Eight broad stripes of flat colour."""
    colours = np.random.default_rng(3).integers(0, 256, (8, 3), np.uint8)
    return np.ascontiguousarray(np.broadcast_to(colours.repeat(WIDTH // 8, 0), (HEIGHT, WIDTH, 3)))


class Player:
    """Sends one picture over and over."""

    def __init__(self, picture: I420) -> None:
        self.sink = PipeWireSink("Virtual Camera", WIDTH, HEIGHT, FPS)
        self.slowest = 0.0
        self.picture = picture
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._play)
        self._thread.start()

    def _play(self) -> None:
        while not self._ended.wait(1 / FPS):
            began = time.monotonic()
            self.sink.send(self.picture)
            self.slowest = max(self.slowest, time.monotonic() - began)

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self.sink.close()


@pytest.fixture(scope="module")
def session() -> Iterator[Desktop]:
    with desktop() as found:
        yield found


@pytest.fixture
def player(session: Desktop) -> Iterator[Player]:
    player = Player(I420.from_bgr(stripes()))
    wait_for(session.cameras, "the camera is listed")
    yield player
    player.close()


def test_programs_find_a_camera_by_its_name(session: Desktop, player: Player) -> None:
    (camera,) = session.cameras()
    assert camera["node.description"] == "Virtual Camera"
    assert camera["media.role"] == "Camera"


def test_vcam_itself_finds_it_and_who_manages_the_session(session: Desktop, player: Player) -> None:
    found = graph.parse(subprocess.check_output(graph.DUMP, text=True))
    assert found is not None
    assert found.version
    assert found.manager == "WirePlumber"
    assert found.cameras == ("Virtual Camera",)
    assert "Virtual Camera (PipeWire)" in CliRunner().invoke(cli, ["devices"]).output


def test_it_is_gone_when_it_is_closed(session: Desktop) -> None:
    player = Player(I420.from_bgr(stripes()))
    wait_for(session.cameras, "the camera is listed")
    player.close()
    wait_for(lambda: not session.cameras(), "the camera is gone")


def test_frames_arrive_byte_for_byte(player: Player) -> None:
    expected = Packer(WIDTH, HEIGHT).pack(I420.from_bgr(stripes())).tobytes()
    with Consumer(YUY2, YUY2_BYTES) as consumer:
        assert [consumer.frame() == expected for _ in range(5)] == [True] * 5


def test_a_small_picture_has_its_colours_in_gstreamer(player: Player) -> None:
    with Consumer(BGR, BGR_BYTES) as consumer:
        got = np.frombuffer(consumer.frame(), np.uint8).reshape(HEIGHT, WIDTH, 3)
    middles = slice(WIDTH // 16, None, WIDTH // 8)
    off = np.abs(got[90, middles].astype(int) - stripes()[90, middles])
    assert off.max() <= 6  # GStreamer's quick 8-bit conversion; the wrong matrix is 31 off


def test_several_programs_watch_at_once(player: Player) -> None:
    with Consumer(YUY2, YUY2_BYTES) as first, Consumer(YUY2, YUY2_BYTES) as second:
        for _ in range(5):
            assert first.frame() == second.frame()


def test_viewers_that_are_killed_leave_the_others_their_frames(player: Player) -> None:
    for _ in range(20):  # each round may take a buffer along
        with Consumer(YUY2, YUY2_BYTES) as first, Consumer(YUY2, YUY2_BYTES) as second:
            first.frame()
            second.frame()
    with Consumer(YUY2, YUY2_BYTES) as last:
        for _ in range(30):
            last.frame()


def test_it_tells_whether_somebody_watches(player: Player) -> None:
    readers = player.sink.readers()
    assert not readers.watched()
    assert readers.names() == []
    for _ in range(2):
        with Consumer(YUY2, YUY2_BYTES) as consumer:
            wait_for(lambda: readers.wait(0.5), "it is noticed coming")
            consumer.frame()
            assert readers.names() is None
        wait_for(lambda: not readers.wait(0.5), "it is noticed going")


def test_a_new_viewer_gets_nothing_that_was_sent_before(session: Desktop) -> None:
    player = Player(I420.from_bgr(stripes()))
    try:
        with Consumer(YUY2, YUY2_BYTES) as first:
            shown = first.frame()
        wait_for(lambda: not player.sink.readers().watched(), "nobody watches")
        player.picture = I420.from_bgr(np.full((HEIGHT, WIDTH, 3), 90, np.uint8))
        with Consumer(YUY2, YUY2_BYTES) as second:
            assert all(second.frame() != shown for _ in range(5))
    finally:
        player.close()


def test_a_program_that_hangs_holds_nothing_up(player: Player) -> None:
    with Consumer(YUY2, YUY2_BYTES) as consumer:
        consumer.frame()  # nobody reads its pipe from now on
        player.slowest = 0.0
        time.sleep(1)
    assert player.slowest < 0.25


def test_pipewire_that_ends_is_noticed_and_found_again() -> None:
    with desktop() as session:
        frame = I420.from_bgr(stripes())
        sink = PipeWireSink("Virtual Camera", WIDTH, HEIGHT, FPS)
        wait_for(session.cameras, "the camera is listed")
        session.stop()

        def is_lost() -> bool:
            try:
                sink.send(frame)
            except SinkError as error:
                return "PipeWire no longer takes frames" in error.problem
            return False

        wait_for(is_lost, "the end is noticed")
        sink.close()
        with pytest.raises(SinkError, match="does not answer"):
            PipeWireSink("Virtual Camera", WIDTH, HEIGHT, FPS)
        session.start()
        sink = PipeWireSink("Virtual Camera", WIDTH, HEIGHT, FPS)
        wait_for(session.cameras, "the camera is listed again")
        sink.close()


def test_the_camera_is_on_only_while_a_program_watches(session: Desktop, tmp_path: Path) -> None:
    size = {"width": WIDTH, "height": HEIGHT, "fps": FPS}
    file = tmp_path / "vcam.yaml"
    settings = {
        "camera": {"type": "scene", **size},
        "segmentation": {"backend": "mog2"},
        "background": {"type": "none"},
        "output": {"type": "pipewire", **size},
    }
    file.write_text(json.dumps(settings))
    command = [sys.executable, "-m", "vcam", "run", "--config", str(file)]
    environment = {**os.environ, "VCAM_RUNTIME_DIR": str(tmp_path / "run")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        wait_for(session.cameras, "the camera is listed")
        lines = iter(process.stdout)
        assert any("standby" in line for line in lines)
        with Consumer(YUY2, YUY2_BYTES) as consumer:
            consumer.frame()
            assert any(line.startswith("live") for line in lines)
        assert any("standby" in line for line in lines)
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OSError("libpipewire-0.3.so.0: cannot open shared object file")

    monkeypatch.setattr(library, "load", missing)
    monkeypatch.setattr("shutil.which", {"dnf": "/usr/bin/dnf"}.get)
    with pytest.raises(SinkError) as refused:
        PipeWireSink("Virtual Camera", WIDTH, HEIGHT, FPS)
    assert str(refused.value) == (
        "PipeWire's library libpipewire-0.3.so.0 is missing: "
        "type sudo dnf install pipewire pipewire-libs wireplumber"
    )
