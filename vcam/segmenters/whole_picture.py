"""Looks at the whole picture: somebody may be where nobody's crop is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcam.images.pyramid import Pyramid
from vcam.images.types import Mask
from vcam.segmenters.confirmation import Confirmation
from vcam.segmenters.group import Group
from vcam.segmenters.looking import WHOLE, look, motion_beside
from vcam.segmenters.people import People, find_people
from vcam.segmenters.subject import Looks

_LOOK_AROUND = 1.0
"""Seconds after which the whole picture is looked at: somebody else may have come."""
_LOOK_AGAIN = 0.15
"""Seconds after which it is looked at again while something moves beside the people."""
_ASK_MOVING = 0.05
"""Seconds after which the other network is asked about the whole picture while people move."""
_OTHER_HALF = 3.0
"""Lateness of the second network's look at the whole picture, once the first has had its own."""
_STIRS = 0.01
"""Share of the pixels beside the people that have moved, from which somebody may be coming."""


@dataclass(frozen=True)
class Sight:
    """Somebody in the whole picture: what one network sees of them, and what is confirmed."""

    raw: Mask
    mask: Mask
    people: People


class WholePicture:
    """Who is in the whole picture; of the two networks each looks in a picture of its own.

    Args:
        looks: The networks.
        group: The people who are known already.

    Attributes:
        opinion: What the other network saw last: float32 (h, w) in 0..1; None before.
    """

    def __init__(self, looks: Looks, group: Group) -> None:
        self._looks, self._group = looks, group
        self.reset()

    def reset(self) -> None:
        """Forget what was seen."""
        self._confirmation = Confirmation()
        self.opinion: Mask | None = None
        self._looked = self._asked = -np.inf

    def lateness(self, pyramid: Pyramid, time: float, suspects: bool) -> float:
        """How urgently the whole picture is to be looked at: always while somebody comes in.

        Args:
            pyramid: The picture.
            time: Seconds.
            suspects: Whether there are places that are being looked at closely: they come first.
        """
        if self._group.subjects and suspects:
            return 0.0
        if not self._group.subjects or self._somebody_comes:
            return np.inf
        if self._has_begun:
            return _OTHER_HALF + (time - self._asked) / _LOOK_AGAIN
        crops = [subject.crop.region for subject in self._group.subjects]
        stirs_beside = motion_beside(pyramid.motion, crops) > _STIRS
        return (time - self._looked) / (_LOOK_AGAIN if stirs_beside else _LOOK_AROUND)

    @property
    def _somebody_comes(self) -> bool:
        return any(one.moving and one.crop.is_at_side for one in self._group.subjects)

    @property
    def _has_begun(self) -> bool:
        return self._looked < self._asked

    @property
    def asks_first(self) -> bool:
        """Whether the other network is to look first: a look around takes two pictures."""
        if self._has_begun or not self._group.subjects or self._looks.always:
            return False
        return self._looks.other is not None and not self._somebody_comes

    def look(self, pyramid: Pyramid, time: float) -> Sight | None:
        """Who is in the whole picture; None for nobody.

        Raises:
            SegmenterError: A network failed.
        """
        was_asked = self._has_begun
        self._looked = time
        raw = mask = look(self._looks.network, pyramid, WHOLE)
        people = find_people(mask)
        if people is not None and self._looks.other is not None:
            if time >= self._asked + (_LOOK_AROUND if was_asked else _ASK_MOVING):
                self.ask(pyramid, time)
            elif was_asked:
                self._looked = self._asked  # it began then, and is due again as early
            mask = self._confirmation.confirm(mask, self._looks.movement.where(pyramid))
            people = find_people(mask)
        return None if people is None else Sight(raw, mask * people.around, people)

    def ask(self, pyramid: Pyramid, time: float) -> None:
        """Have the other network look, if there is one.

        Raises:
            SegmenterError: It failed.
        """
        if self._looks.other is None:
            return
        self.opinion = look(self._looks.other, pyramid, WHOLE)
        self._confirmation.update(self.opinion)
        self._asked = time
        if len(self._group.subjects) == 1:
            self._group.subjects[0].update(self.opinion, time)
