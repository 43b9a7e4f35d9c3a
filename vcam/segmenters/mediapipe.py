"""MediaPipe's selfie segmentation networks, used well.

A network sees few pixels, so it is shown the people and not the whole picture; and it takes
pieces of the room for people, so now and then another network is asked about what it found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from vcam.config.schema.segmentation import EngineName
from vcam.images.pyramid import Pyramid
from vcam.images.resizing import shrink
from vcam.images.types import Image, Mask, check_mask
from vcam.segmenters.closer import CloserLook
from vcam.segmenters.crop import Crop
from vcam.segmenters.engines import Engine, make_engine
from vcam.segmenters.people import Region, find_people, shows_most
from vcam.segmenters.quality import Networks
from vcam.segmenters.trust import Trust

_WHOLE = Region(0, 0, 1, 1)
_LOOK_AROUND = 1.0
"""Seconds after which the whole picture is looked at: somebody else may have come."""
_LOOK_AGAIN = 0.09
"""Seconds after which it is looked at again while something moves beside the people."""
_ASK_AGAIN = 0.2
"""Seconds after which the other network is asked, where it is asked sometimes."""
_ASK_MOVING = 0.05
"""The same while people move about."""
_MOST = 0.6
"""Share of the people seen in the whole picture that must also be in the mask of the crop: one
that ends in the midst of somebody who is just coming in may show nothing of them. In the midst of
the picture a crop that holds them has seen more of them than the whole picture shows: its word
counts."""
_EDGE = 0.01
"""How near to the picture's edge people are cut by it, in its widths."""
_SOON = 0.15
"""Seconds for which a mask may stand for the next picture too."""
_STIRS = 0.01
"""Share of the pixels beside the people that have moved, from which somebody may be coming."""


@dataclass(frozen=True)
class _Sight:
    """Somebody in the whole picture: their mask, and the region that holds it."""

    mask: Mask
    region: Region


