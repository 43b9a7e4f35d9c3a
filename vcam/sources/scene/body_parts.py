"""The parts of the person in the built-in scene, painted one by one."""

from __future__ import annotations

from vcam.sources.scene.painting import Painting, Point, Sprite, ellipse, mirrored

_SKIN = (226, 176, 148)
_SKIN_LIGHT = (246, 208, 182)
_SKIN_DARK = (176, 116, 92)
_HAIR = (58, 40, 32)
_HAIR_LIGHT = (112, 80, 60)
_SHIRT = (58, 92, 128)
_SHIRT_LIGHT = (92, 130, 166)
_SHIRT_DARK = (32, 54, 82)


def torso(scale: float) -> Sprite:
    """Neck, shoulders and shirt."""
    painting = Painting(-300, 300, 600, 540, scale)
    neck = mirrored([(-48, 310), (-50, 380), (-62, 420), (-40, 470), (0, 490)])
    painting.fill(neck, _SKIN)
    painting.shade(ellipse((10, 352), (62, 44)), _SKIN_DARK, soft=9, opacity=0.75)
    painting.shade(ellipse((-40, 420), (16, 40)), _SKIN_LIGHT, soft=9, opacity=0.5)
    body: list[Point] = mirrored(
        [(0, 452), (-34, 436), (-58, 402), (-100, 412), (-168, 436), (-208, 480), (-228, 570),
         (-240, 690), (-246, 860), (0, 880)]
    )  # fmt: skip
    painting.fill(body, _SHIRT)
    painting.shade(ellipse((-120, 500), (90, 60)), _SHIRT_LIGHT, soft=30, opacity=0.8)
    painting.shade(ellipse((-215, 620), (26, 150)), _SHIRT_LIGHT, soft=16, opacity=0.6)
    painting.shade(ellipse((190, 640), (70, 240)), _SHIRT_DARK, soft=34, opacity=0.7)
    painting.shade(ellipse((20, 720), (150, 60)), _SHIRT_DARK, soft=40, opacity=0.35)
    for side in (-1, 1):
        crease: list[Point] = [
            (side * 158, 560),
            (side * 170, 640),
            (side * 176, 840),
            (side * 164, 840),
            (side * 160, 640),
        ]
        painting.shade(crease, _SHIRT_DARK, soft=5, opacity=0.9)
        collar: list[Point] = [
            (side * 56, 400),
            (side * 66, 408),
            (side * 40, 448),
            (0, 470),
            (0, 454),
            (side * 32, 436),
        ]
        painting.shade(collar, _SHIRT_DARK, soft=1.5, opacity=0.8)
    for fold in ((-60, 600, 24), (70, 650, -20), (-20, 700, 16)):
        x, y, slope = fold
        painting.shade(
            [(x - 70, y - slope), (x, y + 6), (x + 70, y + slope), (x, y - 4)],
            _SHIRT_DARK,
            soft=7,
            opacity=0.5,
        )
    return painting.sprite((0, 760))


def head(scale: float) -> Sprite:
    """Head, ears and hair, without a face."""
    painting = Painting(-130, 80, 260, 300, scale)
    painting.fill(mirrored([(0, 96), (-44, 104), (-80, 138), (-91, 190), (-87, 240),
                            (-60, 262), (0, 262)]), _HAIR, soft=1)  # fmt: skip
    for side in (-1, 1):
        painting.fill(ellipse((side * 84, 246), (13, 27)), _SKIN)
        painting.shade(ellipse((side * 83, 248), (6, 16)), _SKIN_DARK, soft=3, opacity=0.6)
    painting.fill(
        mirrored([(0, 130), (-50, 146), (-78, 190), (-81, 240), (-73, 288), (-52, 326),
                  (-24, 348), (0, 352)]), _SKIN, soft=0.6,
    )  # fmt: skip
    painting.shade(ellipse((-34, 190), (40, 24)), _SKIN_LIGHT, soft=14, opacity=0.8)
    painting.shade(ellipse((-44, 268), (20, 22)), _SKIN_LIGHT, soft=10, opacity=0.6)
    painting.shade(
        [(96, 160), (58, 220), (60, 290), (20, 360), (120, 340)], _SKIN_DARK, soft=16, opacity=0.65
    )
    painting.shade(ellipse((0, 362), (60, 16)), _SKIN_DARK, soft=8, opacity=0.6)
    return painting.sprite((0, 352))


