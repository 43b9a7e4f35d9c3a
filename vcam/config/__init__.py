"""The YAML file: its schema, its reading and its place."""

from vcam.config.complaints import ConfigFileError
from vcam.config.find import LoadedConfig, find_config, user_config_path
from vcam.config.load import load_config, parse_config
from vcam.config.schema import Config

__all__ = [
    "Config",
    "ConfigFileError",
    "LoadedConfig",
    "find_config",
    "load_config",
    "parse_config",
    "user_config_path",
]
