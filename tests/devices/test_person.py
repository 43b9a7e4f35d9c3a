from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.devices.checks import wait_until_right
from tests.devices.footage import BENCH, SEQUENCES, Clip, clip, has_sequences
from tests.devices.harness import Vcam, filming, output_node, wait_for
from tests.devices.readers import Reader, by_ffmpeg, by_opencv

pytestmark = pytest.mark.device

needs_sequences = pytest.mark.skipif(
    not has_sequences(), reason=f"no sequences with true mattes in {BENCH} (set VCAM_FOOTAGE)"
)


def wait_until_on_time(vcam: Vcam, reader: Reader, fps: int) -> None:
    frames = 4 * fps

    def on_time() -> bool:
        vcam.check()
        return abs(reader.rate(frames) / fps - 1) <= 0.05

    try:
        wait_for(on_time, f"{frames} frames in a row at {fps} fps")
    except AssertionError as error:
        raise AssertionError(f"{error}; last: {reader.rate(frames):.2f} fps") from None


def wait_until_moving(vcam: Vcam, reader: Reader, film: Clip) -> None:
    """Wait until a third of the clip's frames has been seen: the picture is alive."""
    seen: set[int] = set()

    def moving() -> bool:
        vcam.check()
        if (image := reader.picture()) is not None:
            seen.add(film.match(image))
        return len(seen) >= len(film.person) // 3

    wait_for(moving, "a third of the clip's frames shown")


@pytest.mark.parametrize(
    "name",
    ["portrait", "portrait-720p", *(pytest.param(n, marks=needs_sequences) for n in SEQUENCES)],
)
def test_apps_see_the_person_before_the_background_at_the_promised_rate(
    name: str, tmp_path: Path
) -> None:
    film = clip(name)
    apps: list[Callable[[str], Reader]] = [by_ffmpeg, by_opencv]
    with filming(film) as shown, Vcam(tmp_path, shown) as vcam:
        vcam.wait_until_writing()
        for app in apps:
            with app(output_node()) as reader:
                wait_until_right(vcam, reader.picture, film)
                assert reader.size == (film.width, film.height)
                wait_until_moving(vcam, reader, film)
                wait_until_on_time(vcam, reader, film.fps)
