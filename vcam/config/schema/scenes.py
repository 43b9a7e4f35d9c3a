"""Scenes: named sets of keys that override those of the rest of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

SCENE, SCENES = "scene", "scenes"
"""The keys with the active scene's name, and with the scenes."""

NO_SCENE = "none"
MOST_SCENES = 24

_NAME = re.compile(r"\w[\w -]{0,39}")
_RESERVED = (NO_SCENE, "next", "previous")
_NOT_IN_A_SCENE = ("version", SCENE, SCENES)


def with_scene_applied(document: Mapping[str, Any], name: object) -> dict[str, Any]:
    """The document with that scene's keys merged over the others.

    Maps are merged key by key, everything else is replaced. A name of no scene changes nothing; nor
    does a scene that is not a map, which the schema refuses.
    """
    scenes = document.get(SCENES)
    scene = scenes.get(name) if isinstance(scenes, Mapping) and isinstance(name, str) else None
    if not isinstance(scene, Mapping):
        return dict(document)
    allowed = {key: value for key, value in scene.items() if key not in _NOT_IN_A_SCENE}
    return merged(document, allowed)


def merged(document: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the keys of `over` merged in, map by map."""
    result = dict(document)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            value = merged(old, value)
        result[key] = value
    return result


def _check_count(value: Any) -> Any:
    if value is None:  # its scenes are all commented out
        return {}
    if not isinstance(value, Mapping):
        raise ValueError("names of scenes are wanted, indented below it, and below each its keys")
    if len(value) > MOST_SCENES:
        raise ValueError(f"there may be {MOST_SCENES} scenes at most")
    return value


def _check_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("the name of a scene is letters, digits, blanks, - and _, 40 at most")
    if name in _RESERVED:
        raise ValueError(f"`vcam scene {name}` means another thing: give the scene another name")
    return name


def _check_keys(keys: Any) -> Any:
    if keys is None:
        return {}
    if not isinstance(keys, Mapping):
        raise ValueError("keys are wanted, indented below it, as in the rest of the file")
    wrong = next((key for key in _NOT_IN_A_SCENE if key in keys), None)
    if wrong is not None:
        raise ValueError(f"{wrong} is a key of the whole file: move it out of the scene")
    return keys


def _check_is_name(name: Any) -> Any:
    if isinstance(name, (dict, list)):
        raise ValueError(
            'the name of one scene is wanted, as in "scene: work"; its keys go below "scenes:"'
        )
    return name


def _check_scene_is_there(name: str, info: ValidationInfo) -> str:
    """Refuse an unknown scene, unless the scenes themselves are refused already."""
    scenes = info.data.get(SCENES)
    if name != NO_SCENE and scenes is not None and name not in scenes:
        known = ", ".join([*scenes, NO_SCENE])
        raise ValueError(f"there is no such scene; known here: {known}")
    return name


Scenes: TypeAlias = Annotated[
    dict[
        Annotated[str, AfterValidator(_check_name)],
        Annotated[dict[str, Any], BeforeValidator(_check_keys)],
    ],
    BeforeValidator(_check_count),
    WithJsonSchema(
        {"type": "object", "propertyNames": {"pattern": f"^{_NAME.pattern}$"}},
    ),
]
"""Each with keys as in the rest of the file; they are checked with the scene applied."""

SceneName: TypeAlias = Annotated[
    str,
    Field(max_length=40),
    BeforeValidator(_check_is_name),
    AfterValidator(_check_scene_is_there),
]
