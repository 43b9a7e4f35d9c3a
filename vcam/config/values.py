"""Single values as YAML text, to and from."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from vcam.config.scalars import WrittenFloat, WrittenInt
from vcam.config.tree import load_plain
from vcam.config.yaml_nodes import UnreadableError

_BARE_COLOR = re.compile(r"(?<=[\s,\[{:])#[0-9a-fA-F]{3,8}(?=[\s,\]}])")
_ENDLESS = 1_000_000_000


def parse_value(text: str) -> Any:
    """The value typed after `KEY=`.

    It is read as YAML with three exceptions, since a command line has no comments and no
    indentation: a # never starts a comment, only brackets make a list or a map, and invalid YAML is
    text.
    """
    text = text.strip()
    if text.startswith(("[", "{")):
        return _loaded(_BARE_COLOR.sub(r'"\g<0>"', text), text)
    quoted = text.startswith(("'", '"'))
    if not quoted and (text.startswith("#") or " #" in text):
        return text
    value = _loaded(text, text)
    return value if isinstance(value, (str, bool, int, float, type(None))) else text


def render_value(value: Any, quote: str | None = None) -> str:
    """`value` as YAML on one line, valid in block and in flow context.

    Args:
        value: Text, a number, a boolean, None, or lists and maps of these.
        quote: `'` or `"` to put text in; None for quotes only where they are needed.
    """
    out = StringIO()
    yaml = YAML()
    yaml.default_flow_style = True
    yaml.width = _ENDLESS
    for kind, tag in ((WrittenInt, "int"), (WrittenFloat, "float")):
        yaml.representer.add_representer(kind, functools.partial(_represented, tag))
    yaml.dump({"k": _quoted(value, quote)}, out)  # in a list a lone pair loses its brackets
    return out.getvalue().strip()[len("{k: ") : -len("}")]


def _loaded(text: str, otherwise: Any) -> Any:
    try:
        return load_plain(text)
    except UnreadableError:
        return otherwise


def _represented(tag: str, representer: Any, number: Any) -> Any:
    """A number as it was written."""
    return representer.represent_scalar(f"tag:yaml.org,2002:{tag}", str(number))


def _quoted(value: Any, quote: str | None) -> Any:
    if isinstance(value, str):
        if quote == '"' or not value.isprintable():
            return DoubleQuotedScalarString(value)
        # In flow context ruamel reads ?x as a key and stumbles over :x, which it leaves bare.
        if quote == "'" or value.startswith(("?", ":")):
            return SingleQuotedScalarString(value)
        return value
    if isinstance(value, Mapping):
        return {_quoted(key, None): _quoted(item, None) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_quoted(item, None) for item in value]
    return value
