"""The segmenter's rules, each of which can be left out to see what it earns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np

from vcam.segmenters import coarse
from vcam.segmenters.people import People, find_people

_Values = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """Something that the segmenter or the matte does.

    Attributes:
        does: What, in words.
        config: Sections of the configuration, and what is written there to do without it.
        patches: Functions and what stands in for them without it, in `vcam`.
    """

    does: str
    config: _Values = field(default_factory=dict)
    patches: dict[str, object] = field(default_factory=dict)

    @contextmanager
    def left_out(self) -> Iterator[None]:
        """Do without it."""
        patches = [patch(f"vcam.{where}", new) for where, new in self.patches.items()]
        for one in patches:
            one.start()
        try:
            yield
        finally:
            for one in patches:
                one.stop()


def _gives(value: object) -> Callable[..., object]:
    return lambda *_: value


def _nowhere(*_: object) -> object:
    return np.zeros(coarse.SHAPE, np.uint8)


def _nothing_here(picture: Any, *_: object) -> object:
    return np.zeros(picture.shape[:2], np.uint8)


def _anywhere(mask: Any) -> People | None:
    found = find_people(mask)
    return found and People(np.ones_like(found.around), found.regions)


def _as_found(people: Any, pyramid: Any, time: float) -> Any:
    return people._segmenter.segment(pyramid, time)


_SEG = "segmenters"
RULES: dict[str, Rule] = {
    "crop": Rule(
        "the network is shown the people, not the picture",
        {"segmentation": {"mediapipe": {"follow": False}}},
    ),
    "dead-band": Rule(
        "the crop follows when it must only",
        patches={f"{_SEG}.crop._side": lambda now, wanted, *_: wanted},
    ),
    "apart": Rule(
        "people side by side get a crop each",
        patches={f"{_SEG}.people.tell_apart": lambda part: [cv2.boundingRect(part)]},
    ),
    "scraps": Rule(
        "small pieces apart from everybody are dropped",
        patches={f"{_SEG}.mediapipe.find_people": _anywhere},
    ),
    "lacking": Rule(
        "who is cut by the crop is taken from the whole picture",
        patches={f"{_SEG}.mediapipe.MediaPipeSegmenter._add_lacking": _gives(False)},
    ),
    "newcomers": Rule(
        "whom one network sees is looked at closely, and the halves of the picture",
        patches={
            f"{_SEG}.newcomers.Newcomers.suspect": _gives(None),
            f"{_SEG}.newcomers.Newcomers.patrol": _gives(None),
        },
    ),
    "portraits": Rule(
        "a portrait on the wall, which never breathes, is covered",
        patches={f"{_SEG}.living.LivingPeople.segment": _as_found},
    ),
    "flow": Rule(
        "a group's masks are carried along with what moves: fewer looks",
        patches={f"{_SEG}.subject.Subject._follow_flow": _gives(False)},
    ),
    "exposed": Rule(
        "dim pictures are brightened for the networks",
        patches={f"{_SEG}.looking.exposed": lambda picture: picture},
    ),
    "second-opinion": Rule(
        "another network confirms what the first sees",
        {"segmentation": {"mediapipe": {"second_opinion": "never"}}},
    ),
    "movement": Rule(
        "what moves needs no other network's word",
        patches={f"{_SEG}.confirmation.Movement.where": lambda _, pyramid: 0 * pyramid.motion},
    ),
    "dispute": Rule(
        "what one network overlooks is kept where its outline has moved",
        patches={f"{_SEG}.dispute.Dispute.settle": lambda _, one, *rest: np.zeros_like(one)},
    ),
    "clean-plate": Rule(
        "all that is known of the room", {"segmentation": {"backend": "mediapipe"}}
    ),
    "room-veto": Rule(
        "whole parts that look like the room are hidden",
        patches={f"{_SEG}.room_veto.RoomVeto.judge": lambda *_: (_nowhere(), _nowhere())},
    ),
    "likeness": Rule(
        "where the network doubts, what looks like the room is hidden",
        patches={f"{_SEG}.removal._LIKENESS": np.zeros(256, np.float32)},
    ),
    "texture": Rule(
        "what has the room's own pattern is hidden, however sure the network is",
        patches={f"{_SEG}.removal._blacken_texture": _gives(None)},
    ),
    "attached": Rule(
        "what differs from the room and hangs together with somebody is theirs",
        patches={f"{_SEG}.attached.AttachedObjects.find": _nowhere},
    ),
    "hands": Rule(
        "so is what comes in over the lower border in their colours",
        patches={f"{_SEG}.attached.AttachedObjects._is_hand": _gives(False)},
    ),
    "shadows": Rule(
        "but for what is in a shadow only",
        patches={f"{_SEG}.attached.find_shadows": _nothing_here},
    ),
    "pattern": Rule(
        "and for what shows the room's pattern",
        patches={f"{_SEG}.attached.recognise": _nothing_here},
    ),
    "stillness": Rule(
        "and for what has not moved for seconds",
        patches={f"{_SEG}.coarse.Stillness.look": lambda *_: np.zeros(coarse.SHAPE, np.bool_)},
    ),
    "light": Rule(
        "the plate follows the light",
        patches={f"{_SEG}.plate.find_gains": lambda *_: np.ones(3, np.float32)},
    ),
    "another-room": Rule(
        "a camera that was moved is noticed",
        patches={f"{_SEG}.plate.CleanPlate._is_another_room": _gives(False)},
    ),
    "hold": Rule(
        "nothing is learnt just behind somebody",
        patches={f"{_SEG}.plate._HOLD": 0.0},
    ),
    "edges": Rule("the matte moves edges to the picture's", {"matte": {"edges": "mask"}}),
    "smoothing": Rule("still parts do not flicker", {"matte": {"smoothing": 0}}),
}
