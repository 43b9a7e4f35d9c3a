from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from tests.segmenters.rooms import HEIGHT, ROOM, WIDTH, outline, seen, with_person
from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask
from vcam.segmenters import coarse
from vcam.segmenters.brought import BroughtThings
from vcam.segmenters.fake import FakeSegmenter
from vcam.segmenters.hybrid import HybridSegmenter

FPS = 30
ALONE = 2 * FPS
"""Pictures of somebody alone, before anything happens."""
COLORS = {"red": (40, 30, 190), "white": (240, 240, 240), "black": (15, 15, 15)}
BESIDE = (172, 70, 34, 46)
"""Left, top, width and height of a thing that touches the chest."""


def sway(frame: int) -> int:
    return round(2 * float(np.sin(frame / 8)))


class Call:
    """Somebody who sways, whom the network knows, and what is found besides."""

    def __init__(self) -> None:
        self.brought = BroughtThings(WIDTH, HEIGHT)
        self.frame = 0

    def look(self, room: Image, before: Callable[[Image, int], None] | None = None) -> Mask:
        """The things found, where `before` paints something in front of the room or person."""
        x = 128 + sway(self.frame)
        picture = with_person(room, x)
        mask = (outline(x) > 0).astype(np.float32)
        if before is not None:
            before(picture, self.frame - ALONE)
        image = seen(picture)
        found = self.brought.find(image, coarse.shrunk(image), mask, self.frame / FPS)
        self.frame += 1
        return np.zeros((HEIGHT, WIDTH), np.float32) if found is None else found * (mask == 0)

    def alone(self) -> None:
        for _ in range(ALONE):
            assert not self.look(ROOM).any()


def box(
    picture: Image, color: tuple[int, int, int], at: tuple[int, int, int, int] = BESIDE
) -> None:
    x, y, w, h = at
    cv2.rectangle(picture, (x, y), (x + w - 1, y + h - 1), color, cv2.FILLED)


def raised(color: tuple[int, int, int], steady: bool = False) -> Callable[[Image, int], None]:
    """A thing that comes up from below within 0.4 s and is then held, or keeps quite still."""

    def paint(picture: Image, frame: int) -> None:
        x, y, w, h = BESIDE
        shift = 0 if steady else 2 * sway(frame + ALONE)
        box(picture, color, (x + shift, y + max(0, 12 - frame) * 7, w, h))

    return paint


def shown_of(found: Mask) -> float:
    x, y, w, h = BESIDE
    return float(found[y + 3 : y + h - 3, x + 14 : x + w - 6].mean())


@pytest.mark.parametrize("color", COLORS.values(), ids=COLORS)
def test_what_is_brought_up_beside_the_chest_is_shown(color: tuple[int, int, int]) -> None:
    call = Call()
    call.alone()
    shares = [shown_of(call.look(ROOM, raised(color))) for _ in range(6 * FPS)]
    assert np.mean(shares[20:]) > 0.9


def test_nothing_but_the_thing_is_shown() -> None:
    call = Call()
    call.alone()
    around = (slice(BESIDE[1] - 14, None), slice(BESIDE[0] - 14, BESIDE[0] + BESIDE[2] + 14))
    for _ in range(2 * FPS):
        found = call.look(ROOM, raised(COLORS["red"]))
        found[around] = 0
        assert not found.any()


def test_a_thing_that_was_put_down_goes_within_seconds() -> None:
    call = Call()
    call.alone()
    shares = [shown_of(call.look(ROOM, raised(COLORS["red"], steady=True))) for _ in range(6 * FPS)]
    assert max(shares) > 0.9
    assert max(shares[5 * FPS :]) == 0


def test_what_was_always_there_is_not_shown() -> None:
    call = Call()
    room = ROOM.copy()
    box(room, COLORS["red"])
    assert not any(call.look(room).any() for _ in range(6 * FPS))


def test_a_thing_that_nobody_touches_is_not_shown() -> None:
    call = Call()
    call.alone()

    def paint(picture: Image, frame: int) -> None:
        box(picture, COLORS["red"], (212, max(60, 144 - 7 * frame), 30, 40))

    assert not any(call.look(ROOM, paint).any() for _ in range(2 * FPS))


