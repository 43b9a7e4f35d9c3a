"""Tiny ONNX networks, written field by field: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto."""

from __future__ import annotations

from collections.abc import Sequence

_FLOAT, _INT, _INTS = 1, 2, 7


def brightness(width: int, height: int) -> bytes:
    """A network, for pictures of that size in pixels, that takes what is bright for people."""
    axes = _ints("axes", [1]) + _int("keepdims", 1)
    graph = _bytes(1, _node("ReduceMean", ["picture"], "mask", axes)) + _bytes(2, b"tiny")
    graph += _bytes(11, _value("picture", (1, 3, height, width)))
    graph += _bytes(12, _value("mask", (1, 1, height, width)))
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, 13))


def _node(operator: str, inputs: Sequence[str], output: str, attributes: bytes = b"") -> bytes:
    taken = b"".join(_bytes(1, name.encode()) for name in inputs)
    return taken + _bytes(2, output.encode()) + _bytes(4, operator.encode()) + attributes


def _int(name: str, value: int) -> bytes:
    return _bytes(5, _bytes(1, name.encode()) + _number(3, value) + _number(20, _INT))


def _ints(name: str, values: Sequence[int]) -> bytes:
    numbers = b"".join(_number(8, value) for value in values)
    return _bytes(5, _bytes(1, name.encode()) + numbers + _number(20, _INTS))


def _value(name: str, shape: Sequence[int]) -> bytes:
    sides = b"".join(_bytes(1, _number(1, side)) for side in shape)
    tensor = _number(1, _FLOAT) + _bytes(2, sides)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    return bytes([*encoded, value])
