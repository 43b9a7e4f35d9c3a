from __future__ import annotations

import numpy as np
import pytest

from vcam.framing import WHOLE, Framing, View
from vcam.images.types import Box, Cutout, Image


def test_picture_of_the_outputs_size_is_passed_on_untouched() -> None:
    image = np.zeros((36, 64, 3), np.uint8)
    assert Framing(64, 36).fit(image) is image or np.shares_memory(
        Framing(64, 36).fit(image), image
    )


def test_other_proportions_are_cropped_not_distorted() -> None:
    image = np.zeros((48, 64, 3), np.uint8)  # 4:3 with bars that 16:9 has no room for
    image[:6] = image[-6:] = 255
    assert Framing(64, 36).fit(image).max() == 0
    tall = Framing(36, 64).fit(np.zeros((480, 640, 3), np.uint8))
    assert tall.shape == (64, 36, 3)


def test_mirror_turns_left_and_right_round() -> None:
    image = np.zeros((36, 64, 3), np.uint8)
    image[:, :32] = 255
    mirrored = Framing(64, 36, mirror=True).fit(image)
    assert mirrored[:, :32].max() == 0
    assert mirrored[:, 32:].min() == 255


def scene(width: int, height: int, view: View = WHOLE, mirror: bool = False) -> Image:
    """A smooth picture, at any size and of any part."""
    x = view.left + view.size * (np.arange(width) + 0.5) / width
    y = view.top + view.size * (np.arange(height) + 0.5) / height
    x, y = np.meshgrid(1 - x if mirror else x, y)
    waves = (np.sin(9 * x + 3 * y), np.cos(11 * y - 4 * x), np.sin(7 * x * y + 2))
    picture: Image = np.rint(128 + 60 * np.dstack(waves)).astype(np.uint8)
    return picture


@pytest.mark.parametrize("source", [(320, 180), (160, 90), (1280, 720), (1000, 562)])
@pytest.mark.parametrize("output", [(320, 180), (319, 179)])
@pytest.mark.parametrize("mirror", [False, True])
def test_cut_is_the_views_part_of_the_cameras_picture(
    source: tuple[int, int], output: tuple[int, int], mirror: bool
) -> None:
    image = scene(*source)
    framing = Framing(*output, mirror=mirror)
    for view in (View(0, 0, 0.3), View(0.613, 0.207, 0.387), View.around(0.5, 0.9, 0.91)):
        shown = framing.cut(image, view).to_bgr().astype(int)
        error = np.abs(shown - scene(*output, view, mirror))
        assert error.mean() < 2
        assert error.max() < 20


def test_cut_keeps_the_resolution_of_a_camera_with_more_than_the_output() -> None:
    fine = np.zeros((360, 640, 3), np.uint8)
    fine[:, ::2] = 255  # gone in the whole picture at half the size
    framing = Framing(320, 180)
    assert framing.fit(fine).std() < 5
    assert framing.cut(fine, View(0.25, 0.25, 0.5)).y.std() > 90


def test_alpha_is_zoomed_to_where_the_picture_is() -> None:
    image = np.zeros((180, 320, 3), np.uint8)
    alpha = np.zeros((180, 320), np.uint8)
    image[60:120, 130:190] = 255
    alpha[60:120, 130:190] = 255
    framing = Framing(320, 180)
    for view in (View(0.25, 0.25, 0.5), View(0.3111, 0.2555, 0.413)):
        cutout = framing.zoom(Cutout(alpha, Box(130, 60, 60, 60)), view)
        picture = framing.cut(image, view)
        assert np.abs((picture.y / 219 - 16 / 219) - cutout.alpha / 255).max() < 0.08
        assert cutout.box is not None
        outside = cutout.alpha.copy()
        outside[cutout.box.area] = 0
        assert outside.max() == 0
        assert cutout.box.x % 2 == cutout.box.y % 2 == 0


def test_alpha_out_of_the_view_is_nobody() -> None:
    alpha = np.zeros((180, 320), np.uint8)
    alpha[:20, :20] = 255
    framing = Framing(320, 180)
    assert framing.zoom(Cutout(alpha, Box(0, 0, 20, 20)), View(0.5, 0.5, 0.5)).box is None
    assert framing.zoom(Cutout(alpha, None), View(0.5, 0.5, 0.5)).box is None