def test_a_thing_larger_than_a_part_of_the_person_is_not_shown() -> None:
    call = Call()
    call.alone()

    def paint(picture: Image, frame: int) -> None:
        box(picture, COLORS["red"], (172, max(8, 144 - 8 * frame), 80, 136))

    founds = [call.look(ROOM, paint) for _ in range(2 * FPS)]
    assert not any(found.any() for found in founds[20:])


def _lamp(frame: int, seconds: float) -> Image:
    share = min(1.0, (frame + 1) / FPS / seconds)
    lit = ROOM.astype(np.float32)
    lit[60:110, 172:215] *= 1 + 0.8 * share
    return np.clip(lit, 0, 255).astype(np.uint8)


def _moved(dx: int, dy: int) -> Image:
    shift = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    moved = cv2.warpAffine(ROOM, shift, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def _curtain(frame: int) -> Image:
    ys, xs = np.mgrid[:HEIGHT, 170:230].astype(np.float32)
    swing = 4 * np.sin(frame / 5) * np.sin((xs - 170) / 60 * np.pi)
    room = ROOM.copy()
    room[:, 170:230] = cv2.remap(ROOM, (xs + swing).astype(np.float32), ys, cv2.INTER_LINEAR)
    return room


def _door(frame: int) -> Image:
    """A door beside the person that opens within a second; behind it is a dark corridor."""
    room, open_to = ROOM.copy(), 168 + min(FPS, frame + 1) * 50 // FPS
    room[:, 168:open_to] = (25, 25, 30)
    return room


def _screen(frame: int) -> Image:
    """A screen behind the person, with another picture every second."""
    room, turn = ROOM.copy(), frame // FPS
    room[30:80, 160:215] = ROOM[turn * 7 :][:50, turn * 9 :][:, :55][:, ::-1]
    return room


EVENTS: dict[str, Callable[[int], Image]] = {
    "a lamp that goes on": lambda frame: _lamp(frame, 0.03),
    "a lamp that goes on slowly": lambda frame: _lamp(frame, 1.0),
    "exposure": lambda _: np.clip(ROOM * 1.4, 0, 255).astype(np.uint8),
    "exposure that follows slowly": lambda frame: (ROOM * max(0.6, 1 - frame / 60)).astype(
        np.uint8
    ),
    "a camera that was pushed": lambda _: _moved(4, 2),
    "a camera that shakes": lambda frame: _moved(round(3 * np.sin(frame * 0.6)), 1),
    "a curtain": _curtain,
    "a door": _door,
    "a screen": _screen,
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_what_happens_in_the_room_shows_nothing_of_it(event: Callable[[int], Image]) -> None:
    call = Call()
    call.alone()
    assert not any(call.look(event(frame)).any() for frame in range(5 * FPS))


def test_somebody_who_moves_to_the_side_shows_no_room() -> None:
    brought = BroughtThings(WIDTH, HEIGHT)
    for frame in range(6 * FPS):
        x = 100 + round(50 * max(0.0, np.sin(frame / 20)))
        image = seen(with_person(ROOM, x))
        mask = (outline(x) > 0).astype(np.float32)
        found = brought.find(image, coarse.shrunk(image), mask, frame / FPS)
        assert found is None or not found.any()


def test_a_pause_makes_it_forget() -> None:
    call = Call()
    call.alone()
    call.frame += 3 * FPS
    assert not any(shown_of(call.look(ROOM, raised(COLORS["red"]))) for _ in range(FPS // 2))


def test_a_book_is_shown_by_the_hybrid_that_has_never_seen_the_room_empty() -> None:
    x = 128
    network = FakeSegmenter(lambda _: (outline(x) > 0).astype(np.float32))
    segmenter = HybridSegmenter(network)
    shares = []
    for frame in range(ALONE + 3 * FPS):
        x = 128 + sway(frame)
        picture = with_person(ROOM, x)
        if frame >= ALONE:
            raised(COLORS["red"])(picture, frame - ALONE)
        mask = segmenter.segment(Pyramid(seen(picture)), frame / FPS)
        assert mask is not None
        shares.append(shown_of(mask))
    assert np.mean(shares[ALONE + 20 :]) > 0.9
    assert max(shares[:ALONE]) == 0
