"""Converting a video's colours to 8-bit sRGB."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import numpy.typing as npt
from av import VideoFormat, VideoFrame
from av.filter import Graph
from av.video.reformatter import (
    ColorPrimaries,
    Colorspace,
    ColorTrc,
    Interpolation,
    VideoReformatter,
)

from vcam.images.types import Image

_Values = npt.NDArray[np.float64]

_WHITE_NITS = 203.0
"""Reference white in HDR (ITU-R BT.2408), which is mapped to sRGB white."""
_KNEE = 0.8
"""Values above this share of white are compressed, so that highlights keep some detail."""
_STEPS = 36  # of the table, in each of red, green and blue: 6 squared
_SIDE = 216  # the table as a picture: 6 to the third
_TABLE_FORMAT = "rgb48le"
_TICK = Fraction(1, 1000)

_BT2020 = 9  # `Colorspace` lacks it before PyAV 18, which Python 3.10 does not have
# AVColorSpace (ITU-T H.273, matrix coefficients) to what swscale calls it.
_MATRICES: dict[int, int] = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: _BT2020,
    10: _BT2020,
}
# To BT.709's primaries (ITU-R BT.2087; the same method for Display P3).
_TO_709: dict[int, tuple[tuple[float, ...], ...]] = {
    ColorPrimaries.BT2020: (
        (1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187),
    ),
    ColorPrimaries.SMPTE432: (
        (1.2249, -0.2247, 0.0), (-0.0420, 1.0419, 0.0), (-0.0197, -0.0786, 1.0979),
    ),
}  # fmt: skip


class ToBgr:
    """Converts the frames of one video to pictures.

    Args:
        first: One of its frames; the others have the same format.
        size: Width and height of the pictures.
        color: Red, green and blue behind transparent parts.
    """

    def __init__(
        self, first: VideoFrame, size: tuple[int, int], color: tuple[int, int, int]
    ) -> None:
        self._size = size
        self._matrix = _matrix(first)
        is_smaller = size[0] < first.width and size[1] < first.height
        self._scaling = Interpolation.AREA if is_smaller else Interpolation.BILINEAR
        self._behind = np.array(color[::-1], np.float32)
        self._shows_through = any(part.is_alpha for part in first.format.components)
        self._reformatter, self._to_eight_bit = VideoReformatter(), VideoReformatter()
        needs_table = _is_hdr(first) or first.color_primaries in _TO_709
        self._table = _Table(first, size) if needs_table and not self._shows_through else None

    def __call__(self, frame: VideoFrame) -> Image:
        """A new picture, uint8 (h, w, 3), BGR.

        Raises:
            av.FFmpegError: The frame is of a kind that cannot be converted.
        """
        if self._shows_through:
            return self._over_color(self._converted(frame, "bgra").to_ndarray())
        if self._table is None:
            return _array(self._converted(frame, "bgr24"))
        shown = self._table.apply(self._converted(frame, _TABLE_FORMAT))
        return _array(self._to_eight_bit.reformat(shown, format="bgr24", threads=1))

    def _converted(self, frame: VideoFrame, pixel_format: str) -> VideoFrame:
        width, height = self._size
        return self._reformatter.reformat(
            frame, width, height, pixel_format,
            src_colorspace=self._matrix, interpolation=self._scaling, threads=1,
        )  # fmt: skip

    def _over_color(self, bgra: npt.NDArray[np.generic]) -> Image:
        share = np.asarray(bgra[..., 3:], np.float32) / 255
        mixed = np.asarray(bgra[..., :3], np.float32) * share + self._behind * (1 - share)
        return cv2.convertScaleAbs(mixed).astype(np.uint8, copy=False)


class _Table:
    """HLG, PQ and wide primaries to sRGB, by FFmpeg's `haldclut`."""

    def __init__(self, first: VideoFrame, size: tuple[int, int]) -> None:
        graph = Graph()
        kind = VideoFormat(_TABLE_FORMAT)
        width, height = size
        pictures = graph.add_buffer(width=width, height=height, format=kind, time_base=_TICK)
        table = graph.add_buffer(width=_SIDE, height=_SIDE, format=kind, time_base=_TICK)
        look_up = graph.add("haldclut")
        sink = graph.add("buffersink")
        pictures.link_to(look_up, 0, 0)
        table.link_to(look_up, 0, 1)
        look_up.link_to(sink)
        graph.configure()
        picture = VideoFrame.from_ndarray(_table(first), "rgb48le").reformat(format=_TABLE_FORMAT)
        picture.pts, picture.time_base = 0, _TICK
        table.push(picture)
        table.push(None)
        self._graph, self._pictures, self._sink, self._count = graph, pictures, sink, 0

    def apply(self, frame: VideoFrame) -> VideoFrame:
        frame.pts, frame.time_base = self._count, _TICK
        self._count += 1
        self._pictures.push(frame)
        found = self._sink.pull()
        assert isinstance(found, VideoFrame)
        return found


