"""A session in a thread of its own, on the built-in scene."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vcam.config import LoadedConfig, load_config
from vcam.errors import VcamError
from vcam.service.session import Session

START = """
camera: {type: scene, width: 160, height: 120, fps: 60}
segmentation: {backend: mog2, mog2: {learn_seconds: 0.07, working_width: 80}}
background: {type: color, color: red}
output: {type: file, path: out.avi, width: 160, height: 120, fps: 60}
"""


class Running:
    """A session in a thread of its own, steered by its file and its socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.session = Session(LoadedConfig(load_config(path), path))
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.session.run()
        except VcamError as error:
            self.failure = error

    def start(self) -> Running:
        self._thread.start()
        self.until(lambda status: status["frames"] > 0)
        return self

    def status(self) -> dict[str, Any]:
        return self.session.status()

    def until(self, holds: Callable[[dict[str, Any]], bool], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not holds(self.status()):
            assert self._thread.is_alive(), self.failure
            assert time.monotonic() < end, self.status()
            time.sleep(0.005)

    def send(self, frames: int) -> None:
        """Wait until so many more frames were sent."""
        before = self.status()["frames"]
        self.until(lambda status: status["frames"] >= before + frames)

    def write(self, text: str) -> None:
        self.path.write_text(text)

    def stop(self) -> None:
        self.session.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()
