"""A PipeWire stream that other programs see as a camera."""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
import threading
import time
from collections.abc import Iterator

from vcam.images.types import Plane
from vcam.pipewire import library, pods
from vcam.pipewire.graph import NODE_NAME

logger = logging.getLogger(__name__)

BYTES_A_PIXEL = 2
"""Of packed 4:2:2."""

_STARVED = 0.5
"""Seconds without a free buffer after which the buffers are renegotiated."""


class CameraStream:
    """Offers frames of one size to all programs that find cameras through PipeWire.

    The library calls back from a thread of its own; any thread may call the methods.

    Args:
        name: The name shown in lists of cameras.
        width: Pixels, even.
        height: Pixels.
        fps: The rate announced to programs.

    Raises:
        OSError: The library is missing, or PipeWire does not answer.
    """

    def __init__(self, name: str, width: int, height: int, fps: float) -> None:
        self._pw = library.load()
        self._stride, self._bytes = width * BYTES_A_PIXEL, width * height * BYTES_A_PIXEL
        self._state, self._error = library.UNCONNECTED, ""
        self._changed = threading.Condition()
        self._number = 0
        self._served = float("-inf")
        self._offered = pods.yuy2_format(width, height, fps)
        self._events = library.StreamEvents(  # kept: the library holds a pointer to it
            version=0,
            state_changed=library.StateChanged(self._on_state),
            param_changed=library.ParamChanged(self._on_param),
        )
        self._stream = None
        self._loop = self._pw.pw_thread_loop_new(b"vcam-pipewire", None)
        if not self._loop:
            raise _failed(-ctypes.get_errno())
        try:
            self._connect(name)
        except OSError:
            self.close()
            raise

    @property
    def is_streaming(self) -> bool:
        """Whether a program takes frames."""
        return self._state == library.STREAMING

    @property
    def lost(self) -> str:
        """Why PipeWire no longer accepts frames; empty while it does."""
        return self._error

    def wait_for_change(self, seconds: float) -> None:
        """Wait up to that long until `is_streaming` or `lost` changes."""
        with self._changed:
            before = self._state
            self._changed.wait_for(lambda: self._state != before, seconds)

    def send(self, frame: Plane) -> bool:
        """Send a frame, uint8 (n,) packed 4:2:2, to the consumers.

        Returns:
            False if there is no consumer, or all buffers are still in use: the frame is then
            dropped. Never blocks.
        """
        if not self.is_streaming:
            return False
        with self._locked():
            found = self._pw.pw_stream_dequeue_buffer(self._stream)
            if not found:
                self._renew_buffers(time.monotonic())
                return False
            self._served = time.monotonic()
            try:
                return self._fill(found.contents.buffer.contents, frame)
            finally:
                self._pw.pw_stream_queue_buffer(self._stream, found)
                self._pw.pw_stream_trigger_process(self._stream)

    def close(self) -> None:
        """Withdraw the camera; a second call does nothing."""
        if self._loop is None:
            return
        self._pw.pw_thread_loop_stop(self._loop)
        if self._stream is not None:
            self._pw.pw_stream_destroy(self._stream)
        self._pw.pw_thread_loop_destroy(self._loop)
        self._loop = self._stream = None
        self._on_state(None, self._state, library.UNCONNECTED, None)

    def _connect(self, name: str) -> None:
        pw = self._pw
        about = {
            "media.class": "Video/Source",
            "media.role": "Camera",
            "node.name": NODE_NAME,
            "node.description": name,
            "node.virtual": "true",
        }
        started = pw.pw_thread_loop_start(self._loop)
        if started < 0:
            raise _failed(started)
        with self._locked():
            self._stream = pw.pw_stream_new_simple(
                pw.pw_thread_loop_get_loop(self._loop),
                b"vcam",
                pw.pw_properties_new_string(json.dumps(about, ensure_ascii=False).encode()),
                ctypes.byref(self._events),
                None,
            )
            if not self._stream:
                raise _failed(-ctypes.get_errno())
            connected = pw.pw_stream_connect(
                self._stream,
                library.DIRECTION_OUTPUT,
                library.ANY_TARGET,
                library.DRIVER | library.MAP_BUFFERS,
                *_parameters(self._offered),
            )
        if connected < 0:
            raise _failed(connected)

    def _fill(self, buffer: library.SpaBuffer, frame: Plane) -> bool:
        data = buffer.datas[0]
        fits = bool(data.data) and data.maxsize >= frame.nbytes
        if fits:
            ctypes.memmove(data.data, frame.ctypes.data, frame.nbytes)
        chunk = data.chunk.contents
        chunk.offset, chunk.stride = 0, self._stride
        chunk.size = frame.nbytes if fits else 0
        for index in range(buffer.n_metas):
            meta = buffer.metas[index]
            if meta.type == pods.META_HEADER and meta.size >= pods.META_HEADER_BYTES:
                header = library.MetaHeader.from_address(meta.data)
                header.flags, header.offset, header.dts_offset = 0, 0, 0
                header.pts, header.seq = time.monotonic_ns(), self._number
        self._number += 1
        return fits

    def _renew_buffers(self, now: float) -> None:
        """Renegotiate all buffers if none has been returned for a while.

        Programs that end while others still watch never return the buffers they hold.
        """
        if now - self._served > _STARVED:
            logger.info("no buffer has come back: they are laid out anew")
            self._served = now
            self._pw.pw_stream_update_params(self._stream, *_parameters(self._offered))

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self._pw.pw_thread_loop_lock(self._loop)
        try:
            yield
        finally:
            self._pw.pw_thread_loop_unlock(self._loop)

    # -- called by the library, in its thread, locked --------------------------------------

    def _on_state(self, _: object, old: int, new: int, error: bytes | None) -> None:
        with self._changed:
            self._state = new
            if new == library.ERROR or (new == library.UNCONNECTED and old > new):
                self._error = (error or b"it has ended").decode("utf-8", "replace")
            self._changed.notify_all()

    def _on_param(self, _: object, kind: int, value: int | None) -> None:
        if kind == pods.PARAM_FORMAT and value:
            wanted = pods.buffers(self._bytes, self._stride), pods.header_meta()
            self._pw.pw_stream_update_params(self._stream, *_parameters(*wanted))


def _parameters(*values: bytes) -> tuple[ctypes.Array[ctypes.c_char_p], int]:
    return (ctypes.c_char_p * len(values))(*values), len(values)


def _failed(result: int) -> OSError:
    return OSError(-result, os.strerror(-result))
