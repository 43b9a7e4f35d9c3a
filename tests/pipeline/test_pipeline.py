from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PIL import Image as Pillow

from vcam.backgrounds import Background
from vcam.backgrounds.blur import BlurBackground
from vcam.backgrounds.still import Still
from vcam.errors import BackgroundError, SegmenterError
from vcam.finish import Finish
from vcam.finish.overlay import Overlay
from vcam.framing import WHOLE, Composition, Follower, Framing, View
from vcam.images.types import I420, Alpha, Box, Frame, Image, Layer, Mask
from vcam.matte import Matte
from vcam.pipeline.compositor import Compositor
from vcam.pipeline.front import Front
from vcam.pipeline.pipeline import PATIENCE_SECONDS, Pipeline, Shows
from vcam.segmenters.fake import Answer, FakeSegmenter

W, H = 64, 36
ROOM: Image = np.full((H, W, 3), (255, 0, 255), np.uint8)  # a colour the background never has
GREEN = (0, 177, 64)


class BrokenBackground(Still):
    """Cannot be painted."""

    def paint(self, picture: I420, alpha: Alpha, time: float) -> I420:
        raise BackgroundError("the picture has gone")


def mask(value: float) -> Mask:
    return np.full((9, 16), value, np.float32)


def pipeline(
    answers: Sequence[Answer] | Callable[[Image], Mask | None],
    background: Still | None = None,
) -> Pipeline:
    return assembled(FakeSegmenter(answers), background)


def assembled(
    segmenter: FakeSegmenter | None,
    background: Still | None = None,
    finish: Finish | None = None,
    front: Front | None = None,
) -> Pipeline:
    behind = background or Still.plain(W, H, GREEN)
    parts = (Framing(W, H), segmenter, Matte(), behind, Compositor(W, H))
    return Pipeline(*parts, W, H, finish, front)


def render(pipe: Pipeline, image: Image = ROOM) -> tuple[I420, bool, str]:
    out = I420(W, H)
    out.data[:] = 77
    result = pipe.render(Frame(image, 1.0), out)
    assert (result.layers is not None) == result.shows_person, "for who looks on"
    return out, result.shows_person, result.error


def is_cover(out: I420) -> bool:
    return np.array_equal(out.data, Still.plain(W, H, GREEN).cover(0.0).data)


def test_person_stands_before_the_background() -> None:
    both = np.zeros((9, 16), np.float32)
    both[:, 8:] = 1
    out, shows_person, error = render(pipeline([both]))
    assert shows_person
    assert not error
    picture = out.to_bgr()
    assert np.abs(picture[:, :24].astype(int) - GREEN[::-1]).max() < 6
    assert np.abs(picture[:, 40:].astype(int) - ROOM[0, 0]).max() < 6


@pytest.mark.parametrize(
    "answer",
    [
        None,
        SegmenterError("out of order"),
        RuntimeError("unforeseen"),
        mask(float("nan")),
        mask(7.0),
        np.zeros((9, 16, 3), np.float32),
    ],
)
def test_without_a_usable_mask_nothing_of_the_room_is_shown(answer: Answer) -> None:
    out, shows_person, _ = render(pipeline([answer]))
    assert is_cover(out)
    assert not shows_person


def test_failure_is_named_and_the_next_frame_works_again() -> None:
    pipe = pipeline([SegmenterError("out of order"), mask(1.0)])
    assert render(pipe)[2] == "out of order"
    assert render(pipe)[1:] == (True, "")


def test_failing_background_leaves_the_cover() -> None:
    out, _, error = render(pipeline([mask(1.0)], BrokenBackground.plain(W, H, GREEN)))
    assert is_cover(out)
    assert error == "the picture has gone"


def test_broken_picture_leaves_the_cover() -> None:
    out, _, error = render(pipeline([mask(1.0)]), np.zeros((0, 0, 3), np.uint8))
    assert is_cover(out)
    assert "could not be rendered" in error


def test_room_is_shown_only_where_there_is_no_segmenter_by_choice() -> None:
    pipe = shown("room", None, Framing(W, H))
    out, shows_person, _ = render(pipe)
    assert shows_person
    assert np.abs(out.to_bgr().astype(int) - ROOM).max() < 6


