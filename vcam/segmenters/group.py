"""People side by side: who of them gets a crop of their own."""

from __future__ import annotations

from itertools import pairwise

from vcam.images.person_finder import GROUP
from vcam.images.region import Region
from vcam.segmenters.people import People
from vcam.segmenters.subject import Looks, Subject

_PATIENCE = 0.3
"""Seconds for which people must be told apart, or not, until they get crops of their own, or one
for all: a raised hand is no head."""
_IN_VIEW = 0.6
"""Share of a person that is in another one's crop, from which nothing of them is missed yet."""
_REACH = 0.1
"""Shares of their width by which people who cannot be told apart reach into each other."""


class Group:
    """Keeps one subject for each person, from picture to picture.

    Args:
        looks: What looks at them.

    Attributes:
        subjects: From left to right.
        proportions: Of the picture, width over height.
        is_settled: Whether there are as many as there are people.
    """

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self.subjects: list[Subject] = []
        self.proportions = 1.0
        self._differs_since: float | None = None

    @property
    def is_settled(self) -> bool:
        """Whether there are as many as there are people."""
        return self._differs_since is None

    def form(self, regions: list[Region]) -> None:
        """Begin anew, with people in these regions."""
        self.subjects = [Subject(region, self.proportions, self._looks) for region in regions]
        self._differs_since = None

    def meet(self) -> None:
        """They have just been met: their crops are not sure yet."""
        for subject in self.subjects:
            subject.moving = True

    def welcome(self, region: Region) -> None:
        """Somebody is in `region` for certain: one of those who are known, or somebody else."""
        for subject in self.subjects:
            if subject.region.left < region.middle < subject.region.right:
                subject.follow(subject.region.joined(region))
                return
        self._add([region])

    def _add(self, regions: list[Region]) -> None:
        self.subjects += [Subject(region, self.proportions, self._looks) for region in regions]
        self.subjects.sort(key=lambda subject: subject.region.middle)

    def follow(self, people: People, besides: Region | None, time: float) -> None:
        """Have each crop follow the person in it.

        Args:
            people: Who is seen.
            besides: What else a single crop must hold.
            time: Seconds.
        """
        owned, strangers = self._owners(people.regions)
        missed = [stranger for stranger in strangers if not self._in_view(stranger)]
        crowded = [
            region for region, owners in owned if len(owners) > 1 and not self._is_wide(region)
        ]
        if not strangers and not crowded:
            self._differs_since = None
        elif self._differs_since is None:
            self._differs_since = time
        lasts = self._differs_since is not None and time - self._differs_since >= _PATIENCE
        if lasts or (missed and len(self.subjects) != 1):
            self._differs_since = None
            new = strangers
        else:
            new, lasts = [], False
        self._move(owned, [] if new else strangers, besides, merge=lasts)
        self._add(new)

    def _owners(
        self, regions: list[Region]
    ) -> tuple[list[tuple[Region, list[Subject]]], list[Region]]:
        """Which subjects are in each region, and the regions in which there is none."""
        owned: list[tuple[Region, list[Subject]]] = [(region, []) for region in regions]
        kept = []
        for subject in self.subjects:
            shares = [subject.region.shares(region) for region in regions]
            best = max(range(len(regions)), key=shares.__getitem__)
            if shares[best] > 0:
                owned[best][1].append(subject)
                kept.append(subject)
        self.subjects = kept
        strangers = [region for region, owners in owned if not owners]
        return [(region, owners) for region, owners in owned if owners], strangers

    def _move(
        self,
        owned: list[tuple[Region, list[Subject]]],
        strangers: list[Region],
        besides: Region | None,
        merge: bool,
    ) -> None:
        """Move the crops; a single one holds the strangers too, as long as they have none."""
        for region, owners in owned:
            if len(owners) > 1 and merge and not self._is_wide(region):
                for other in owners[1:]:
                    self.subjects.remove(other)
                owners = owners[:1]
            if len(self.subjects) == 1:
                for stranger in [*strangers, *([besides] if besides else [])]:
                    region = region.joined(stranger)
            owners = sorted(owners, key=lambda subject: subject.region.middle)
            for subject, part in zip(owners, _parts(region, owners), strict=True):
                subject.follow(part)

    def _in_view(self, region: Region) -> bool:
        return any(subject.crop.region.covers(region) > _IN_VIEW for subject in self.subjects)

    def _is_wide(self, region: Region) -> bool:
        """Whether there may be more than one person in it."""
        wide = (region.right - region.left) * self.proportions
        return wide >= GROUP * (region.bottom - region.top)


def _parts(region: Region, owners: list[Subject]) -> list[Region]:
    """A region shared out among those in it, from left to right, half-way between them.

    Who has just left it has a part at its nearest edge.
    """
    middles = [min(max(one.region.middle, region.left), region.right) for one in owners]
    borders = [0.0, *((a + b) / 2 for a, b in pairwise(middles)), 1.0]
    reach = _REACH * (region.right - region.left) / len(owners)
    return [region.between(left - reach, right + reach) for left, right in pairwise(borders)]
