from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

import vcam
from tests.portrait import portrait
from vcam.config import parse_config
from vcam.images.types import Image


def test_alpha_of_a_person_is_found() -> None:
    matting = vcam.Matting()
    alpha = matting.process(portrait())
    again = matting.process(portrait())
    matting.close()
    assert alpha.shape == (360, 640)
    assert alpha.dtype == np.uint8
    assert alpha[60:140, 280:330].mean() > 230
    assert alpha[:150, :80].mean() < 20
    assert alpha is not again


def test_nothing_is_shown_while_mog2_learns() -> None:
    text = "segmentation: {backend: mog2, mog2: {learn_seconds: 0.07}}\n"
    matting = vcam.Matting(parse_config(text, Path("vcam.yaml")))
    room: Image = np.full((90, 160, 3), 100, np.uint8)
    person = room.copy()
    person[30:, 60:100] = 250
    assert matting.process(room).max() == 0
    assert matting.process(room).max() == 0
    assert matting.process(person)[50:80, 70:90].min() > 200
    matting.reset()
    assert matting.process(person).max() == 0


@pytest.fixture
def mog2() -> Iterator[vcam.Matting]:
    matting = vcam.Matting(parse_config("segmentation: {backend: mog2}\n", Path("vcam.yaml")))
    yield matting
    matting.close()


_NO_FRAMES: dict[str, Any] = {
    "None": None,
    "of type list": [[[0, 0, 0]]],
    "of type Image": Pillow.new("RGB", (160, 90)),
    "of type str": "me.jpg",
    "uint8 (90, 160)": np.zeros((90, 160), np.uint8),
    "uint8 (90, 160, 4)": np.zeros((90, 160, 4), np.uint8),
    "uint8 (90,)": np.zeros(90, np.uint8),
    "uint8 (0, 160, 3)": np.zeros((0, 160, 3), np.uint8),
    "uint8 (90, 0, 3)": np.zeros((90, 0, 3), np.uint8),
    "float32 (90, 160, 3)": np.zeros((90, 160, 3), np.float32),
    "int8 (90, 160, 3)": np.zeros((90, 160, 3), np.int8),
    "bool (90, 160, 3)": np.zeros((90, 160, 3), np.bool_),
    "object (90, 160, 3)": np.zeros((90, 160, 3), object),
}


@pytest.mark.parametrize("told", _NO_FRAMES)
def test_what_is_no_frame_is_refused_and_told(mog2: vcam.Matting, told: str) -> None:
    frame = _NO_FRAMES[told]
    wanted = rf"frame must be uint8 \(h, w, 3\), not {re.escape(told)}"
    with pytest.raises(ValueError, match=wanted):
        mog2.process(frame)
    with pytest.raises(ValueError, match=wanted):
        mog2.foreground(frame, np.zeros((90, 160), np.uint8))


@pytest.mark.parametrize(
    "alpha",
    [
        None,
        [[0]],
        Pillow.new("L", (160, 90)),
        np.zeros((90, 161), np.uint8),
        np.zeros((90, 160, 1), np.uint8),
        np.zeros((90, 160), np.float64),
        np.zeros((90, 160), np.bool_),
        np.full((90, 160), np.nan, np.float32),
    ],
)
def test_what_is_no_alpha_is_refused(mog2: vcam.Matting, alpha: Any) -> None:
    with pytest.raises(ValueError, match="alpha must be"):
        mog2.foreground(np.zeros((90, 160, 3), np.uint8), alpha)


@pytest.mark.parametrize("config", [3, {}, [], b"vcam.yaml"])
def test_what_is_no_configuration_is_refused(config: Any) -> None:
    with pytest.raises(ValueError, match="config must be"):
        vcam.Matting(config)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (17, 31)])
def test_frames_of_any_size_and_layout_are_taken(mog2: vcam.Matting, size: tuple[int, int]) -> None:
    image = np.zeros((*size, 3), np.uint8)
    image.flags.writeable = False
    for frame in (image, image[:, ::-1], image[..., ::-1], np.asfortranarray(image)):
        assert mog2.process(frame).shape == size
        assert mog2.foreground(frame, np.zeros(size, np.float32)).shape == (*size, 3)


def test_two_threads_in_one_instance_are_told(
    mog2: vcam.Matting, monkeypatch: pytest.MonkeyPatch
) -> None:
    image: Image = np.zeros((90, 160, 3), np.uint8)
    refusals: list[BaseException] = []

    def from_another_thread(*_: object) -> None:
        def use() -> None:
            with pytest.raises(RuntimeError, match="another thread") as caught:
                mog2.process(image)
            refusals.append(caught.value)

        thread = threading.Thread(target=use)
        thread.start()
        thread.join()

    with monkeypatch.context() as patch:
        patch.setattr(mog2._cutter, "cut", from_another_thread)
        mog2.process(image)
    assert len(refusals) == 1
    assert mog2.process(image).shape == (90, 160)  # one after the other is well


