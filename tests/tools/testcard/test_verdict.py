from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from vcam.images.types import I420, Image
from vcam.tools.testcard.colours import misread
from vcam.tools.testcard.pattern import COLOURS, Card, Sample, sample
from vcam.tools.testcard.verdict import Comparison, Picture, Reading, judge

SIZE, FPS = (320, 180), 30.0
CARD = Card(*SIZE)


def seen(number: int, change: Callable[[Image], Image] = lambda image: image) -> Picture:
    picture = change(CARD.frame(number).to_bgr())
    return Picture(number / FPS, (picture.shape[1], picture.shape[0]), sample(picture))


def verdict(pictures: Iterable[Picture]) -> dict[str, Comparison]:
    sent = {number: number / FPS - 0.004 for number in range(100)}
    checks = judge(Reading("a reader", list(pictures)), SIZE, FPS, sent)
    return {check.subject: check for check in checks}


def through(change: Callable[[Image], Image]) -> Comparison:
    return verdict(seen(number, change) for number in range(5))["colours"]


def test_an_intact_stream_passes_every_check() -> None:
    found = verdict(seen(number) for number in range(90))
    assert all(check.ok for check in found.values()), found
    assert found["frames"].text == ("90 frames, each once and in order; 4 ms after they were sent")
    assert found["rate"].figures["rate"] == pytest.approx(FPS)


def swapped_chroma(image: Image) -> Image:
    frame = I420.from_bgr(image)
    other = I420(*SIZE)
    other.y[:], other.u[:], other.v[:] = frame.y, frame.v, frame.u
    return other.to_bgr()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda image: image[:, ::-1], "mirrored"),
        (lambda image: image[::-1], "upside down"),
        (lambda image: image[::-1, ::-1], "mirrored and upside down"),
        (lambda image: image[..., ::-1], "read with red and blue swapped"),
        (swapped_chroma, "read with U and V swapped"),
    ],
)
def test_each_mistake_is_named(change: Callable[[Image], Image], name: str) -> None:
    found = through(lambda image: np.ascontiguousarray(change(image)))
    assert not found.ok
    assert found.text.endswith(f"the picture is {name}")


def test_the_wrong_matrix_and_the_wrong_range_are_named() -> None:
    for name, colours in misread(COLOURS).items():
        one = [Picture(n / FPS, SIZE, Sample(n, n, np.rint(colours))) for n in range(5)]
        assert verdict(one)["colours"].text.endswith(f"the picture is {name}")


def test_another_picture_is_not_taken_for_the_card() -> None:
    found = verdict(seen(n, lambda image: np.full_like(image, 77)) for n in range(5))
    assert not found["picture"].ok


def test_a_wrong_size_is_told() -> None:
    found = verdict(seen(n, lambda image: image[::2, ::2].copy()) for n in range(5))
    assert found["size"].text == "160x90 instead of 320x180"
    assert found["colours"].ok


def test_missing_repeated_and_late_frames_are_counted() -> None:
    numbers = [1, 2, 2, 5, 6, 4, 7]
    frames = verdict(map(seen, numbers))["frames"]
    assert not frames.ok
    assert (frames.figures["missing"], frames.figures["twice"]) == (4, 1)
    assert frames.figures["late"] == 1


def test_a_frame_of_two_halves_is_noticed() -> None:
    def torn(image: Image) -> Image:
        image[90:] = CARD.frame(50).to_bgr()[90:]
        return image

    frames = verdict([*map(seen, range(5)), seen(5, torn)])["frames"]
    assert frames.text.startswith("6 frames, 1 put together from two")


def test_a_slow_stream_is_told() -> None:
    slow = [Picture(2 * one.at, one.size, one.sample) for one in map(seen, range(20))]
    assert not verdict(slow)["rate"].ok


def test_no_picture_at_all_is_one_problem() -> None:
    checks = judge(Reading("a reader", problem="it stayed silent"), SIZE, FPS, {})
    assert [(check.ok, check.text) for check in checks] == [(False, "it stayed silent")]
