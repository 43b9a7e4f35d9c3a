"""The logic of a preview without its window: what it shows, and what its keys do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vcam.config.next_picture import step_background
from vcam.config.scenes import switch_scene
from vcam.errors import VcamError
from vcam.images.picture_files import is_picture
from vcam.images.types import Image
from vcam.preview import hud
from vcam.preview.feed import Feed
from vcam.preview.modes import Mode, picture_of, side_by_side
from vcam.preview.snapshot import save_snapshot
from vcam.realtime.tap import Look
from vcam.service.preview_frames import PreviewFrame

_MESSAGE_SECONDS = 4.0


class Viewer:
    """Chooses what to show of the newest view, and handles keys.

    Args:
        feed: The vcam that is previewed, for commands sent by keys.

    Attributes:
        mode: The current view.
        compare: Whether the unrefined picture is shown beside it.
        shows_keys: Whether the keys are explained.
        message: What the last key did, for a few seconds; empty otherwise.
        has_quit: Whether the user has quit.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._view = PreviewFrame(Look(0), {})
        self._said = float("-inf")
        self._message = ""
        self.mode, self.compare, self.shows_keys = Mode.SEEN, False, False
        self.has_quit = False
        self._actions: dict[str, Callable[[], str]] = {
            "m": self._next_mode,
            "d": lambda: self._step(1),
            "a": lambda: self._step(-1),
            "n": self._next_scene,
            "r": self._relearn,
            "p": self._pause,
            "b": self._compare,
            "s": self._save,
            "h": self._help,
            "q": self._quit,
            "\x1b": self._quit,
        }
        self.say("h shows the keys")

    @property
    def parts(self) -> frozenset[str]:
        """The parts of a look that are needed now."""
        return self.mode.parts(self.compare)

    @property
    def message(self) -> str:
        """The current message."""
        return self._message if time.monotonic() - self._said < _MESSAGE_SECONDS else ""

    @property
    def line(self) -> str:
        """Mode, state, rate and latency."""
        return hud.status_line(self.mode.value, self._view.state)

    @property
    def problem(self) -> str:
        """The worst problem; empty if there is none."""
        return hud.problem_in(self._view.state)

    @property
    def learning(self) -> float | None:
        """The progress of learning, 0..1; None while not learning."""
        state = self._view.state
        return float(state["progress"]) if state.get("state") == "learning" else None

    def take(self, view: PreviewFrame) -> None:
        """Show this view, unless it predates the effect of a key."""
        if view.asked >= self._view.asked:
            self._view = view

    def say(self, message: str) -> None:
        """Show a message for a few seconds."""
        self._message, self._said = message, time.monotonic()

    def press(self, key: str) -> None:
        """Run the command of `key`; other keys are ignored."""
        action = self._actions.get(key.lower())
        if action is None:
            return
        try:
            self.say(action())
        except VcamError as error:
            self.say(str(error))

    def picture(self) -> Image:
        """The picture to show, without text: a new uint8 (h, w, 3), BGR."""
        look = self._view.look
        refined = picture_of(look, self.mode)
        if not self.is_double:
            return refined
        return side_by_side(picture_of(look, self.mode, refined=False), refined)

    def written(self, width: int, height: int) -> Image:
        """The picture at that size with all text drawn over it."""
        picture = hud.placed(self.picture(), width, height)
        hud.draw_status(picture, self.line, self.problem)
        if self.message:
            hud.draw_message(picture, self.message)
        elif self.is_double:
            hud.draw_captions(picture, "without refinement", "with refinement")
        if self.learning is not None:
            hud.draw_learning(picture, self.learning)
        if self.shows_keys:
            hud.draw_keys(picture)
        return picture

    @property
    def is_double(self) -> bool:
        """Whether there are two pictures side by side."""
        return self.compare and self.mode is not Mode.ORIGINAL  # nothing in that is refined

    # -- what the keys do --------------------------------------------------------------------

    def _ask(self, command: str, **arguments: Any) -> None:
        state = self._feed.ask(command, **arguments)
        look = Look(0) if state.get("state") == "paused" else self._view.look
        self._view = PreviewFrame(look, state, time.monotonic())

    def _next_mode(self) -> str:
        self.mode = self.mode.following
        return _MEANINGS[self.mode]

    def _step(self, by: int) -> str:
        state = self._view.state
        if state.get("background") == "slideshow":
            self._ask("next", by=by)
            return "next background" if by > 0 else "previous background"
        if not state.get("config"):
            return ""
        return f"background: {step_background(Path(state['config']), is_picture, by)}"

    def _next_scene(self) -> str:
        config = self._view.state.get("config")
        if not config:
            return "there are no scenes: there is no YAML file"
        _, after = switch_scene(Path(config), "next", lambda before, after: None)
        return f"scene: {after.scene}"

    def _relearn(self) -> str:
        self._ask("relearn")
        return "learning the room anew: step out of the picture"

    def _pause(self) -> str:
        paused = self._view.state.get("state") == "paused"
        self._ask("resume" if paused else "pause")
        return "going on" if paused else "paused: the camera is off, viewers see the background"

    def _compare(self) -> str:
        self.compare = not self.compare
        return ""

    def _save(self) -> str:
        return f"saved {save_snapshot(self.picture())}"

    def _help(self) -> str:
        self.shows_keys = not self.shows_keys
        return ""

    def _quit(self) -> str:
        self.has_quit = True
        return ""


_MEANINGS = {
    Mode.ORIGINAL: "original: the camera's picture, in this window only",
    Mode.MASK: "mask: white is you, black is the background",
    Mode.CUTOUT: "cut-out: you over green",
    Mode.SEEN: "background: what viewers see",
}
