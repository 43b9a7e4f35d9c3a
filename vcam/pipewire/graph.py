"""What PipeWire carries at present, as its own tool `pw-dump` tells it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

DUMP = ("pw-dump",)
"""The command whose answer is read here; many distributions have it in a package of its own."""

NODE_NAME = "vcam"
"""What vcam calls its node, whatever people see in a list of cameras."""

_MANAGERS = {"wireplumber": "WirePlumber", "pipewire-media-session": "pipewire-media-session"}
"""Session managers by their program: without one nobody links programs to cameras."""


@dataclass(frozen=True)
class Graph:
    """PipeWire and those who are connected to it.

    Attributes:
        version: Of PipeWire; empty where it does not tell.
        manager: The session manager; empty where none runs.
        cameras: What people see the cameras called that vcam offers.
    """

    version: str
    manager: str
    cameras: tuple[str, ...]


def parse(dump: str) -> Graph | None:
    """The graph in an answer of `pw-dump`; None where that could not reach PipeWire."""
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
