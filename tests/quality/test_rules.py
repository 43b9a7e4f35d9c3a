"""A rule that is left out is out, and is back afterwards."""

from __future__ import annotations

from pkgutil import resolve_name

import numpy as np
import pytest

from tests.quality.rules import RULES
from tests.quality.scores import Scores, losses
from vcam.config import Config


@pytest.mark.parametrize("name", RULES)
def test_each_rule_can_be_left_out(name: str) -> None:
    rule = RULES[name]
    assert rule.config or rule.patches
    Config.model_validate(rule.config)
    before = {where: resolve_name(f"vcam.{where}") for where in rule.patches}
    with rule.left_out():
        for where, function in before.items():
            assert resolve_name(f"vcam.{where}") is not function
    for where, function in before.items():
        assert np.all(resolve_name(f"vcam.{where}") == function)


def test_a_loss_is_what_gets_worse() -> None:
    full = Scores(mad=2, edge=0.9, leak=0.2, far=0.001, hole=30, flicker=2)
    rest = Scores(mad=3, edge=0.81, leak=0.1, far=0.101, hole=30, flicker=2)
    assert losses(full, rest) == pytest.approx([50, 10, -50, 100, 0, 0])
