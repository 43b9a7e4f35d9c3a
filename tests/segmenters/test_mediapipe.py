from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.portrait import portrait
from vcam.config.schema.segmentation import MediaPipeConfig, SegmentationConfig
from vcam.errors import ModelError, PlatformError
from vcam.segmenters import make_segmenter
from vcam.segmenters.mediapipe import MediaPipeSegmenter


@pytest.mark.parametrize(("model", "size"), [("landscape", (144, 256)), ("general", (256, 256))])
def test_person_is_found_at_the_networks_own_size(model: str, size: tuple[int, int]) -> None:
    segmenter = MediaPipeSegmenter(model)
    mask = segmenter.segment(portrait(), 0.0)
    segmenter.close()
    assert mask is not None
    assert mask.dtype == np.float32
    assert mask.shape == size
    height, width = size
    face = mask[int(0.15 * height) : int(0.4 * height), int(0.42 * width) : int(0.52 * width)]
    assert face.mean() > 0.9
    assert mask[: height // 2, : width // 8].mean() < 0.1
    assert len(np.unique(mask)) > 50, "the confidence mask is soft"


def test_any_picture_size_and_a_clock_that_stands_still_are_taken() -> None:
    segmenter = MediaPipeSegmenter("landscape")
    for size in ((640, 480), (1280, 720), (161, 121)):
        image = np.asarray(cv2.resize(portrait(), size), np.uint8)
        assert segmenter.segment(image, 5.0) is not None
    segmenter.close()


def test_users_own_model_file_is_taken(tmp_path: Path) -> None:
    from vcam.segmenters.models import MODELS

    own = tmp_path / "own.tflite"
    own.write_bytes(MODELS["general"].path.read_bytes())
    segmenter = MediaPipeSegmenter(str(own))
    mask = segmenter.segment(portrait(), 0.0)
    segmenter.close()
    assert mask is not None
    assert mask.shape == (256, 256)


def test_configuration_chooses_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    chosen = MediaPipeConfig(engine="litert")
    with pytest.raises(PlatformError, match="LiteRT cannot be loaded"):
        make_segmenter(SegmentationConfig(mediapipe=chosen))


def test_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.tflite"
    wrong.write_bytes(b"this is not a flatbuffer at all" * 10)
    with pytest.raises(ModelError, match=r"wrong\.tflite"):
        MediaPipeSegmenter(str(wrong))


def test_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"landscape, general or to a \.tflite file"):
        MediaPipeSegmenter("portrait")
