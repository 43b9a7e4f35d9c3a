"""The window as users see it: on a real X server, with real keys."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.clips import flat
from tests.preview.display import Display, needs_display, new_display
from tests.preview.processes import command, vcam
from tests.service.waiting import wait_for
from vcam.config import load_config
from vcam.errors import ServiceError
from vcam.images.picture_files import read_picture, write_picture
from vcam.images.types import Image
from vcam.service.conversation import request
from vcam.service.daemon import run_folder
from vcam.service.runtime import Instance

pytestmark = needs_display

RED, GREEN, BLACK, DARK = (0, 0, 200), (64, 177, 0), (0, 0, 0), (40, 40, 40)
SECONDS = 60.0


@pytest.fixture
def display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Display]:
    folder = tmp_path / "display"
    folder.mkdir()
    with new_display(folder) as display:
        monkeypatch.setenv("DISPLAY", display.name)
        yield display


def corner(picture: Image) -> Image:
    """A part in which there is neither writing nor the person."""
    height, width = picture.shape[:2]
    return picture[height // 6 : height // 3, : width // 20]


def shows(display: Display, color: tuple[int, int, int]) -> Callable[[], bool]:
    def holds() -> bool:
        part = corner(display.inside())
        return part.size > 0 and bool(np.abs(part.astype(int) - color).max() < 12)

    return holds


def status(config: Path) -> dict[str, Any]:
    try:
        return request(Instance.of(load_config(config).output), "status")
    except ServiceError:
        return {}


def is_live(config: Path) -> Callable[[], bool]:
    return lambda: status(config).get("state") == "live"


def test_keys_change_what_is_shown(
    display: Display, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_PICTURES_DIR", str(tmp_path / "pictures"))
    (tmp_path / "pictures").mkdir()
    with vcam("preview", "--config", config) as process:
        wait_for(shows(display, RED), "the background", SECONDS)
        size = display.inside().shape
        display.press("m")
        wait_for(lambda: corner(display.inside()).std() > 5, "the original: curtains")
        display.press("p")
        wait_for(shows(display, DARK), "nothing of the room while paused")
        display.press("p")
        wait_for(lambda: corner(display.inside()).std() > 5, "the original again")
        display.press("m")
        wait_for(shows(display, BLACK), "the mask")
        display.press("m")
        wait_for(shows(display, GREEN), "the cut-out")
        display.press("m")
        wait_for(shows(display, RED), "the background again")
        display.press("s")
        (saved,) = wait_for(lambda: list((tmp_path / "pictures").iterdir()), "a snapshot")
        display.press("b")
        wait_for(lambda: display.inside().shape[1] == 2 * size[1], "two pictures")
        display.press("b")
        wait_for(lambda: display.inside().shape == size, "one picture")
        before = brightness(display.inside())
        display.press("h")
        wait_for(lambda: brightness(display.inside()) < 0.8 * before, "the keys")
        display.press("h")
        display.resize(900, 300)
        wait_for(shows(display, BLACK), "black beside a picture that keeps its proportions")
        display.press("q")
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert read_picture(saved).shape == (180, 320, 3)


def brightness(picture: Image) -> float:
    """Of the left of its middle, where the keys are written on a shade."""
    height, width = picture.shape[:2]
    return float(picture[height // 3 : -height // 3, : width // 3].mean())


def test_window_steers_a_vcam_that_runs_and_leaves_it_running(
    display: Display, config: Path, tmp_path: Path
) -> None:
    for name, level in (("a.png", 60), ("b.png", 200)):
        write_picture(tmp_path / name, flat(level))
    text = config.read_text().replace('type: color, color: "#c80000"', "type: image, path: a.png")
    config.write_text(text)
    with vcam("run", "--config", config) as running:
        wait_for(is_live(config), "live", SECONDS)
        with vcam("preview", "--config", config) as process:
            wait_for(shows(display, (60, 60, 60)), "what viewers see", SECONDS)
            assert status(config)["previewed"]
            display.press("d")
            wait_for(shows(display, (200, 200, 200)), "the next background")
            assert "b.png" in config.read_text()
            display.press("a")
            wait_for(shows(display, (60, 60, 60)), "the previous background")
            display.press("p")
            wait_for(lambda: status(config)["state"] == "paused", "paused")
            display.press("p")
            wait_for(is_live(config), "going on")
            display.press("r")
            wait_for(lambda: status(config)["state"] == "learning", "learning")
            display.close()
            assert process.wait(20) == 0
        frames = status(config)["frames"]
        wait_for(lambda: status(config)["frames"] > frames + 10, "running on")
        wait_for(lambda: not status(config)["previewed"], "nobody looks")
        assert running.poll() is None


def test_run_with_a_preview_ends_with_its_window(display: Display, config: Path) -> None:
    with vcam("run", "--preview", "--config", config) as process:
        wait_for(shows(display, RED), "the background", SECONDS)
        wait_for(is_live(config), "live")
        display.close()
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize("number", ["", ":4077"])
@pytest.mark.parametrize("arguments", [("preview",), ("run", "--preview")])
def test_without_a_display_one_sentence_says_what_to_type(
    number: str, arguments: tuple[str, ...], config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", number)
    done = subprocess.run(
        command(*arguments, "--config", config), cwd=run_folder(),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 8
    assert "display" in done.stderr
    assert f"vcam preview -c {config} --terminal` shows it in the terminal" in done.stderr
    assert "Traceback" not in done.stderr
