"""The differences between two configurations, and their consequences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vcam.config.fields import all_fields, conditions_of, is_file, stages_of, value_at
from vcam.config.schema import Config
from vcam.config.schema.stages import Stage


@dataclass(frozen=True)
class Changes:
    """The keys whose values differ, except those without effect both before and after.

    Attributes:
        keys: With dots, in the order of the schema.
        stages: The stages they belong to.
        needs_restart: Those keys that cannot change while vcam runs.
    """

    keys: tuple[str, ...]
    stages: frozenset[Stage]
    needs_restart: tuple[str, ...]


def compare(running: Config, wanted: Config) -> Changes:
    """What changes from one configuration to the other."""
    paths = [
        path
        for path, _ in all_fields()
        if value_at(running, path) != value_at(wanted, path)
        and (has_effect(path, running) or has_effect(path, wanted))
    ]
    stages = {path: stages_of(path) for path in paths}
    return Changes(
        tuple(".".join(path) for path in paths),
        frozenset().union(*stages.values()),
        tuple(".".join(path) for path in paths if Stage.OUTPUT in stages[path]),
    )


def needs_restart(key: str) -> bool:
    """Whether a change of the key (with dots) takes effect only after a restart."""
    return Stage.OUTPUT in stages_of(tuple(key.split(".")))


def has_effect(path: tuple[str, ...], config: Config) -> bool:
    """Whether the key has an effect, given the values of the keys beside it."""
    return all(value_at(config, key) in values for key, values in conditions_of(path))


def without_effect(config: Config) -> list[str]:
    """A message for each key that is not at its default and has no effect."""
    return [
        _no_effect(path, config)
        for path, field in all_fields()
        if not has_effect(path, config)
        and value_at(config, path) != field.get_default(call_default_factory=True)
    ]


def why_without_effect(key: str, config: Config) -> str:
    """A message if the key (with dots) has no effect; else empty."""
    path = tuple(key.split("."))
    return "" if has_effect(path, config) else _no_effect(path, config)


def _no_effect(path: tuple[str, ...], config: Config) -> str:
    key, values = next(
        (key, values) for key, values in conditions_of(path) if value_at(config, key) not in values
    )
    name, is_now = ".".join(key), value_at(config, key)
    wanted = " or ".join(f"`vcam set {name}={value}`" for value in values)
    return f"{'.'.join(path)} has no effect with {name} {is_now}: {wanted} makes use of it"


def read_again(config: Config) -> list[Path]:
    """The files used by stages that can be rebuilt, as far as they are in use."""
    files = [
        value_at(config, path)
        for path, field in all_fields()
        if is_file(field) and has_effect(path, config) and _RELOADED & stages_of(path)
    ]
    return [file for file in files if isinstance(file, Path)]


_RELOADED = {Stage.BACKGROUND, Stage.FRONT}
