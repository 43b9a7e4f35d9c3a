"""Framing: which part of the camera's picture is shown, and at which size."""

from vcam.framing.composition import Composition
from vcam.framing.follower import Follower
from vcam.framing.framing import Framing, grid_of
from vcam.framing.private import PrivateAreas
from vcam.framing.view import WHOLE, View
from vcam.images.turn import Turn

__all__ = [
    "WHOLE",
    "Composition",
    "Follower",
    "Framing",
    "PrivateAreas",
    "Turn",
    "View",
    "grid_of",
]
