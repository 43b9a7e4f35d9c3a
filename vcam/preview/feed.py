"""Sources of a preview's pictures: a vcam in this process, or one that runs already."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Protocol

from vcam.errors import ServiceError, VcamError
from vcam.realtime.slot import Latest
from vcam.realtime.tap import PARTS, Look
from vcam.service.conversation import Conversation, request
from vcam.service.preview_frames import PreviewFrame, unpacked
from vcam.service.runtime import Instance
from vcam.service.session import Session

_PATIENCE = 2.0
"""Timeout of requests, seconds: a preview should soon report a silent vcam."""

_AGAIN_SECONDS = 0.5


class Feed(Protocol):
    """A vcam that is previewed."""

    def look(self, parts: Collection[str], after: int) -> PreviewFrame:
        """The newest look; as `Session.look`.

        Raises:
            VcamError: It has ended, or does not answer.
        """

    def ask(self, command: str, **arguments: Any) -> Mapping[str, Any]:
        """Send a command, such as "pause"; returns the status, as in `vcam status`.

        Raises:
            VcamError: It refuses, has ended, or does not answer.
        """

    def close(self) -> None:
        """Stop previewing."""


class OwnFeed:
    """A vcam in this process; implements `Feed`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def look(self, parts: Collection[str], after: int) -> PreviewFrame:
        """Ask the session itself."""
        return self._session.look(parts, after)

    def ask(self, command: str, **arguments: Any) -> Mapping[str, Any]:
        """As a request over its socket."""
        return self._session.obey({"command": command, **arguments})

    def close(self) -> None:
        """Nothing to do."""


class AttachedFeed:
    """A vcam in another process of this user, over its socket; implements `Feed`.

    Reconnects when it is restarted.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._conversation = Conversation(instance)

    def look(self, parts: Collection[str], after: int) -> PreviewFrame:
        """Ask over the channel that is kept open."""
        wanted = [part for part in PARTS if part in parts]
        answer = self._conversation.ask("look", timeout=_PATIENCE, parts=wanted, after=after)
        try:
            return unpacked(answer)
        except (ValueError, TypeError, LookupError):
            raise ServiceError(
                f"vcam for {self._instance.device} shows no pictures",
                "`vcam restart` has it run in the version you have now",
            ) from None

    def ask(self, command: str, **arguments: Any) -> Mapping[str, Any]:
        """Ask over a channel of its own: this may be another thread."""
        return request(self._instance, command, timeout=_PATIENCE, **arguments)

    def close(self) -> None:
        """Close the channel."""
        self._conversation.close()


class Watcher:
    """Fetches looks continuously, in a thread of its own, so that a window never blocks.

    Args:
        feed: The vcam; closed at the end.
        parts: Which of `PARTS` to fetch.

    Attributes:
        parts: As given; may be changed at any time.
        views: The slot with the newest view.
    """

    def __init__(self, feed: Feed, parts: Collection[str]) -> None:
        self._feed, self.parts = feed, parts
        self.views: Latest[PreviewFrame] = Latest()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="preview", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits only briefly for a pending answer."""
        self._ended.set()
        self._thread.join(_AGAIN_SECONDS)

    def _run(self) -> None:
        number = 0
        while not self._ended.is_set():
            asked, pause = time.monotonic(), 0.0
            try:
                view = self._feed.look(self.parts, number)
            except VcamError as error:
                view = PreviewFrame(Look(0), {"state": "gone", "error": error.problem})
                pause = _AGAIN_SECONDS
            number = view.look.number
            self.views.put(replace(view, asked=asked))
            self._ended.wait(pause)
        self._feed.close()
