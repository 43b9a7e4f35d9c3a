from __future__ import annotations

import numpy as np

from vcam.framing import Framing


def test_picture_of_the_outputs_size_is_passed_on_untouched() -> None:
    image = np.zeros((36, 64, 3), np.uint8)
    assert Framing(64, 36).fit(image) is image or np.shares_memory(
        Framing(64, 36).fit(image), image
    )


def test_other_proportions_are_cropped_not_distorted() -> None:
    image = np.zeros((48, 64, 3), np.uint8)  # 4:3 with bars that 16:9 has no room for
    image[:6] = image[-6:] = 255
    assert Framing(64, 36).fit(image).max() == 0
    tall = Framing(36, 64).fit(np.zeros((480, 640, 3), np.uint8))
    assert tall.shape == (64, 36, 3)


def test_mirror_turns_left_and_right_round() -> None:
    image = np.zeros((36, 64, 3), np.uint8)
    image[:, :32] = 255
    mirrored = Framing(64, 36, mirror=True).fit(image)
    assert mirrored[:, :32].max() == 0
    assert mirrored[:, 32:].min() == 255
