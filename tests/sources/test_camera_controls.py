from __future__ import annotations

import sys

import numpy as np
import pytest

from tests.linux.fake_nodes import FakeControl
from tests.sources.fake_capture import Setting
from vcam.devices.controls import BRIGHTNESS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="opens V4L2 nodes")


def brightness(setting: Setting) -> FakeControl:
    control = FakeControl(BRIGHTNESS, "Brightness", 128)
    setting.node.controls = [control]
    return control


def test_controls_are_set_when_the_camera_is_opened_and_whenever_it_is_again(
    setting: Setting,
) -> None:
    control = brightness(setting)
    for _ in range(2):
        setting.open(controls=lambda: {"brightness": 7}).close()
        assert control.value == 7
        control.value = 128  # as a camera that was unplugged


def test_controls_that_change_are_set_before_the_next_picture(setting: Setting) -> None:
    control, wanted = brightness(setting), {"brightness": 7}
    setting.capture.gives = [np.full((720, 1280, 3), 90, np.uint8)] * 3
    source = setting.open(controls=lambda: dict(wanted))
    wanted["brightness"] = 9
    source.read()
    assert control.value == 9
    wanted.clear()
    source.read()
    assert control.value == 128


@pytest.mark.parametrize("restores", [True, False])
def test_controls_are_put_back_at_the_end_if_asked(restores: bool, setting: Setting) -> None:
    control = brightness(setting)
    setting.open(controls=lambda: {"brightness": 7}, restores=lambda: restores).close()
    assert control.value == (128 if restores else 7)


def test_a_control_the_camera_lacks_costs_no_picture(
    setting: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    brightness(setting)
    source = setting.open(controls=lambda: {"focus": 3, "brightness": 5})
    assert source.read() is not None
    assert "camera.controls.focus" in caplog.text
    assert len(caplog.records) == 1
