"""MediaPipe's selfie segmentation networks, used well.

A network sees few pixels, so it is shown each person and not the whole picture; and it takes
pieces of the room for people, so now and then another network is asked about what it found.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vcam.config.schema.segmentation import EngineName
from vcam.images.pyramid import Pyramid
from vcam.images.types import Mask
from vcam.segmenters.confirmation import Movement
from vcam.segmenters.engines import Engine, make_engine
from vcam.segmenters.group import Group
from vcam.segmenters.looking import WHOLE, look
from vcam.segmenters.newcomers import Newcomers
from vcam.segmenters.people import People, find_people, shows_most
from vcam.segmenters.quality import Networks
from vcam.segmenters.schedule import Task, most_urgent
from vcam.segmenters.subject import Looks
from vcam.segmenters.whole_picture import Sight, WholePicture

_MOST = 0.6
"""Share of the people seen in the whole picture that must also be in the mask of the crop: one
that ends in the midst of somebody who is just coming in may show nothing of them. In the midst of
the picture a crop that holds them has seen more of them than the whole picture shows: its word
counts."""
_EDGE = 0.01
"""How near to the picture's edge people are cut by it, in its widths."""
_ROUNDS = 3
"""Looks at a group that has just been met, until each of them is in their crop."""


class MediaPipeSegmenter:
    """Neural networks that know people; implements `Segmenter`.

    Args:
        networks: The one that draws the mask, and when the other is asked. What only one of
            them takes for a person is one where it moves. "sometimes" asks a few times a second,
            more often while people move about; "always" in each frame, and takes the mean of
            both, in which the one that draws the mask counts twice.
        engine: What runs them.
        follow: Show the network each person, as it last found them, instead of the picture.

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
        always = networks.second_opinion == "always"
        closer = networks.closer_look == "always"
        self._carries = networks.matting
        self._movement = Movement()
        self._looks = Looks(
            self._network, self._other, always, closer, networks.min_motion, self._movement
        )
        self._follow = follow
        self._group = Group(self._looks)
        self._newcomers: Newcomers | None = None
        self._whole = WholePicture(self._looks, self._group)
        self._last: Mask | None = None
        self.reset()

    @property
    def is_settled(self) -> bool:
        """Whether everybody who may be in the picture has been looked at."""
        return not self._follow or (
            self._group.is_settled and (self._newcomers is None or not self._newcomers.at_work)
        )

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """Find the people in the pyramid's picture; the mask has the size of `pyramid.small`.

        Where hardly anything has moved since the picture before, that one's mask is given once
        more: the matte moves its edges to where they are now.

        Raises:
            SegmenterError: A network failed on this picture, or gave no mask.
        """
        if not self._follow:
            return look(self._network, pyramid, WHOLE)
        self._movement.lately(pyramid, time)
        self._movement.where(pyramid)
        subjects = self._group.subjects
        before = [subject.mask for subject in subjects]
        with_motion = self._carries or len(subjects) > 1  # one look at one person is worth its cost
        carried = [subject.carry(pyramid, time, with_motion) for subject in subjects]
        if self._last is None:
            carried = [False] * len(subjects)
        is_busy = not (carried and all(carried))
        task = most_urgent(self._tasks(pyramid, time, is_busy), is_busy)
        if not is_busy and self._last is not None and self._keeps(task, time):
            self._ask(task, pyramid, time)
            if any(
                subject.mask is not mask for subject, mask in zip(subjects, before, strict=True)
            ):
                np.copyto(self._last, pyramid.carry(self._last))
            return self._last
        self._last = None  # if this fails, the next picture is not the one after the last mask's
        self._last = self._found(pyramid, time, carried, task)
        return self._last

    def _tasks(self, pyramid: Pyramid, time: float, is_busy: bool) -> Iterator[Task]:
        """The looks that can be had beside those that must."""
        for number, subject in enumerate(self._group.subjects):
            if not is_busy:
                yield Task(subject.lateness(time), "follow", number)
            yield Task(subject.opinion_lateness(time), "confirm", number)
        suspects = self._newcomers is not None and self._newcomers.any
        yield Task(self._whole.lateness(pyramid, time, suspects), "look around")
        if self._newcomers is not None and self._group.subjects:
            yield Task(self._newcomers.lateness(time), "newcomers")

    def _keeps(self, task: Task | None, time: float) -> bool:
        """Whether a look leaves the mask as it is: the other network only gives its opinion."""
        if task is None:
            return True
        if task.aim == "confirm":
            return not self._group.subjects[task.subject].needs_both(time)
        return task.aim == "look around" and self._whole.asks_first

    def _ask(self, task: Task | None, pyramid: Pyramid, time: float) -> None:
        """Have the other network give its opinion."""
        if task is not None and task.aim == "confirm":
            self._group.subjects[task.subject].ask(pyramid, time)
        elif task is not None:
            self._whole.ask(pyramid, time)

    def _found(self, pyramid: Pyramid, time: float, carried: list[bool], task: Task | None) -> Mask:
        aim = None if task is None else task.aim
        whole: Sight | None = None
        comes = not self._group.subjects
        if aim == "look around" and self._whole.asks_first:
            self._whole.ask(pyramid, time)
        elif aim == "look around":
            whole = self._whole.look(pyramid, time)
        if whole is not None and comes:
            self._meet(whole, pyramid, time)
            carried = [True] * len(self._group.subjects)
        is_free = aim == "look around" and whole is None
        mask = self._seen(pyramid, time, carried, task, is_free)
        people = find_people(mask)
        if people is None and whole is None and not comes:
            whole = self._whole.look(pyramid, time)
        if whole is not None and self._add_lacking(mask, whole):
            people = find_people(mask)
        has_met = comes and whole is not None
        if not has_met and self._add_newcomers(mask, whole, pyramid, time, aim == "newcomers"):
            people = find_people(mask)
        if people is None:
            self._group.form([])
            return np.zeros_like(mask)
        self._group.follow(people, whole.people.region if whole else None, time)
        if comes:
            self._group.meet()
        return np.multiply(mask, people.around, out=mask)

    def _seen(
        self,
        pyramid: Pyramid,
        time: float,
        carried: list[bool],
        task: Task | None = None,
        is_free: bool = False,
    ) -> Mask:
        """What is found in all crops; the other network is asked about them if it `is_free`."""
        mask = np.zeros(pyramid.small.shape[:2], np.float32)
        for number, subject in enumerate(self._group.subjects):
            aim = task.aim if task is not None and task.subject == number else None
            seen = subject.mask if carried[number] and aim not in ("follow", "confirm") else None
            if seen is None:
                may_ask = aim == "confirm" or (is_free and subject.opinion_lateness(time) >= 1)
                seen = subject.look(pyramid, time, may_ask)
            np.maximum(mask, seen, out=mask)
        return mask

    def _meet(self, whole: Sight, pyramid: Pyramid, time: float) -> None:
        """Make the acquaintance of who has just been found."""
        height, width = pyramid.image.shape[:2]
        self._group.proportions = width / height
        mask = whole.mask.copy()
        if self._newcomers is not None and self._whole.opinion is not None:
            self._newcomers.suspect(whole.raw, self._whole.opinion, mask, time)
            while self._newcomers.any:
                self._look_at_newcomer(self._newcomers, mask, pyramid, time)
        people: People | None = find_people(mask)
        for _ in range(_ROUNDS):
            if people is None:
                return
            regions = people.regions
            self._group.form(regions)
            for subject in self._group.subjects:
                if len(regions) == 1 and self._whole.opinion is not None:
                    subject.update(self._whole.opinion, time)
                subject.look(pyramid, time, may_ask=len(regions) > 1)
            people = find_people(self._seen(pyramid, time, [True] * len(regions)))
            if people is not None and len(people.regions) == len(regions) == 1:
                return

    def _look_at_newcomer(
        self, newcomers: Newcomers, mask: Mask, pyramid: Pyramid, time: float
    ) -> bool:
        """Have one look; whether somebody is found, who is then in `mask` too."""
        found = newcomers.look(pyramid, time)
        if found is None or found.seen is None:
            return False
        np.maximum(mask, found.seen, out=mask)
        self._group.welcome(found.region)
        return True

    def _add_newcomers(
        self, mask: Mask, whole: Sight | None, pyramid: Pyramid, time: float, is_due: bool
    ) -> bool:
        """Add to `mask` whom only one network sees, once that is certain; whether it did."""
        newcomers = self._newcomers
        if newcomers is None:
            return False
        if whole is not None:  # this picture has cost enough
            if self._whole.opinion is not None:
                newcomers.suspect(whole.raw, self._whole.opinion, mask, time)
        elif is_due and newcomers.any:
            return self._look_at_newcomer(newcomers, mask, pyramid, time)
        elif is_due:
            newcomers.patrol(pyramid, mask, time)
        return False

    def _add_lacking(self, mask: Mask, whole: Sight) -> bool:
        """Add to `mask` people of whom it lacks much, as a crop or the picture cuts them."""
        added = False
        for region in whole.people.regions:
            is_cut = region.left < _EDGE or region.right > 1 - _EDGE
            held = any(subject.crop.holds(region) for subject in self._group.subjects)
            area = region.pixels(*mask.shape[::-1])
            if (is_cut or not held) and not shows_most(mask[area], whole.mask[area], _MOST):
                np.maximum(mask[area], whole.mask[area], out=mask[area])
                added = True
        return added

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Nothing to learn."""

    def reset(self) -> None:
        """Forget where the people were."""
        self._group.form([])
        if self._other is not None:
            self._newcomers = Newcomers(self._network, self._other)
        self._whole.reset()
        self._last = None

    def close(self) -> None:
        """Free the networks."""
        self._network.close()
        if self._other is not None:
            self._other.close()
