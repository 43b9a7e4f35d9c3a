from __future__ import annotations

from pathlib import Path

import pytest

from tests.finish.layers import flat, layer
from vcam.config import Config, parse_config
from vcam.errors import ConfigError
from vcam.finish import Finish, make_finish
from vcam.images.types import I420, Layer


class Brighten:
    """Adds one level."""

    def apply(self, layer: Layer, background: I420, time: float) -> None:
        layer.y[:] += 1


class Broken:
    """Fails, and counts how often it was tried."""

    tried = 0

    def apply(self, layer: Layer, background: I420, time: float) -> None:
        self.tried += 1
        raise RuntimeError("unforeseen")


def test_effect_that_fails_is_left_out_and_the_others_go_on() -> None:
    broken, person = Broken(), layer(90)
    finish = Finish([broken, Brighten()])
    for _ in range(3):
        finish.polish(person, flat(16), 0.0)
    assert broken.tried == 1
    assert person.y[0, 0] == 93


def names(text: str) -> list[str]:
    config = parse_config(text, Path("vcam.yaml"))
    return [
        type(effect).__name__ for effect in make_finish(config.finish, config.background).effects
    ]


ALL = "finish: {decontaminate: 1, light_wrap: 0.5, color_match: 0.5, brighten: 1}\n"


def test_effects_come_in_the_order_of_the_light() -> None:
    assert names(ALL) == ["CleanEdges", "Brighten", "ColorMatch", "LightWrap"]


def test_only_edges_are_cleaned_by_default_and_that_can_be_switched_off() -> None:
    assert names("finish: {}\n") == ["CleanEdges"]
    assert names("finish: {decontaminate: 0}\n") == []


def test_before_the_blurred_room_the_light_is_right_already() -> None:
    assert names(ALL + "background: {type: blur}\n") == ["CleanEdges", "Brighten"]


@pytest.mark.parametrize("key", ["decontaminate", "light_wrap", "color_match", "brighten"])
def test_numbers_out_of_range_are_refused(key: str) -> None:
    with pytest.raises(ConfigError, match=key):
        parse_config(f"finish: {{{key}: 1.5}}\n", Path("vcam.yaml"))


def test_defaults_draw_no_overlay() -> None:
    assert Config().finish.overlay.path is None
