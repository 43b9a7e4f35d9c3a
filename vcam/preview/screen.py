"""Where a preview is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from vcam.preview.feed import Watcher
from vcam.preview.viewer import Viewer


class Screen(Protocol):
    """A window or a terminal. Making one fails where it cannot be had."""

    def show(self, viewer: Viewer, watcher: Watcher, has_ended: Callable[[], bool]) -> None:
        """Show what `watcher` sees until the user quits, or `has_ended` says True.

        To be called on the main thread.

        Raises:
            PlatformError: It cannot be had after all.
        """
