"""Clips of a person whose place in every frame is known, for a loopback node to play.

`python -m tests.devices.footage` renders all of them ahead of the tests.
"""

from __future__ import annotations

import dataclasses
import importlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vcam.images.types import I420, Image, Plane

ROOT = Path(__file__).resolve().parents[2]
LAB_HOME = Path(os.environ.get("VCAM_LAB_HOME", Path.home() / ".cache" / "vcam-lab"))
BENCH = Path(os.environ.get("VCAM_FOOTAGE", ROOT.parent / "shared" / "quality"))
"""A folder with the package `mattebench`, which renders sequences with true mattes."""

MAGENTA = (255, 0, 255)
"""A wall (BGR) that nothing else in a clip looks like."""

Region: TypeAlias = npt.NDArray[np.bool_]
Shot: TypeAlias = tuple[Image, Region, Region]
"""A frame, where it is the person for certain, and where it is the room for certain."""


@dataclass(frozen=True)
class Clip:
    """A lossless clip (YUV4MPEG2) on disk, and what is known of each of its frames.

    Attributes:
        path: The clip; beside it, in a `.npz`, are the regions.
        fps: Frames per second it is to be played at.
        person: bool (n, h, w), the person and nothing else.
        room: bool (n, h, w), the room, away from the person.
    """

    path: Path
    width: int
    height: int
    fps: int
    person: Region
    room: Region

    @cached_property
    def _frames(self) -> Plane:
        raw = np.memmap(self.path, np.uint8, "r")
        header = int(np.flatnonzero(raw[:200] == ord("\n"))[0]) + 1
        size = len(b"FRAME\n") + self.width * self.height * 3 // 2
        return np.asarray(raw[header:].reshape(-1, size)[:, len(b"FRAME\n") :])

    @cached_property
    def _small(self) -> npt.NDArray[np.int16]:
        luma = self._frames[:, : self.width * self.height]
        return luma.reshape(-1, self.height, self.width)[:, ::4, ::4].astype(np.int16)

    def picture(self, index: int) -> Image:
        """Frame `index` as a camera gives it: uint8 (h, w, 3), BGR."""
        frame = I420(self.width, self.height)
        frame.data[:] = self._frames[index]
        return frame.to_bgr()

    def match(self, picture: Image) -> int:
        """The frame whose person looks most like the one in `picture` (h, w, 3)."""
        luma = I420.from_bgr(picture).y[::4, ::4].astype(np.int16)
        person = self.person[:, ::4, ::4]
        off = np.abs(self._small - luma) * person
        return int(np.argmin(off.sum((1, 2)) / person.sum((1, 2))))


def _store(path: Path, fps: int, shots: Iterator[Shot]) -> None:
    """Write a clip and its regions; the regions come last and make the clip valid."""
    path.parent.mkdir(parents=True, exist_ok=True)
    person: list[Region] = []
    room: list[Region] = []
    with path.open("wb") as clip:
        for image, is_person, is_room in shots:
            height, width = image.shape[:2]
            if not person:
                clip.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
            clip.write(b"FRAME\n" + I420.from_bgr(image).data.tobytes())
            person.append(is_person)
            room.append(is_room)
    part = path.with_suffix(".part.npz")
    np.savez(part, fps=fps, person=np.packbits(person, -1), room=np.packbits(room, -1), width=width)
    part.replace(path.with_suffix(".npz"))


def _load(path: Path) -> Clip:
    with np.load(path.with_suffix(".npz")) as known:
        width, fps = int(known["width"]), int(known["fps"])
        person = np.unpackbits(known["person"], -1, count=width).astype(bool)
        room = np.unpackbits(known["room"], -1, count=width).astype(bool)
    return Clip(path, width, person.shape[1], fps, person, room)


def _grown(mask: Region, pixels: int) -> Region:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


# --------------------------------------------------------------- the portrait
_BODY = [
    (190, 20), (240, 12), (290, 40), (302, 90), (285, 130), (300, 190), (310, 235), (345, 265),
    (360, 340), (365, 400), (330, 512), (20, 512), (25, 400), (45, 280), (110, 220),
    (115, 180), (160, 140), (150, 80),
]  # fmt: skip
_HELMET = ((392, 440), (122, 108))


def _polygon(points: list[tuple[int, int]]) -> Region:
    mask = np.zeros((512, 512), np.uint8)
    cv2.fillPoly(mask, [np.array(points, np.int32)], 255)
    return mask > 0


