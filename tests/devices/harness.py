"""The camera that is filmed with and the vcam process under test."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias, TypeVar

from tests.devices import v4l2
from tests.devices.footage import ROOT, Clip

T = TypeVar("T")
Config: TypeAlias = dict[str, dict[str, object]]

VIRTUAL_CAMERA = "Virtual Camera"
DESK_CAMERA = "Desk Camera"
GREEN = "#00b140"
PATIENCE = 60.0
"""Seconds to wait for anything; the lab's guest is slow."""

logs: list[Path] = []
"""The logs of the vcam processes of the running test, shown when it fails."""


def wait_for(condition: Callable[[], T | None], what: str, seconds: float = PATIENCE) -> T:
    """Poll until `condition` gives something true, and return that.

    Raises:
        AssertionError: It did not within `seconds`; says `what` was waited for.
    """
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds:g} s")
        time.sleep(0.02)
    return answer


def output_node() -> str:
    """The node that vcam writes to."""
    return v4l2.nodes()[VIRTUAL_CAMERA]


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that needs no farewell."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def filming(clip: Clip, codec: str = "rawvideo") -> Iterator[Config]:
    """Play a clip over and over into "Desk Camera"; gives the configuration that shows it.

    Without such a node vcam plays the clip itself.
    """
    size = (clip.width, clip.height, clip.fps)
    device = v4l2.nodes().get(DESK_CAMERA)
    if device is None:
        yield config({"type": "video", "path": str(clip.path)}, *size)
        return
    player = play(clip, device, codec)
    try:
        wait_for(lambda: can_stream(device), f"ffmpeg plays {clip.path.name} into {device}")
        yield config({"type": "device", "device": device}, *size)
    finally:
        stop(player)


def play(clip: Clip, device: str, codec: str = "rawvideo") -> subprocess.Popen[bytes]:
    """Have ffmpeg play a clip over and over into a loopback node, as I420 or in its "mjpeg"."""
    v4l2.mend(device)
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1"]
    command += ["-i", str(clip.path), "-f", "v4l2", "-c:v", codec, "-q:v", "4"]
    command += ["-pix_fmt", "yuvj420p" if codec == "mjpeg" else "yuv420p", device]
    return subprocess.Popen(command)


@contextlib.contextmanager
def taken(device: str) -> Iterator[subprocess.Popen[bytes]]:
    """Have v4l2-ctl film with a camera; gives its process.

    It says "<" for each frame. Trying the camera meanwhile could take it from v4l2-ctl.
    """
    other = subprocess.Popen(
        ["v4l2-ctl", "-d", device, "--stream-mmap"], bufsize=0,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert other.stdout is not None
    try:
        assert select.select([other.stdout], [], [], PATIENCE)[0], "v4l2-ctl gets no frame"
        said = other.stdout.read(80)
        assert said.startswith(b"<"), said
        yield other
    finally:
        stop(other)
        other.stdout.close()


def can_stream(device: str) -> bool:
    """Whether a node has a picture for a reader who comes now."""
    try:
        v4l2.Stream(device).close()
    except OSError:
        return False
    return True


def config(camera: dict[str, object], width: int, height: int, fps: int) -> Config:
    """A person of `camera` before green, at the same size and rate."""
    size: dict[str, object] = {"width": width, "height": height, "fps": fps}
    return {
        "camera": {**camera, **size},
        "segmentation": {"backend": "mediapipe", "mediapipe": {"model": "landscape"}},
        "background": {"type": "color", "color": GREEN},
        "output": {"type": "virtual-camera", "device": VIRTUAL_CAMERA, **size},
    }


class Vcam:
    """`vcam run` with a configuration of its own, its log kept."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.log = folder / f"vcam-{len(logs)}.log"
        logs.append(self.log)
        # JSON is YAML too
        file = self.log.with_suffix(".yaml")
        file.write_text(json.dumps(config, indent=2))
        command = [sys.executable, "-m", "vcam", "run", "--config", str(file)]
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def check(self) -> None:
        """Fail when it has ended by itself."""
        assert self.process.poll() is None, f"vcam ended with {self.process.returncode}"

    def wait_until_writing(self) -> None:
        """Wait until its node can be read. For nodes that nobody reads yet."""

        def writing() -> bool:
            self.check()
            return can_stream(output_node())

        wait_for(writing, f"vcam writes to {output_node()}")

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        """Ask it to end, and return the seconds that took."""
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        return time.monotonic() - started

    def __enter__(self) -> Vcam:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
