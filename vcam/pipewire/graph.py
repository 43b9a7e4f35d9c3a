"""PipeWire's current graph, as dumped by its tool `pw-dump`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

DUMP = ("pw-dump",)
"""The command whose output is parsed; many distributions package it separately."""

NODE_NAME = "vcam"
"""The name of vcam's node, which is not the one shown in lists of cameras."""

_MANAGERS = {"wireplumber": "WirePlumber", "pipewire-media-session": "pipewire-media-session"}
"""Session managers by program: without one, programs are not linked to cameras."""


@dataclass(frozen=True)
class Graph:
    """The PipeWire server and its clients.

    Attributes:
        version: PipeWire's version; empty if unknown.
        manager: The session manager; empty where none runs.
        cameras: The displayed names of the cameras that vcam offers.
    """

    version: str
    manager: str
    cameras: tuple[str, ...]


def parse(dump: str) -> Graph | None:
    """Parse the output of `pw-dump`; None if that could not reach PipeWire."""
    try:
        things = json.loads(dump)
    except ValueError:
        return None
    clients = [_properties(thing) for thing in things if _is(thing, "Client")]
    nodes = [_properties(thing) for thing in things if _is(thing, "Node")]
    programs = (str(props.get("application.process.binary")) for props in clients)
    return Graph(
        next((str(_info(thing).get("version", "")) for thing in things if _is(thing, "Core")), ""),
        next((_MANAGERS[program] for program in programs if program in _MANAGERS), ""),
        tuple(
            str(props.get("node.description"))
            for props in nodes
            if props.get("media.class") == "Video/Source" and props.get("node.name") == NODE_NAME
        ),
    )


def _is(thing: dict[str, Any], kind: str) -> bool:
    return thing.get("type") == f"PipeWire:Interface:{kind}"


def _info(thing: dict[str, Any]) -> dict[str, Any]:
    return thing.get("info") or {}


def _properties(thing: dict[str, Any]) -> dict[str, Any]:
    return _info(thing).get("props") or {}