def fringe(scale: float) -> Sprite:
    """The hair that lies over the face."""
    painting = Painting(-130, 80, 260, 300, scale)
    hair: list[Point] = [
        (-88, 236),
        (-95, 192),
        (-88, 142),
        (-58, 102),
        (-10, 86),
        (42, 90),
        (80, 124),
        (95, 176),
        (90, 234),
        (81, 224),
        (78, 190),
        (64, 160),
        (40, 152),
        (0, 160),
        (-40, 148),
        (-64, 162),
        (-77, 192),
        (-80, 226),
    ]
    painting.fill(hair, _HAIR, soft=0.8)
    for x, y, width, light in ((-44, 122, 30, 0.75), (-8, 108, 34, 0.6), (38, 116, 28, 0.35)):
        painting.shade(
            [(x - width, y + 24), (x - 8, y - 6), (x + width, y - 2), (x, y + 12)],
            _HAIR_LIGHT,
            soft=6,
            opacity=light,
        )
    for x in (-50, -22, 14, 46):
        painting.shade(
            [(x - 18, 158), (x, 124), (x + 16, 108), (x + 2, 128)],
            (34, 22, 18),
            soft=2.5,
            opacity=0.55,
        )
    return painting.sprite((0, 352))


def face(scale: float, shut: bool, mouth: float) -> Sprite:
    """Eyes, nose and mouth; `mouth` is how far it is open, 0..1."""
    painting = Painting(-80, 190, 160, 150, scale)
    for x in (-32, 32):
        _eye(painting, x, shut)
    painting.fill(
        [(6, 228), (16, 270), (18, 282), (4, 288), (6, 262)], _SKIN_DARK, soft=4, opacity=0.55
    )
    painting.fill(ellipse((-3, 266), (5, 16)), _SKIN_LIGHT, soft=4, opacity=0.7)
    painting.fill(
        [(-14, 284), (-6, 287), (0, 290), (8, 287), (15, 283), (6, 292), (-6, 292)],
        (120, 64, 54),
        soft=1.6,
        opacity=0.8,
    )
    _mouth(painting, 15 * mouth)
    for x in (-33, 33):
        painting.fill(ellipse((x, 306), (4, 6)), _SKIN_DARK, soft=2.5, opacity=0.5)
    painting.fill(ellipse((0, 333), (16, 4)), _SKIN_DARK, soft=4, opacity=0.5)
    for x in (-46, 46):
        painting.fill(ellipse((x, 284), (16, 13)), (222, 130, 112), soft=8, opacity=0.3)
    return painting.sprite((0, 352))


def _mouth(painting: Painting, gap: float) -> None:
    painting.fill(
        [(-29, 308), (-9, 306), (0, 308), (9, 306), (29, 308), (0, 317)], (172, 88, 80), soft=1
    )
    painting.fill(
        [(-26, 311 + gap), (0, 316 + gap), (26, 311 + gap), (13, 324 + gap), (-13, 324 + gap)],
        (204, 120, 108), soft=1.4,
    )  # fmt: skip
    dark: list[Point] = [(-31, 307), (0, 314.5), (31, 307), (0, 318 + gap)]
    painting.fill(dark, (104, 46, 44), soft=0.7)


