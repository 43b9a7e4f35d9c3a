"""Random configurations that are valid, over the whole schema."""

from __future__ import annotations

import types
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from vcam.config.schema import Config
from vcam.config.schema.background import BackgroundConfig
from vcam.config.schema.value_types import Color, File, Section

PICTURE, ANIMATION, FOLDER = "picture.png", "animation.gif", "slides"
"""The files that `write_files` makes."""


def _types(model: type[Section]) -> tuple[str, ...]:
    return get_args(model.model_fields["type"].annotation)


_OWN: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("CameraConfig", "device"): st.sampled_from(["auto", 0, 3, "/dev/video0", "My Camera"]),
    ("CameraConfig", "controls"): st.dictionaries(
        st.sampled_from(["brightness", "auto_exposure", "focus"]),
        st.booleans() | st.integers(-1000, 10_000) | st.sampled_from(["50 Hz", "Manual Mode"]),
    ),
    ("MediaPipeConfig", "model"): st.sampled_from(["auto", "landscape", "general", "own.tflite"]),
    ("FramingConfig", "private"): st.lists(
        st.fixed_dictionaries(
            {
                "left": st.floats(0, 0.4),
                "top": st.floats(0, 0.4),
                "right": st.floats(0.41, 1),
                "bottom": st.floats(0.41, 1),
            }
        ),
        max_size=3,
    ),
    ("CleanupConfig", "size"): st.sampled_from(range(1, 32, 2)),
    ("BackgroundConfig", "type"): st.sampled_from(
        [kind for kind in _types(BackgroundConfig) if kind != "transparent"]  # for files only
    ),
    ("Config", "scenes"): st.just({}),  # `documents` has some
    ("Config", "scene"): st.just("none"),
    ("OutputConfig", "width"): st.integers(80, 1920).map(lambda half: 2 * half),
    ("OutputConfig", "height"): st.integers(60, 1080).map(lambda half: 2 * half),
}
"""Keys with rules that their types do not tell."""


def write_files(folder: Path) -> None:
    """The pictures that the configurations name."""
    rng = np.random.default_rng(7)
    slides = folder / FOLDER
    slides.mkdir()
    for path in (folder / PICTURE, slides / "1.png", slides / "2.png"):
        pixels = rng.integers(0, 256, (24, 32, 4), np.uint8)
        Image.fromarray(pixels).save(path)
    frames = [Image.fromarray(rng.integers(0, 256, (24, 32), np.uint8)) for _ in range(2)]
    frames[0].save(folder / ANIMATION, save_all=True, append_images=frames[1:], duration=100)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """What could stand in a YAML file: any keys with any values that the schema allows each."""
    document = _usable(draw(_section(Config)), {})
    if draw(st.integers(0, 3)) == 0:
        scene = {key: value for key, value in draw(_section(Config)).items() if key in _IN_A_SCENE}
        document |= {"scenes": {"one": _usable(scene, document)}, "scene": "one"}
    return document


_IN_A_SCENE = set(Config.model_fields) - {"version", "scene", "scenes"}


def _usable(document: dict[str, Any], below: dict[str, Any]) -> dict[str, Any]:
    """The document with the files that it needs, where it comes before what is `below`."""
    background = document.get("background", {})
    kind = background.get("type", below.get("background", {}).get("type"))
    files = {"image": PICTURE, "video": ANIMATION, "slideshow": FOLDER}
    if "background" in document and kind in files:
        background["path"] = files[kind]
    if "stops" in background:
        background["stops"].sort(key=lambda stop: stop["at"])
    return document


@st.composite
def configurations(draw: st.DrawFn, folder: Path) -> Config:
    """Configurations that name the files in `folder`."""
    try:
        return Config.model_validate(draw(documents()), context={"folder": folder})
    except ValidationError:  # keys that are not allowed together
        assume(False)
        raise


def _section(model: type[Section]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: _field(model, name, field) for name, field in model.model_fields.items()}
    needed = {name: fields.pop(name) for name, f in model.model_fields.items() if f.is_required()}
    return st.fixed_dictionaries(needed, optional=fields)


def _field(model: type[Section], name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    own = _OWN.get((model.__name__, name))
    bounds = {
        key: getattr(rule, key)
        for rule in field.metadata
        for key in ("ge", "gt", "le", "lt", "min_length", "max_length")
        if getattr(rule, key, None) is not None
    }
    annotation: Any = field.annotation
    for alias in (Color, File):
        if all(part in field.metadata for part in get_args(alias)[1:]):
            annotation = alias
    return own if own is not None else _values(annotation, bounds)


def _values(kind: Any, bounds: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == Color:
        levels = st.integers(0, 255)
        return st.tuples(levels, levels, levels).map(lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb))
    if kind == File:
        return st.just(PICTURE)
    if kind in _PLAIN:
        return _PLAIN[kind](bounds)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (Union, types.UnionType):
        return st.one_of([_values(one, bounds) for one in inner])
    if origin is Annotated:
        return _values(inner[0], bounds)
    if origin is list:
        most = min(bounds.get("max_length", 4), 4)
        return st.lists(_values(inner[0], {}), min_size=bounds.get("min_length", 0), max_size=most)
    if isinstance(kind, type) and issubclass(kind, Section):
        return _section(kind)
    raise TypeError(f"no values are known for {kind}")


def _floats(bounds: dict[str, Any]) -> st.SearchStrategy[float]:
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    return st.floats(low, high, exclude_min="gt" in bounds, exclude_max="lt" in bounds)


_PLAIN: dict[Any, Callable[[dict[str, Any]], st.SearchStrategy[Any]]] = {
    bool: lambda bounds: st.booleans(),
    int: lambda bounds: st.integers(bounds["ge"], bounds.get("le", 9)),
    float: _floats,
    str: lambda bounds: st.text("abc é", min_size=1, max_size=8),
    type(None): lambda bounds: st.none(),
}