def test_a_closed_instance_says_so_and_may_be_closed_again(mog2: vcam.Matting) -> None:
    mog2.close()
    mog2.close()
    with pytest.raises(RuntimeError, match="closed"):
        mog2.process(np.zeros((90, 160, 3), np.uint8))


def test_a_block_closes_the_instance() -> None:
    with vcam.Matting(backend="mog2") as matting:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        matting.process(np.zeros((90, 160, 3), np.uint8))


def test_quality_and_backend_take_the_place_of_the_configuration() -> None:
    with pytest.raises(ValueError, match=r"quality must be one of fast, balanced, best.*'finest'"):
        vcam.Matting(quality="finest")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"backend must be one of .*mog2"):
        vcam.Matting(backend="mog")
    with vcam.Matting(backend="mog2") as matting:
        assert matting.process(portrait()).max() == 0, "mog2 is still learning"


def test_red_first_gives_the_same_as_blue_first() -> None:
    picture = portrait()
    with vcam.Matting(order="rgb") as rgb, vcam.Matting() as bgr:
        cut, same = rgb.cut_out(picture[..., ::-1]), bgr.cut_out(picture)
        assert np.array_equal(cut, same[..., [2, 1, 0, 3]])
        rgb.reset()
        bgr.reset()
        navy = rgb.composite(picture[..., ::-1], "navy")
        assert np.array_equal(navy, bgr.composite(picture, "navy")[..., ::-1])
        assert tuple(navy[0, 0]) == (0, 0, 128)
    with pytest.raises(ValueError, match='order must be "bgr" or "rgb"'):
        vcam.Matting(order="gbr")  # type: ignore[arg-type]


def test_a_cut_out_holds_nothing_of_the_room() -> None:
    """Also not under what is transparent, where programs can still read it."""
    room, code = portrait(), np.array([250, 3, 250], np.uint8)
    room[:150, :200] = code
    with vcam.Matting() as matting:
        cutout = matting.cut_out(room)
    corner = cutout[:150, :200]
    assert corner[..., 3].max() == 0
    assert np.abs(corner[..., :3].astype(int) - code).max(axis=2).min() > 60
    beside = (cutout[..., 3] == 0) & (cutout[..., :3].max(axis=2) > 0)
    assert beside.sum() > 1000, "the person's colours are carried on"
    assert (cutout[..., 3] > 250).mean() > 0.1


def test_a_composite_is_the_person_before_the_background() -> None:
    picture = portrait()
    behind = np.full_like(picture, 10)
    with vcam.Matting() as matting:
        alpha = matting.process(picture)
        matting.reset()
        out = matting.composite(picture, behind)
    assert (out[alpha == 0] == 10).all()
    assert np.median(np.abs(out[alpha == 255].astype(int) - picture[alpha == 255])) == 0


@pytest.mark.parametrize(
    "background", [np.zeros((90, 161, 3), np.uint8), np.zeros((90, 160, 3)), None, "beach.jpg"]
)
def test_what_is_no_background_is_refused(mog2: vcam.Matting, background: Any) -> None:
    with pytest.raises(ValueError, match="background"):
        mog2.composite(np.zeros((90, 160, 3), np.uint8), background)


def test_time_never_runs_backwards(mog2: vcam.Matting) -> None:
    picture: Image = np.zeros((90, 160, 3), np.uint8)
    mog2.process(picture, 5.0)
    mog2.process(picture)
    for wrong in (5.0, float("nan"), 1.0):
        with pytest.raises(ValueError, match="time must be later"):
            mog2.process(picture, wrong)
    mog2.reset()
    mog2.process(picture, 0.0)


def test_stills_do_not_help_each_other() -> None:
    picture = portrait()
    with vcam.Matting() as matting:
        alone = matting.process(picture)
        first, _, last = matting.stills([picture, picture[:, ::-1], picture])
    assert np.array_equal(first, alone)
    assert np.array_equal(last, alone)


def test_configurations_can_be_pickled() -> None:
    import pickle

    config = parse_config("scenes: {a: {matte: {choke: 2}}}\nscene: a\n", Path("vcam.yaml"))
    assert pickle.loads(pickle.dumps(config)) == config


def test_dir_and_help_show_what_is_public() -> None:
    assert set(dir(vcam)) == set(vcam.__all__)
    for name in vcam.__all__:
        assert getattr(vcam, name) is not None
    for method in ("process", "cut_out", "composite", "stills", "video", "foreground"):
        assert len(getattr(vcam.Matting, method).__doc__) > 100


def test_an_area_that_is_never_shown_is_not_and_leaves_none_of_its_colours() -> None:
    area = {"left": 0.3, "top": 0.5, "right": 0.4, "bottom": 1}
    matting = vcam.Matting(vcam.Config.model_validate({"framing": {"private": [area]}}))
    frame, hidden = portrait(), np.s_[180:, 192:256]
    before = frame.copy()
    cut = matting.cut_out(frame, 0.0)
    matting.close()
    assert cut[hidden][..., 3].max() == 0
    assert cut[..., 3].max() == 255
    np.testing.assert_array_equal(frame, before)
