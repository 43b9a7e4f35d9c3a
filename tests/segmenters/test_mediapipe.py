from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.portrait import portrait
from vcam.config.schema.segmentation import MediaPipeConfig, SecondOpinion, SegmentationConfig
from vcam.errors import ModelError, PlatformError, SegmenterError
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.segmenters import make_segmenter, mediapipe, subject, whole_picture
from vcam.segmenters.confirmation import Confirmation
from vcam.segmenters.mediapipe import MediaPipeSegmenter
from vcam.segmenters.models import MODELS
from vcam.segmenters.quality import Networks
from vcam.segmenters.whole_picture import WholePicture

LANDSCAPE = Networks("landscape", "never")


@pytest.mark.parametrize(
    "networks",
    [
        LANDSCAPE,
        Networks("general", "never"),
        Networks("general", "sometimes"),
        Networks("landscape", "always"),
        Networks("general", "sometimes", "always"),
    ],
)
def test_person_is_found_on_the_pyramids_grid(networks: Networks) -> None:
    pyramid = Pyramid(portrait())
    segmenter = MediaPipeSegmenter(networks)
    mask = segmenter.segment(pyramid, 0.0)
    segmenter.close()
    assert mask is not None
    assert mask.dtype == np.float32
    height, width = pyramid.small.shape[:2]
    assert mask.shape == (height, width)
    face = mask[int(0.15 * height) : int(0.4 * height), int(0.42 * width) : int(0.52 * width)]
    assert face.mean() > 0.9
    assert mask[: height // 2, : width // 8].mean() < 0.1
    assert len(np.unique(mask)) > 50, "the confidence mask is soft"


def test_whole_picture_is_looked_at_where_nobody_is_to_be_followed() -> None:
    segmenter = MediaPipeSegmenter(LANDSCAPE, follow=False)
    mask = segmenter.segment(Pyramid(portrait()), 0.0)
    segmenter.close()
    assert mask is not None
    assert mask.mean() > 0.2


def test_any_picture_size_and_a_clock_that_stands_still_are_taken() -> None:
    segmenter = MediaPipeSegmenter(Networks("general", "sometimes"))
    for size in ((640, 480), (1280, 720), (161, 121)):
        image = np.asarray(cv2.resize(portrait(), size), np.uint8)
        assert segmenter.segment(Pyramid(image), 5.0) is not None
    segmenter.close()


class Walk:
    """The portrait, small, walking to the right before a wall; `position` in frame widths."""

    def __init__(self) -> None:
        self.person = np.asarray(cv2.resize(portrait(), (320, 360)), np.uint8)
        self.pyramid = Pyramid()

    def __call__(self, position: float | None) -> Pyramid:
        image = np.full((720, 1280, 3), (70, 80, 75), np.uint8)
        if position is not None:
            x = int(position * 1280)
            end = min(1280, x + 320)
            image[360:, x:end] = self.person[:, : end - x]
        self.pyramid.load(image)
        return self.pyramid


def centre(mask: Mask) -> float:
    weights = (mask > 0.5).sum(axis=0)
    return float((weights * np.arange(mask.shape[1])).sum() / weights.sum() / mask.shape[1])


def test_person_who_walks_is_followed_and_leaves_nothing_behind() -> None:
    walk, segmenter = Walk(), MediaPipeSegmenter(LANDSCAPE)
    for index in range(24):
        position = 0.1 + 0.025 * index
        mask = segmenter.segment(walk(position), index / 30)
        assert mask is not None
        if index > 2:
            assert abs(centre(mask) - (position + 0.12)) < 0.06
    segmenter.close()


def test_person_who_leaves_and_returns_is_found_again() -> None:
    walk, segmenter = Walk(), MediaPipeSegmenter(Networks("general", "sometimes"))
    found = []
    for index, position in enumerate([0.3] * 6 + [None] * 6 + [0.6] * 6):
        mask = segmenter.segment(walk(position), index / 30)
        assert mask is not None
        found.append(float((mask > 0.5).mean()))
    segmenter.close()
    assert min(found[2:6]) > 0.02
    assert max(found[7:12]) == 0
    assert min(found[13:]) > 0.02


def test_still_picture_costs_the_network_every_second_time() -> None:
    segmenter, walk = MediaPipeSegmenter(LANDSCAPE), Walk()
    masks = [segmenter.segment(walk(0.3), index / 30) for index in range(4)]
    segmenter.close()
    assert masks[1] is masks[0]
    assert masks[2] is not masks[1]
    assert masks[3] is masks[2]


def test_kept_segmenter_looks_anew_at_the_first_picture_of_other_stages() -> None:
    segmenter = MediaPipeSegmenter(LANDSCAPE)
    before = segmenter.segment(Walk()(0.3), 0.0)
    gone = segmenter.segment(Walk()(None), 0.03)
    segmenter.close()
    assert before is not None
    assert gone is not None
    assert before.max() > 0.9
    assert gone.max() < 0.5


def test_mask_does_not_stand_for_a_picture_of_much_later() -> None:
    segmenter, walk = MediaPipeSegmenter(LANDSCAPE), Walk()
    first = segmenter.segment(walk(0.3), 0.0)
    again = segmenter.segment(walk(0.3), 5.0)
    segmenter.close()
    assert again is not first


class Scripted:
    """A network that gives these masks, one after the other, or fails; then the last again."""

    size = (64, 36)

    def __init__(self, *answers: Mask | Exception) -> None:
        self.answers = list(answers)

    def run(self, image: Image) -> Mask:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """Nothing."""


def scripted(
    monkeypatch: pytest.MonkeyPatch, networks: Networks, *answers: Mask | Exception
) -> MediaPipeSegmenter:
    monkeypatch.setattr(mediapipe, "make_engine", lambda *_: Scripted(*answers))
    return MediaPipeSegmenter(networks)


def test_looking_around_never_costs_three_networks_in_one_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    segmenter = scripted(
        monkeypatch, Networks("general", "sometimes"), np.ones((36, 64), np.float32)
    )
    runs, run = [0], Scripted.run

    def counted(network: Scripted, image: Image) -> Mask:
        runs[-1] += 1
        return run(network, image)

    monkeypatch.setattr(Scripted, "run", counted)
    walk = Walk()
    for index in range(75):
        runs.append(0)
        segmenter.segment(walk(0.2 + 0.3 * (index % 2)), index / 30)
    whole_and_crop = 2
    assert max(runs[2:]) == whole_and_crop
    assert sum(runs[2:]) >= 74 + 2 * 2 + 8, "twice it looks around, besides asking now and then"


def test_other_network_goes_on_being_asked_while_the_whole_picture_shows_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    segmenter = scripted(monkeypatch, Networks("general", "sometimes"), np.ones((36, 64), "f4"))
    walk, heard = Walk(), []
    segmenter.segment(walk(0.2), 0.0)
    monkeypatch.setattr(WholePicture, "lateness", lambda *_: np.inf)
    monkeypatch.setattr(WholePicture, "asks_first", False)
    monkeypatch.setattr(WholePicture, "look", lambda *_: None)
    monkeypatch.setattr(Confirmation, "update", lambda _, opinion: heard.append(opinion))
    for index in range(1, 14):
        segmenter.segment(walk(0.2 + 0.3 * (index % 2)), index / 30)
    assert len(heard) == 2, "every fifth of a second"


def test_look_that_has_begun_is_ended_though_nothing_stirs_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    somebody = np.zeros((36, 64), np.float32)
    somebody[8:, 24:40] = 1
    segmenter, walk = scripted(monkeypatch, Networks("general", "sometimes"), somebody), Walk()
    looks, moves, look = [0], [0.0], segmenter._whole.look

    def counted(pyramid: Pyramid, time: float) -> object:
        looks[-1] += 1
        return look(pyramid, time)

    monkeypatch.setattr(segmenter._whole, "look", counted)
    monkeypatch.setattr(subject, "moving_share", lambda *_: 1.0)
    monkeypatch.setattr(whole_picture, "motion_beside", lambda *_: moves[0])
    for index in range(14):
        looks.append(0)
        moves[0] = float(8 <= index <= 10)
        segmenter.segment(walk(0.3), index / 30)
    assert sum(looks[2:]) == 1, "its other half comes although nothing stirs any more"


def test_mask_from_before_a_failure_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    somebody, nobody = np.ones((36, 64), np.float32), np.zeros((36, 64), np.float32)
    broken = SegmenterError("broken")
    segmenter = scripted(monkeypatch, LANDSCAPE, somebody, somebody, broken, nobody)
    walk = Walk()
    assert segmenter.segment(walk(0.3), 0.0) is not None
    with pytest.raises(SegmenterError, match="broken"):
        segmenter.segment(walk(0.6), 0.03)
    mask = segmenter.segment(walk(0.6), 0.06)
    assert mask is not None
    assert mask.max() == 0


def test_somebody_whom_the_crop_cuts_in_two_is_shown_as_in_the_whole_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    half, whole = np.zeros((36, 64), np.float32), np.zeros((36, 64), np.float32)
    half[10:, 58:] = whole[10:, 20:] = 1
    everywhere, nobody = np.ones((36, 64), np.float32), np.zeros((36, 64), np.float32)
    segmenter = scripted(monkeypatch, LANDSCAPE, half, everywhere, whole, nobody)
    walk = Walk()
    segmenter.segment(walk(0.9), 0.0)
    mask = segmenter.segment(walk(0.8), 1 / 30)
    assert mask is not None
    assert mask[60:, 110:].mean() > 0.9
    assert mask[:, :90].max() == 0


def test_what_the_crop_holds_and_takes_for_nobody_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen, nobody = np.zeros((36, 64), np.float32), np.zeros((36, 64), np.float32)
    screen[10:20, 5:20] = 1
    segmenter = scripted(monkeypatch, LANDSCAPE, *[screen, nobody] * 4)
    walk = Walk()
    for index in range(2):
        mask = segmenter.segment(walk(0.3 + 0.1 * index), index / 30)
        assert mask is not None
        assert mask.max() == 0


@pytest.mark.parametrize("value", [np.nan, 1.8, -0.5])
@pytest.mark.parametrize("second_opinion", ["never", "always"])
def test_nonsense_of_a_network_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: float, second_opinion: SecondOpinion
) -> None:
    nonsense = np.full((36, 64), value, np.float32)
    segmenter = scripted(monkeypatch, Networks("general", second_opinion), nonsense)
    with pytest.raises(SegmenterError, match="the segmenter gave"):
        segmenter.segment(Pyramid(portrait()), 0.0)


