"""Running vcam's stages over sequences, and the scores that it is held to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.quality.scores import Scores, mean_of, scored
from tests.quality.sequences import Sequence, drawn_sequences, stored_sequences
from vcam.config import Config
from vcam.images.types import Alpha, Image
from vcam.pipeline.build import make_matte
from vcam.pipeline.cutter import Cutter
from vcam.segmenters import make_segmenter

QUALITIES = ("fast", "balanced", "best")
HELD = Path(__file__).with_name("held.json")
"""The scores that must not get worse."""


@dataclass(frozen=True)
class Asked:
    """What is to be measured.

    Attributes:
        quality: `matte.quality`.
        size: Width and height of the drawn pictures.
        fps: Of the drawn pictures.
        data: A folder of sequences in place of the drawn ones.
        every: Of the folder's pictures, the nth only.
        judged_at: Width at which the alphas are compared; None for the pictures' own.
        config: Sections of the configuration, in place of the defaults.
    """

    quality: str
    size: tuple[int, int] = (640, 360)
    fps: float = 15
    data: Path | None = None
    every: int = 1
    judged_at: int | None = None
    config: dict[str, dict[str, Any]] = field(default_factory=dict)


def scores_of(asked: Asked) -> dict[str, Scores]:
    """The scores of each sequence."""
    if asked.data is not None:
        sequences = stored_sequences(asked.data, every=asked.every)
    else:
        sequences = drawn_sequences(*asked.size, asked.fps)
    matte = {"quality": asked.quality, "adaptive": False, **asked.config.get("matte", {})}
    config = Config.model_validate({**asked.config, "matte": matte})
    return {one.name: _scores(config, one, asked.judged_at) for one in sequences}


def held_scores() -> dict[str, Scores]:
    """For each quality the mean of the drawn sequences, as it was when it was written down."""
    found = json.loads(HELD.read_text(encoding="utf-8"))
    return {quality: Scores(**scores) for quality, scores in found.items()}


def write_held() -> None:
    """Write down what vcam reaches now."""
    found = {
        quality: {
            name: round(value, 4)
            for name, value in asdict(mean_of(scores_of(Asked(quality)).values())).items()
        }
        for quality in QUALITIES
    }
    HELD.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _scores(config: Config, sequence: Sequence, width: int | None) -> Scores:
    with _stages(config) as cutter:
        times = iter(np.arange(0, 1e6, 1 / sequence.fps))

        def find(image: Image) -> Alpha:
            cutout = cutter.cut(image, float(next(times)))
            return np.zeros(image.shape[:2], np.uint8) if cutout is None else cutout.alpha

        return scored(find, sequence.moments(), width)


@contextmanager
def _stages(config: Config) -> Iterator[Cutter]:
    segmenter = make_segmenter(config.segmentation, config.matte.quality)
    try:
        yield Cutter(segmenter, make_matte(config.matte))
    finally:
        segmenter.close()
