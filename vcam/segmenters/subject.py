"""Somebody whom the networks look at closely, apart from the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from vcam.images.pyramid import Pyramid
from vcam.images.region import Region
from vcam.images.types import Mask
from vcam.segmenters.closer import CloserLook
from vcam.segmenters.confirmation import Confirmation, Movement
from vcam.segmenters.crop import Crop
from vcam.segmenters.dispute import Dispute
from vcam.segmenters.engines import Engine
from vcam.segmenters.looking import largest_news, look, moving_share
from vcam.segmenters.people import find_people

_ASK_AGAIN = 0.2
"""Seconds after which the other network is asked, where it is asked sometimes."""
_ASK_MOVING = 0.05
"""The same while they move about."""
_LOOK_AGAIN = 0.05
"""Seconds for which a mask is carried along with what moves, before it is found anew."""
_LONGEST = 0.2
"""The same while the networks have something more urgent to look at."""
_NEW = 0.2
"""How surely something new may be in a place as large as a hand, for the mask to be carried."""


@dataclass(frozen=True)
class Looks:
    """What looks at people, and how.

    Attributes:
        network: Draws the mask.
        other: Confirms it; None where nobody is asked.
        always: Whether the other draws in each picture, too.
        closer: Whether heads and shoulders are looked at by themselves.
        min_motion: Share of the crop that must have moved for it to be looked at in every picture.
        movement: Where something has just moved.
    """

    network: Engine
    other: Engine | None
    always: bool
    closer: bool
    min_motion: float
    movement: Movement


class Subject:
    """A person, or people who cannot be told apart, in a crop of their own.

    Args:
        region: Where they are.
        proportions: Of the picture, width over height.
        looks: What looks at them.

    Attributes:
        region: Where they are.
        crop: What is looked at.
        mask: What was found there last: float32 (h, w) in 0..1, of the whole picture.
        moving: Whether the crop has just had to move, or is new.
    """

    def __init__(self, region: Region, proportions: float, looks: Looks) -> None:
        self.region = region
        self.crop = Crop.round(region, proportions)
        self.mask: Mask | None = None
        self._raw: Mask | None = None
        self.moving = True
        self._looks = looks
        self._confirmation = Confirmation()
        self._dispute = Dispute()
        self._added: Mask | None = None
        self._closer = CloserLook() if looks.closer else None
        self._asked = self._looked = -np.inf
        self._carried = 0

    def asked(self, time: float) -> bool:
        """Whether the other network has been asked about this picture, of that time."""
        return self._asked == time

    def carry(self, pyramid: Pyramid, time: float, with_motion: bool) -> bool:
        """Bring the last mask up to this picture.

        Args:
            pyramid: The picture.
            time: Seconds.
            with_motion: Whether it may follow what moves; otherwise it must all but keep still.

        Returns:
            Whether it is good for this picture: all that is there was there before. A segmenter
            that is kept while the stages round it are remade may be shown a picture of much
            later first, of which no motion is known.
        """
        if (
            pyramid.is_first
            or self.mask is None
            or self.mask.shape != pyramid.gray.shape
            or time - self._looked > _LONGEST
        ):
            return False
        self._carried += 1
        if moving_share(pyramid.motion, self.crop.region) < self._looks.min_motion:
            return True
        return with_motion and self._follow_flow(pyramid, self.mask)

    def _follow_flow(self, pyramid: Pyramid, mask: Mask) -> bool:
        """Have the masks follow what moves, unless something is new; whether they do."""
        flow = pyramid.flow
        if flow is None or largest_news(flow.unexplained, self.crop.region, mask) > _NEW:
            return False
        self.mask = flow.carry(mask)
        if self._raw is not None:
            self._raw = flow.carry(self._raw)
        return True

    def lateness(self, time: float) -> float:
        """How urgently the network should look again: from 1 on it should."""
        return (time - self._looked) / _LOOK_AGAIN

    def opinion_lateness(self, time: float) -> float:
        """The same of the other network."""
        if self._looks.other is None or self._looks.always or self._raw is None:
            return 0.0
        late = (time - self._asked) / (_ASK_MOVING if self.moving else _ASK_AGAIN)
        return late + 1 if late >= 1 else 0.0  # before all else: what only one sees is not shown

    def needs_both(self, time: float) -> bool:
        """Whether both networks must look at one picture: at low rates each is too late a look."""
        return self.lateness(time) >= 1 and self._carried <= 1

    def follow(self, region: Region) -> None:
        """They are at `region` now."""
        self.region = region
        self.moving = self.crop.follow(region)

    def look(self, pyramid: Pyramid, time: float, may_ask: bool) -> Mask:
        """Look at the crop.

        Args:
            pyramid: The picture.
            time: Seconds.
            may_ask: Whether the other network is asked too.

        Raises:
            SegmenterError: A network failed.
        """
        self.mask = self._raw = (
            None  # if this fails, the next picture is not the one after the last mask's
        )
        mask = look(self._looks.network, pyramid, self.crop.region)
        mask = self._confirmed(mask, pyramid, time, may_ask)
        if self._closer is not None:
            people = find_people(mask)
            if people is not None:
                see = partial(look, self._looks.network, pyramid)
                self._closer.refine(mask, people.region, self.crop.proportions, see)
        self.mask, self._looked, self._carried = mask, time, 0
        return mask

    def update(self, opinion: Mask, time: float) -> None:
        """Take the other network's mask of the crop, or of more."""
        if self._added is not None and self._added.shape == opinion.shape:
            opinion = np.maximum(opinion, self._added)
        self._confirmation.update(opinion)
        self._asked = time

    def ask(self, pyramid: Pyramid, time: float) -> None:
        """Ask the other network about the crop, of which the mask is carried along.

        Raises:
            SegmenterError: The network failed.
        """
        if self._raw is not None and self._looks.other is not None:
            self._opinion_of(self._looks.other, self._raw, pyramid, time)

    def _opinion_of(self, other: Engine, mask: Mask, pyramid: Pyramid, time: float) -> Mask:
        """What the other network sees, and what of its quarrel with `mask` is settled."""
        opinion = look(other, pyramid, self.crop.region)
        lately = self._looks.movement.lately(pyramid, time)
        # Beside somebody who walks in, the outlines of the room's pieces seem to move too.
        self._added = np.zeros_like(mask)
        if not self.moving:
            self._added = self._dispute.settle(mask, opinion, lately, time)
        self.update(opinion, time)
        return opinion

    def _confirmed(self, mask: Mask, pyramid: Pyramid, time: float, may_ask: bool) -> Mask:
        """What the other network, asked now or before, or a movement confirms of `mask`."""
        other = self._looks.other
        if other is None:
            return mask
        moved = self._looks.movement.where(pyramid)
        if self._looks.always:
            opinion = self._opinion_of(other, mask, pyramid, time)
            if self._added is not None:
                np.maximum(mask, self._added, out=mask)
            both = (2 * mask + opinion) * np.float32(1 / 3)
            mask = np.maximum(both, np.multiply(mask, moved, out=mask))
        else:
            self._raw = mask
            if may_ask or not self._confirmation.is_informed:
                self._opinion_of(other, mask, pyramid, time)
        if self._added is not None and self._added.shape == mask.shape:
            mask = np.maximum(mask, self._added)
        return self._confirmation.confirm(mask, moved)