class MediaPipeSegmenter:
    """Neural networks that know people; implements `Segmenter`.

    Args:
        networks: The one that draws the mask, and when the other is asked. What only one of
            them takes for a person is one where it moves. "sometimes" asks a few times a second,
            more often while people move about; "always" in each frame, and takes the mean of
            both, in which the one that draws the mask counts twice.
        engine: What runs them.
        follow: Show the network the people, as it last found them, instead of all.

    Raises:
        ModelError: A model file is missing, corrupt or of no use.
        PlatformError: The engine or a system library that it needs is missing.
    """

    progress = 1.0

    def __init__(
        self,
        networks: Networks,
        engine: EngineName = "auto",
        follow: bool = True,
    ) -> None:
        self._network = make_engine(networks.model, engine)
        self._other: Engine | None = None
        if networks.second_opinion != "never":
            self._other = make_engine(networks.other, engine)
        self._closer = CloserLook() if networks.closer_look == "always" else None
        self._always = networks.second_opinion == "always"
        self._follow, self._stirs = follow, networks.stirs
        self._crop: Crop | None = None
        self._trust = Trust()
        self._looked = self._asked = self._asked_all = self._last_at = -np.inf
        self._moving = False
        self._last: Mask | None = None
        self._repeated = False

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """Find the people in the pyramid's picture; the mask has the size of `pyramid.small`.

        Where hardly anything has moved since the picture before, that one's mask is given once
        more: the matte moves its edges to where they are now.

        Raises:
            SegmenterError: A network failed on this picture, or gave no mask.
        """
        if not self._follow:
            return self._seen(self._network, pyramid, _WHOLE)
        if self._still_holds(pyramid, time):
            return self._last
        self._last = None  # if this fails, the next picture is not the one after the last mask's
        self._last = self._found(pyramid, time)
        self._last_at = time
        return self._last

    def _still_holds(self, pyramid: Pyramid, time: float) -> bool:
        """Whether the last mask is good for this picture too; never twice in turn.

        A segmenter that is kept while the stages round it are remade may be shown a picture of
        much later first, of which no motion is known.
        """
        motion = pyramid.motion  # in each picture: the next one's is since the last one asked for
        last, crop = self._last, self._crop
        self._repeated = (
            not self._repeated
            and last is not None
            and crop is not None
            and not pyramid.is_first
            and time - self._last_at < _SOON
            and last.shape == motion.shape
            and _stirring(motion, crop.region)[0] < self._stirs
        )
        return self._repeated

    def _found(self, pyramid: Pyramid, time: float) -> Mask:
        whole = self._look_around(pyramid, time) if self._is_due(pyramid, time) else None
        nobody = np.zeros(pyramid.small.shape[:2], np.float32)
        comes = self._crop is None
        if self._crop is None:
            if whole is None:
                return nobody
            height, width = pyramid.image.shape[:2]
            self._crop = Crop.round(whole.region, width / height)
        mask = self._seen(self._network, pyramid, self._crop.region)
        mask = self._confirmed(mask, pyramid, time, may_ask=whole is None)
        people = find_people(mask)
        if people is not None and self._closer is not None:
            see = partial(self._seen, self._network, pyramid)
            self._closer.refine(mask, people[1], self._crop.proportions, see)
        if people is None and whole is None:
            whole = self._look_around(pyramid, time)
        if whole is not None and self._lacks(mask, whole):
            np.maximum(mask, whole.mask, out=mask)
            people = find_people(mask)
        if people is None:
            self._lose()
            return nobody
        around, region = people
        self._moving = self._crop.follow(region.joined(whole.region if whole else None)) or comes
        return np.multiply(mask, around, out=mask)

    def _lacks(self, mask: Mask, whole: _Sight) -> bool:
        """Whether `mask` lacks much of somebody, as the crop, or the picture, cuts them."""
        people = whole.region
        is_cut = people.left < _EDGE or people.right > 1 - _EDGE
        may_lack = is_cut or self._crop is None or not self._crop.holds(people)
        return may_lack and not shows_most(mask, whole.mask, _MOST)

    def _lose(self) -> None:
        """Nobody is there any more."""
        self._crop = None
        if self._closer is not None:
            self._closer.forget()

    def _is_due(self, pyramid: Pyramid, time: float) -> bool:
        """Whether it is time to look at the whole picture: always while somebody comes in.

        A look takes two frames, so that not all networks run in one: this has the other network
        look in the first of them.
        """
        has_begun = self._looked < self._asked_all
        if has_begun or self._crop is None or (self._moving and self._crop.is_at_side):
            return True
        stirs_beside = _stirring(pyramid.motion, self._crop.region)[1] > _STIRS
        if time < self._looked + (_LOOK_AGAIN if stirs_beside else _LOOK_AROUND):
            return False
        if self._other is None or self._always:
            return True
        self._ask_about_all(self._other, pyramid, time)
        return False

    def _look_around(self, pyramid: Pyramid, time: float) -> _Sight | None:
        """Who is in the whole picture."""
        was_asked = self._asked_all > self._looked
        self._looked = time
        mask = self._seen(self._network, pyramid, _WHOLE)
        people = find_people(mask)
        if people is not None and self._other is not None:
            if time >= self._asked_all + (_LOOK_AROUND if was_asked else _ASK_MOVING):
                self._ask_about_all(self._other, pyramid, time)
            elif was_asked:
                self._looked = self._asked_all  # it began then, and is due again as early
            mask = self._trust.confirm(mask, pyramid)
            people = find_people(mask)
        return None if people is None else _Sight(mask * people[0], people[1])

    def _ask_about_all(self, other: Engine, pyramid: Pyramid, time: float) -> None:
        """Have the other network look at the whole picture."""
        self._trust.hear(self._seen(other, pyramid, _WHOLE))
        self._asked = self._asked_all = time

    def _confirmed(self, mask: Mask, pyramid: Pyramid, time: float, may_ask: bool) -> Mask:
        """What the other network, asked now or before, or a movement confirms of `mask`."""
        if self._other is None or self._crop is None:
            return mask
        patience = _ASK_MOVING if self._moving else _ASK_AGAIN
        if self._always or (time >= self._asked + patience and may_ask):
            opinion = self._seen(self._other, pyramid, self._crop.region)
            self._trust.hear(opinion)
            self._asked = time
            if self._always:
                both = (2 * mask + opinion) * np.float32(1 / 3)
                mask = np.maximum(both, np.multiply(mask, self._trust.moved(pyramid), out=mask))
        return self._trust.confirm(mask, pyramid)

    def _seen(self, engine: Engine, pyramid: Pyramid, region: Region) -> Mask:
        """The engine's mask of a region, put where it belongs; 0 elsewhere. A new array.

        Raises:
            SegmenterError: The engine failed, or what it gave is no mask. What is made of one
                that is too large, or holds no numbers, may look like a mask again.
        """
        picture, box = _cut(pyramid, region, engine.size)
        mask = engine.run(shrink(picture, *engine.size))
        check_mask(mask)
        grid_height, grid_width = pyramid.small.shape[:2]
        x, y, width, height = box
        across = width * grid_width / mask.shape[1]
        down = height * grid_height / mask.shape[0]
        # Pixels' middles fall on each other, hence the halves.
        place = np.array(
            [
                [across, 0, x * grid_width + (across - 1) / 2],
                [0, down, y * grid_height + (down - 1) / 2],
            ]
        )
        size = (grid_width, grid_height)
        return np.asarray(cv2.warpAffine(mask, place, size, flags=cv2.INTER_LINEAR), np.float32)

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Nothing to learn."""

    def reset(self) -> None:
        """Forget where the people were."""
        self._lose()
        self._trust = Trust()
        self._looked = self._asked = self._asked_all = -np.inf
        self._moving = False
        self._last = None

    def close(self) -> None:
        """Free the networks."""
        self._network.close()
        if self._other is not None:
            self._other.close()


def _stirring(motion: Mask, region: Region) -> tuple[float, float]:
    """Shares of the picture that have moved: within the region, and outside of it."""
    height, width = motion.shape
    inside = motion[
        int(region.top * height) : int(np.ceil(region.bottom * height)),
        int(region.left * width) : int(np.ceil(region.right * width)),
    ]
    within, all_over = float(inside.sum()), float(motion.sum())
    return within / inside.size, (all_over - within) / motion.size


def _cut(
    pyramid: Pyramid, region: Region, size: tuple[int, int]
) -> tuple[Image, tuple[float, float, float, float]]:
    """The region's pixels, from the reduced picture where that has enough of them.

    Returns:
        uint8 (h, w, 3), and where exactly it lies: x, y, width and height in fractions.
    """
    height, width = pyramid.middle.shape[:2]
    wide, tall = (region.right - region.left) * width, (region.bottom - region.top) * height
    image = pyramid.middle if wide >= size[0] and tall >= size[1] else pyramid.image
    height, width = image.shape[:2]
    x, y = int(region.left * width), int(region.top * height)
    right = min(width, int(np.ceil(region.right * width)))
    lower = min(height, int(np.ceil(region.bottom * height)))
    box = (x / width, y / height, (right - x) / width, (lower - y) / height)
    return image[y:lower, x:right], box
