"""What a running bridge says of itself."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np


class State(str, Enum):
    """What the bridge is doing, and what the viewers see meanwhile."""

    STARTING = "starting"  # the background: camera or segmenter are not ready
    LEARNING = "learning"  # the background: the segmenter learns the empty room
    LIVE = "live"  # the person before the background
    COVERED = "covered"  # the background: the segmenter cannot find the person
    STANDBY = "standby"  # no program reads the camera: it is released
    PAUSED = "paused"  # the background, at the user's request: the camera is released
    CAMERA_STALLED = "camera-stalled"  # the background: the camera is open but gives no frames
    CAMERA_LOST = "camera-lost"  # the background: the camera is gone; retrying
    SINK_LOST = "sink-lost"  # nothing: the virtual camera takes no frames; retrying


@dataclass(frozen=True)
class Status:
    """A snapshot.

    Attributes:
        state: What the bridge is doing.
        progress: How far the segmenter has learnt, 0..1.
        source: The open source; empty until there is one.
        sink: Where they go.
        fps_in: Frames a second from the source.
        fps_out: Frames a second to the sink.
        latency_ms: Median from capture to sent, milliseconds; 0 where nothing was sent.
        latency_p99_ms: 99th percentile of the same.
        frames: Sent since the start.
        dropped: Frames of the source that a newer one replaced.
        error: What went wrong last, empty when nothing is wrong now.
        notice: What the user should know or do; usually empty.
        fresh: Frames sent that showed a new picture.
        quality: How far quality was lowered, and why; empty while it is as configured.
        advice: What the user can do for a better picture; usually empty.
        advice_command: The command that does it, where one does.
    """

    state: State
    progress: float
    source: str
    sink: str
    fps_in: float
    fps_out: float
    latency_ms: float
    latency_p99_ms: float
    frames: int
    dropped: int
    error: str
    notice: str = ""
    fresh: int = 0
    quality: str = ""
    advice: str = ""
    advice_command: str = ""

    @property
    def label(self) -> str:
        """The state for people, such as "learning 40 %"."""
        if self.state is State.LEARNING:
            return f"learning {100 * self.progress:.0f} %"
        return str(self.state.value)


class Rate:
    """Events a second over the last two seconds. One thread ticks, any may read."""

    _WINDOW = 2.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=1000)
        self._lock = threading.Lock()

    def tick(self) -> None:
        """Something happened now."""
        with self._lock:
            self._times.append(self._clock())

    def per_second(self) -> float:
        """The rate now; 0 while fewer than two events are in the window."""
        now = self._clock()
        with self._lock:
            while self._times and now - self._times[0] > self._WINDOW:
                self._times.popleft()
            if len(self._times) < 2:
                return 0.0
            return (len(self._times) - 1) / max(now - self._times[0], 1e-9)


class Latencies:
    """The last 300 latencies. One thread adds, any may read."""

    def __init__(self) -> None:
        self._values: deque[float] = deque(maxlen=300)

    def add(self, seconds: float) -> None:
        """Note one."""
        self._values.append(seconds)

    def seconds(self) -> list[float]:
        """All of them, the newest last."""
        return list(self._values)

    def milliseconds(self) -> tuple[float, float]:
        """Median and 99th percentile in milliseconds; zeros if there are none."""
        values = self.seconds()
        if not values:
            return 0.0, 0.0
        places = np.array((0.5, 0.99)) * (len(values) - 1)
        median, p99 = np.interp(places, range(len(values)), sorted(values))
        return float(median) * 1e3, float(p99) * 1e3
