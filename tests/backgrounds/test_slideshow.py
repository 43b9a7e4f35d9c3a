from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from tests.backgrounds.films import SMALL, level
from tests.backgrounds.pictures import blank, nobody
from tests.backgrounds.workers import IdleWorker, PromptWorker
from vcam.backgrounds import Stepping
from vcam.backgrounds.playlist import make_playlist
from vcam.backgrounds.slideshow import SlideshowBackground
from vcam.backgrounds.worker import MakeWorker
from vcam.errors import BackgroundError
from vcam.images.types import I420


def _write(folder: Path, **greys: int) -> Path:
    for name, grey in greys.items():
        Pillow.new("RGB", (64, 36), (grey,) * 3).save(folder / f"{name}.png")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return _write(tmp_path, a=40, b=100, c=160, d=220)


class _Viewer:
    """Looks at a slideshow ten times a second."""

    def __init__(
        self,
        folder: Path,
        interval: float = 10,
        fade: float = 0,
        make_worker: MakeWorker = PromptWorker,
    ) -> None:
        playlist = make_playlist(folder, [], "name")
        self.show = SlideshowBackground(playlist, SMALL, interval, fade, make_worker)
        self.time = 500.0
        self.look()

    def look(self) -> I420:
        picture = self.show.paint(blank(64, 36), nobody(64, 36), self.time)
        self.time += 0.1
        return picture

    def watch(self, seconds: float) -> list[int]:
        """The greys that were seen, each once for as long as it stayed."""
        seen: list[int] = []
        for _ in range(round(seconds * 10)):
            grey = level(self.look())
            if not seen or seen[-1] != grey:
                seen.append(grey)
        return seen


def test_pictures_come_in_turn_and_over_and_over(folder: Path) -> None:
    viewer = _Viewer(folder, interval=10)
    assert viewer.watch(9.5) == [40]
    assert viewer.watch(51) == [40, 100, 160, 220, 40, 100, 160]
    assert viewer.show.problem == ""
    assert viewer.show.room_width == 0


def test_one_fades_into_the_next(folder: Path) -> None:
    viewer = _Viewer(folder, interval=10, fade=1)
    viewer.watch(9.9)
    assert viewer.watch(1.4) == [40, 50, 60, 70, 80, 90, 100]
    assert viewer.watch(8) == [100]


def test_a_fade_leaves_both_pictures_as_they_are(folder: Path) -> None:
    viewer = _Viewer(folder, interval=10, fade=2)
    first = viewer.show.cover(0.0)
    before = first.data.copy()
    viewer.watch(11)
    assert viewer.show.cover(0.0) is first
    viewer.watch(2)
    np.testing.assert_array_equal(first.data, before)
    assert level(viewer.show.cover(0.0)) == 100


def test_steps_are_taken_at_once_and_the_interval_starts_anew(folder: Path) -> None:
    viewer = _Viewer(folder, interval=10)
    viewer.watch(8)
    viewer.show.step(1)
    assert viewer.watch(9.5) == [100]
    assert viewer.watch(1) == [100, 160]
    viewer.show.step(-1)
    assert viewer.watch(1) == [100]
    viewer.show.step(-2)
    assert viewer.watch(1) == [220]


def test_steps_in_a_hurry_add_up(folder: Path) -> None:
    viewer = _Viewer(folder)
    for _ in range(3):
        viewer.show.step(1)
    assert viewer.watch(1) == [220]
    viewer.show.step(1)
    viewer.show.step(-1)
    assert viewer.watch(1) == [220]


def test_a_step_just_before_a_change_goes_on_by_one(folder: Path) -> None:
    viewer = _Viewer(folder, interval=10)
    viewer.watch(9)  # the next one is loaded by now
    viewer.show.step(1)
    assert viewer.watch(1) == [100]


def test_steps_during_a_fade_wait_for_its_end(folder: Path) -> None:
    viewer = _Viewer(folder, interval=10, fade=1)
    viewer.show.step(1)
    viewer.watch(0.5)
    viewer.show.step(1)
    assert viewer.watch(3)[-1] == 160


def test_new_files_are_noticed_and_gone_ones_left_out(folder: Path) -> None:
    viewer = _Viewer(folder, interval=10)
    _write(folder, aa=70)
    (folder / "b.png").unlink()
    assert viewer.watch(25) == [40, 70, 160]