def _array(frame: VideoFrame) -> Image:
    return np.asarray(frame.to_ndarray(), np.uint8)


def _matrix(frame: VideoFrame) -> int | None:
    """The matrix it was coded with; if not stated, BT.709 for HD and BT.601 below."""
    if frame.format.is_rgb:
        return None
    if frame.colorspace in _MATRICES:
        return _MATRICES[frame.colorspace]
    if _is_hdr(frame):
        return _BT2020
    is_hd = frame.width > 1024 or frame.height > 576
    return Colorspace.ITU709 if is_hd else Colorspace.ITU601


def _is_hdr(frame: VideoFrame) -> bool:
    return frame.color_trc in (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67)


def _table(frame: VideoFrame) -> npt.NDArray[np.uint16]:
    """The lookup table: uint16 (216, 216, 3), RGB, with red varying fastest."""
    steps = np.linspace(0, 1, _STEPS)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    light = _light(np.stack([red, green, blue], -1), frame.color_trc)
    matrix = _TO_709.get(frame.color_primaries, _TO_709[ColorPrimaries.BT2020])
    light = light @ np.array(matrix).T
    light = np.maximum(light, 0)
    coded = _srgb(_rolled_off(light) if _is_hdr(frame) else np.minimum(light, 1))
    return np.asarray(coded * 65535 + 0.5, np.uint16).reshape(_SIDE, _SIDE, 3)


def _light(signal: _Values, transfer: int) -> _Values:
    """Display light, (…, 3), 1 = white, of a signal in 0..1."""
    if transfer == ColorTrc.SMPTE2084:
        return _pq_nits(signal) / _WHITE_NITS
    if transfer == ColorTrc.ARIB_STD_B67:
        return _hlg_nits(signal) / _WHITE_NITS
    return np.power(signal, 2.2)


def _pq_nits(signal: _Values) -> _Values:
    """ITU-R BT.2100, table 4: the EOTF."""
    root = np.power(signal, 32 / 2523)
    share = np.maximum(root - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * root)
    return 10000 * np.power(share, 16384 / 2610)


def _hlg_nits(signal: _Values) -> _Values:
    """ITU-R BT.2100, table 5: inverse OETF, and the OOTF of a screen of 1,000 cd/m².

    The OOTF is taken channel by channel, as by zimg: it keeps the colours of what was graded in
    SDR.
    """
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return 1000 * np.power(scene, 1.2)


def _rolled_off(light: _Values) -> _Values:
    """Tone-mapped to 0..1 by its brightest channel, so that the hue is kept."""
    brightest = light.max(-1, keepdims=True)
    over = np.maximum(brightest - _KNEE, 0)
    kept = np.minimum(brightest, _KNEE) + (1 - _KNEE) * (1 - np.exp(-over / (1 - _KNEE)))
    return np.asarray(light * kept / np.maximum(brightest, 1e-9), np.float64)


def _srgb(light: _Values) -> _Values:
    """IEC 61966-2-1."""
    dark = light * 12.92
    return np.where(light <= 0.0031308, dark, 1.055 * np.power(light, 1 / 2.4) - 0.055)
