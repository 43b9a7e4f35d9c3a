"""Programs and threads that read a node as apps do."""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
import threading
import time
from collections import deque

import numpy as np

from tests.devices import v4l2
from tests.devices.harness import stop
from vcam.images.types import I420, Image

if sys.platform == "win32":
    raise ImportError("device nodes are Linux's")

_F_SETPIPE_SZ = 1031


class Reader:
    """A program that reads a node and writes what it gets to its standard output.

    It writes a line with the size (W640 H360), then for each frame the line "FRAME" and its
    pixels: YUV4MPEG2 (I420), or packed BGR.
    """

    size: tuple[int, int]

    def __init__(self, command: list[str], keep: int = 400) -> None:
        self.frames: deque[bytes] = deque(maxlen=8)
        self.times: deque[float] = deque(maxlen=keep)
        self.size = (0, 0)
        self._packed = False
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._pipe = self._process.stdout
        fcntl.fcntl(self._pipe, _F_SETPIPE_SZ, 1 << 20)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        if length := self._header():
            pipe = self._pipe
            while pipe.readline() == b"FRAME\n" and len(frame := pipe.read(length)) == length:
                self.times.append(time.monotonic())
                self.frames.append(frame)

    def _header(self) -> int:
        """Learn the size and return the bytes of a frame; 0 when the program failed."""
        header = self._pipe.readline().decode()
        found = re.search(r"W(\d+) H(\d+)", header)
        if not found:
            return 0
        width, height = self.size = int(found[1]), int(found[2])
        self._packed = header.startswith("BGR")
        return width * height * 3 // (1 if self._packed else 2)

    def picture(self) -> Image | None:
        """The newest frame, uint8 (h, w, 3) BGR, or None before the first."""
        if not self.frames:
            return None
        width, height = self.size
        pixels = np.frombuffer(self.frames[-1], np.uint8)
        if self._packed:
            return pixels.reshape(height, width, 3)
        frame = I420(width, height)
        frame.data[:] = pixels
        return frame.to_bgr()

    def rate(self, frames: int) -> float:
        """The rate of the last frames, in 1/s; 0 before there are so many."""
        times = list(self.times)[-frames - 1 :]
        return frames / (times[-1] - times[0]) if len(times) > frames else 0.0

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        stop(self._process)
        self._thread.join(5)
        self._pipe.close()


def by_ffmpeg(device: str) -> Reader:
    """ffmpeg reads the node."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "v4l2", "-i", device]
    return Reader([*command, "-fps_mode", "passthrough", "-f", "yuv4mpegpipe", "-"])


_OPENCV = """
import sys, cv2
camera = cv2.VideoCapture(sys.argv[1], cv2.CAP_V4L2)
out, first = sys.stdout.buffer, True
while True:
    ok, frame = camera.read()
    if not ok:
        sys.exit("no frame")
    if first:
        out.write(b"BGR W%d H%d\\n" % (frame.shape[1], frame.shape[0]))
        first = False
    out.write(b"FRAME\\n")
    out.write(frame.tobytes())
    out.flush()
"""


def by_opencv(device: str) -> Reader:
    """OpenCV reads the node, in a process of its own."""
    return Reader([sys.executable, "-c", _OPENCV, device])


class Tap:
    """Streams a node from the first frame on, keeping every frame; outlives its writer."""

    def __init__(self, device: str) -> None:
        self.frames: list[I420] = []
        self.attached = threading.Event()
        self._device = device
        self._halt = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while not self._halt.is_set():
            try:
                with v4l2.Stream(self._device) as capture:
                    self.attached.set()
                    self._stream(capture)
            except OSError:
                # Nobody writes yet; short, so that the writer's first frame is still there.
                self._halt.wait(0.003)

    def _stream(self, capture: v4l2.Stream) -> None:
        while not self._halt.is_set():
            data = capture.read(0.2)
            if data is not None:
                frame = I420(capture.width, capture.height)
                frame.data[:] = data
                self.frames.append(frame)

    def picture(self) -> Image | None:
        """The newest frame, uint8 (h, w, 3) BGR, or None before the first."""
        return self.frames[-1].to_bgr() if self.frames else None

    def __enter__(self) -> Tap:
        return self

    def __exit__(self, *_: object) -> None:
        self._halt.set()
        self._thread.join(5)
