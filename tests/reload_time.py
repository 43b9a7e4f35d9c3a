"""How long a saved YAML file takes to show: `python -m tests.reload_time [SAVES]`.

The built-in scene runs through the default pipeline at 720p; the file is saved with another
background colour again and again, in turn in place and by renaming over. Printed are the times
from the save to the first frame with the new colour, and the longest gap between two frames.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from vcam.config import LoadedConfig, load_config
from vcam.images.types import I420
from vcam.service import session as service
from vcam.service.session import Session

_TEXT = "camera: {{type: scene}}\nbackground: {{type: color, color: {color}}}\n"
_COLORS = ("red", "blue", "green")


class Probe:
    """A sink that notes when the top left pixel changes, and the gaps between frames."""

    description = "a probe"

    def __init__(self) -> None:
        self.changed = threading.Event()
        self.at = self.gap = 0.0
        self._pixel, self._last = -1, 0.0

    def send(self, frame: I420) -> None:
        """Look at one frame."""
        now, pixel = time.monotonic(), int(np.ravel(frame.u)[0])
        self.gap = max(self.gap, now - self._last) if self._last else 0.0
        self._last = now
        if pixel != self._pixel:
            self._pixel, self.at = pixel, now
            self.changed.set()

    def close(self) -> None:
        """Nothing to free."""


def _save(path: Path, turn: int) -> float:
    text = _TEXT.format(color=_COLORS[turn % len(_COLORS)])
    if turn % 2:
        path.write_text(text, encoding="utf-8")
    else:
        beside = path.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    return time.monotonic()


def main(saves: int = 50) -> None:
    """Measure, and print median and worst in milliseconds."""
    folder = Path(tempfile.mkdtemp())
    os.environ["VCAM_RUNTIME_DIR"] = str(folder / "run")
    path = folder / "vcam.yaml"
    _save(path, 0)
    probe = Probe()
    setattr(service, "open_sink", lambda output: probe)  # noqa: B010 - a name imported there
    session = Session(LoadedConfig(load_config(path), path))
    threading.Thread(target=session.run, daemon=True).start()
    while session.bridge_status().state.value != "live":
        time.sleep(0.1)
    probe.gap, taken = 0.0, []
    for turn in range(1, saves + 1):
        time.sleep(0.3)
        probe.changed.clear()
        saved = _save(path, turn)
        probe.changed.wait(10)
        taken.append(1e3 * (probe.at - saved))
    session.stop()
    sys.stdout.write(
        f"{saves} saves: median {statistics.median(taken):.0f} ms, worst {max(taken):.0f} ms; "
        f"longest gap between two frames {1e3 * probe.gap:.0f} ms\n"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