def test_reset_forgets_where_people_were() -> None:
    segmenter, walk = MediaPipeSegmenter(LANDSCAPE), Walk()
    first = segmenter.segment(walk(0.3), 0.0)
    segmenter.reset()
    again = segmenter.segment(walk(0.3), 1 / 30)
    segmenter.close()
    assert again is not first


def test_users_own_model_file_is_taken(tmp_path: Path) -> None:
    own = tmp_path / "own.tflite"
    own.write_bytes(MODELS["general"].path.read_bytes())
    segmenter = MediaPipeSegmenter(Networks(str(own), "never"))
    mask = segmenter.segment(Pyramid(portrait()), 0.0)
    segmenter.close()
    assert mask is not None
    assert (mask > 0.5).mean() > 0.2


def test_configuration_chooses_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    chosen = MediaPipeConfig(engine="litert")
    with pytest.raises(PlatformError, match="LiteRT cannot be loaded"):
        make_segmenter(SegmentationConfig(mediapipe=chosen))


def test_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.tflite"
    wrong.write_bytes(b"this is not a flatbuffer at all" * 10)
    with pytest.raises(ModelError, match=r"wrong\.tflite"):
        MediaPipeSegmenter(Networks(str(wrong), "never"))


def test_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"landscape, general or to a \.tflite file"):
        MediaPipeSegmenter(Networks("portrait", "never"))
