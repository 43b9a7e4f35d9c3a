"""The matte does not get worse without anybody's noticing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.quality.bench import QUALITIES, Asked, held_scores, scores_of
from tests.quality.scores import NAMES, Scores, mean_of, scored
from tests.quality.sequences import drawn_sequences

SHARE = 0.02
"""So much worse a score may be than what is held."""
SLACK = 0.05
"""And so much in its own unit: a score near 0 is not compared by its last digit."""


@pytest.mark.parametrize("quality", QUALITIES)
def test_no_score_falls_by_more_than_two_percent(quality: str) -> None:
    held, found = held_scores()[quality], mean_of(scores_of(Asked(quality)).values())
    worse = [name for name in NAMES if _loss(name, held, found) > 0]
    assert not worse, f"held {held}, found {found}; better is `python -m tests.quality --write`"


def _loss(name: str, held: Scores, found: Scores) -> float:
    """How far a score is beyond what is allowed."""
    was, now = getattr(held, name), getattr(found, name)
    if name == "edge":
        return float(was * (1 - SHARE) - now)
    return float(now - was * (1 + SHARE) - SLACK)


def test_the_true_alpha_has_the_best_scores() -> None:
    truths = iter([alpha for _, alpha in drawn_sequences(160, 90, 5)[1].moments()])
    found = scored(lambda image: next(truths), drawn_sequences(160, 90, 5)[1].moments())
    assert found.edge == pytest.approx(1)
    assert found == Scores(mad=0, edge=found.edge, leak=0, far=0, hole=0, flicker=0)


def test_nothing_found_is_a_hole_and_everything_is_a_leak() -> None:
    talk = drawn_sequences(160, 90, 5)[1]
    nothing = scored(lambda image: np.zeros(image.shape[:2], np.uint8), talk.moments())
    everything = scored(lambda image: np.full(image.shape[:2], 255, np.uint8), talk.moments())
    assert nothing.hole == pytest.approx(1000)
    assert nothing.leak == nothing.edge == 0
    assert everything.leak == pytest.approx(1000)
    assert everything.far == pytest.approx(1000)
    assert everything.hole == 0
