"""A preview of a running vcam: it takes nothing away from the apps."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices.harness import PATIENCE, output_node, wait_for
from tests.devices.stage import GREEN, Stage, figures, has_open, staged, status
from tests.devices.viewer import Viewer, keeps_rate, missed, others, rate
from tests.preview.typist import Typist

if sys.platform == "win32":
    raise ImportError("device nodes are Linux's")

pytestmark = pytest.mark.device

HOME, CELL = b"\x1b[H", "▀".encode()
SECONDS = 3.0


@contextlib.contextmanager
def previewing(stage: Stage) -> Iterator[Typist]:
    """`vcam preview --terminal` of the running vcam, once it shows the camera's picture."""
    typist = Typist(stage.file, "")
    try:
        wait_for(lambda: typist.sees("live"), "the preview says that vcam is live")
        wait_for_pictures(typist)
        yield typist
    finally:
        typist.close()


def picture(typist: Typist) -> list[bytes]:
    """The picture's lines as they were drawn last, without the words below it."""
    drawn = typist.written[-60000:].split(HOME)
    return [line for line in drawn[-2].splitlines() if CELL in line] if len(drawn) > 2 else []


def wait_for_pictures(typist: Typist) -> None:
    """Wait until its picture has changed often enough: the first may be one from before."""
    seen: list[list[bytes]] = []

    def came() -> bool:
        now = picture(typist)
        if now and now not in seen:
            seen.append(now)
        return len(seen) > 3

    wait_for(came, "the preview shows other pictures")


def assert_kept(name: str, viewer: Viewer, fps: float) -> None:
    """Check that a viewer gets the person, at the rate, for some seconds from now on."""
    began = time.monotonic()
    time.sleep(SECONDS)
    seen = viewer.between(began, time.monotonic())
    lost = missed(seen, fps)
    figures.info("%s: %d of %d frames missed, %.2f fps", name, lost, len(seen), rate(seen))
    assert len(viewer.attached) == 1
    assert others(seen, GREEN) == []
    assert all(frame.person for frame in seen)
    assert keeps_rate(seen, fps)


def test_it_takes_neither_camera_nor_node_from_an_app(tmp_path: Path) -> None:
    with staged(tmp_path) as stage, previewing(stage) as typist:
        assert stage.uses_camera()  # for the preview alone
        assert status()["previewed"]
        with stage.viewer() as viewer:  # before, a preview that streams would be in its way
            viewer.wait(lambda frame: frame.person, "the person")
            assert_kept("beside a preview", viewer, stage.fps)
            wait_for_pictures(typist)
            for device in (output_node(), stage.film.device):
                assert not has_open(typist.process.pid, device)
            typist.types("q")
            assert typist.process.wait(PATIENCE) == 0
            assert_kept("after a preview", viewer, stage.fps)
        stage.wait_for_state("standby")


def test_one_that_hangs_costs_no_frame_and_keeps_no_camera_on(tmp_path: Path) -> None:
    with staged(tmp_path) as stage, previewing(stage) as typist:
        with stage.viewer() as viewer:
            viewer.wait(lambda frame: frame.person, "the person")
            os.kill(typist.process.pid, signal.SIGSTOP)
            assert_kept("beside a preview that hangs", viewer, stage.fps)
        assert not stage.wait_for_state("standby")["previewed"]
        wait_for(lambda: not stage.uses_camera(), "the camera is closed")
        os.kill(typist.process.pid, signal.SIGCONT)
        stage.wait_for_state("live")
        wait_for_pictures(typist)
