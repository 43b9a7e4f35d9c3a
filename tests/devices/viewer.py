"""A viewer who looks at every frame, and what can be said of the frames seen."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tests.devices import v4l2
from tests.devices.footage import Clip, Region
from tests.devices.harness import wait_for
from vcam.images.types import I420, Plane

Bgr: TypeAlias = tuple[int, int, int]

_LEVELS = 6
_STEP = 4
"""Every fourth pixel is looked at, each way: the guest's one CPU has other things to do."""


@dataclass(frozen=True)
class Seen:
    """One frame.

    Attributes:
        at: When it came, in seconds of `time.monotonic`.
        colour: The background behind the person, or "" where it is none of those known.
        person: Whether the person is in it.
        room: How many of the pixels looked at show the magenta wall.
        mark: The same for the same picture.
    """

    at: float
    colour: str
    person: bool
    room: int
    mark: int


class Viewer:
    """Streams a node as an app does, in a thread, whoever writes to it.

    Args:
        device: The node.
        film: What the camera shows.
        colours: Backgrounds by name, BGR.

    Attributes:
        seen: The frames so far.
        attached: When it began to stream (STREAMON), each time.
    """

    def __init__(self, device: str, film: Clip, colours: Mapping[str, Bgr]) -> None:
        self.seen: list[Seen] = []
        self.attached: list[float] = []
        self._device, self._film = device, film
        self._colours = {name: _yuv(bgr) for name, bgr in colours.items()}
        self._room, self._person = _always(film.room), _always(film.person)
        self._halt = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def wait(self, condition: Callable[[Seen], bool], what: str, since: float = 0.0) -> Seen:
        """The first frame from `since` on that fulfils a condition."""
        first: list[Seen] = []
        place = 0

        def came() -> bool:
            nonlocal place
            for frame in self.seen[place:]:
                place += 1
                if frame.at >= since and condition(frame):
                    first.append(frame)
                    return True
            return False

        wait_for(came, what)
        return first[0]

    def between(self, start: float, end: float) -> list[Seen]:
        """The frames of a time."""
        return [frame for frame in self.seen if start <= frame.at <= end]

    def _run(self) -> None:
        while not self._halt.is_set():
            try:
                with v4l2.Stream(self._device) as capture:
                    self.attached.append(time.monotonic())
                    self._stream(capture)
            except OSError:  # nobody writes yet
                self._halt.wait(0.003)

    def _stream(self, capture: v4l2.Stream) -> None:
        assert (capture.width, capture.height) == (self._film.width, self._film.height)
        while not self._halt.is_set():
            data = capture.read(0.2)
            if data is not None:
                self.seen.append(self._look(data, time.monotonic()))

    def _look(self, data: Plane, now: float) -> Seen:
        frame = I420(self._film.width, self._film.height)
        frame.data[:] = data
        half = _STEP // 2
        luma = frame.y[::_STEP, ::_STEP]
        pixels = np.stack((luma, frame.u[::half, ::half], frame.v[::half, ::half]))
        pixels = pixels.astype(np.int16)
        room = int(((pixels[1] > 150) & (pixels[2] > 150) & self._room).sum())
        for name, yuv in self._colours.items():
            same = np.abs(pixels - yuv).max(0) <= _LEVELS
            if same[self._room].mean() > 0.995:
                person = bool(same[self._person].mean() < 0.5)
                return Seen(now, name, person, room, zlib.crc32(luma.tobytes()))
        return Seen(now, "", False, room, zlib.crc32(luma.tobytes()))

    def __enter__(self) -> Viewer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._halt.set()
        self._thread.join(5)


def _always(region: Region) -> Region:
    """Where it is in every frame, of the pixels looked at."""
    return np.asarray(region.all(0))[::_STEP, ::_STEP]


def _yuv(bgr: Bgr) -> npt.NDArray[np.int16]:
    flat = I420.from_bgr(np.full((2, 2, 3), bgr, np.uint8))
    return flat.data[[0, 4, 5]].astype(np.int16)[:, None, None]


def others(seen: Sequence[Seen], colour: str) -> list[Seen]:
    """The frames that show another background than this one, or anything of the room."""
    return [frame for frame in seen if frame.colour != colour or frame.room]


def missed(seen: Sequence[Seen], fps: float) -> int:
    """How many frames did not come, going by the gaps longer than 1.5 periods."""
    gaps = (after.at - before.at for before, after in pairwise(seen))
    return sum(round(gap * fps) - 1 for gap in gaps if gap * fps > 1.5)


def rate(seen: Sequence[Seen]) -> float:
    """Frames a second."""
    return (len(seen) - 1) / (seen[-1].at - seen[0].at)


def keeps_rate(seen: Sequence[Seen], fps: float) -> bool:
    """Whether the rate is `fps` within 5 %, and two frames for the jitter of both ends."""
    due = fps * (seen[-1].at - seen[0].at)
    return abs(len(seen) - 1 - due) <= 0.05 * due + 2


def longest_still(seen: Sequence[Seen]) -> float:
    """The longest time, in seconds, in which the same picture of the person was shown."""
    runs = (list(run) for _, run in groupby(seen, lambda frame: frame.mark))
    return max((run[-1].at - run[0].at for run in runs if run[0].person), default=0.0)
