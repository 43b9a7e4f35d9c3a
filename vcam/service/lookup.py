"""Finding an instance: the one running with this YAML file, else the one it describes."""

from __future__ import annotations

from pathlib import Path

from vcam.config.find import find_config, is_there, user_config_path
from vcam.errors import ConfigError
from vcam.service.owners import Owner, holders
from vcam.service.runtime import Instance


def find_running(named: Path | None = None) -> Instance | None:
    """The running instance that was started with a YAML file; None if there is none.

    The file is not read: the privacy shutter must not wait for that, nor fail with it.

    Args:
        named: The file; None for the user's own, or for the built-in defaults where there is none.

    Raises:
        ServiceError: The runtime folder cannot be used.
    """
    return _running_with(named, holders())


def find_instance(named: Path | None = None) -> Instance:
    """The instance of a YAML file, even if the file is broken or names another device by now.

    Args:
        named: The file; None for the user's own.

    Raises:
        ConfigError: The file cannot be used, and no running instance was started with it.
        ServiceError: The runtime folder cannot be used.
    """
    running = holders()
    found = _running_with(named, running)
    if found is not None:
        return found
    try:
        return Instance.of(find_config(named).config.output)
    except ConfigError:
        if len(running) != 1:
            raise
        return running[0].instance


def _running_with(named: Path | None, running: list[Owner]) -> Instance | None:
    file = (named or user_config_path()).absolute()
    has_none = named is None and not is_there(file)
    for owner in running:
        if owner.config == file or (owner.config is None and has_none):
            return owner.instance
    return None
