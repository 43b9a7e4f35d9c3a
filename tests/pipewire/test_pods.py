from __future__ import annotations

import struct

from vcam.pipewire import pods


def test_a_format_is_an_object_whose_length_is_told() -> None:
    found = pods.yuy2_format(1280, 720, 30)
    length, kind, body, identity = struct.unpack_from("<4I", found)
    assert (length + 8, kind) == (len(found), 15)
    assert (body, identity) == (0x40003, pods.PARAM_ENUM_FORMAT)


def test_every_property_is_a_multiple_of_eight_bytes() -> None:
    assert len(pods.buffers(1, 1)) % 8 == len(pods.header_meta()) % 8 == 0


def test_size_and_rate_stand_in_the_format() -> None:
    found = pods.yuy2_format(640, 360, 29.97)
    assert struct.pack("<4I", 8, 10, 640, 360) in found
    assert struct.pack("<4I", 8, 11, 2997, 100) in found


def test_a_range_holds_its_default_and_its_ends() -> None:
    assert struct.pack("<9I", 28, 19, 1, 0, 4, 4, 8, 2, 16) in pods.buffers(10, 2)


def test_the_format_states_bt601_and_limited_range() -> None:
    found = pods.yuy2_format(640, 360, 30)
    assert struct.pack("<6I", 0x2000C, 0, 4, 3, 2, 0) in found
    assert struct.pack("<6I", 0x2000D, 0, 4, 3, 4, 0) in found
