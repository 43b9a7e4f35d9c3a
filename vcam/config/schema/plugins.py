"""Backgrounds, segmenters, sources and sinks provided by other installed packages.

A package names them in an entry-point group, `vcam.backgrounds`, `vcam.segmenters`,
`vcam.sources` or `vcam.sinks`; each entry is a `Plugin`, and its name becomes a value of the key
that chooses (`background.type`, `segmentation.backend`, `camera.type`, `output.type`) and a
section beside it, checked like vcam's own. docs/plugins.md has an example.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, TypeVar, get_args

from pydantic import Field, create_model

from vcam.config.schema.stages import keyed
from vcam.config.schema.value_types import Section
from vcam.errors import PlatformError, VcamError

logger = logging.getLogger(__name__)

S = TypeVar("S", bound=Section)

BACKGROUNDS, SEGMENTERS, SOURCES, SINKS = (
    "vcam.backgrounds", "vcam.segmenters", "vcam.sources", "vcam.sinks",
)  # fmt: skip


@dataclass(frozen=True)
class Plugin:
    """One background, segmenter, source or sink.

    Attributes:
        options: Its section of the YAML file: every key with a default, bounds and a docstring.
        make: Makes it. It is given its options and, for a background, the output's width and
            height in pixels; for a source, the section `camera`; for a sink, the section
            `output`; for a segmenter, nothing more.
    """

    options: type[Section]
    make: Callable[..., Any]


@functools.cache
def plugins(group: str) -> dict[str, Plugin]:
    """The group's plugins by name; those that cannot be loaded are logged and skipped."""
    found = {entry.name: _load(entry) for entry in entry_points(group=group)}
    return {name: plugin for name, plugin in found.items() if plugin is not None}


def _load(entry: EntryPoint) -> Plugin | None:
    try:
        plugin = entry.load()
        if not isinstance(plugin, Plugin):
            raise TypeError(f"it is no Plugin but {plugin!r:.60}")
        plugin.options()
    except Exception as error:
        package = entry.dist.name if entry.dist else entry.value
        logger.warning(
            "the plugin %s of the package %s cannot be used: %s", entry.name, package, error
        )
        return None
    return plugin


def with_plugins(section: type[S], group: str, key: str) -> type[S]:
    """The section with the plugins' names among the values of `key`, and with their sections."""
    brought = {
        name: plugin for name, plugin in plugins(group).items() if name not in section.model_fields
    }
    if not brought:
        return section
    chosen = section.model_fields[key]
    names = (*get_args(chosen.annotation), *brought)
    sections: dict[str, Any] = {
        name: (plugin.options, Field(plugin.options(), json_schema_extra=keyed(**{key: (name,)})))
        for name, plugin in brought.items()
    }
    return create_model(
        section.__name__,
        __base__=section,
        __doc__=section.__doc__,
        **{key: (Literal[names], chosen), **sections},
    )


def make_plugin(group: str, section: Section, name: str, *arguments: Any) -> Any:
    """Make the object of the plugin of that name, with its options.

    Args:
        group: Its entry-point group.
        section: The section that chose it.
        name: Its name.
        *arguments: Further arguments of `Plugin.make`.

    Raises:
        VcamError: It cannot be made.
    """
    try:
        return plugins(group)[name].make(getattr(section, name), *arguments)
    except VcamError:
        raise
    except Exception as error:
        raise PlatformError(
            f"the plugin {name} cannot be made ({type(error).__name__}: {error})",
            "report it to whoever makes its package, and choose another meanwhile",
        ) from error