def test_broken_files_are_skipped_and_told(folder: Path) -> None:
    (folder / "b.png").write_text("no picture")
    (folder / "c.png").write_bytes((folder / "c.png").read_bytes()[:60])
    viewer = _Viewer(folder, interval=10)
    assert viewer.watch(15) == [40, 220]
    assert "b.png" in viewer.show.problem
    assert "1 more" in viewer.show.problem
    _write(folder, b=100, c=160)
    assert viewer.watch(40) == [220, 40, 100, 160, 220]
    assert viewer.show.problem == ""


def test_what_no_picture_can_be_made_of_is_left_out_entry_by_entry(folder: Path) -> None:
    (folder / "b.png").unlink()
    (folder / "b.png").symlink_to(folder / "b.png")
    (folder / "bb.svg").write_text("<svg xmlns='x'/>")
    viewer = _Viewer(folder, interval=10)
    assert viewer.watch(25) == [40, 160, 220]
    assert "b.png" in viewer.show.problem
    assert "1 more" in viewer.show.problem


def test_a_folder_of_nothing_but_such_files_is_refused_with_the_first_reason(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.svg").write_text("<svg xmlns='x'/>")
    (tmp_path / "b.svg").write_text("<svg xmlns='x'/>")
    with pytest.raises(BackgroundError, match=r"a\.svg.* is SVG.* 1 more"):
        _Viewer(tmp_path)


def test_a_broken_file_that_is_deleted_is_no_problem_any_more(folder: Path) -> None:
    (folder / "b.png").write_text("no picture")
    viewer = _Viewer(folder, interval=10)
    viewer.watch(10)
    assert viewer.show.problem
    (folder / "b.png").unlink()
    viewer.watch(10)
    assert viewer.show.problem == ""


def test_an_emptied_folder_keeps_the_last_picture_until_there_are_new_ones(folder: Path) -> None:
    viewer = _Viewer(folder, interval=10)
    for path in folder.iterdir():
        path.unlink()
    assert viewer.watch(25) == [40]
    assert "no pictures any more" in viewer.show.problem
    _write(folder, new=200)
    assert viewer.watch(25) == [40, 200]
    assert viewer.show.problem == ""


def test_a_single_picture_stays(tmp_path: Path) -> None:
    viewer = _Viewer(_write(tmp_path, a=40), interval=2, fade=1)
    assert viewer.watch(10) == [40]
    viewer.show.step(1)
    assert viewer.watch(3) == [40]
    assert viewer.show.problem == ""


def test_time_in_which_nothing_is_painted_does_not_count(folder: Path) -> None:
    viewer = _Viewer(folder, interval=10)
    viewer.watch(5)
    viewer.time += 3600
    assert viewer.watch(4) == [40]
    assert viewer.watch(2) == [40, 100]


def test_a_worker_that_does_nothing_does_not_stop_the_frames(folder: Path) -> None:
    viewer = _Viewer(folder, interval=2, make_worker=IdleWorker)
    viewer.show.step(1)
    assert viewer.watch(10) == [40]


def test_broken_first_files_are_skipped_from_the_start(folder: Path) -> None:
    (folder / "a.png").write_text("no picture")
    viewer = _Viewer(folder)
    assert level(viewer.show.cover(0.0)) == 100
    assert "a.png" in viewer.show.problem


def test_a_folder_without_a_usable_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackgroundError, match="has no pictures"):
        _Viewer(tmp_path)
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(BackgroundError, match=r"a\.png"):
        _Viewer(tmp_path)


def test_listed_files_that_are_missing_are_told(folder: Path) -> None:
    playlist = make_playlist(None, [folder / "gone.png", folder / "d.png"], "name")
    show = SlideshowBackground(playlist, SMALL, 10, 0, PromptWorker)
    assert level(show.cover(0.0)) == 220
    assert "gone.png" in show.problem


def test_a_thread_loads_the_next_one(folder: Path) -> None:
    show = SlideshowBackground(make_playlist(folder, [], "name"), SMALL, 10, 0)
    show.step(1)
    show.close()
    assert isinstance(show, Stepping)
