from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.backgrounds.films import SMALL, level, write_animation
from tests.backgrounds.pictures import blank, nobody
from tests.backgrounds.workers import IdleWorker, PromptWorker
from tests.clips import flat, write_clip
from vcam.backgrounds.fitting import Fitting
from vcam.backgrounds.video import VideoBackground
from vcam.backgrounds.worker import MakeWorker, ThreadWorker
from vcam.errors import PictureError, VideoError

GREYS = [40, 80, 120, 160, 200]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.avi", [flat(grey) for grey in GREYS], fps=10)


@contextmanager
def _playing(
    path: Path, fitting: Fitting = SMALL, make_worker: MakeWorker = PromptWorker
) -> Iterator[VideoBackground]:
    background = VideoBackground(path, fitting, make_worker)
    yield background
    background.close()


def _greys(background: VideoBackground, times: list[float]) -> list[int]:
    picture, alpha = blank(64, 36), nobody(64, 36)
    return [level(background.paint(picture, alpha, time)) for time in times]


def test_it_plays_at_its_own_rate_and_over_and_over(clip: Path) -> None:
    with _playing(clip) as background:
        times = [1000 + index * 0.033 for index in range(60)]
        seen = _greys(background, times)
        assert seen == [GREYS[int(index * 0.33) % 5] for index in range(60)]
        assert background.room_width == 0
        assert background.problem == ""


def test_gifs_play_too(tmp_path: Path) -> None:
    path = write_animation(tmp_path / "a.gif", [40, 80, 120], [100, 300, 100])
    with _playing(path) as background:
        seen = _greys(background, [i / 10 + 0.01 for i in range(10)])
        assert seen == [40, 80, 80, 80, 120] * 2


def test_its_first_frame_is_there_from_the_start_and_stays_the_cover(clip: Path) -> None:
    with _playing(clip) as background:
        cover = background.cover(5.0)
        assert level(cover) == 40
        _greys(background, [index / 10 for index in range(30)])
        assert level(cover) == 40
        assert background.cover(9.0) is cover


def test_it_stands_still_while_nothing_is_painted(clip: Path) -> None:
    with _playing(clip) as background:
        assert _greys(background, [0.0, 0.11, 0.22]) == [40, 80, 120]
        assert _greys(background, [900.0, 900.11, 900.22]) == [120, 160, 200]


def test_a_worker_that_does_nothing_does_not_stop_the_frames(clip: Path) -> None:
    with _playing(clip, SMALL, IdleWorker) as background:
        assert _greys(background, [index / 10 for index in range(20)]) == [40] * 20


def test_a_thread_decodes_it(clip: Path) -> None:
    with _playing(clip, SMALL, ThreadWorker) as background:
        assert level(background.cover(0.0)) == 40


def test_it_is_fitted_like_a_picture(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "tall.avi", [flat(200, 64, 128)])
    fitting = Fitting(64, 36, fit="contain", color=(0, 0, 0))
    with _playing(path, fitting) as background:
        cover = background.cover(0.0)
        assert (cover.y[:, :20] == 16).all()
        np.testing.assert_allclose(cover.y[:, 28:36], 188, atol=4)


def test_errors_are_raised_at_once(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"gone\.mp4"):
        VideoBackground(tmp_path / "gone.mp4", SMALL, PromptWorker)
    (tmp_path / "letter.mp4").write_text("Dear user,\n")
    with pytest.raises(VideoError, match=r"letter\.mp4"):
        VideoBackground(tmp_path / "letter.mp4", SMALL, PromptWorker)


def test_a_video_that_vanishes_is_told(clip: Path) -> None:
    with _playing(clip) as background:
        clip.unlink()
        times = [index / 10 + 0.01 for index in range(20)]
        assert _greys(background, times)[-1] == 200
        assert "clip.avi" in background.problem
