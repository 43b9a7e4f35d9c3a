"""Connecting feed, viewer and screen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

import cv2

from vcam.preview.feed import Feed, OwnFeed, Watcher
from vcam.preview.viewer import Viewer
from vcam.service.session import Session

_JOIN_SECONDS = 5.0


class Screen(Protocol):
    """A window or a terminal. The constructor fails if it is not available."""

    def show(self, viewer: Viewer, watcher: Watcher, has_ended: Callable[[], bool]) -> None:
        """Show the views of `watcher` until the user quits, or `has_ended` returns True.

        Must be called on the main thread.

        Raises:
            PlatformError: It turns out not to be available.
        """


def make_screen(terminal: bool = False) -> Screen:
    """The window, or the terminal.

    Raises:
        PlatformError: It is not available here.
    """
    cv2.setNumThreads(1)  # on small machines its pool costs more than it gains
    if terminal:
        from vcam.preview.terminal import Terminal

        return Terminal()
    from vcam.preview.window import Window

    return Window()


def show(feed: Feed, screen: Screen, has_ended: Callable[[], bool]) -> None:
    """Show a vcam on the main thread until the user quits or `has_ended` returns True.

    Raises:
        PlatformError: The screen turns out not to be available.
    """
    viewer = Viewer(feed)
    watcher = Watcher(feed, viewer.parts)
    watcher.start()
    try:
        screen.show(viewer, watcher, has_ended)
    finally:
        watcher.stop()


def run_and_show(
    session: Session, screen: Screen, on_tick: Callable[[], None] = lambda: None
) -> None:
    """Run a session in a thread and show it on the main thread; each ends with the other.

    Raises:
        VcamError: As `Session.run`.
        PlatformError: As `show`.
    """
    failures: list[BaseException] = []

    def carry() -> None:
        try:
            session.run(on_tick)
        except BaseException as error:  # raised again on the main thread
            failures.append(error)

    thread = threading.Thread(target=carry, name="bridge", daemon=True)
    thread.start()
    try:
        show(OwnFeed(session), screen, lambda: not thread.is_alive())
    finally:
        session.stop()
        thread.join(_JOIN_SECONDS)
    if failures:
        raise failures[0]
