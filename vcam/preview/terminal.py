"""The preview in a terminal: two pixels per character, as its foreground and background colour."""

from __future__ import annotations

import logging
import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import cv2
import numpy as np

from vcam.errors import PlatformError
from vcam.images.types import Image
from vcam.preview.cells import cells, is_truecolor
from vcam.preview.feed import Watcher
from vcam.preview.hud import learning_sentence
from vcam.preview.viewer import Viewer
from vcam.system.printable import printable

_PERIOD = 0.12
_KEYS = "m mode  d a background  b compare  r learn  p pause  s save  q quit"
_BEGIN = "\x1b[?1049h\x1b[?25l\x1b[2J"  # alternate screen, hidden cursor, cleared
_END = "\x1b[0m\x1b[?25h\x1b[?1049l"

_ELSEWHERE = PlatformError(
    "the preview in the terminal is for Linux and macOS only", "`vcam preview` opens a window"
)


class Terminal:
    """Draws a viewer into the terminal until the user quits.

    Raises:
        PlatformError: There is no suitable terminal; says what is missing.
    """

    _truecolor: bool

    def __init__(self) -> None:
        if sys.platform == "win32":
            raise _ELSEWHERE
        for stream, name in ((sys.stdin, "input"), (sys.stdout, "output")):
            if not stream.isatty():
                raise PlatformError(
                    f"the {name} is no terminal, so there is nothing to draw in",
                    "type `vcam preview --terminal` in a terminal, without a pipe",
                )
        if os.environ.get("TERM", "dumb") in ("dumb", ""):
            raise PlatformError(
                f"this terminal cannot place characters (TERM is {os.environ.get('TERM')!r})",
                "use another terminal, or set TERM to what it is, such as xterm-256color",
            )
        self._truecolor = is_truecolor(os.environ)

    def show(self, viewer: Viewer, watcher: Watcher, has_ended: Callable[[], bool]) -> None:
        """Draw the views of `watcher` until the user quits, or `has_ended` returns True."""
        try:
            with _whole_screen(), _log_said_by(viewer):
                while not viewer.has_quit and not has_ended():
                    view = watcher.views.take(0.0)
                    if view is not None:
                        viewer.take(view)
                    _put(self._drawn(viewer))
                    for key in _keys(_PERIOD):
                        viewer.press(key)
                    watcher.parts = viewer.parts
        except OSError:  # the terminal was closed
            return

    def _drawn(self, viewer: Viewer) -> str:
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
        lines = _lines(viewer)
        picture = fitted(viewer.picture(), columns, 2 * max(rows - len(lines), 1))
        pad = " " * ((columns - picture.shape[1]) // 2)
        drawn = [f"\x1b[0m\x1b[K{pad}{row}" for row in cells(picture, self._truecolor)]
        below = [f"\x1b[0m\x1b[K{printable(line)[: columns - 1]}" for line in lines]
        return "\x1b[H" + "\n".join(drawn + below) + "\x1b[0m\x1b[J"


def fitted(picture: Image, width: int, height: int) -> Image:
    """`picture` as large as fits, undistorted, with an even number of rows."""
    scale = min(width / picture.shape[1], height / picture.shape[0])
    size = (
        max(int(picture.shape[1] * scale), 1),
        max(int(picture.shape[0] * scale) // 2 * 2, 2),
    )
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _lines(viewer: Viewer) -> list[str]:
    """The lines below the picture."""
    second = viewer.message or viewer.problem or _KEYS
    if viewer.learning is not None:
        second = learning_sentence(viewer.learning)
    return [viewer.line, _KEYS if viewer.shows_keys else second]


def _put(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _keys(seconds: float) -> Iterator[str]:
    """The keys pressed within the next seconds."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if not select.select([sys.stdin], [], [], left)[0]:
            return
        pressed = os.read(sys.stdin.fileno(), 64)
        if not pressed:
            raise OSError("the terminal was closed")
        if pressed[:1] == b"\x1b" and len(pressed) > 1:
            continue  # an arrow or the like
        yield from pressed.decode("utf-8", "replace")


class _ViewerHandler(logging.Handler):
    """A log handler that shows records in a viewer."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self._viewer = viewer

    def emit(self, record: logging.LogRecord) -> None:
        self._viewer.say(record.getMessage())


@contextmanager
def _log_said_by(viewer: Viewer) -> Iterator[None]:
    """Show log messages below the picture, not across it."""
    root = logging.getLogger()
    kept, root.handlers = root.handlers, [_ViewerHandler(viewer)]
    try:
        yield
    finally:
        root.handlers = kept


@contextmanager
def _whole_screen() -> Iterator[None]:
    """The alternate screen and unbuffered keys; everything is restored afterwards."""
    if sys.platform == "win32":
        raise _ELSEWHERE
    import termios
    import tty

    keyboard = sys.stdin.fileno()
    kept = termios.tcgetattr(keyboard)
    try:
        tty.setcbreak(keyboard, termios.TCSADRAIN)
        now = termios.tcgetattr(keyboard)
        now[6][termios.VSUSP] = b"\0"  # Ctrl-Z would leave the alternate screen on
        termios.tcsetattr(keyboard, termios.TCSADRAIN, now)
        _put(_BEGIN)
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, kept)
        _put(_END)
