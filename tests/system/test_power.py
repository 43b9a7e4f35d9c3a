from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vcam.system.power import on_battery

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such folder")

BATTERY = {"type": "Battery", "present": "1", "status": "Discharging"}
CHARGING = {**BATTERY, "status": "Charging"}
FULL = {**BATTERY, "status": "Not charging"}
EMPTY_SLOT = {**BATTERY, "present": "0"}
MOUSE = {"type": "Battery", "scope": "Device", "status": "Discharging"}
PLUGGED, UNPLUGGED = {"type": "Mains", "online": "1"}, {"type": "Mains", "online": "0"}
USB_C, USB_C_FREE = {"type": "USB", "online": "1"}, {"type": "USB", "online": "0"}


@pytest.mark.parametrize(
    ("supplies", "wanted"),
    [
        ([], None),
        ([PLUGGED], None),
        ([MOUSE], None),
        ([EMPTY_SLOT, PLUGGED], None),
        ([BATTERY], True),
        ([BATTERY, UNPLUGGED], True),
        ([BATTERY, UNPLUGGED, USB_C_FREE], True),
        ([FULL, BATTERY, UNPLUGGED], True),
        ([CHARGING, PLUGGED], False),
        ([FULL, UNPLUGGED, USB_C], False),
        ([BATTERY, PLUGGED], False),
        ([BATTERY, {**MOUSE, "online": "1"}, UNPLUGGED], True),
        ([FULL], False),
    ],
)
def test_a_laptop_knows_its_battery_from_its_plug(
    tmp_path: Path, supplies: list[dict[str, str]], wanted: bool | None
) -> None:
    for number, supply in enumerate(supplies):
        folder = tmp_path / f"SUPPLY{number}"
        folder.mkdir()
        for name, text in supply.items():
            (folder / name).write_text(f"{text}\n")
    assert on_battery(tmp_path) is wanted


def test_a_computer_that_does_not_tell_is_not_on_battery(tmp_path: Path) -> None:
    assert on_battery(tmp_path / "missing") is None
    (tmp_path / "BAT0" / "type").mkdir(parents=True)  # a file that cannot be read
    (tmp_path / "stray").write_bytes(b"\xff")
    assert on_battery(tmp_path) is None
