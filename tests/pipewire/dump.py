"""Answers of `pw-dump`, shortened."""

from __future__ import annotations

import json
from typing import Any

CORE = {"type": "PipeWire:Interface:Core", "info": {"version": "1.0.5", "props": {}}}


def thing(kind: str, **props: Any) -> dict[str, Any]:
    """An object of PipeWire with these properties; dots are written as "__"."""
    named = {name.replace("__", "."): value for name, value in props.items()}
    return {"type": f"PipeWire:Interface:{kind}", "info": {"props": named}}


MANAGER = thing("Client", application__process__binary="wireplumber")


def camera(description: str, name: str = "vcam") -> dict[str, Any]:
    """A camera's node."""
    about = {"media__class": "Video/Source", "node__name": name, "node__description": description}
    return thing("Node", **about)


def dump(*things: dict[str, Any]) -> str:
    """The answer with these objects and the core."""
    return json.dumps([CORE, {"type": "PipeWire:Interface:Metadata"}, *things])
