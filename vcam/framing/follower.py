"""A view that keeps people's heads and shoulders in it, and moves as little as possible."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from vcam.framing.composition import Composition
from vcam.framing.glide import Glide, Place
from vcam.framing.heads import Bust, find_busts
from vcam.framing.tracked_group import TrackedGroup
from vcam.framing.view import View, place_of, view_at
from vcam.images.types import Alpha

_NEAR = 0.12
"""How far people may move from the middle before the view follows, in shares of the view."""
_ALIKE = 1.16
"""By what factor their size may change before it follows."""
_PATIENCE_SECONDS = 0.7
"""How long they must stay away from the middle, and still: a gesture is no move."""
_AHEAD_SECONDS = 0.5
"""The view moves at once if a head will leave it within this time."""
_HURRY = 3.0
"""Factor by which it moves faster then."""
_ALONE_SECONDS = 3.0
"""How long nobody must be visible before it returns home."""
_DOUBT_SECONDS = 0.8
"""How long a different number of people, or quite different ones, must be seen to be believed."""
_LOOK_SECONDS = 0.09
"""How often the matte is analysed."""
_FORGET_SECONDS = 2.0
"""A gap between frames after which it resets: viewers saw something else in between."""


class Follower:
    """Follows people with a view that moves slowly, rarely and smoothly.

    Small movements are ignored. When people have settled elsewhere, the view glides there and rests
    again; only if a head is about to leave it, it moves faster and zooms out. It starts where
    people are, without moving.

    Args:
        home: The view while nobody is visible.
        composition: How people are framed.
        glide: Duration of a movement, seconds.
        grid: Width and height of the picture, in the steps on which views rest.
    """

    def __init__(
        self, home: View, composition: Composition, glide: float, grid: tuple[int, int]
    ) -> None:
        self._composition, self._seconds, self._grid = composition, glide, grid
        self._home = self._resting(home)
        self._glide = Glide(self._home)
        self._subject = TrackedGroup([], composition)
        self._other: TrackedGroup | None = None  # a hypothesis, not confirmed yet
        self._settled = self._home
        self._last = -math.inf
        self._near_at = self._settled_at = self._other_since = 0.0

    def follow(self, alpha: Alpha, time: float) -> View:
        """The view for the frame captured at `time` (seconds, monotonic).

        Args:
            alpha: Of the whole picture, uint8 (h, w).
            time: Seconds on a monotonic clock.
        """
        step = time - self._last
        if not 0 <= step <= _FORGET_SECONDS:
            self._start(find_busts(alpha), time)
            self._last = time
        elif step >= _LOOK_SECONDS:
            self._look(find_busts(alpha), time, step)
            self._last = time
        return self._view(time)

    def reset(self) -> None:
        """Start over with the next frame."""
        self._last = -math.inf

    def _start(self, busts: Sequence[Bust], time: float) -> None:
        self._subject, self._other = TrackedGroup(busts, self._composition), None
        self._glide = Glide(self._best())
        self._settled = self._glide.target
        self._near_at = self._settled_at = time

    def _look(self, busts: Sequence[Bust], time: float, step: float) -> None:
        """Accept an observation that fits what is known, and others once they agree for a while."""
        if self._subject.recognises(busts):
            self._subject.update(busts, step)
            self._other = None
        elif self._other is None or not self._other.recognises(busts):
            self._other, self._other_since = TrackedGroup(busts, self._composition), time
        else:
            self._other.update(busts, step)
            if time - self._other_since >= (_DOUBT_SECONDS if busts else _ALONE_SECONDS):
                self._subject, self._other = self._other, None
        if self._subject.is_there:
            self._pursue(self._subject, time)
        else:
            self._near_at = time
            self._send(view_at(self._home), time, self._seconds)

    def _best(self) -> Place:
        if not self._subject.is_there:
            return self._home
        return self._resting(view_at(self._subject.place))

    def _pursue(self, subject: TrackedGroup, time: float) -> None:
        """Move to where people are if they have settled there or are about to leave the view."""
        if not _is_near(subject.place, self._settled):
            self._settled, self._settled_at = subject.place, time
        if _is_near(subject.place, self._glide.target):
            self._near_at = time
        elif not subject.stays_in(self._view(time), _AHEAD_SECONDS):
            seconds = self._seconds / _HURRY
            if not subject.stays_in(view_at(self._glide.target), seconds):
                self._send(subject.way_until(seconds), time, seconds)
        elif time - max(self._near_at, self._settled_at) >= _PATIENCE_SECONDS:
            self._send(view_at(subject.place), time, self._seconds)

    def _send(self, view: View, time: float, seconds: float) -> None:
        target = self._resting(view)
        if not np.array_equal(target, self._glide.target):
            self._glide.go(time, target, seconds)

    def _view(self, time: float) -> View:
        view = view_at(self._glide.at(time))
        return view.on_grid(*self._grid) if self._glide.rests(time) else view

    def _resting(self, view: View) -> Place:
        return place_of(view.on_grid(*self._grid))


def _is_near(place: Place, target: Place) -> bool:
    x, y, size = np.abs(place - target)
    near = _NEAR * math.exp(target[2])
    return bool(x <= near and y <= near and size <= math.log(_ALIKE))
