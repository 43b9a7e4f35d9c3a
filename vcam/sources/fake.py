"""A source for tests that follows a script."""

from __future__ import annotations

from collections.abc import Iterable

from vcam.images.types import Image


class FakeSource:
    """Gives scripted pictures at once; implements `Source`.

    Args:
        script: Pictures to give, or exceptions to raise; after the last, None.
        fps: The rate it claims.
        live: Whether it claims to wait for its pictures by itself.
    """

    def __init__(
        self, script: Iterable[Image | Exception], fps: float = 0.0, live: bool = False
    ) -> None:
        self._script = iter(script)
        self.fps, self.live = fps, live
        self.description = "a fake source"
        self.closed = False

    def read(self) -> Image | None:
        """The next picture of the script."""
        step = next(self._script, None)
        if isinstance(step, Exception):
            raise step
        return step

    def close(self) -> None:
        """Noted in `closed`."""
        self.closed = True