def test_progress_of_learning_is_told() -> None:
    segmenter = FakeSegmenter([None])
    segmenter.progress = 0.4
    pipe = assembled(segmenter)
    assert pipe.render(Frame(ROOM, 0.0), I420(W, H)).progress == 0.4


@pytest.mark.parametrize(("progress", "told"), [(0.0, "notice"), (0.4, "notice"), (1.0, "error")])
def test_what_a_segmenter_wants_of_the_user_is_told(progress: float, told: str) -> None:
    segmenter = FakeSegmenter([None])
    segmenter.progress, segmenter.notice = progress, "step out of the picture"
    out = I420(W, H)
    rendered = assembled(segmenter).render(Frame(ROOM, 0.0), out)
    assert is_cover(out)
    assert getattr(rendered, told) == "step out of the picture"


def shown(
    shows: Shows, segmenter: FakeSegmenter | None, framing: Framing | None = None
) -> Pipeline:
    """A pipeline that shows something else than the person before a background."""
    background = Still.plain(W, H, GREEN)
    framing = framing or Framing(W, H, view=BELOW_RIGHT)
    return Pipeline(framing, segmenter, Matte(), background, Compositor(W, H), W, H, shows=shows)


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_the_matte_is_shown_in_white_on_black_and_nothing_of_the_picture(level: float) -> None:
    pictures = [
        render(shown("mask", FakeSegmenter([mask(level)]), Framing(W, H)), picture)[0].data.copy()
        for picture in (corners(), ROOM)
    ]
    assert np.array_equal(pictures[0], pictures[1])
    out = I420(W, H)
    out.data[:] = pictures[0]
    assert set(np.unique(out.u)) | set(np.unique(out.v)) == {128}
    assert abs(int(out.y[H // 2, W // 2]) - (16 + 219 * level)) < 30


@pytest.mark.parametrize("shows", ["person", "mask"])
def test_without_a_segmenter_there_is_no_pipeline_that_hides_the_room(shows: Shows) -> None:
    with pytest.raises(ValueError, match="segmenter"):
        shown(shows, None)


@pytest.mark.parametrize("shows", ["mask", "room"])
def test_where_nobody_could_be_looked_for_the_background_is_shown(shows: Shows) -> None:
    out, shows_person, _ = render(shown(shows, FakeSegmenter([None])))
    assert is_cover(out)
    assert not shows_person


BELOW_RIGHT = View(0.625, 0.67, 0.25)


def corners() -> Image:
    """Four colours, one a quarter."""
    image = np.zeros((H, W, 3), np.uint8)
    image[: H // 2, : W // 2], image[: H // 2, W // 2 :] = (255, 0, 0), (0, 255, 0)
    image[H // 2 :, : W // 2], image[H // 2 :, W // 2 :] = (0, 0, 255), (255, 255, 255)
    return image


def zoomed(
    segmenter: FakeSegmenter | None, background: Background, framing: Framing | None = None
) -> Pipeline:
    framing = framing or Framing(W, H, view=BELOW_RIGHT)
    return Pipeline(framing, segmenter, Matte(), background, Compositor(W, H), W, H)


def test_segmenter_sees_the_whole_picture_and_viewers_its_part() -> None:
    seen: list[Image] = []

    def right_half(image: Image) -> Mask:
        seen.append(image)
        found = np.zeros((9, 16), np.float32)
        found[:, 12:] = 1
        return found

    pipe = zoomed(FakeSegmenter(right_half), Still.plain(W, H, GREEN))
    out, _, _ = render(pipe, corners())
    assert np.array_equal(seen[0], corners())
    picture = out.to_bgr().astype(int)
    assert np.abs(picture[:, :20] - GREEN[::-1]).max() < 6  # the background is not zoomed
    assert picture[:, 40:].min() > 240


def test_room_that_is_shown_is_zoomed() -> None:
    for segmenter in (None, FakeSegmenter([mask(0.0)])):
        out, _, _ = render(shown("room", segmenter), corners())
        assert out.to_bgr().min() > 245


def test_blurred_room_fits_the_person() -> None:
    out, _, _ = render(zoomed(FakeSegmenter([mask(0.0)]), BlurBackground(W, H, 0.5)), corners())
    assert out.to_bgr().min() > 240


def test_mask_is_zoomed() -> None:
    found = np.zeros((9, 16), np.float32)
    found[:, 8:] = 1
    out, _, _ = render(shown("mask", FakeSegmenter([found])), corners())
    assert out.y[:, 8:].min() > 230


def test_zoom_of_one_is_the_same_to_the_byte() -> None:
    found = np.zeros((9, 16), np.float32)
    found[2:, 5:11] = 1
    whole = Framing(W, H, view=View.around(0.1, 0.9, 1.0))
    noise = np.random.default_rng(1).integers(0, 256, (H, W, 3), np.uint8)
    plain, _, _ = render(pipeline([found]), noise)
    same, _, _ = render(zoomed(FakeSegmenter([found]), Still.plain(W, H, GREEN), whole), noise)
    assert np.array_equal(plain.data, same.data)


def test_person_is_followed_and_forgotten_with_the_room() -> None:
    found = np.zeros((36, 64), np.float32)
    found[18:, 40:50] = 1
    follower = Follower(WHOLE, Composition(0.8, 0.5), 2.5, (W // 4, H // 4))
    pipe = shown("mask", FakeSegmenter([found]), Framing(W, H, follower=follower))
    out, _, _ = render(pipe)
    assert 0.35 < (out.y > 128).mean() / 0.5 < 0.9  # was 5/64 of the frame
    pipe.relearn()
    assert render(pipe)[1]


class Blacken:
    """Makes the person black."""

    def apply(self, layer: Layer, background: I420, time: float) -> None:
        layer.y[:] = 16


def test_finish_changes_the_person_and_not_the_background() -> None:
    both = np.zeros((9, 16), np.float32)
    both[:, 8:] = 1
    out, *_ = render(assembled(FakeSegmenter([both]), finish=Finish([Blacken()])))
    assert out.y[10, 60] == 16
    assert out.y[10, 4] == Still.plain(W, H, GREEN).cover(0.0).y[0, 0]


CARD = Still.plain(W, H, (250, 240, 230)).cover(0.0)


def is_card(out: I420) -> bool:
    return np.array_equal(out.data, CARD.data)


def test_placeholder_is_shown_while_the_segmenter_learns() -> None:
    out, shows_person, _ = render(assembled(FakeSegmenter([None]), front=Front(card=CARD)))
    assert is_card(out)
    assert not shows_person


def test_failure_of_a_moment_does_not_flash_the_card_and_one_that_lasts_shows_it() -> None:
    failing = FakeSegmenter([SegmenterError("out of order")])
    pipe, out, shown = assembled(failing, front=Front(card=CARD)), I420(W, H), []
    for time in (0.0, 0.5, PATIENCE_SECONDS + 0.1):
        pipe.render(Frame(ROOM, time), out)
        shown.append((is_cover(out), is_card(out)))
    assert shown == [(True, False), (True, False), (False, True)]


def test_frame_that_works_ends_the_wait_for_the_card() -> None:
    answers: list[Answer] = [SegmenterError("x"), mask(1.0), SegmenterError("x")]
    pipe, out = assembled(FakeSegmenter(answers), front=Front(card=CARD)), I420(W, H)
    for time in (0.0, 0.3, PATIENCE_SECONDS + 0.1):
        pipe.render(Frame(ROOM, time), out)
    assert is_cover(out)


@pytest.mark.parametrize("answer", [mask(1.0), None, SegmenterError("out of order")])
def test_overlay_stands_before_the_person_and_before_every_cover(answer: Answer) -> None:
    overlay = Overlay(Pillow.new("RGB", (4, 4), "white"), Box(8, 4, 8, 6), 1.0)
    out, *_ = render(assembled(FakeSegmenter([answer]), front=Front(overlay, CARD)))
    assert (out.y[4:10, 8:16] == 235).all()
    assert (out.y[12:] != 235).all()


def test_placeholder_of_the_front_has_the_overlay_and_leaves_the_background_as_it_is() -> None:
    overlay = Overlay(Pillow.new("RGB", (4, 4), "white"), Box(8, 4, 8, 6), 1.0)
    background = Still.plain(W, H, GREEN)
    assert (Front(overlay).placeholder(background, 0.0).y[4:10, 8:16] == 235).all()
    assert is_cover(background.cover(0.0))
    assert Front().placeholder(background, 0.0) is background.cover(0.0)
