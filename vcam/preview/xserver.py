"""Queries to an X server that OpenCV does not offer, through libxcb, which its Qt needs anyway."""

from __future__ import annotations

import ctypes
import os

_WM_NAME, _ANY, _Z_PIXMAP, _HEADER = 39, 0, 2, 32  # xproto.h; a reply's header has 32 bytes


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Screens(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class XServer:
    """A connection of its own to the display.

    It stays open: without a desktop the server resets when its last client leaves, and refuses Qt.

    Args:
        display: As in DISPLAY.

    Raises:
        OSError: The library is missing.
        ConnectionError: The server does not answer.
    """

    def __init__(self, display: str) -> None:
        self._xcb = xcb = ctypes.CDLL("libxcb.so.1")
        for name in ("xcb_connect", "xcb_get_setup"):
            getattr(xcb, name).restype = ctypes.c_void_p
        xcb.xcb_setup_roots_iterator.restype = _Screens
        self._to = ctypes.c_void_p(xcb.xcb_connect(os.fsencode(display), None))
        if xcb.xcb_connection_has_error(self._to):
            raise ConnectionError(f"the display {display} does not answer")

    def wake(self, title: str) -> None:
        """Remap a window that has stayed black.

        One in ten of Qt's windows does so on a server without a window manager. With one, windows
        are reparented into frames, and nothing is done here.
        """
        for window in self._bare_windows():
            if self._title(window) == title.encode() and self._is_black(window):
                self._xcb.xcb_unmap_window(self._to, window)
                self._xcb.xcb_map_window(self._to, window)
        self._xcb.xcb_flush(self._to)

    def _bare_windows(self) -> list[int]:
        """Top-level windows that no window manager has reparented."""
        setup = ctypes.c_void_p(self._xcb.xcb_get_setup(self._to))
        root = ctypes.c_uint32.from_address(self._xcb.xcb_setup_roots_iterator(setup).data).value
        reply = self._reply("query_tree", ctypes.c_uint32(root))
        count = int.from_bytes(reply[16:18], "little") if reply else 0
        words = memoryview(reply[_HEADER : _HEADER + 4 * count]).cast("I")
        return words.tolist()

    def _title(self, window: int) -> bytes:
        words = [ctypes.c_uint32(word) for word in (window, _WM_NAME, _ANY, 0, 64)]
        reply = self._reply("get_property", ctypes.c_uint8(0), *words)
        return reply[_HEADER : _HEADER + int.from_bytes(reply[16:20], "little")]

    def _is_black(self, window: int) -> bool:
        place = [ctypes.c_int16(8), ctypes.c_int16(8), ctypes.c_uint16(1), ctypes.c_uint16(1)]
        every = ctypes.c_uint32(0xFFFFFFFF)
        shape = ctypes.c_uint8(_Z_PIXMAP)
        reply = self._reply("get_image", shape, ctypes.c_uint32(window), *place, every)
        return bool(reply) and not any(reply[_HEADER : _HEADER + 3])

    def _reply(self, request: str, *arguments: object) -> bytes:
        """A complete reply; empty if the server refuses, such as when the window has gone."""
        ask, take = (getattr(self._xcb, f"xcb_{request}{end}") for end in ("", "_reply"))
        ask.restype, take.restype = _Cookie, ctypes.c_void_p
        reply = take(self._to, ask(self._to, *arguments), None)
        if not reply:
            return b""
        words = ctypes.c_uint32.from_address(reply + 4).value
        return ctypes.string_at(reply, _HEADER + 4 * words)
