from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.segmenters.chroma.sheets import (
    BLUE,
    GREEN,
    HEIGHT,
    WIDTH,
    before,
    hung_in,
    room,
    seen,
    sheet,
)
from vcam.config.schema.segmentation import ChromaConfig
from vcam.images.pyramid import Pyramid
from vcam.images.types import Alpha, Image, Mask
from vcam.matte import Matte
from vcam.pipeline.cutter import Cutter
from vcam.segmenters.chroma.segmenter import NO_SHEET, ChromaSegmenter
from vcam.segmenters.fake import FakeSegmenter

FRAME = 1 / 30
SMALL = (WIDTH // 2, HEIGHT // 2)


def rough(alpha: Alpha) -> Mask:
    """What a network that sees shapes, but no fine ones, says of it."""
    mask = cv2.GaussianBlur(cv2.resize(alpha, SMALL), (0, 0), 3)
    return np.asarray(mask, np.float32) / np.float32(255)


def missing(alpha: Alpha, truth: Alpha) -> float:
    return float((255 - alpha[truth == 255].astype(float)).mean()) / 255


def shown(alpha: Alpha, where: tuple[slice, slice]) -> float:
    return float(alpha[where].mean()) / 255


def cut(segmenter: ChromaSegmenter, pictures: list[Image]) -> Alpha:
    cutter = Cutter(segmenter, Matte(edges="picture"))
    *earlier, last = pictures
    for number, picture in enumerate(earlier):
        cutter.cut(picture, number * FRAME)
    cutout = cutter.cut(last, len(earlier) * FRAME)
    assert cutout is not None
    return cutout.alpha.copy()


@pytest.mark.parametrize("color", [GREEN, BLUE])
@pytest.mark.parametrize("light", [1.0, 0.5])
def test_somebody_before_a_folded_sheet_is_cut_out_to_two_per_mille(
    color: tuple[int, int, int], light: float
) -> None:
    image, truth = before(sheet(color))
    network = FakeSegmenter([rough(truth)])
    alpha = cut(ChromaSegmenter(network), [seen(image, light)] * 3)
    assert np.abs(alpha.astype(float) - truth).mean() / 255 < 2e-3
    assert alpha[truth == 0].mean() / 255 < 1e-3


def test_without_a_network_the_sheet_alone_does() -> None:
    image, truth = before(sheet())
    alpha = cut(ChromaSegmenter(None), [seen(image)] * 3)
    assert np.abs(alpha.astype(float) - truth).mean() / 255 < 2e-3


def test_while_all_is_before_the_sheet_the_network_is_hardly_asked() -> None:
    image, truth = before(sheet())
    network = FakeSegmenter([rough(truth)])
    segmenter = ChromaSegmenter(network)
    pyramid = Pyramid()
    for number in range(60):
        pyramid.load(seen(image), number * FRAME)
        segmenter.segment(pyramid, number * FRAME)
    assert network.calls <= 6


def test_beside_a_small_sheet_nothing_of_the_room_is_shown() -> None:
    image, truth = before(hung_in(room(), sheet(), 160, 480))
    alpha = cut(ChromaSegmenter(FakeSegmenter([rough(truth)])), [seen(image)] * 3)
    assert missing(alpha, truth) < 0.02
    far = cv2.dilate(truth, np.ones((41, 41))) == 0
    assert alpha[far].max() == 0


def test_somebody_who_is_half_beside_the_sheet_is_shown_as_the_network_says() -> None:
    image, truth = before(hung_in(room(), sheet(), 100, 330))
    alpha = cut(ChromaSegmenter(FakeSegmenter([rough(truth)])), [seen(image)] * 3)
    assert missing(alpha, truth) < 0.03
    far = cv2.dilate(truth, np.ones((41, 41))) == 0
    assert alpha[far].max() == 0


def test_a_tie_in_the_sheet_s_colour_is_no_hole() -> None:
    image, truth = before(sheet())
    tie = (slice(HEIGHT - 60, HEIGHT - 10), slice(WIDTH // 2 - 8, WIDTH // 2 + 8))
    assert truth[tie].min() == 255
    image[tie] = GREEN
    alpha = cut(ChromaSegmenter(FakeSegmenter([rough(truth)])), [seen(image)] * 3)
    assert shown(alpha, tie) > 0.99


def test_a_hand_that_comes_before_the_sheet_is_shown_though_no_network_sees_it() -> None:
    cloth = sheet()
    image, truth = before(cloth)
    network = FakeSegmenter([rough(truth)])
    hand = (slice(120, 170), slice(560, 600))
    with_hand = image.copy()
    with_hand[hand] = (110, 140, 200)
    alpha = cut(ChromaSegmenter(network), [seen(image)] * 20 + [seen(with_hand)])
    assert shown(alpha, hand) > 0.95


def test_a_shelf_that_stood_there_before_is_hidden() -> None:
    image, truth = before(sheet())
    shelf = (slice(60, 200), slice(540, 600))
    image[shelf] = (60, 80, 110)
    alpha = cut(ChromaSegmenter(FakeSegmenter([rough(truth)])), [seen(image)] * 20)
    assert alpha[shelf].max() == 0


def test_when_the_camera_is_pushed_aside_no_strip_of_the_room_is_shown() -> None:
    behind = hung_in(room(), sheet(), 160, 480)
    image, truth = before(behind)
    moved, where = before(np.roll(behind, -30, axis=1), x=-30)
    answers = [rough(truth)] * 20 + [rough(where)]
    segmenter = ChromaSegmenter(FakeSegmenter(answers))
    alpha = cut(segmenter, [seen(image)] * 20 + [seen(moved)] * 60)
    far = cv2.dilate(where, np.ones((41, 41))) == 0
    assert alpha[far].max() == 0


def test_without_a_network_what_is_beside_the_sheet_is_hidden() -> None:
    image, truth = before(hung_in(room(), sheet(), 160, 480))
    alpha = cut(ChromaSegmenter(None), [seen(image)] * 3)
    assert alpha[:, :150].max() == 0
    assert alpha[:, 490:].max() == 0
    assert missing(alpha[:300], truth[:300]) < 0.02


def test_where_no_sheet_is_seen_and_nobody_is_asked_the_room_is_covered() -> None:
    segmenter = ChromaSegmenter(None)
    assert segmenter.segment(Pyramid(room()), 0.0) is None
    assert segmenter.notice == NO_SHEET


def test_where_no_sheet_is_seen_the_network_decides() -> None:
    image, truth = before(room())
    mask = ChromaSegmenter(FakeSegmenter([rough(truth)])).segment(Pyramid(image), 0.0)
    assert mask is not None
    np.testing.assert_allclose(mask, rough(truth))


def test_a_sheet_that_falls_down_covers_the_room() -> None:
    segmenter = ChromaSegmenter(None)
    pyramid = Pyramid(seen(before(sheet())[0]))
    assert segmenter.segment(pyramid, 0.0) is not None
    pyramid.load(seen(room()), FRAME)
    assert segmenter.segment(pyramid, FRAME) is None


def test_when_the_light_changes_the_sheet_is_known_in_the_same_frame() -> None:
    image, truth = before(sheet())
    warm = np.clip(image * (0.8, 1.1, 1.35), 0, 255).astype(np.uint8)
    network = FakeSegmenter([rough(truth)])
    alpha = cut(ChromaSegmenter(network), [seen(image)] * 3 + [seen(warm)])
    assert alpha[truth == 0].mean() / 255 < 2e-3


def test_of_a_network_that_does_not_know_nothing_is_shown() -> None:
    image, _ = before(sheet())
    assert ChromaSegmenter(FakeSegmenter([None])).segment(Pyramid(image), 0.0) is None


def test_after_reset_the_sheet_is_looked_for_anew() -> None:
    segmenter = ChromaSegmenter(None)
    assert segmenter.segment(Pyramid(seen(before(sheet(GREEN))[0])), 0.0) is not None
    assert segmenter.spill is not None
    segmenter.reset()
    assert segmenter.spill is None
    assert segmenter.segment(Pyramid(seen(before(sheet(BLUE))[0])), 1.0) is not None


def test_a_sheet_in_the_colour_of_skin_is_refused() -> None:
    with pytest.raises(ValueError, match="a green or blue is wanted"):
        ChromaConfig.model_validate({"color": "#c08060"})
    assert ChromaConfig.model_validate({"color": "#00b140"}).color == (0, 177, 64)
