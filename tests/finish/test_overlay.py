from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from vcam.config.schema.finish import OverlayConfig
from vcam.errors import PictureError
from vcam.finish.overlay import make_overlay
from vcam.images.types import I420

W, H = 320, 180
RED = (220, 30, 40)


def logo(folder: Path, alpha: int = 255, size: tuple[int, int] = (100, 50)) -> Path:
    path = folder / "logo.png"
    Pillow.new("RGBA", size, (*RED, alpha)).save(path)
    return path


def drawn(config: OverlayConfig, level: int = 126, width: int = W, height: int = H) -> I420:
    out = I420(width, height)
    out.data[:] = 128
    out.y[:] = level
    overlay = make_overlay(config, width, height)
    assert overlay is not None
    overlay.draw(out)
    return out


def touched(out: I420) -> tuple[int, int, int, int]:
    """Left, top, right and lower edge of what is not grey any more."""
    rows, columns = np.nonzero(out.v != 128)
    return 2 * columns.min(), 2 * rows.min(), 2 * columns.max() + 2, 2 * rows.max() + 2


def test_opaque_picture_shows_its_colours_and_nothing_else_is_touched(tmp_path: Path) -> None:
    out = drawn(OverlayConfig(path=logo(tmp_path), size=0.25, margin=0.05))
    assert touched(out) == (320 - 16 - 80, 180 - 16 - 40, 320 - 16, 180 - 16)
    assert np.abs(out.to_bgr()[140, 260].astype(int) - RED[::-1]).max() <= 3
    assert out.y[0, 0] == 126


@pytest.mark.parametrize(
    ("position", "corner"),
    [
        ("top-left", (16, 16)),
        ("top", (120, 16)),
        ("right", (224, 70)),
        ("center", (120, 70)),
        ("bottom-left", (16, 124)),
    ],
)
def test_position_is_a_corner_an_edge_or_the_middle(
    tmp_path: Path, position: str, corner: tuple[int, int]
) -> None:
    config = OverlayConfig.model_validate(
        {"path": logo(tmp_path), "size": 0.25, "margin": 0.05, "position": position}
    )
    assert touched(drawn(config))[:2] == corner


@pytest.mark.parametrize(("alpha", "opacity"), [(128, 1.0), (255, 0.5)])
def test_what_is_half_transparent_lets_half_through(
    tmp_path: Path, alpha: int, opacity: float
) -> None:
    path = logo(tmp_path, alpha)
    dark, bright = (drawn(OverlayConfig(path=path, opacity=opacity), y) for y in (40, 200))
    x, y, *_ = touched(dark)
    inside = (y + 6, x + 6)
    assert int(bright.y[inside]) - int(dark.y[inside]) == pytest.approx(80, abs=3)
    solid = I420.from_bgr(np.full((2, 2, 3), RED[::-1], np.uint8))
    assert int(dark.y[inside]) == pytest.approx((40 + int(solid.y[0, 0])) / 2, abs=2)
    assert int(dark.v[y // 2 + 3, x // 2 + 3]) == pytest.approx(
        (128 + int(solid.v[0, 0])) / 2, abs=2
    )


def test_fully_transparent_parts_change_nothing(tmp_path: Path) -> None:
    path = logo(tmp_path, alpha=0)
    for level in (16, 126, 235):
        out = drawn(OverlayConfig(path=path), level)
        assert np.abs(out.y.astype(int) - level).max() <= 1
        assert np.abs(out.v.astype(int) - 128).max() <= 1


@pytest.mark.parametrize("size", [(10, 900), (900, 10), (1, 1)])
@pytest.mark.parametrize(("width", "height"), [(320, 180), (161, 121), (120, 320)])
def test_picture_of_any_shape_fits_into_any_frame(
    tmp_path: Path, size: tuple[int, int], width: int, height: int
) -> None:
    path = logo(tmp_path, size=size)
    drawn(OverlayConfig(path=path, size=1, margin=0.25), width=width, height=height)


def test_missing_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no-logo"):
        make_overlay(OverlayConfig(path=tmp_path / "no-logo.png"), W, H)


def test_none_is_made_where_none_is_to_be_seen(tmp_path: Path) -> None:
    assert make_overlay(OverlayConfig(), W, H) is None
    assert make_overlay(OverlayConfig(path=logo(tmp_path), opacity=0), W, H) is None
