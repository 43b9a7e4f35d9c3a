from __future__ import annotations

import numpy as np
import pytest

from tests.portrait import portrait
from tests.segmenters.rooms import ROOM, seen, with_box
from vcam.errors import ModelError
from vcam.segmenters import mediapipe
from vcam.segmenters.empty_room import MotionWatch, PersonCheck, Watch


def test_noise_and_flickering_light_are_no_motion() -> None:
    watch = MotionWatch()
    for frame in range(60):
        picture = seen(ROOM, 1 + 0.05 * np.sin(frame), noise=3)
        assert not watch.sees_motion(picture, suspicious=True)


def test_what_has_moved_is_told_once() -> None:
    watch = MotionWatch()
    pictures = [ROOM, with_box(ROOM, 40, 40, 20, 20), with_box(ROOM, 40, 40, 20, 20)]
    assert [watch.sees_motion(seen(picture), False) for picture in pictures] == [False, True, False]


@pytest.mark.parametrize("suspicious", [True, False])
def test_somebody_who_only_breathes_moves_for_the_suspicious(suspicious: bool) -> None:
    watch = MotionWatch()
    breath = np.linspace(0, 0.2, 40)
    still, risen = portrait().astype(np.float32), np.roll(portrait(), -1, 0).astype(np.float32)
    told = [watch.sees_motion(seen(still * (1 - b) + risen * b), suspicious) for b in breath]
    assert any(told) == suspicious


def test_without_a_network_nobody_is_suspected(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModelError("the model is missing")

    monkeypatch.setattr(mediapipe, "MediaPipeSegmenter", missing)
    check = PersonCheck()
    assert check.share(portrait()) == 0
    check.close()


def test_the_network_is_sure_of_somebody_and_not_of_an_empty_room() -> None:
    check = PersonCheck()
    assert check.share(portrait()) > 0.15
    assert check.share(ROOM) < 0.01
    check.close()


def test_the_network_is_not_asked_where_it_should_not_be() -> None:
    watch = Watch(person_check=False)
    assert not any(watch.obstacle(seen(portrait())) for _ in range(20))
