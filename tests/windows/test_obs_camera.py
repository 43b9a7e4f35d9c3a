"""The whole way to OBS's virtual camera, read back by a second program as OBS's filter does."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.windows.obs import Memory, Shot, first_memory, next_shot
from tests.windows.user import User
from vcam.doctor import System
from vcam.images.types import Image

pytestmark = pytest.mark.windows

GREEN, BLUE = (0x40, 0xB1, 0x00), (0xC8, 0x20, 0x10)
"""BGR of the backgrounds."""

OUTPUT = "{width: 640, height: 360, fps: 15}"


@pytest.fixture
def viewed(user: User) -> Iterator[tuple[User, list[Shot], Memory]]:
    """A vcam that was started while a program waited for its first frame; what that saw."""
    if not System().is_registered(r"CLSID\{A3FCE0F5-3493-419F-958A-ABA1250EC20B}"):
        pytest.skip("OBS's virtual camera is not registered")
    user.writes(OUTPUT)
    shots: list[Shot] = []
    found: list[Memory] = []

    def watch() -> None:
        found.append(first_memory())
        end = time.monotonic() + 150
        while len(shots) < 200 and time.monotonic() < end and not over.is_set():
            shots.append(next_shot(found[0], shots[-1].number if shots else -1))

    over = threading.Event()
    watcher = threading.Thread(target=watch)
    watcher.start()
    started: list[subprocess.CompletedProcess[str]] = [user.here("start")]
    assert started[0].returncode == 0
    user.until(lambda status: status["state"] == "live", "live")
    time.sleep(2)
    over.set()
    watcher.join(60)
    yield user, shots, found[0]
    found[0].close()


def share(image: Image, color: tuple[int, int, int]) -> float:
    """How much of a picture has this colour."""
    return float((np.abs(image.astype(int) - color).max(axis=2) < 12).mean())


def until(memory: Memory, what: str, low: float, high: float, color: tuple[int, int, int]) -> float:
    """Seconds until a share of the picture has this colour."""
    began = time.monotonic()
    while not low <= share(next_shot(memory, -1).image, color) <= high:
        assert time.monotonic() - began < 30, what
        time.sleep(0.01)
    return time.monotonic() - began


def test_a_viewer_gets_the_person_and_never_the_room(
    viewed: tuple[User, list[Shot], Memory],
) -> None:
    user, shots, memory = viewed
    assert shots[0].image.shape == (360, 640, 3)
    assert shots[0].fps == pytest.approx(15, rel=0.01)
    assert share(shots[0].image, GREEN) > 0.99, "the first frame is the cover"
    shares = [share(shot.image, GREEN) for shot in shots]
    assert min(shares) > 0.5, "the room was shown"
    until(memory, "the person", 0.5, 0.97, GREEN)

    before = next_shot(memory, -1)
    began = time.monotonic()
    for _ in range(30):
        before = next_shot(memory, before.number)
    assert 30 / (time.monotonic() - began) == pytest.approx(15, rel=0.35)

    assert user.here("set", "background.color=#1020c8").returncode == 0
    until(memory, "the new colour", 0.5, 0.97, BLUE)
    assert user.here("pause").returncode == 0
    until(memory, "the cover", 0.99, 1.0, BLUE)
    assert user.status()["state"] == "paused"
    assert user.here("resume").returncode == 0
    until(memory, "the person again", 0.5, 0.97, BLUE)
    assert user.here("stop").returncode == 0
