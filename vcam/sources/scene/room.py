"""The room of the built-in scene."""

from __future__ import annotations

import cv2
import numpy as np

from vcam.framing import Framing
from vcam.images.types import Image
from vcam.sources.scene.painting import Color, Painting, Point, ellipse

WIDTH, HEIGHT = 1280, 720


def paint_room(width: int, height: int) -> Image:
    """A lived-in room by daylight, slightly out of focus; the frame's middle is kept.

    Returns:
        uint8 (height, width, 3), BGR.
    """
    scale = min(1.0, max(width / WIDTH, height / HEIGHT))
    painting = Painting(0, 0, WIDTH, HEIGHT, scale)
    _wall(painting)
    _window(painting)
    _shelf(painting)
    _lamp(painting)
    _plant(painting)
    _chair(painting)
    room = cv2.GaussianBlur(painting.image(), (0, 0), 1.6 * scale)
    return Framing(width, height).fit(np.asarray(room, np.uint8))


def _wall(painting: Painting) -> None:
    painting.box(-20, -20, 1300, 740, (205, 198, 186))
    painting.box(-200, -200, 560, 900, (238, 231, 217), soft=190, opacity=0.8)
    painting.box(980, -200, 1500, 900, (150, 140, 130), soft=160, opacity=0.55)
    painting.box(-200, 640, 1500, 900, (140, 126, 112), soft=60, opacity=0.5)


def _window(painting: Painting) -> None:
    painting.box(70, 40, 366, 440, (120, 110, 100), soft=18, opacity=0.35)
    painting.box(64, 30, 356, 424, (246, 243, 236))
    for left in (80, 218):
        painting.box(left, 46, left + 122, 408, (190, 214, 232))
        painting.box(left, 46, left + 122, 200, (222, 235, 244), soft=50)
        painting.box(left, 330, left + 122, 408, (140, 165, 128), soft=8)
    painting.box(64, 222, 356, 232, (240, 236, 228))
    painting.box(46, 424, 374, 440, (232, 226, 216))
    for left, right in ((26, 92), (328, 398)):
        painting.box(left, 10, right, 740, (214, 196, 170), soft=3)
        for fold in range(left + 8, right, 16):
            painting.box(fold, 14, fold + 5, 740, (180, 160, 134), soft=3, opacity=0.6)
    painting.box(0, 8, 424, 16, (92, 74, 60))


_BOOKS: tuple[tuple[int, int, Color], ...] = (
    (26, 88, (150, 70, 62)), (20, 76, (62, 92, 120)), (30, 96, (206, 178, 120)),
    (18, 82, (70, 104, 84)), (24, 90, (54, 56, 78)), (34, 70, (190, 130, 84)),
    (22, 94, (120, 134, 146)), (26, 80, (134, 84, 104)), (18, 90, (226, 214, 190)),
    (28, 74, (88, 78, 66)),
)  # fmt: skip


def _shelf(painting: Painting) -> None:
    for board in (190, 330):
        painting.box(842, board + 8, 1212, board + 40, (90, 80, 72), soft=12, opacity=0.4)
    _books(painting, 858, 190, _BOOKS)
    _books(painting, 980, 330, _BOOKS[::-1][:7])
    painting.fill([(880, 328), (872, 296), (886, 262), (900, 296), (896, 328)], (236, 232, 224))
    painting.fill(ellipse((888, 262), (7, 5)), (150, 140, 130))
    for board in (190, 330):
        painting.box(836, board, 1216, board + 14, (146, 108, 74))
        painting.box(836, board, 1216, board + 4, (178, 138, 98))


def _books(
    painting: Painting, left: int, floor: int, books: tuple[tuple[int, int, Color], ...]
) -> None:
    for width, height, color in books:
        dark: Color = (color[0] * 3 // 5, color[1] * 3 // 5, color[2] * 3 // 5)
        painting.box(left, floor - height, left + width - 2, floor, color)
        painting.box(left + width - 7, floor - height, left + width - 2, floor, dark, soft=2)
        stripe = floor - height + 14
        painting.box(left + 3, stripe, left + width - 6, stripe + 6, (232, 222, 200), opacity=0.7)
        left += width


def _lamp(painting: Painting) -> None:
    painting.box(1150, 470, 1156, 760, (70, 62, 56))
    painting.fill(ellipse((1152, 430), (170, 150)), (255, 226, 170), soft=60, opacity=0.55)
    shade: list[Point] = [(1112, 380), (1192, 380), (1218, 474), (1086, 474)]
    painting.polygon(shade, (250, 226, 182))
    painting.fill(ellipse((1152, 452), (44, 28)), (255, 246, 220), soft=16)


def _plant(painting: Painting) -> None:
    for lean, length, color in (
        (-95, 210, (62, 100, 66)), (-52, 262, (78, 122, 76)), (-10, 290, (66, 108, 70)),
        (38, 262, (84, 130, 82)), (84, 205, (58, 94, 64)), (-120, 130, (76, 116, 76)),
        (112, 130, (70, 112, 72)),
    ):  # fmt: skip
        tip = (470 + lean, 640 - length)
        middle = (470 + lean * 0.45, 640 - length * 0.55)
        painting.fill(
            [(470, 640), (middle[0] - 20, middle[1]), tip, (middle[0] + 20, middle[1] + 8)],
            color,
            soft=1,
        )
        painting.fill(
            [(470, 640), (middle[0] - 3, middle[1]), tip, (middle[0] + 3, middle[1])],
            (130, 166, 112),
            soft=1,
            opacity=0.6,
        )
    painting.polygon([(418, 626), (522, 626), (508, 760), (432, 760)], (186, 108, 76))
    painting.shade(ellipse((516, 690), (28, 90)), (120, 62, 44), soft=14, opacity=0.6)


def _chair(painting: Painting) -> None:
    back: list[Point] = [
        (512, 760),
        (520, 560),
        (556, 500),
        (640, 488),
        (724, 500),
        (760, 560),
        (768, 760),
    ]
    painting.fill(back, (70, 64, 60), soft=14, opacity=0.3)
    painting.fill(back, (64, 68, 76))
    painting.shade(ellipse((570, 620), (50, 130)), (98, 104, 114), soft=26, opacity=0.7)
