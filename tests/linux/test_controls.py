"""A camera's own controls: what there is, setting it, and putting it back."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeControl, FakeNode
from vcam.devices import controls
from vcam.devices.cameras import Camera, find_camera
from vcam.devices.control_settings import ControlSettings, Value, control_problems
from vcam.devices.controls import (
    AUTO_WHITE_BALANCE,
    BRIGHTNESS,
    EXPOSURE_ABSOLUTE,
    EXPOSURE_AUTO,
    WHITE_BALANCE_TEMPERATURE,
    list_controls,
)
from vcam.devices.listing import device_data, device_lines
from vcam.devices.v4l2 import Device

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads sysfs")

POWER_LINE, LINK_FREQUENCY = 0x980918, 0x9F0901


class Webcam:
    """A webcam with the controls that most have."""

    def __init__(self, folder: Path) -> None:
        self.controls = [
            FakeControl(BRIGHTNESS, "Brightness", 128),
            FakeControl(AUTO_WHITE_BALANCE, "White Balance, Automatic", 1, (0, 1, 1), 2),
            FakeControl(POWER_LINE, "Power Line Frequency", 1, (0, 3, 1), 3,
                        {0: "Disabled", 1: "50 Hz", 3: "Auto"}),
            FakeControl(WHITE_BALANCE_TEMPERATURE, "White Balance Temperature", 4600,
                        (2800, 6500, 10), manual_by=(AUTO_WHITE_BALANCE, 0)),
            FakeControl(EXPOSURE_AUTO, "Auto Exposure", 3, (0, 3, 1), 3,
                        {1: "Manual Mode", 3: "Aperture Priority Mode"}),
            FakeControl(EXPOSURE_ABSOLUTE, "Exposure Time, Absolute", 250, (3, 2047, 1),
                        manual_by=(EXPOSURE_AUTO, 1)),
            FakeControl(LINK_FREQUENCY, "Link Frequency", 0, (0, 1, 1), 9, {0: "100", 1: "200"}),
            FakeControl(0x980927, "Read Only", flags=0x4),
            FakeControl(0x980928, "Disabled", flags=0x1),
            FakeControl(0x980929, "Button", kind=4),
        ]  # fmt: skip
        node = FakeNode("C920", sizes={"MJPG": [(1280, 720)]}, controls=self.controls)
        self.node = node
        self.kernel = FakeKernel(folder, {0: node})
        self.camera: Camera = find_camera("auto", "", self.kernel.host)
        self.settings = ControlSettings(self.camera, self.kernel.host)

    def values(self) -> dict[int, int]:
        return {control.number: control.value for control in self.controls}

    def problems(self, wanted: Mapping[str, Value]) -> list[str]:
        return control_problems(self.camera, wanted, self.kernel.host)


@pytest.fixture
def webcam(tmp_path: Path) -> Webcam:
    return Webcam(tmp_path)


def test_controls_have_the_names_that_v4l2_ctl_shows(webcam: Webcam) -> None:
    with Device(webcam.camera.path, webcam.kernel.host) as device:
        found = {control.name: control for control in list_controls(device)}
    assert list(found) == [
        "brightness", "white_balance_automatic", "power_line_frequency",
        "white_balance_temperature", "auto_exposure", "exposure_time_absolute", "link_frequency",
    ]  # fmt: skip
    assert found["power_line_frequency"].menu == ((0, "Disabled"), (1, "50 Hz"), (3, "Auto"))
    assert found["link_frequency"].menu == ((0, "100"), (1, "200"))
    assert found["exposure_time_absolute"].is_inactive
    assert found["white_balance_automatic"].offers == "true or false"


@pytest.mark.parametrize(
    ("wanted", "number", "value"),
    [
        ({"brightness": 0}, BRIGHTNESS, 0),
        ({"Brightness": 255}, BRIGHTNESS, 255),
        ({"white_balance_automatic": False}, AUTO_WHITE_BALANCE, 0),
        ({"white_balance_temperature_auto": 0}, AUTO_WHITE_BALANCE, 0),
        ({"power_line_frequency": "auto"}, POWER_LINE, 3),
        ({"power_line_frequency": 0}, POWER_LINE, 0),
        ({"link_frequency": 200}, LINK_FREQUENCY, 1),
        ({"auto_exposure": "Manual Mode"}, EXPOSURE_AUTO, 1),
        ({"exposure_auto": 1}, EXPOSURE_AUTO, 1),
        ({"white_balance_automatic": False, "white_balance": 3004},
         WHITE_BALANCE_TEMPERATURE, 3000),
    ],
)  # fmt: skip
def test_a_control_is_set(
    wanted: dict[str, Value], number: int, value: int, webcam: Webcam
) -> None:
    assert webcam.problems(wanted) == []
    webcam.settings.apply(wanted)
    assert webcam.values()[number] == value
    assert webcam.kernel.descriptors == {}


@pytest.mark.parametrize("name", ["exposure_time_absolute", "exposure_absolute", "exposure"])
def test_what_is_automatic_becomes_manual_where_a_value_is_given(name: str, webcam: Webcam) -> None:
    webcam.settings.apply({name: 100})
    assert webcam.values()[EXPOSURE_ABSOLUTE] == 100
    assert webcam.values()[EXPOSURE_AUTO] == 1
    webcam.settings.apply({})
    assert webcam.values()[EXPOSURE_ABSOLUTE] == 250
    assert webcam.values()[EXPOSURE_AUTO] == 3


def test_what_was_made_manual_stays_so_while_a_value_is_wanted(webcam: Webcam) -> None:
    for value in (100, 120, 5000, 130):
        webcam.settings.apply({"exposure": value})
        assert webcam.values()[EXPOSURE_AUTO] == 1
    assert webcam.values()[EXPOSURE_ABSOLUTE] == 130
    webcam.settings.restore()
    assert webcam.values()[EXPOSURE_AUTO] == 3


def test_a_value_that_is_refused_leaves_the_one_before(webcam: Webcam) -> None:
    webcam.settings.apply({"brightness": 7})
    webcam.settings.apply({"brightness": 700})
    assert webcam.values()[BRIGHTNESS] == 7


def test_what_is_wanted_automatic_stays_so(
    webcam: Webcam, caplog: pytest.LogCaptureFixture
) -> None:
    webcam.settings.apply({"exposure": 100, "auto_exposure": "Aperture Priority Mode"})
    assert webcam.values()[EXPOSURE_AUTO] == 3
    assert "does not take camera.controls.exposure_time_absolute 100 now" in caplog.text


def test_what_is_not_wanted_any_more_is_put_back(webcam: Webcam) -> None:
    before = webcam.values()
    webcam.settings.apply({"brightness": 7, "power_line_frequency": "Disabled"})
    webcam.settings.apply({"brightness": 9})
    assert webcam.values() == before | {BRIGHTNESS: 9}
    webcam.settings.restore()
    assert webcam.values() == before


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            {"brightnes": 1},
            "no such control; did you mean brightness? It has brightness (0 to 255)",
        ),
        ({"tilt": 1}, "no such control; It has brightness"),
        ({"brightness": 256}, "does not offer 256; set it to 0 to 255 (it is 128)"),
        ({"brightness": -1}, "does not offer -1"),
        ({"brightness": True}, "does not offer 'true'"),
        ({"brightness": "bright"}, "does not offer 'bright'"),
        ({"white_balance_automatic": 2}, "set it to true or false (it is true)"),
        ({"white_balance_automatic": "true"}, "set it to true or false"),
        ({"power_line_frequency": "60 Hz"}, "set it to Disabled, 50 Hz or Auto (it is 50 Hz)"),
        ({"power_line_frequency": 2}, "does not offer 2"),
        ({"auto_exposure": True}, "set it to Manual Mode or Aperture Priority Mode"),
    ],
)
def test_what_a_camera_does_not_offer_is_refused_with_its_own_list(
    wanted: dict[str, Value], said: str, webcam: Webcam, caplog: pytest.LogCaptureFixture
) -> None:
    before = webcam.values()
    (problem,) = webcam.problems(wanted)
    assert said in problem
    assert "C920" in problem
    assert next(iter(wanted)) in problem
    webcam.settings.apply({**wanted, "contrast": 1, "power_line_frequency": "Auto"} | wanted)
    assert problem in caplog.text
    assert webcam.values() in (before, before | {POWER_LINE: 3})


def test_a_camera_without_controls_says_so(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, {0: FakeNode("Old")})
    camera = find_camera("auto", "", kernel.host)
    (problem,) = control_problems(camera, {"brightness": 1}, kernel.host)
    assert "has no controls" in problem


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENODEV])
def test_a_camera_that_cannot_be_opened_is_told_of_and_not_more(
    number: int, webcam: Webcam, caplog: pytest.LogCaptureFixture
) -> None:
    webcam.node.refusals["open"] = number
    webcam.settings.apply({"brightness": 1})
    assert "cannot be set" in caplog.text
    assert webcam.problems({"brightness": 1}) == []


def test_a_driver_that_refuses_is_told_of_once(
    webcam: Webcam, caplog: pytest.LogCaptureFixture
) -> None:
    webcam.node.refusals[controls.S_CTRL] = errno.EIO
    with caplog.at_level(logging.WARNING):
        webcam.settings.apply({"brightness": 1})
        webcam.settings.restore()
    assert len(caplog.records) == 1


def test_devices_lists_controls_with_their_ranges(webcam: Webcam) -> None:
    shown = device_lines(webcam.kernel.host)
    assert "      brightness: 0 to 255, now 128" in shown
    assert "      power_line_frequency: Disabled, 50 Hz or Auto, now 50 Hz" in shown
    line = "      white_balance_temperature: 2800 to 6500 by 10, now 4600 (another control decides)"
    assert line in shown
    (camera,) = device_data(webcam.kernel.host)["cameras"]
    listed = {control["name"]: control for control in camera["controls"]}
    assert listed["brightness"]["maximum"] == 255
    assert listed["auto_exposure"]["menu"] == {1: "Manual Mode", 3: "Aperture Priority Mode"}
