"""libpipewire-0.3 through ctypes: the few calls and structures that a stream needs.

The structures are those of `pipewire/stream.h` and `spa/buffer/buffer.h`, which are part of the
library's ABI.
"""

from __future__ import annotations

import ctypes
import functools
from ctypes import POINTER, c_char_p, c_int, c_int32, c_int64, c_uint32, c_uint64, c_void_p

NAME = "libpipewire-0.3.so.0"

DIRECTION_OUTPUT = 1
ANY_TARGET = 0xFFFFFFFF
MAP_BUFFERS, DRIVER = 1 << 2, 1 << 3
"""Flags: have the buffers in our memory; we set the pace."""

ERROR, UNCONNECTED, CONNECTING, PAUSED, STREAMING = -1, 0, 1, 2, 3
"""States of a stream; it is `STREAMING` while a program reads its frames."""

StateChanged = ctypes.CFUNCTYPE(None, c_void_p, c_int, c_int, c_char_p)
ParamChanged = ctypes.CFUNCTYPE(None, c_void_p, c_uint32, c_void_p)


class StreamEvents(ctypes.Structure):
    """`struct pw_stream_events`, version 0: only what that version had is ever called."""

    _fields_ = (
        ("version", c_uint32),
        ("destroy", c_void_p),
        ("state_changed", StateChanged),
        ("control_info", c_void_p),
        ("io_changed", c_void_p),
        ("param_changed", ParamChanged),
        ("add_buffer", c_void_p),
        ("remove_buffer", c_void_p),
        ("process", c_void_p),
        ("drained", c_void_p),
    )


class Chunk(ctypes.Structure):
    """`struct spa_chunk`: which part of the memory is valid."""

    _fields_ = (
        ("offset", c_uint32),
        ("size", c_uint32),
        ("stride", c_int32),
        ("flags", c_int32),
    )


class Data(ctypes.Structure):
    """`struct spa_data`: a block of memory."""

    _fields_ = (
        ("type", c_uint32),
        ("flags", c_uint32),
        ("fd", c_int64),
        ("mapoffset", c_uint32),
        ("maxsize", c_uint32),
        ("data", c_void_p),
        ("chunk", POINTER(Chunk)),
    )


class Meta(ctypes.Structure):
    """`struct spa_meta`: something beside the picture."""

    _fields_ = (("type", c_uint32), ("size", c_uint32), ("data", c_void_p))


class SpaBuffer(ctypes.Structure):
    """`struct spa_buffer`."""

    _fields_ = (
        ("n_metas", c_uint32),
        ("n_datas", c_uint32),
        ("metas", POINTER(Meta)),
        ("datas", POINTER(Data)),
    )


class Buffer(ctypes.Structure):
    """The beginning of `struct pw_buffer`."""

    _fields_ = (("buffer", POINTER(SpaBuffer)),)


class MetaHeader(ctypes.Structure):
    """`struct spa_meta_header`."""

    _fields_ = (
        ("flags", c_uint32),
        ("offset", c_uint32),
        ("pts", c_int64),
        ("dts_offset", c_int64),
        ("seq", c_uint64),
    )


_CALLS = {
    "pw_init": (None, (c_void_p, c_void_p)),
    "pw_thread_loop_new": (c_void_p, (c_char_p, c_void_p)),
    "pw_thread_loop_get_loop": (c_void_p, (c_void_p,)),
    "pw_thread_loop_start": (c_int, (c_void_p,)),
    "pw_thread_loop_stop": (None, (c_void_p,)),
    "pw_thread_loop_destroy": (None, (c_void_p,)),
    "pw_thread_loop_lock": (None, (c_void_p,)),
    "pw_thread_loop_unlock": (None, (c_void_p,)),
    "pw_properties_new_string": (c_void_p, (c_char_p,)),
    "pw_stream_new_simple": (
        c_void_p,
        (c_void_p, c_char_p, c_void_p, POINTER(StreamEvents), c_void_p),
    ),
    "pw_stream_connect": (
        c_int,
        (c_void_p, c_int, c_uint32, c_int, POINTER(c_char_p), c_uint32),
    ),
    "pw_stream_update_params": (c_int, (c_void_p, POINTER(c_char_p), c_uint32)),
    "pw_stream_dequeue_buffer": (POINTER(Buffer), (c_void_p,)),
    "pw_stream_queue_buffer": (c_int, (c_void_p, POINTER(Buffer))),
    "pw_stream_trigger_process": (c_int, (c_void_p,)),
    "pw_stream_destroy": (None, (c_void_p,)),
}


@functools.cache
def load() -> ctypes.CDLL:
    """The library, ready to use.

    Raises:
        OSError: It is not installed.
        AttributeError: It is older than 0.3.34 and lacks a call.
    """
    library = ctypes.CDLL(NAME, use_errno=True)
    for name, (result, arguments) in _CALLS.items():
        call = getattr(library, name)
        call.restype, call.argtypes = result, arguments
    library.pw_init(None, None)
    return library
