"""Configuration: a YAML file, fully validated, with messages that name line, key and fix.

The names are imported on first use: commands that only talk to a running vcam must not wait for
the schema.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vcam.config.complaints import ConfigFileError
    from vcam.config.find import LoadedConfig, find_config, user_config_path
    from vcam.config.load import load_config, parse_config
    from vcam.config.schema import Config

_HOMES = {
    "Config": "schema",
    "ConfigFileError": "complaints",
    "LoadedConfig": "find",
    "find_config": "find",
    "load_config": "load",
    "parse_config": "load",
    "user_config_path": "find",
}

__all__ = [
    "Config", "ConfigFileError", "LoadedConfig", "find_config", "load_config", "parse_config",
    "user_config_path",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