def cut_out() -> tuple[Image, Plane, Region]:
    """The portrait, uint8 (512, 512, 3), its matte, and the part of it that is surely she."""
    astronaut = importlib.import_module("skimage.data").astronaut()
    portrait = np.ascontiguousarray(astronaut[..., ::-1], np.uint8)
    body = _polygon(_BODY)
    helmet = np.zeros((512, 512), np.uint8)
    cv2.ellipse(helmet, (*_HELMET, 0), 255, -1)
    labels = np.full((512, 512), cv2.GC_BGD, np.uint8)
    labels[_grown(body, 12)] = cv2.GC_PR_FGD
    labels[~_grown(~body, 14)] = cv2.GC_FGD
    labels[helmet > 0] = cv2.GC_FGD
    cv2.setRNGSeed(1)
    model = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(portrait, labels, (0, 0, 1, 1), *model, 3, cv2.GC_INIT_WITH_MASK)
    matte = np.where((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), 255, 0).astype(np.uint8)
    matte = np.asarray(cv2.GaussianBlur(matte, (0, 0), 1.2), np.uint8)
    surely = ~_grown(~body, 22) & ~_grown(helmet > 0, 16)
    return portrait, matte, surely


def drawn_room(width: int, height: int) -> Image:
    """A room of flat shapes: wall, floor, window, shelf."""
    room = np.full((height, width, 3), (170, 190, 200), np.uint8)
    x, y = width / 640, height / 360

    def box(x0: int, y0: int, x1: int, y1: int, colour: tuple[int, int, int]) -> None:
        cv2.rectangle(room, (int(x0 * x), int(y0 * y)), (int(x1 * x), int(y1 * y)), colour, -1)

    box(0, 290, 640, 360, (70, 95, 120))
    box(30, 40, 150, 170, (235, 225, 200))
    box(86, 40, 94, 170, (120, 130, 140))
    box(480, 60, 620, 70, (40, 70, 110))
    for i, colour in enumerate([(160, 60, 50), (60, 120, 50), (50, 60, 170), (120, 110, 40)]):
        box(490 + 30 * i, 20 - 3 * i + 5, 512 + 30 * i, 60, colour)
    return room


def _portrait(room: Image, frames: int) -> Iterator[Shot]:
    """The portrait before `room`, swaying slowly: one whole period in `frames` frames."""
    height, width = room.shape[:2]
    portrait, matte, surely = cut_out()
    size = round(height * 0.95)
    scale = size / 512
    for index in range(frames):
        turn = 2 * np.pi * index / frames
        x = (width - size) / 2 + 0.03 * width * np.sin(turn)
        y = height - size + 0.01 * height * (1 + np.sin(2 * turn))
        move = np.array([[scale, 0, x], [0, scale, y]])
        her, alpha, core = (
            cv2.warpAffine(layer, move, (width, height), flags=cv2.INTER_AREA)
            for layer in (portrait, matte, surely.astype(np.uint8) * 255)
        )
        share = alpha[..., None].astype(np.float32) / 255
        image = (her * share + room * (1 - share) + 0.5).astype(np.uint8)
        yield image, core == 255, ~_grown(alpha > 0, height // 15)


# --------------------------------------------------------------- sequences with true mattes
def has_sequences() -> bool:
    """Whether the renderer of sequences is there."""
    return (BENCH / "mattebench" / "synth.py").is_file()


def _sequence(name: str, frames: int, width: int, height: int) -> Iterator[Shot]:
    """Every second frame of a 30 fps sequence, reduced, with its true matte."""
    sys.path.insert(0, str(BENCH))
    synth = importlib.import_module("mattebench.synth")
    sequence = dataclasses.replace(synth.BY_NAME[name], n=2 * frames)
    for index, (frame, matte, _) in enumerate(synth.generate(sequence)):
        if index % 2:
            continue
        image = np.asarray(cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA))
        alpha = cv2.resize(matte, (width, height), interpolation=cv2.INTER_AREA)
        margin = height // 30
        yield image.astype(np.uint8), ~_grown(alpha < 255, margin), ~_grown(alpha > 0, 2 * margin)


# --------------------------------------------------------------- by name
def _magenta(width: int, height: int) -> Image:
    return np.full((height, width, 3), MAGENTA, np.uint8)


_MAKERS: dict[str, tuple[int, Callable[[], Iterator[Shot]]]] = {
    "portrait": (15, lambda: _portrait(drawn_room(640, 360), 60)),
    "portrait-magenta": (15, lambda: _portrait(_magenta(640, 360), 60)),
    "portrait-720p": (10, lambda: _portrait(drawn_room(1280, 720), 40)),
    "girl_glasshouse": (15, lambda: _sequence("girl_glasshouse", 40, 640, 360)),
    "obama_porch_light": (15, lambda: _sequence("obama_porch_light", 40, 640, 360)),
}
SEQUENCES = [name for name in _MAKERS if "portrait" not in name]


def clip(name: str) -> Clip:
    """The clip called `name`, rendered where it is not there yet."""
    path = LAB_HOME / "footage" / f"{name}.y4m"
    if not path.with_suffix(".npz").exists():
        fps, maker = _MAKERS[name]
        _store(path, fps, maker())
    return _load(path)


def main() -> None:
    """Render all clips that can be rendered here."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name in _MAKERS:
        if name not in SEQUENCES or has_sequences():
            logging.info("footage: %s", clip(name).path)


if __name__ == "__main__":
    main()
