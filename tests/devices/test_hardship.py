"""What a machine does to vcam on real nodes: its clock, its processor, its disk, its programs."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices import v4l2
from tests.devices.harness import Vcam, config, output_node, wait_for
from tests.devices.stage import BLUE, COLOURS, GREEN, Stage, figures, own_places, status
from tests.devices.test_faults import STILL, TOLERANCE, is_without_camera
from tests.devices.viewer import Seen, Viewer, keeps_rate, longest_still, others
from tests.devices.webcam import Webcam, nobody, plugged_in, used_by_vcam, whole
from vcam.service.runtime import Instance

if sys.platform != "linux":
    raise ImportError("device nodes are Linux's")

import resource

pytestmark = pytest.mark.device

DAY = 86_400.0


@pytest.fixture
def camera() -> Iterator[Webcam]:
    with plugged_in() as camera:
        yield camera


@pytest.fixture
def stage(camera: Webcam, tmp_path: Path) -> Iterator[Stage]:
    with used_by_vcam(camera, tmp_path) as stage:
        stage.wait_for_state("standby")
        yield stage


@pytest.fixture
def viewer(stage: Stage) -> Iterator[Viewer]:
    with stage.viewer() as viewer:
        viewer.wait(lambda frame: frame.person, "the person")
        yield viewer


def assert_live_and_private(stage: Stage, viewer: Viewer) -> None:
    """The person is seen again, and nothing of the room ever was."""
    viewer.wait(lambda frame: frame.person, "the person again", time.monotonic())
    stage.wait_for_state("live")
    assert others(viewer.seen, GREEN) == []
    assert len(viewer.attached) == 1
    assert "Traceback" not in stage.vcam.log.read_text()


@contextlib.contextmanager
def put_back_clock() -> Iterator[None]:
    """The wall clock goes on afterwards as if nobody had touched it."""
    wall, steady = time.time(), time.monotonic()
    try:
        time.clock_settime(time.CLOCK_REALTIME, wall)
    except PermissionError:
        pytest.skip("only root sets the clock")
    try:
        yield
    finally:
        time.clock_settime(time.CLOCK_REALTIME, wall + time.monotonic() - steady)


def test_a_clock_that_jumps_stalls_nothing(stage: Stage, viewer: Viewer) -> None:
    with put_back_clock():
        began = time.monotonic()
        for jump in (DAY, -3 * DAY, 400 * DAY, -0.5):
            time.clock_settime(time.CLOCK_REALTIME, time.time() + jump)
            time.sleep(1.5)
            assert status()["state"] == "live", jump
        seen = viewer.between(began, time.monotonic())
        stage.file.write_text(stage.text(BLUE))  # a file that is older than the one before it
        viewer.wait(lambda frame: frame.colour == BLUE, "the new colour", time.monotonic())
    assert all(frame.person for frame in seen)
    assert others(seen, GREEN) == []
    assert keeps_rate(seen, stage.fps)
    assert longest_still(seen) <= STILL + TOLERANCE


def test_who_left_while_vcam_was_stopped_is_not_shown_when_it_goes_on(
    camera: Webcam, stage: Stage, viewer: Viewer
) -> None:
    for seconds in (1.5, 6.0):
        stage.vcam.process.send_signal(signal.SIGSTOP)
        try:
            time.sleep(0.3)  # the last frame that it has sent arrives
            camera.spoil = nobody(camera)
            time.sleep(seconds)
        finally:
            went_on = time.monotonic()
            stage.vcam.process.send_signal(signal.SIGCONT)
        time.sleep(2)
        assert not any(frame.person for frame in viewer.between(went_on, time.monotonic()))
        camera.spoil = whole
        assert_live_and_private(stage, viewer)


def test_a_starved_vcam_shows_nothing_old(camera: Webcam, stage: Stage, viewer: Viewer) -> None:
    starved = threading.Event()

    def starve() -> None:
        """Let it have a tenth of the time."""
        while not starved.wait(0.05):
            stage.vcam.process.send_signal(signal.SIGSTOP)
            starved.wait(0.45)
            stage.vcam.process.send_signal(signal.SIGCONT)

    thread = threading.Thread(target=starve)
    thread.start()
    try:
        time.sleep(3)
        left = time.monotonic()
        camera.spoil = nobody(camera)
        time.sleep(4)
        late = viewer.between(left + STILL + 2 * TOLERANCE, time.monotonic())
    finally:
        starved.set()
        thread.join()
    assert late
    assert not any(frame.person for frame in late)
    camera.spoil = whole
    assert_live_and_private(stage, viewer)


def test_the_first_frames_of_every_reader_show_nothing_of_the_room(
    camera: Webcam, tmp_path: Path
) -> None:
    camera.spoil = nobody(camera)
    with used_by_vcam(camera, tmp_path) as stage:
        with Viewer(output_node(), camera.clip, COLOURS) as viewer:  # there before the first frame
            stage.wait_for_state("live")
            wait_for(lambda: len(viewer.seen) > 30, "frames")
        assert [frame for frame in viewer.seen if frame.room] == []
        for pause in (0.0, 0.2, 1.0, 4.0):  # awake, going to standby, in standby
            time.sleep(pause)
            assert others(_first_frames(stage), GREEN) == []


def _first_frames(stage: Stage) -> list[Seen]:
    with stage.viewer() as viewer:
        wait_for(lambda: len(viewer.seen) > 10, "frames")
    return viewer.seen


def test_programs_that_probe_the_node_disturb_nobody(stage: Stage, viewer: Viewer) -> None:
    began, before = time.monotonic(), status()["frames"]
    for number in range(60):
        assert v4l2.capabilities(output_node()) & v4l2.CAPTURE
        size = ((320, 180), (1920, 1080), (2, 2))[number % 3]
        with contextlib.suppress(OSError):  # EBUSY where only one may stream
            v4l2.Stream(output_node(), fourcc="YUYV", size=size).close()
        time.sleep(0.02)
    rate = (status()["frames"] - before) / (time.monotonic() - began)
    figures.info(
        "probed: %.2f fps sent, %d frames seen", rate, len(viewer.between(began, time.monotonic()))
    )
    assert rate == pytest.approx(stage.fps, rel=0.1)
    assert_live_and_private(stage, viewer)


def test_a_storm_of_saves_ends_with_what_was_saved_last(stage: Stage, viewer: Viewer) -> None:
    good, began = stage.text(GREEN), time.monotonic()
    spoilt = [good[:50], "", good.replace("color", "colour"), "[" * 500, "\0", '{"background": 1}']
    for number in range(120):
        stage.file.write_text(spoilt[number // 2 % len(spoilt)] if number % 2 else good)
        if number % 30 == 29:
            stage.file.unlink()
        time.sleep(0.01)
    stage.file.write_text(good[:50])
    stage.wait_for_status(lambda told: bool(told["config_error"]), "the fault is named")
    seen = viewer.between(began, time.monotonic())
    assert others(seen, GREEN) == []
    assert all(frame.person for frame in seen)
    stage.file.write_text(stage.text(BLUE))
    viewer.wait(lambda frame: frame.colour == BLUE, "what was saved last", time.monotonic())
    stage.wait_for_status(lambda told: not told["config_error"], "the fault is forgotten")


@contextlib.contextmanager
def full_disk(folder: Path) -> Iterator[Path]:
    """A folder in which nothing more can be written."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
    if os.getuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root mounts a small disk")
    try:
        with contextlib.suppress(OSError), (folder / "filler").open("wb", 0) as filler:
            while filler.write(bytes(4096)):
                pass
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_vcam_runs_with_every_disk_of_its_own_full(camera: Webcam, tmp_path: Path) -> None:
    film = camera.clip
    settings = config(
        {"type": "device", "device": camera.device}, film.width, film.height, film.fps
    )
    with full_disk(tmp_path / "full") as full, own_places(full), Vcam(tmp_path, settings) as vcam:
        stage = Stage(camera, settings, vcam)
        with stage.viewer() as viewer:
            viewer.wait(lambda frame: frame.person, "the person")
            stage.wait_for_state("live")
            assert_live_and_private(stage, viewer)


