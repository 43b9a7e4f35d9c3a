"""A segmenter for tests that follows a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vcam.images.pyramid import Pyramid
from vcam.images.types import Image, Mask

Answer = Mask | None | Exception


class FakeSegmenter:
    """Gives scripted answers; implements `Segmenter`.

    Args:
        answers: What `segment` returns (or raises, for an exception), one a frame, the last
            for ever; or a function of the picture.
    """

    def __init__(self, answers: Sequence[Answer] | Callable[[Image], Mask | None]) -> None:
        self._answers = answers
        self.progress = 1.0
        self.notice = ""
        self.calls = 0
        self.resets = 0
        self.closed = False

    def segment(self, pyramid: Pyramid, time: float) -> Mask | None:
        """The next answer."""
        self.calls += 1
        if callable(self._answers):
            return self._answers(pyramid.image)
        answer = self._answers[min(self.calls, len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def rest(self, pyramid: Pyramid, time: float) -> None:
        """Nothing."""

    def reset(self) -> None:
        """Counted in `resets`."""
        self.resets += 1

    def close(self) -> None:
        """Noted in `closed`."""
        self.closed = True
