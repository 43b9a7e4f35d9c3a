"""The person in the built-in scene."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vcam.images.types import Alpha, Image
from vcam.sources.scene import body_parts
from vcam.sources.scene.painting import Point, Sprite

HEIGHT = 720
"""Height of the frame in the figure's units; x = 0 is the figure's middle."""

_MOUTHS = 3
"""How many degrees of opening of the mouth are painted, beside the shut one."""


@dataclass(frozen=True)
class Pose:
    """How the person sits at one moment.

    Attributes:
        x: The figure's middle, in units from the frame's.
        y: Lowered by so many units.
        size: Nearness, 1 = usual.
        lean: Of the whole body, degrees clockwise.
        tilt: Of the head against the body, degrees clockwise.
        turn: Of the head, -1 (its right) to 1.
        nod: Of the head, -1 (up) to 1.
        breath: 0 to 1.
        hand: How far it is raised, 0 to 1.
        wave: Of the raised forearm, degrees clockwise.
        blink: True while the eyes are shut.
        mouth: How far it is open, 0 to 1.
    """

    x: float
    y: float = 0
    size: float = 1
    lean: float = 0
    tilt: float = 0
    turn: float = 0
    nod: float = 0
    breath: float = 0
    hand: float = 0
    wave: float = 0
    blink: bool = False
    mouth: float = 0


class Figure:
    """The person, whose parts are painted once.

    Args:
        width: Of the frame, pixels.
        height: Of the frame, pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._floor = height
        self._middle = width / 2
        self._scale = min(height, width) / HEIGHT
        self._torso = body_parts.torso(self._scale)
        self._head = body_parts.head(self._scale)
        self._fringe = body_parts.fringe(self._scale)
        self._face = {
            (shut, mouth): body_parts.face(self._scale, shut, mouth / _MOUTHS)
            for shut in (False, True)
            for mouth in range(_MOUTHS + 1)
        }
        self._forearm = body_parts.forearm(self._scale)

    def draw(self, image: Image, alpha: Alpha, pose: Pose) -> None:
        """Composite the person over `image` and its coverage into `alpha`, both in place."""
        self._put(self._torso, image, alpha, pose, (0, 760), 0, (1 + 0.012 * pose.breath, 1))
        tilt, turn, lift = pose.tilt, pose.turn, -3 * pose.breath
        self._put(self._head, image, alpha, pose, (turn * 3, 352 + lift), tilt)
        face = self._face[pose.blink, round(pose.mouth * _MOUTHS)]
        narrow = (1 - 0.1 * abs(turn), 1)
        at = (turn * 15, 352 + lift + 5 * pose.nod)
        self._put(face, image, alpha, pose, at, tilt, narrow)
        self._put(self._fringe, image, alpha, pose, (turn * 6, 352 + lift + 2 * pose.nod), tilt)
        if pose.hand > 0:
            low = 330 * (1 - pose.hand)
            self._put(self._forearm, image, alpha, pose, (-226, 690 + low), pose.wave)

    def _put(
        self,
        part: Sprite,
        image: Image,
        alpha: Alpha,
        pose: Pose,
        at: Point,
        degrees: float,
        stretch: Point = (1, 1),
    ) -> None:
        turn = math.radians(pose.lean)
        x, y = at[0] * pose.size, (at[1] - HEIGHT) * pose.size
        x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
        place = (
            self._middle + (pose.x + x) * self._scale,
            self._floor + (pose.y + y) * self._scale,
        )
        factors = (stretch[0] * pose.size, stretch[1] * pose.size)
        part.put(image, alpha, place, pose.lean + degrees, factors)