def test_vcam_without_a_free_descriptor_answers_and_finds_its_camera_again(
    camera: Webcam, stage: Stage, viewer: Viewer
) -> None:
    pid = stage.vcam.process.pid
    kept = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    used = {int(entry.name) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    free = min(set(range(len(used) + 1)) - used)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (free, kept[1]))
    began = time.monotonic()
    for _ in range(5):
        assert status()["state"] == "live"
        time.sleep(0.5)  # the readers of older drivers are looked for in between
    assert all(frame.person for frame in viewer.between(began, time.monotonic()))
    camera.close()
    stage.wait_for_status(is_without_camera, "the camera has gone")
    with plugged_in():
        time.sleep(2)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, kept)
        assert_live_and_private(stage, viewer)


def test_a_crowd_at_the_control_socket_costs_no_frame(stage: Stage, viewer: Viewer) -> None:
    began, crowd = time.monotonic(), []
    path = str(control_socket())
    for number in range(100):
        one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        one.settimeout(0.2)
        with contextlib.suppress(OSError):
            one.connect(path)
            one.sendall((b"", b"{", b"\0" * 70_000, b'{"command": "stop"')[number % 4])
        crowd.append(one)
    assert stage.wait_for_state("live")
    ends = time.monotonic() + 2
    viewer.wait(lambda frame: frame.at > ends, "frames for two seconds more")
    for one in crowd:
        one.close()
    assert keeps_rate(viewer.between(began, ends), stage.fps)
    assert_live_and_private(stage, viewer)


def control_socket() -> Path:
    """Where the vcam under test is spoken to."""
    return Instance("Virtual Camera").socket_path
