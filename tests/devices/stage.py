"""A vcam under observation: its camera, its file, its state, and what it has open."""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.devices import v4l2
from tests.devices.footage import Clip, clip
from tests.devices.harness import (
    DESK_CAMERA,
    VIRTUAL_CAMERA,
    Config,
    Vcam,
    config,
    logs,
    output_node,
    play,
    stop,
    wait_for,
)
from tests.devices.viewer import Viewer
from vcam.errors import ServiceError
from vcam.service.conversation import request
from vcam.service.runtime import Instance

COLOURS = {
    "#00b140": (0x40, 0xB1, 0x00),
    "#1e3c78": (0x78, 0x3C, 0x1E),
    "#c8781e": (0x1E, 0x78, 0xC8),
    "#808080": (0x80, 0x80, 0x80),
}
"""Backgrounds by what stands in the file, BGR."""

GREEN, BLUE, ORANGE, GREY = COLOURS

figures = logging.getLogger("figures")
"""What was measured: `pytest --log-cli-level=INFO` shows it."""


class Film:
    """The camera: ffmpeg plays a clip into "Desk Camera"."""

    def __init__(self, device: str) -> None:
        self.clip: Clip = clip("portrait-magenta")
        self.device = device
        self._player: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Feed the node."""
        self._player = play(self.clip, self.device)

    def kill(self) -> None:
        """Stop feeding it from one moment to the next."""
        assert self._player is not None
        self._player.kill()
        self._player.wait()

    def close(self) -> None:
        """End the player."""
        if self._player is not None and self._player.poll() is None:
            stop(self._player)


@dataclass
class Stage:
    """A running vcam and its camera.

    Attributes:
        film: The camera.
        settings: What stands in vcam's file.
        vcam: The process.
        file: Its file.
    """

    film: Film
    settings: Config
    vcam: Vcam
    file: Path = field(init=False)

    def __post_init__(self) -> None:
        self.file = self.vcam.log.with_suffix(".yaml")

    def shown(self) -> Stage:
        """Itself, its log shown if the test at hand fails."""
        logs.append(self.vcam.log)
        return self

    @property
    def fps(self) -> float:
        """The promised rate."""
        return self.film.clip.fps

    def viewer(self) -> Viewer:
        """Somebody who looks at the output."""
        return Viewer(output_node(), self.film.clip, COLOURS)

    def text(self, colour: str) -> str:
        """The file with another background colour."""
        background = {"type": "color", "color": colour}
        return json.dumps({**self.settings, "background": background}, indent=2)

    def uses_camera(self) -> bool:
        """Whether vcam has the camera's node open."""
        return has_open(self.vcam.process.pid, self.film.device)

    def wait_for_state(self, wanted: str) -> dict[str, Any]:
        """Wait until `vcam status` says so, and return all of it."""
        return self.wait_for_status(lambda told: told["state"] == wanted, f"state {wanted}")

    def wait_for_status(self, holds: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Wait until the status fulfils a condition, and return it."""
        last: dict[str, Any] = {}

        def reached() -> bool:
            nonlocal last
            self.vcam.check()
            last = status()
            return bool(last) and holds(last)

        try:
            wait_for(reached, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; last: {last}") from None
        return last


def ask(command: str) -> dict[str, Any]:
    """Have the running vcam do something."""
    return request(Instance(VIRTUAL_CAMERA), command)


def status() -> dict[str, Any]:
    """What the running vcam says of itself; empty while it cannot be asked."""
    try:
        return ask("status")
    except ServiceError:
        return {}


def has_open(pid: int, device: str) -> bool:
    """Whether a process has a node open."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            if str(link.readlink()) == device:
                return True
    return False


@contextlib.contextmanager
def own_places(folder: Path) -> Iterator[None]:
    """Have vcam keep its lock, its socket and its log in a folder of the test's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VCAM_RUNTIME_DIR", str(folder / "run"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        yield


@contextlib.contextmanager
def filmed() -> Iterator[tuple[Film, Config]]:
    """A camera that can be killed; gives also the configuration that shows it."""
    device = v4l2.nodes().get(DESK_CAMERA)
    if device is None:
        pytest.skip(f'no v4l2loopback node labelled "{DESK_CAMERA}"')
    film = Film(device)
    film.start()
    try:
        wait_for(lambda: v4l2.capabilities(device) & v4l2.CAPTURE, f"ffmpeg feeds {device}")
        clip = film.clip
        camera: dict[str, object] = {"type": "device", "device": DESK_CAMERA}
        yield film, config(camera, clip.width, clip.height, clip.fps)
    finally:
        film.close()


@contextlib.contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """A vcam in standby, in the foreground of nothing."""
    with own_places(folder), filmed() as (film, settings), Vcam(folder, settings) as vcam:
        stage = Stage(film, settings, vcam)
        stage.wait_for_state("standby")
        yield stage
