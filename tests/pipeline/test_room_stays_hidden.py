"""Over the whole schema: without a person, nothing of the camera's picture is shown.

`VCAM_EXAMPLES=5000` tries more configurations than the usual few.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.configurations import configurations, write_files
from vcam.backgrounds import make_background
from vcam.backgrounds.worker import PromptWorker
from vcam.config.load import parse_config
from vcam.config.schema import Config
from vcam.images.pyramid import Pyramid
from vcam.images.types import I420, Frame, Image, Mask
from vcam.matte import Matte
from vcam.pipeline.build import make_matte, make_pipeline
from vcam.segmenters.fake import FakeSegmenter

pytestmark = pytest.mark.usefixtures("both_halves")

CODE, OTHER_CODE, DARK = (255, 0, 255), (0, 255, 255), (0, 0, 0)
"""Colours of rooms, BGR."""
SHOWS_ROOM_BY_DEFINITION = ("none", "blur")
"""`none` is the room as it is. `blur` is the room's own colours, blurred: of a room of one colour
that is this colour, whatever the mask. With these two the room is the background itself."""
NOBODY = np.zeros((18, 32), np.float32)
MUCH = settings(
    max_examples=int(os.environ.get("VCAM_EXAMPLES", "50")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    write_files(made)
    return made


def somebody(level: float) -> Mask:
    mask = NOBODY.copy()
    mask[6:, 10:20] = level
    return mask


def room(color: tuple[int, int, int]) -> Image:
    return np.full((90, 161, 3), color, np.uint8)


def shown(config: Config, masks: list[Mask], *rooms: tuple[int, int, int]) -> list[bytes]:
    """The finished frames of one room a second."""
    width, height = 162, 122
    pipeline = make_pipeline(
        config,
        make_background(config.background, width, height, PromptWorker),
        width,
        height,
        segmenter=FakeSegmenter(masks),
    )
    out = I420(width, height)
    frames = []
    for second, color in enumerate(rooms):
        rendered = pipeline.render(Frame(room(color), float(second)), out)
        assert not rendered.error
        frames.append(out.data.tobytes())
    pipeline.close()
    return frames


@MUCH
@given(st.data(), st.floats(0, 1, width=32))
def test_an_empty_mask_shows_nothing_of_the_room_whatever_the_configuration(
    folder: Path, data: st.DataObject, before: float
) -> None:
    config = data.draw(configurations(folder))
    assume(config.background.type not in SHOWS_ROOM_BY_DEFINITION)
    masks = [somebody(before), NOBODY, NOBODY]
    one = shown(config, masks, CODE, CODE, OTHER_CODE)
    other = shown(config, masks, DARK, DARK, DARK)
    assert one[1:] == other[1:]
    if before == 0:
        assert one == other


def test_the_room_of_code_colour_is_found_where_it_is_shown(folder: Path) -> None:
    config = parse_config("background: {type: none}", folder / "vcam.yaml")
    assert shown(config, [NOBODY], CODE) != shown(config, [NOBODY], DARK)
    config = parse_config("background: {type: color}", folder / "vcam.yaml")
    masks = [somebody(1)]
    assert shown(config, masks, CODE) != shown(config, masks, DARK)


@pytest.mark.parametrize("edges", ["mask", "picture"])
def test_no_threshold_and_softness_show_an_empty_room(folder: Path, edges: str) -> None:
    for threshold in (5e-324, 1e-30, 1e-9, 1e-7, 1e-3, 0.3, 1 - 1e-9):
        for softness in (0, 1e-9, 1e-3, 1):
            matte = Matte(threshold, softness, edges, smoothing=1)
            assert matte.refine(NOBODY, Pyramid(room(CODE))).alpha.max() == 0


@MUCH
@given(st.data(), st.floats(0, 1, width=32))
def test_an_empty_mask_is_no_alpha_whatever_was_there_before(
    folder: Path, data: st.DataObject, before: float
) -> None:
    matte = make_matte(data.draw(configurations(folder)).matte)
    assert is_gone_after(before, matte)


def test_what_a_still_mask_leaves_behind_is_gone_at_once() -> None:
    assert is_gone_after(0.29, Matte(threshold=0.05, softness=0, smoothing=1))


def is_gone_after(level: float, matte: Matte) -> bool:
    pyramid = Pyramid(room(CODE))
    for _ in range(2):
        matte.refine(somebody(level), pyramid)
        pyramid.load(room(CODE))
    return not matte.refine(NOBODY, pyramid).alpha.any()


@MUCH
@given(st.data())
def test_far_from_all_of_a_mask_there_is_no_alpha(folder: Path, data: st.DataObject) -> None:
    config = data.draw(configurations(folder))
    width, height = 1280, 720
    mask = np.zeros((180, 320), np.float32)
    mask[:60, :60] = 1
    image = np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)
    alpha = make_matte(config.matte).refine(mask, Pyramid(image)).alpha
    reach = 240 + 4 * 10 + 20 + 4 * 20 + 8
    assert alpha[reach:].max() == 0
    assert alpha[:, reach:].max() == 0
