"""Errors for a missing or silent PipeWire."""

from __future__ import annotations

import shutil

from vcam.errors import SinkError
from vcam.pipewire.library import NAME

_PACKAGES = {
    "apt-get": "sudo apt-get install libpipewire-0.3-0 pipewire wireplumber",
    "dnf": "sudo dnf install pipewire pipewire-libs wireplumber",
    "pacman": "sudo pacman -S pipewire libpipewire wireplumber",
    "zypper": "sudo zypper install pipewire libpipewire-0_3-0 wireplumber",
}


def not_installed() -> SinkError:
    """The library is missing."""
    manager = next((name for name in _PACKAGES if shutil.which(name)), "")
    problem = f"PipeWire's library {NAME} is missing"
    if manager:
        return SinkError(problem, commands=(_PACKAGES[manager],))
    return SinkError(problem, "install PipeWire")


def silent(why: str) -> SinkError:
    """PipeWire does not run in this session."""
    return SinkError(
        f"PipeWire does not answer ({why})",
        "vcam must run as you, in your own session",
        ("systemctl --user enable --now pipewire wireplumber",),
    )
