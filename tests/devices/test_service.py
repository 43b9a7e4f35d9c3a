from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices.footage import ROOT
from tests.devices.harness import PATIENCE, output_node, wait_for
from tests.devices.stage import COLOURS, GREEN, Film, figures, filmed, own_places, status
from tests.devices.viewer import Seen, Viewer, keeps_rate, missed, others
from vcam.service import daemon, ending
from vcam.service.processes import is_alive
from vcam.service.runtime import Instance

if sys.platform == "win32":
    raise ImportError("device nodes are Linux's")

pytestmark = [
    pytest.mark.device,
    pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning"),
]

NOT_RUNNING = 9
"""The exit code of a ServiceError."""


class Service:
    """`vcam start` and the rest, with a file of its own."""

    def __init__(self, file: Path, film: Film) -> None:
        self.file, self.film = file, film

    def command(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Type a command and wait for it."""
        typed = [sys.executable, "-m", "vcam", name, "--config", str(self.file), *options]
        return subprocess.run(typed, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)

    def start(self) -> int:
        """Have it started, and return its process."""
        began = time.monotonic()
        told = daemon.start(self.file)
        figures.info("start: ready after %.1f s", time.monotonic() - began)
        return int(told["pid"])


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with own_places(tmp_path), filmed() as (film, settings):
        file = tmp_path / "vcam.yaml"
        file.write_text(json.dumps(settings))
        service = Service(file, film)
        try:
            yield service
        finally:
            ending.stop(Instance("Virtual Camera"))


def is_live(frame: Seen) -> bool:
    return frame.person


def test_it_is_started_and_stopped_and_survives_kill_9_with_a_reader_attached(
    service: Service,
) -> None:
    with Viewer(output_node(), service.film.clip, COLOURS) as viewer:
        started = service.command("start")
        assert started.stdout.startswith("ready: Virtual Camera"), started.stderr
        viewer.wait(is_live, "the person")
        told = json.loads(service.command("status", "--json").stdout)
        assert told["state"] == "live"
        pid = int(told["pid"])

        second = service.command("start")
        assert second.returncode == NOT_RUNNING
        assert f"already runs for Virtual Camera (process {pid})" in second.stderr

        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not is_alive(pid), "it is dead")
        killed = time.monotonic()
        assert not status()
        again = service.start()
        assert again != pid
        back = viewer.wait(is_live, "the person again", killed)

        stopped = service.command("stop")
        assert stopped.stdout == "stopped for Virtual Camera\n"
        assert not is_alive(again)
        ended = time.monotonic()
        service.start()
        viewer.wait(is_live, "the person once more", ended)
        time.sleep(2)
        seen = viewer.between(time.monotonic() - 2, time.monotonic())
    assert others(viewer.seen, GREEN) == []
    assert keeps_rate(seen, service.film.clip.fps)
    figures.info(
        "after kill -9 the same reader saw the person %.1f s later; attached %d times in all; "
        "%d frames missed in the last 2 s",
        back.at - killed, len(viewer.attached), missed(seen, service.film.clip.fps),
    )  # fmt: skip


def test_camera_that_is_not_there_is_waited_for(service: Service) -> None:
    settings = json.loads(service.file.read_text())
    there = settings["camera"]["device"]
    settings["camera"]["device"] = "No Such Camera"
    service.file.write_text(json.dumps(settings))
    started = service.command("start")
    assert started.returncode == 0
    assert "waiting for the camera" in started.stdout
    assert "'No Such Camera'" in started.stdout
    settings["camera"]["device"] = there
    service.file.write_text(json.dumps(settings))
    with Viewer(output_node(), service.film.clip, COLOURS) as viewer:
        viewer.wait(is_live, "the person", time.monotonic())


def test_why_it_does_not_start_is_said_by_start(service: Service) -> None:
    settings = json.loads(service.file.read_text())
    settings["output"]["device"] = "/dev/video999"
    service.file.write_text(json.dumps(settings))
    refused = service.command("start")
    assert refused.returncode == 7
    assert "/dev/video999" in refused.stderr
    settings["output"].pop("device")
    service.file.write_text(json.dumps(settings))
    assert service.command("status").returncode == NOT_RUNNING
    assert service.command("stop").stdout == "vcam does not run for Virtual Camera\n"
