from __future__ import annotations

import cv2
import numpy as np

from vcam.images.types import I420
from vcam.pipewire.packing import Packer


def picture(width: int, height: int) -> I420:
    frame = I420(width, height)
    frame.data[:] = np.random.default_rng(1).integers(16, 236, frame.data.size, np.uint8)
    return frame


def test_each_pixel_keeps_its_own_brightness_and_colour() -> None:
    frame = picture(64, 36)
    packed = Packer(64, 36).pack(frame).reshape(36, 64, 2)
    np.testing.assert_array_equal(packed[..., 0], frame.y)
    np.testing.assert_array_equal(packed[:, 0::2, 1], frame.u.repeat(2, 0))
    np.testing.assert_array_equal(packed[:, 1::2, 1], frame.v.repeat(2, 0))


def test_opencv_reads_it_as_the_same_picture() -> None:
    frame = picture(64, 36)
    packed = Packer(64, 36).pack(frame).reshape(36, 64, 2)
    np.testing.assert_array_equal(cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_YUY2), frame.to_bgr())


def test_the_memory_is_used_again() -> None:
    packer = Packer(64, 36)
    assert packer.pack(picture(64, 36)).base is packer.pack(picture(64, 36)).base
