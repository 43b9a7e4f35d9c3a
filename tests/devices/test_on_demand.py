from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices import v4l2
from tests.devices.harness import output_node, wait_for
from tests.devices.stage import GREEN, Stage, figures, staged, status
from tests.devices.viewer import others

if sys.platform == "win32":
    raise ImportError("device nodes are Linux's")

pytestmark = pytest.mark.device

LINGER = (3.0, 8.0)
"""Seconds within which the camera is released after the last reader has left."""

STANDBY_SECONDS = float(os.environ.get("VCAM_STANDBY_SECONDS", "5"))
WAKE_UPS = 2.0
"""A second, at most, in standby, and three more for what comes rarely."""
STANDBY_PERCENT = 3.0
"""Of a core, at most, in the slow guest."""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as stage:
        yield stage


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, all threads, in steps of a clock tick."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wake_ups(pid: int) -> int:
    """How often a process's threads have gone to sleep so far, of their own will."""
    counts = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        counts += sum(int(line.split()[1]) for line in lines if line.startswith("voluntary"))
    return counts


def assert_opened_by_a_reader_and_released(stage: Stage) -> None:
    """Let somebody read: the cover, then the person; and the camera free again afterwards."""
    with stage.viewer() as viewer:
        live = viewer.wait(lambda frame: frame.person, "the person")
        wait_for(stage.uses_camera, "the camera is open")
        assert status()["readers"]
        seen = list(viewer.seen)
    left = time.monotonic()
    place = seen.index(live)
    assert place > 0
    assert others(seen, GREEN) == []
    assert not any(frame.person for frame in seen[:place])
    assert all(frame.person for frame in seen[place:])
    figures.info(
        "from STREAMON: first cover %.0f ms, first live %.0f ms",
        1e3 * (seen[0].at - viewer.attached[0]), 1e3 * (live.at - viewer.attached[0]),
    )  # fmt: skip

    wait_for(lambda: not stage.uses_camera(), "the camera is released")
    stayed = time.monotonic() - left
    figures.info("released %.1f s after the reader left", stayed)
    assert LINGER[0] <= stayed <= LINGER[1]
    assert status()["state"] == "standby"
    assert v4l2.capabilities(output_node()) == v4l2.CAPTURE


def test_camera_is_open_only_while_somebody_reads(stage: Stage) -> None:
    for _ in range(2):
        assert_opened_by_a_reader_and_released(stage)
    for _ in range(10):
        subprocess.run(["v4l2-ctl", "-d", output_node(), "--all"], check=True, capture_output=True)
        assert not stage.uses_camera()

    pid = stage.vcam.process.pid
    before, woken, began = cpu_seconds(pid), wake_ups(pid), time.monotonic()
    while time.monotonic() < began + STANDBY_SECONDS:
        time.sleep(0.5)
        assert not stage.uses_camera()
    percent = 100 * (cpu_seconds(pid) - before) / STANDBY_SECONDS
    woken = wake_ups(pid) - woken
    figures.info(
        "standby: %.2f %% of a core, %.1f wake-ups a second",
        percent, woken / STANDBY_SECONDS,
    )  # fmt: skip
    assert woken <= WAKE_UPS * STANDBY_SECONDS + 3
    assert percent < STANDBY_PERCENT
    assert v4l2.capabilities(output_node()) == v4l2.CAPTURE
