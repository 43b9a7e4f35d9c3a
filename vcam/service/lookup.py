"""Which instance is meant: the one that runs with this YAML file, else the one it describes."""

from __future__ import annotations

from pathlib import Path

from vcam.config import find_config, user_config_path
from vcam.errors import ConfigError
from vcam.service.lock import holders
from vcam.service.runtime import Instance


def find_instance(named: Path | None = None) -> Instance:
    """The instance of a YAML file, even if the file is broken or names another device by now.

    Args:
        named: The file; None for the user's own.

    Raises:
        ConfigError: The file cannot be used, and no running instance can be told by it.
        ServiceError: The runtime folder cannot be used.
    """
    running = holders()
    file = (named or user_config_path()).absolute()
    for found in running:
        if found.config == file:
            return found.instance
    try:
        return Instance.of(find_config(named).config.output)
    except ConfigError:
        if len(running) != 1:
            raise
        return running[0].instance
