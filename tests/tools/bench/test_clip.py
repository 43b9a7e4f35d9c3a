from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.clips import flat, write_clip
from vcam.errors import SourceError
from vcam.tools.bench.clip import (
    LENGTH,
    Clip,
    decode,
    file_clip,
    scene_clip,
    still_clip,
    to_and_fro,
)  # fmt: skip


def test_pictures_come_to_and_fro() -> None:
    assert [to_and_fro(index, 4) for index in range(9)] == [0, 1, 2, 3, 2, 1, 0, 1, 2]
    assert [to_and_fro(index, 1) for index in range(3)] == [0, 0, 0]


def test_scene_changes_and_has_the_figure_in_it() -> None:
    clip = scene_clip(160, 90, with_entrance=True)
    assert len(clip.pictures) == LENGTH
    empty, first, second = (decode(clip.entrance[0]), decode(clip.at(0)), decode(clip.at(1)))
    assert first.shape == (90, 160, 3)
    assert np.abs(first.astype(int) - second).mean() > 0.5
    assert np.abs(first.astype(int) - empty).max() > 60


def test_the_busy_scene_is_another_with_more_of_it_moving() -> None:
    def movement(clip: Clip) -> float:
        pictures = [decode(jpeg).astype(int) for jpeg in clip.pictures]
        return float(np.mean([(np.abs(b - a) > 30).mean() for a, b in pairwise(pictures)]))

    busy = scene_clip(160, 90, busy=True)
    assert busy.name == "scene, busy"
    assert movement(busy) > 1.5 * movement(scene_clip(160, 90)) > 0


def test_a_file_is_brought_to_the_size(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.avi", [flat(40 + 20 * index) for index in range(5)])
    clip = file_clip(path, 96, 54)
    assert (len(clip.pictures), clip.name) == (5, "a.avi")
    assert decode(clip.at(3)).shape == (54, 96, 3)
    assert decode(clip.at(3)).mean() == pytest.approx(100, abs=3)


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no video"):
        file_clip(tmp_path / "none.mp4", 96, 54)


def test_a_still_clip_has_noise_and_nothing_else_that_changes() -> None:
    moving = scene_clip(160, 90)
    clip = still_clip(moving)
    images = np.array([decode(jpeg) for jpeg in clip.pictures]).astype(int)
    assert images.shape == (LENGTH, 90, 160, 3)
    assert 0.7 < images.std(axis=0).mean() < 3
    assert np.abs(images.mean(axis=0) - decode(moving.at(0))).mean() < 1
    assert clip.name == "scene, still"