def _eye(painting: Painting, x: float, shut: bool) -> None:
    side = 1 if x > 0 else -1
    brow: list[Point] = [(x - side * 19, 215), (x, 207), (x + side * 22, 214), (x, 212)]
    painting.fill(brow, (66, 46, 38), soft=1.4, opacity=0.9)
    painting.fill(ellipse((x, 231), (22, 13)), _SKIN_DARK, soft=5, opacity=0.5)
    if shut:
        painting.fill([(x - 17, 233), (x, 238), (x + 17, 233), (x, 241)], (84, 52, 44), soft=0.8)
        return
    painting.fill([(x - 17, 235), (x, 226), (x + 17, 234), (x, 241)], (240, 236, 232), soft=0.6)
    painting.shade(ellipse((x, 233), (7.2, 7.2)), (84, 56, 40), soft=0.5)
    painting.shade(ellipse((x, 233), (3.4, 3.4)), (24, 16, 14), soft=0.4)
    painting.shade(ellipse((x - 2.4, 230.5), (1.9, 1.9)), (255, 255, 255), soft=0.4)
    painting.fill([(x - 18, 235), (x, 224.5), (x + 18, 233.5), (x, 228)], (60, 36, 32), soft=0.7)


def forearm(scale: float) -> Sprite:
    """A raised hand and its sleeve."""
    painting = Painting(-100, -340, 200, 420, scale)
    for base, tip, width in (
        ((-27, -212), (-44, -288), 11), ((-10, -220), (-16, -312), 11.5),
        ((10, -220), (14, -310), 11.5), ((28, -210), (42, -280), 10.5),
    ):  # fmt: skip
        _finger(painting, base, tip, width)
    _finger(painting, (26, -164), (68, -208), 12)
    painting.fill([(-39, -220), (0, -229), (39, -218), (42, -180), (28, -140), (23, -96),
                   (-23, -96), (-28, -140), (-42, -182)], _SKIN, soft=0.6)  # fmt: skip
    painting.shade(ellipse((22, -176), (14, 34)), _SKIN_DARK, soft=10, opacity=0.4)
    painting.shade(ellipse((-14, -192), (18, 24)), _SKIN_LIGHT, soft=10, opacity=0.6)
    painting.shade(
        [(-26, -168), (-6, -152), (6, -122), (-2, -122), (-12, -146)],
        _SKIN_DARK,
        soft=3,
        opacity=0.4,
    )
    painting.fill([(-27, -128), (0, -132), (27, -128), (40, -40), (44, 60), (0, 66), (-44, 60),
                   (-40, -40)], _SHIRT)  # fmt: skip
    painting.shade(
        [(20, -130), (44, -40), (50, 80), (20, 60), (12, -40)], _SHIRT_DARK, soft=9, opacity=0.8
    )
    painting.shade(ellipse((-24, -20), (12, 80)), _SHIRT_LIGHT, soft=9, opacity=0.8)
    painting.shade([(-28, -124), (0, -118), (28, -124), (0, -114)], _SHIRT_DARK, soft=2)
    return painting.sprite((0, 0))


def _finger(painting: Painting, base: Point, tip: Point, width: float) -> None:
    x, y = tip[0] - base[0], tip[1] - base[1]
    length = (x * x + y * y) ** 0.5
    across = (-y / length * width, x / length * width)
    end = (tip[0] - x / length * width * 0.2, tip[1] - y / length * width * 0.2)
    outline = [
        (base[0] - across[0], base[1] - across[1]),
        (end[0] - across[0] * 0.85, end[1] - across[1] * 0.85),
        (tip[0] + x / length * width * 0.7, tip[1] + y / length * width * 0.7),
        (end[0] + across[0] * 0.85, end[1] + across[1] * 0.85),
        (base[0] + across[0], base[1] + across[1]),
    ]
    painting.fill(outline, _SKIN, soft=0.6)
    painting.shade([outline[2], outline[3], outline[4], base], _SKIN_DARK, soft=4, opacity=0.3)
