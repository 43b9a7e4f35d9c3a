"""The native half does what its twins in OpenCV and NumPy do."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import needs_native
from vcam import native
from vcam.finish.foreground import Foreground
from vcam.images.types import Alpha, Plane
from vcam.matte.windows import NativeWindows, OpenCvWindows
from vcam.pipeline import compositor

SIZES = [(1, 1), (2, 3), (5, 7), (33, 90), (90, 161)]


@pytest.fixture
def library() -> ctypes.CDLL:
    needs_native()
    return cast(ctypes.CDLL, native.library())


def plane(height: int, width: int, seed: int, channels: int = 1) -> Plane:
    """Something with soft and hard edges."""
    random = np.random.default_rng(seed).integers(0, 256, (7, 9, channels), np.uint8)
    grown = cv2.resize(random, (width, height), interpolation=cv2.INTER_LINEAR)
    grown = np.asarray(grown, np.uint8).reshape(height, width, channels)
    grown[height // 2 :, width // 3 :] //= 2
    return np.asarray(grown if channels > 1 else grown[..., 0].copy(), np.uint8)


def disc(height: int, width: int) -> Alpha:
    """0 at the edges, 255 in the middle, and everything in between."""
    y, x = np.mgrid[:height, :width]
    inside = 0.4 * min(height, width) - np.hypot(y - height / 2, x - width / 2)
    return np.asarray(np.clip(128 + 20 * inside, 0, 255), np.uint8)


@pytest.mark.parametrize("radius", [1, 2, 3])
@pytest.mark.parametrize("grown", [(1, 0), (2, 0), (2, 1), (3, 0), (4, 0), (4, 3)])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_windows_are_those_of_opencv(
    library: ctypes.CDLL, height: int, width: int, grown: tuple[int, int], radius: int
) -> None:
    factor, more = grown
    picture, mask = plane(height, width, 1, channels=3), disc(height, width)
    large = plane(factor * height + more, factor * width + more, 1, channels=3)
    drawn = []
    for windows in (NativeWindows(radius, 1.2, library), OpenCvWindows(radius, 1.2)):
        windows.look_at(picture)
        windows.fit(mask)
        drawn.append(windows.draw(large))
    assert cv2.absdiff(*drawn).max() <= 1


def test_windows_take_pictures_of_changing_size(library: ctypes.CDLL) -> None:
    windows = NativeWindows(3, 1, library)
    for height, width in [(20, 30), (40, 50), (20, 30)]:
        picture = plane(height, width, 2, channels=3)
        windows.look_at(picture)
        windows.fit(np.full((height, width), 99, np.uint8))
        np.testing.assert_array_equal(windows.draw(picture), 99)


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_blending_is_exact(library: ctypes.CDLL, height: int, width: int) -> None:
    alpha, fore, out = (plane(height, width, seed) for seed in (3, 4, 5))
    a = alpha / 255
    wanted = np.rint(a * fore + (1 - a) * out)
    unused = np.empty_like(out)
    compositor._blend(alpha, fore, out, unused, unused)
    np.testing.assert_array_equal(out, wanted)


@pytest.mark.parametrize("turned", [np.s_[..., ::-1], np.s_[:, ::-1], np.s_[::-1], np.s_[:, ::2]])
def test_windows_take_pictures_that_lie_otherwise_in_memory(
    library: ctypes.CDLL, turned: tuple[slice, ...]
) -> None:
    windows = NativeWindows(3, 1.2, library)
    drawn: list[Plane] = []
    view = plane(60, 80, 9, channels=3)[turned]
    for picture in (view, view.copy()):
        windows.look_at(picture)
        windows.fit(disc(*picture.shape[:2]))
        drawn.append(windows.draw(picture))
    np.testing.assert_array_equal(drawn[0], drawn[1])


def test_blending_keeps_to_its_part_of_a_plane(library: ctypes.CDLL) -> None:
    whole = np.zeros((20, 30), np.uint8)
    part, bright = whole[5:9, 7:20], np.full((4, 13), 255, np.uint8)
    unused = np.empty_like(bright)
    compositor._blend(bright, bright, part, unused, unused)
    assert part.min() == 255
    assert int(whole.sum()) == 255 * part.size


@pytest.mark.parametrize("strength", [0.3, 1.0])
@pytest.mark.parametrize(("height", "width"), SIZES)
def test_edges_are_cleaned_as_by_numpy(
    library: ctypes.CDLL, height: int, width: int, strength: float
) -> None:
    half = ((height + 1) // 2, (width + 1) // 2)
    planes = [plane(height, width, 6), plane(*half, 7), plane(*half, 8)]
    natively, portably = ([each.copy() for each in planes] for _ in range(2))
    foreground = Foreground(strength)
    foreground.clean(natively, disc(*half))
    foreground._clean(portably, disc(*half))
    for one, other in zip(natively, portably, strict=True):
        assert cv2.absdiff(one, other).max() <= 2


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 2**32 - 1))
def test_edges_of_any_size_are_cleaned_as_by_numpy(height: int, width: int, seed: int) -> None:
    """Numpy's means of cells are rounded thrice, the native ones not at all."""
    if native.library() is None:
        return
    noise, half = np.random.default_rng(seed), ((height + 1) // 2, (width + 1) // 2)
    planes = [noise.integers(0, 256, size, np.uint8) for size in ((height, width), half, half)]
    alpha = noise.integers(0, 256, half, np.uint8)
    natively, portably = ([each.copy() for each in planes] for _ in range(2))
    Foreground(1.0).clean(natively, alpha)
    Foreground(1.0)._clean(portably, alpha)
    for one, other in zip(natively, portably, strict=True):
        assert cv2.absdiff(one, other).max() <= 3


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(native, "_PATH", tmp_path / "library.so")
    native.library.cache_clear()
    yield tmp_path / "library.so"
    native.library.cache_clear()


def test_without_a_library_there_is_none(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert native.library() is None
    assert not caplog.records


def test_a_library_that_is_none_is_told_of_and_not_used(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(b"a text")
    with caplog.at_level(logging.WARNING):
        assert native.library() is None
    assert "install vcam again" in caplog.text


@pytest.mark.parametrize("has_avx2", [True, False])
def test_the_library_for_newer_processors_is_taken_where_it_runs(
    library: ctypes.CDLL, path: Path, monkeypatch: pytest.MonkeyPatch, has_avx2: bool
) -> None:
    quicker = path.with_name("library-avx2.so")
    for copy in (path, quicker):
        copy.write_bytes(Path(library._name).read_bytes())
    monkeypatch.setattr(cv2, "checkHardwareSupport", lambda feature: has_avx2)
    found = native.library()
    assert found is not None
    assert Path(found._name) == (quicker if has_avx2 else path)


def test_a_library_of_another_version_is_not_used(
    library: ctypes.CDLL,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path.write_bytes(Path(library._name).read_bytes())
    monkeypatch.setattr(native, "_VERSION", 0)
    assert native.library() is None
    assert "instead of 0" in caplog.text
