"""How much of the person glows in the blurred room: `python -m tests.halo FOLDER SEQUENCE ROOM`.

FOLDER holds `SEQUENCE.frame.npy`, uint8 (n, h, w, 3), and `SEQUENCE.alpha.npy`, uint8 (n, h, w),
the true matte of each frame; ROOM is a picture of the same room with nobody in it. Ideal is the
room alone, blurred alike, in the light of each frame (the factor per channel that fits best far
from the person). Printed is the mean difference from it, in levels of 0..255, over the pixels
within 40 of the person, for each strength and style: of a blur of the whole frame, of vcam's blur
with the true matte, and with vcam's own.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

import vcam
from vcam.backgrounds.blur import BlurBackground, BlurStyle
from vcam.images.types import I420, Alpha, Image

_NEAR, _FAR = 40, 150
_STYLES: tuple[BlurStyle, ...] = ("smooth", "bokeh")
_STRENGTHS = (0.3, 0.6, 1.0)
_EVERY = 5
"""All frames are rendered, one in so many is measured."""


def main(folder: str, sequence: str, room: str) -> None:
    """Measure a sequence and print a table."""
    frames, alphas = (
        np.load(Path(folder) / f"{sequence}.{part}.npy", mmap_mode="r")
        for part in ("frame", "alpha")
    )
    clean = np.asarray(cv2.imread(room), np.uint8)
    matting = vcam.Matting()
    found: dict[tuple[BlurStyle, float, str], list[float]] = defaultdict(list)
    blurs = {
        (style, strength, how): BlurBackground(clean.shape[1], clean.shape[0], strength, style)
        for style in _STYLES
        for strength in _STRENGTHS
        for how in ("ideal", "whole frame", "true matte", "own matte")
    }
    for index, (image, truth) in enumerate(zip(frames, alphas, strict=True)):
        frame, alpha = np.ascontiguousarray(image), np.ascontiguousarray(truth)
        nobody = np.zeros_like(alpha)
        mattes = {"whole frame": nobody, "true matte": alpha, "own matte": matting.process(frame)}
        picture, distance = I420.from_bgr(frame), _distance(alpha)
        near = (distance > 0) & (distance <= _NEAR) & (alpha < 8)
        is_measured = index % _EVERY == 0 and bool(near.any())
        ideal_room = I420.from_bgr(_lit(clean, frame, distance > _FAR)) if is_measured else picture
        for style, strength, how in blurs:
            if how == "ideal":
                continue
            blur = blurs[style, strength, how]
            painted = blur.paint(picture, mattes[how], index / 30)
            if is_measured:
                ideal = blurs[style, strength, "ideal"].paint(ideal_room, nobody, index / 30)
                found[style, strength, how].append(_difference(painted, ideal, near))
    matting.close()
    for (style, strength, how), errors in found.items():
        sys.stdout.write(f"{style:7} {strength:3g}  {how:12} {np.mean(errors):6.2f}\n")


def _distance(alpha: Alpha) -> npt.NDArray[np.float32]:
    """Of each pixel from the person, in pixels."""
    outside = (alpha < 128).view(np.uint8)
    return np.asarray(cv2.distanceTransform(outside, cv2.DIST_L2, 5), np.float32)


def _lit(room: Image, frame: Image, where: npt.NDArray[np.bool_]) -> Image:
    """`room` in the light of `frame`, as it is seen at `where`."""
    seen, known = frame[where].astype(np.float64), room[where].astype(np.float64)
    light = (seen * known).sum(0) / np.maximum((known**2).sum(0), 1)
    return np.asarray(np.clip(room * light + 0.5, 0, 255), np.uint8)


def _difference(painted: I420, ideal: I420, where: npt.NDArray[np.bool_]) -> float:
    return float(np.abs(painted.to_bgr()[where].astype(int) - ideal.to_bgr()[where]).mean())


if __name__ == "__main__":
    main(*sys.argv[1:])
