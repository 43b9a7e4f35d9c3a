from __future__ import annotations

import numpy as np
import pytest

from vcam.framing import WHOLE, Framing, Turn, View
from vcam.images.turn import Degrees
from vcam.images.types import Box, Cutout, Image, Plane


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
    mirrored = Framing(64, 36, Turn.of(mirror=True)).fit(image)
    assert mirrored[:, :32].max() == 0
    assert mirrored[:, 32:].min() == 255


def test_flip_exchanges_top_and_bottom() -> None:
    image = np.zeros((36, 64, 3), np.uint8)
    image[:18] = 255
    flipped = Framing(64, 36, Turn.of(flip=True)).fit(image)
    assert flipped[:18].max() == 0
    assert flipped[18:].min() == 255


WAYS = [
    (rotate, mirror, flip)
    for rotate in (0, 90, 180, 270)
    for mirror in (False, True)
    for flip in (False, True)
]


def turned(picture: Image, rotate: int, mirror: bool, flip: bool) -> Image:
    """What each key promises, one after the other."""
    picture = np.rot90(picture, -rotate // 90)
    picture = picture[:, ::-1] if mirror else picture
    return np.ascontiguousarray(picture[::-1] if flip else picture)


@pytest.mark.parametrize("way", WAYS)
def test_a_turn_is_a_rotation_then_a_mirror_then_a_flip(
    way: tuple[Degrees, bool, bool],
) -> None:
    image = scene(64, 36)
    turn = Turn.of(*way)
    shown = turn.apply(image)
    assert np.array_equal(shown, turned(image, *way))
    assert turn.size_of(image) == (shown.shape[1], shown.shape[0])


def scene(width: int, height: int, view: View = WHOLE) -> Image:
    """A smooth picture, at any size and of any part."""
    x = view.left + view.size * (np.arange(width) + 0.5) / width
    y = view.top + view.size * (np.arange(height) + 0.5) / height
    x, y = np.meshgrid(x, y)
    waves = (np.sin(9 * x + 3 * y), np.cos(11 * y - 4 * x), np.sin(7 * x * y + 2))
    picture: Image = np.rint(128 + 60 * np.dstack(waves)).astype(np.uint8)
    return picture


def before(picture: Image, rotate: int, mirror: bool, flip: bool) -> Image:
    """What a camera gives of which `turned` makes `picture`."""
    picture = picture[::-1] if flip else picture
    picture = picture[:, ::-1] if mirror else picture
    return np.ascontiguousarray(np.rot90(picture, rotate // 90))


@pytest.mark.parametrize("source", [(320, 180), (160, 90), (1280, 720), (1000, 562)])
@pytest.mark.parametrize("output", [(320, 180), (319, 179)])
@pytest.mark.parametrize("way", WAYS)
def test_cut_is_the_views_part_of_the_cameras_picture_turned(
    source: tuple[int, int], output: tuple[int, int], way: tuple[Degrees, bool, bool]
) -> None:
    image = before(scene(*source), *way)
    framing = Framing(*output, Turn.of(*way))
    assert np.abs(framing.fit(image).astype(int) - scene(*output)).mean() < 2
    for view in (View(0, 0, 0.3), View(0.613, 0.207, 0.387), View.around(0.5, 0.9, 0.91)):
        shown = framing.cut(image, view).to_bgr().astype(int)
        error = np.abs(shown - scene(*output, view))
        assert error.mean() < 2
        assert error.max() < 20


def upright(width: int, height: int) -> Image:
    """A camera's picture that is white all over."""
    return np.full((height, width, 3), 255, np.uint8)


@pytest.mark.parametrize("source", [(720, 1280), (480, 640), (1080, 1920), (90, 160), (100, 101)])
@pytest.mark.parametrize("output", [(320, 180), (640, 480), (319, 179), (240, 240)])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_an_upright_picture_is_shown_whole_with_black_beside_it(
    source: tuple[int, int], output: tuple[int, int], rotate: Degrees
) -> None:
    width, height = source
    size = source if rotate in (0, 180) else (height, width)
    fitted = Framing(*output, Turn.of(rotate)).fit(upright(*size))
    assert fitted.shape == (output[1], output[0], 3)
    white = fitted[:, :, 0] == 255
    assert np.isin(fitted, (0, 255)).all()
    assert (white == white[0]).all()  # from top to bottom
    wanted = min(output[0], output[1] * width / height)
    assert abs(int(white[0].sum()) - wanted) <= 2
    left, right = np.argmax(white[0]), np.argmax(white[0][::-1])
    assert abs(int(left) - int(right)) <= 3


def test_an_upright_picture_fills_an_upright_frame() -> None:
    assert Framing(180, 320).fit(upright(720, 1280)).min() == 255
    assert Framing(180, 320).fit(upright(1280, 720)).min() == 255


@pytest.mark.parametrize("rotate", [0, 90, 270])
def test_a_view_of_an_upright_picture_is_where_its_alpha_is(rotate: Degrees) -> None:
    size = (720, 1280) if rotate == 0 else (1280, 720)
    framing = Framing(320, 180, Turn.of(rotate))
    alpha = framing.fit(upright(*size))[:, :, 0].copy()
    cutout = framing.keep(Cutout(alpha, Box(0, 0, 320, 180)))
    for view in (View(0.25, 0.25, 0.5), View(0.3, 0.1, 0.25)):
        shown = (framing.cut(upright(*size), view).y.astype(float) - 16) / 219
        assert np.abs(shown - framing.zoom(cutout, view).alpha / 255).mean() < 0.02


def edges(size: tuple[int, int]) -> Image:
    """Soft bars from top to bottom, at places that do not depend on the size."""
    x = (np.arange(size[0]) + 0.5) / size[0]
    row: Plane = np.rint(127.5 - 120 * np.cos(27 * np.pi * x)).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (size[1], size[0], 3)))


def crossings(row: Plane) -> list[float]:
    """Where a row passes the middle between black and white, in pixels."""
    values = row.astype(float)
    at = np.flatnonzero(np.diff(values > 127.5))
    return [float(i + (127.5 - values[i]) / (values[i + 1] - values[i])) for i in at]


UPRIGHT = [(720, 1280), (1080, 1920), (1079, 1917), (480, 640), (600, 800), (540, 960), (719, 720)]


@pytest.mark.parametrize("source", UPRIGHT)
@pytest.mark.parametrize("output", [(1280, 720), (640, 480), (854, 480)])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_edges_in_an_upright_picture_are_where_their_alpha_is(
    source: tuple[int, int], output: tuple[int, int], rotate: Degrees
) -> None:
    image = before(edges(source), rotate, mirror=False, flip=False)
    framing, (width, height) = Framing(*output, Turn.of(rotate)), output
    alpha = framing.fit(image)[:, :, 1].copy()
    seen = 0
    for size in (1.0, 0.6, 0.4, 0.25):
        for x in (0.36, 0.5, 0.64):
            view = View.around(x, 0.4, size)
            cut = framing.zoom(Cutout(alpha, Box(0, 0, width, height)), view).alpha
            wanted = crossings(cut[height // 2])
            shown = crossings(framing.cut(image, view).to_bgr()[height // 2, :, 1])
            inside = [place for place in wanted if 2 < place < width - 3]
            for place in inside:
                assert min(abs(place - other) for other in shown) < 0.5
            seen += len(inside)
    assert seen > 20


def test_beside_an_upright_picture_nobody_is_kept() -> None:
    framing = Framing(320, 180)
    framing.fit(upright(720, 1280))
    kept = framing.keep(Cutout(np.full((180, 320), 255, np.uint8), Box(0, 0, 320, 180)))
    assert kept.box is not None
    assert kept.box.x % 2 == 0
    outside = kept.alpha.copy()
    outside[kept.box.area] = 0
    assert outside.max() == 0
    assert abs(kept.box.width - 180 * 9 / 16) <= 2
    beside = np.zeros((180, 320), np.uint8)
    beside[:, :40] = 255
    assert framing.keep(Cutout(beside, Box(0, 0, 40, 180))).box is None


def test_a_camera_that_goes_over_to_other_proportions_has_moved() -> None:
    framing = Framing(320, 180)
    moved = []
    for size in ((1280, 720), (640, 360), (720, 1280), (720, 1280), (360, 640), (640, 480)):
        framing.fit(upright(*size))
        moved.append(framing.has_moved)
    assert moved == [False, False, True, False, False, True]


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
