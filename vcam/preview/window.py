"""The preview's window, by OpenCV."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path

import cv2

from vcam.devices.libraries import missing_library
from vcam.errors import PlatformError
from vcam.images.types import Image
from vcam.preview.feed import Watcher
from vcam.preview.viewer import Viewer
from vcam.preview.xserver import XServer

TITLE = "vcam preview"

_WAIT_MS = 20
_REDRAWN_EVERY = 12
"""Waits after which the picture is redrawn without a new one, so that messages expire."""

_WOKEN_AT = (10, 30, 60, 120)
"""Waits after opening at which a window that has stayed black is repaired."""

_WIDEST = 1280
"""Width in pixels up to which the window grows by itself for two pictures side by side."""

_ELSEWHERE = "`vcam preview --terminal` shows it in the terminal"

_HEADLESS = "this OpenCV was built without windows: it is one of the -headless packages"
_WITH_WINDOWS = "for a window, install opencv-python in its place (two of them do not go together)"


class Window:
    """Shows a viewer until the user quits; used only on the main thread.

    Raises:
        PlatformError: No window can be opened here; says what to do instead.
    """

    def __init__(self) -> None:
        self._server: XServer | None = None
        if sys.platform == "linux":
            _prepare_qt()
            self._server = _server(os.environ.get("DISPLAY", ""))

    def show(self, viewer: Viewer, watcher: Watcher, has_ended: Callable[[], bool]) -> None:
        """Show the views of `watcher` until the user quits, or `has_ended` returns True.

        Raises:
            PlatformError: This OpenCV has no windows.
        """
        try:
            _open(viewer.picture())
            _loop(viewer, watcher, has_ended, self._wake)
            cv2.destroyAllWindows()
            cv2.waitKey(1)  # the window disappears once its events are processed
        except cv2.error as error:
            if "not implemented" in str(error):
                raise PlatformError(_HEADLESS, f"{_ELSEWHERE}; {_WITH_WINDOWS}") from error
            raise PlatformError(
                f"OpenCV cannot open a window ({str(error.err or error).strip()})", _ELSEWHERE
            ) from error

    def _wake(self) -> None:
        if self._server is not None:
            self._server.wake(TITLE)


def _open(first: Image) -> None:
    # The picture is always drawn at the window's own size: not every toolkit keeps proportions,
    # and what is written over it stays sharp.
    cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
    cv2.resizeWindow(TITLE, first.shape[1], first.shape[0])
    cv2.imshow(TITLE, first)


def _loop(
    viewer: Viewer, watcher: Watcher, has_ended: Callable[[], bool], wake: Callable[[], None]
) -> None:
    idle, waits = _REDRAWN_EVERY, 0
    while not viewer.has_quit and not has_ended():
        view = watcher.views.take(0.0)
        if view is not None:
            viewer.take(view)
        idle += 1
        if view is not None or idle >= _REDRAWN_EVERY:
            idle = 0
            cv2.imshow(TITLE, viewer.written(*_size()))
        code = cv2.waitKey(_WAIT_MS)
        waits += 1
        if waits in _WOKEN_AT:
            wake()
        if not _is_open():
            return
        if code >= 0:
            _press(chr(code & 0xFF), viewer)
            watcher.parts = viewer.parts
            idle = _REDRAWN_EVERY


def _is_open() -> bool:
    try:
        return cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) >= 1
    except cv2.error:  # some toolkits raise for a window that was closed
        return False


def _press(key: str, viewer: Viewer) -> None:
    was_double = viewer.is_double
    viewer.press(key)
    if viewer.is_double != was_double:
        width, height = _size()
        wider = max(width, min(2 * width, _WIDEST))
        cv2.resizeWindow(TITLE, wider if viewer.is_double else height * 16 // 9, height)


def _size() -> tuple[int, int]:
    """Width and height of the window's inside, pixels."""
    width, height = cv2.getWindowImageRect(TITLE)[2:]
    return max(width, 160), max(height, 90)


def _prepare_qt() -> None:
    """Set up OpenCV's own Qt: it has only one platform plugin, and warns about unused fonts."""
    os.environ.setdefault("QT_LOGGING_RULES", "*.warning=false")
    if _qt_plugin().exists():
        os.environ["QT_QPA_PLATFORM"] = "xcb"  # Qt ends the process if told "wayland"


def _server(display: str) -> XServer | None:
    """The X server of the window, checked in advance because Qt aborts the process if it fails.

    Raises:
        PlatformError: There is no display, it does not answer, or a library is missing.
    """
    if not display:
        raise PlatformError("there is no display for a window (DISPLAY is not set)", _ELSEWHERE)
    if not _qt_plugin().exists():
        return None  # another toolkit than Qt, which reports errors by itself
    try:
        ctypes.CDLL(str(_qt_plugin()))
        return XServer(display)
    except ConnectionError as error:
        raise PlatformError(str(error), _ELSEWHERE) from None
    except OSError as error:
        raise missing_library(error) from error


def _qt_plugin() -> Path:
    return Path(cv2.__file__).parent / "qt" / "plugins" / "platforms" / "libqxcb.so"
