from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from vcam.config.schema.segmentation import SegmentationConfig
from vcam.errors import ModelError, PlatformError, SegmenterError
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.segmenters import make_segmenter
from vcam.segmenters.fake import FakeSegmenter
from vcam.segmenters.studio import StudioSegmenter, make_matting_engine

HAS_ONNX = importlib.util.find_spec("onnxruntime") is not None


class SeesBrightness:
    """A matting network that takes what is white for people."""

    size = (256, 256)

    def __init__(self) -> None:
        self.calls = 0
        self.fails = False

    def run(self, image: Image) -> Mask:
        self.calls += 1
        if self.fails:
            raise SegmenterError("it is out of order")
        return np.asarray(image[..., 0] / np.float32(255), np.float32)

    def close(self) -> None:
        pass


def person(x: int = 160, wider: int = 0) -> Mask:
    mask = np.zeros((180, 320), np.float32)
    cv2.ellipse(mask, (x, 70), (30 + wider, 40 + wider), 0, 0, 360, 1, -1)
    cv2.ellipse(mask, (x, 190), (60 + wider, 80 + wider), 0, 0, 360, 1, -1)
    return mask


def picture(fine: Mask) -> Pyramid:
    """One in which the network will see `fine`."""
    image = cv2.resize(fine, (640, 360), interpolation=cv2.INTER_LINEAR) * 255
    return Pyramid(np.repeat(image.astype(np.uint8)[..., np.newaxis], 3, 2))


def drawn(rough: Mask, fine: Mask) -> Mask:
    given = StudioSegmenter(FakeSegmenter([rough]), SeesBrightness()).segment(picture(fine), 0.0)
    assert given is not None
    assert given.dtype == np.float32
    assert 0 <= given.min() <= given.max() <= 1
    return given


@pytest.mark.parametrize("wider", [-3, 3])
def test_the_outline_is_as_the_matting_network_draws_it(wider: int) -> None:
    fine = person(wider=wider)
    before = np.abs(person() - fine).mean()
    assert np.abs(drawn(person(), fine) - fine).mean() < 0.3 * before


def test_somebody_whom_the_matting_network_loses_is_shown_as_before() -> None:
    np.testing.assert_array_equal(drawn(person(), np.zeros((180, 320), np.float32)), person())


def test_a_piece_that_the_matting_network_loses_is_shown_as_before() -> None:
    fine = person()
    fine[:60] = 0  # their head
    np.testing.assert_allclose(drawn(person(), fine)[:60], person()[:60], atol=0.02)


def test_a_room_that_the_matting_network_takes_for_somebody_is_not_shown() -> None:
    added = drawn(person(), np.ones((180, 320), np.float32)) - person()
    assert np.abs(added).sum() < 6  # pixels, in the corners between head and shoulders


def test_nobody_whom_the_segmenter_does_not_find_is_shown() -> None:
    """Such as who is not the nearest."""
    given = drawn(person(90), np.maximum(person(90), person(260)))
    assert given[:, 200:].max() == 0


def test_far_from_the_outline_nothing_changes() -> None:
    rough = person() * np.float32(0.9)
    given = drawn(rough, person(wider=3))
    far = cv2.erode((rough > 0).view(np.uint8), np.ones((25, 25), np.uint8)) > 0
    assert far.any()
    np.testing.assert_array_equal(given[far], rough[far])


def test_an_empty_picture_costs_no_look() -> None:
    nobody, network = np.zeros((180, 320), np.float32), SeesBrightness()
    studio = StudioSegmenter(FakeSegmenter([nobody]), network)
    np.testing.assert_array_equal(studio.segment(picture(person()), 0.0), nobody)
    assert network.calls == 0


def test_a_mask_that_is_given_again_is_not_looked_at_anew() -> None:
    network = SeesBrightness()
    studio = StudioSegmenter(FakeSegmenter([person()]), network)
    pyramid = picture(person(wider=2))
    first = studio.segment(pyramid, 0.0)
    assert studio.segment(pyramid, 0.1) is first
    assert network.calls == 1


def test_the_last_outline_goes_along_with_a_mask_that_was_carried() -> None:
    network, rough = SeesBrightness(), person(160)
    studio = StudioSegmenter(FakeSegmenter([rough]), network)
    pyramid = picture(person(160, wider=3))
    _ = studio.segment(pyramid, 0.0), pyramid.motion, pyramid.flow
    pyramid.load(picture(person(164, wider=3)).image)
    np.copyto(rough, person(164))
    given = studio.segment(pyramid, 0.03)
    assert given is not None
    assert network.calls == 1
    now, before = (np.abs(given - person(x, wider=3)).mean() for x in (164, 160))
    assert now < 0.4 * before


def test_while_time_is_saved_the_mask_is_the_segmenters() -> None:
    network, rough = SeesBrightness(), person()
    studio = StudioSegmenter(FakeSegmenter([rough]), network)
    studio.saves = True
    assert studio.segment(picture(person(wider=3)), 0.0) is rough
    assert network.calls == 0
    studio.saves = False
    assert studio.segment(picture(person(wider=3)), 0.1) is not rough
    assert network.calls == 1


def test_a_matting_network_that_fails_leaves_the_mask_and_is_named_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    network = SeesBrightness()
    network.fails = True
    studio = StudioSegmenter(FakeSegmenter([person(), person(161)]), network)
    for time in (0.0, 0.1):
        given = studio.segment(picture(person(wider=3)), time)
        assert given is not None
    np.testing.assert_array_equal(given, person(161))
    assert len(caplog.messages) == 1
    assert "out of order" in caplog.text


def test_where_the_segmenter_cannot_know_nothing_is_shown() -> None:
    studio = StudioSegmenter(FakeSegmenter([None]), SeesBrightness())
    assert studio.segment(picture(person()), 0.0) is None


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(PlatformError, match=r"pip install 'vcam-bridge\[studio\]'"):
        make_segmenter(SegmentationConfig(), "studio")


@pytest.mark.skipif(not HAS_ONNX, reason="needs the extra studio")
def test_without_the_weights_it_is_said_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VCAM_CACHE_DIR", str(tmp_path))
    with pytest.raises(ModelError, match="vcam models fetch modnet"):
        make_matting_engine()


def test_a_segmenter_without_networks_needs_none() -> None:
    segmenter = make_segmenter(SegmentationConfig(backend="mog2"), "studio")
    assert not isinstance(segmenter, StudioSegmenter)
