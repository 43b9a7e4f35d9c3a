"""Finding a camera by a name, as shown by vcam or by other programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vcam.devices.camera import Camera

_ADDED = re.compile(r" \((v4l2|[0-9a-f]{4}:[0-9a-f]{4})\)$")
"""Suffixes that GNOME and Chrome add to a camera's name."""


def called(cameras: Iterable[Camera], wanted: str) -> list[Camera]:
    """The cameras that `wanted` matches: by whole name, else by part of the name.

    Each device is there once, with the best of its nodes: many have one in colour and one for
    infrared, or one for H.264, of the same name. Where whole names are equal, what cannot be
    decoded or has no colour is left out.

    Args:
        cameras: All of them.
        wanted: The name that vcam, v4l2-ctl, OBS, GNOME or Chrome shows, in any case, or a part.
    """
    asked, every = _plain(wanted), list(cameras)
    whole = [camera for camera in every if asked in _with_place(camera)]
    short = _ADDED.sub("", asked)
    if whole := whole or [camera for camera in every if short in _names(camera)]:
        return _best_of_each(_best(whole))
    parts = [camera for camera in every if any(asked in name for name in _names(camera))]
    return _best_of_each(parts)


def paths_of(cameras: Sequence[Camera]) -> list[str]:
    """An unambiguous path for each camera, a persistent one if possible.

    Of equal cameras without a serial number only one has a link by-id, and not always the same.
    """
    for kind in ("/by-id/", "/by-path/"):
        lasting = [[link for link in camera.links if kind in link] for camera in cameras]
        if all(lasting):
            return [links[0] for links in lasting]
    return [camera.path for camera in cameras]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _names(camera: Camera) -> set[str]:
    return {_plain(camera.name), _plain(camera.card or camera.name)}


def _with_place(camera: Camera) -> set[str]:
    """The names of a camera, and what v4l2-ctl and `vcam devices` print, which say where it is."""
    names = _names(camera)
    places = ("", ":", f" ({camera.path})", f" ({camera.bus})", f" ({camera.bus}):")
    return {f"{name}{place.casefold()}" for name in names for place in places}


def _best(cameras: Sequence[Camera]) -> list[Camera]:
    """The decodable ones with colour; all if there are none."""
    good = [camera for camera in cameras if camera.is_readable and camera.has_colour]
    return good or list(cameras)


def _best_of_each(cameras: Iterable[Camera]) -> list[Camera]:
    """The preferred node of each device."""
    devices: dict[tuple[str, ...], Camera] = {}
    for camera in sorted(cameras, key=lambda each: each.rank):
        devices.setdefault(_device(camera), camera)
    return list(devices.values())


def _device(camera: Camera) -> tuple[str, ...]:
    """What the nodes of one webcam have in common; a capture card's nodes are inputs, each one."""
    if camera.bus.startswith("usb"):
        return camera.bus, camera.name.partition(": ")[0]
    return (camera.path,)
