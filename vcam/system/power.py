"""Whether this computer runs on its battery."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    from vcam.system import win32

SUPPLIES = Path("/sys/class/power_supply")
"""Where Linux lists batteries and mains adapters, a folder each."""

_MAINS = ("Mains", "USB", "Wireless")


def on_battery(supplies: Path = SUPPLIES) -> bool | None:
    """Whether it does; None where the system does not tell, or there is no battery.

    Linux and Windows tell. On Linux a mains adapter that is online decides; where there is none a
    battery that discharges. Those of mice and headsets do not count.

    Args:
        supplies: Linux's folder.
    """
    if sys.platform == "win32":
        return win32.on_battery()
    found = list(_supplies(supplies))
    mains = [_read(one / "online") for one in found if _read(one / "type") in _MAINS]
    states = [_read(one / "status") for one in found if _read(one / "type") == "Battery"]
    if not states:
        return None
    if "1" in mains:
        return False
    return "Discharging" in states


def _supplies(folder: Path) -> Iterator[Path]:
    """Those of the computer itself; whatever is in a slot that may be empty is present."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for one in entries:
        if _read(one / "scope") != "Device" and _read(one / "present") != "0":
            yield one


def _read(path: Path) -> str:
    """The file's text; empty where there is none, or the driver refuses."""
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
