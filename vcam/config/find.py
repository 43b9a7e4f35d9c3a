"""Which configuration applies: the named one, the user's own, or the built-in defaults."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import platformdirs

if TYPE_CHECKING:
    from vcam.config.schema import Config


class LoadedConfig(NamedTuple):
    """A checked configuration and where it came from (None: built-in defaults)."""

    config: Config
    path: Path | None


def user_config_path() -> Path:
    """The path of the user's own YAML, whether or not it exists."""
    return Path(platformdirs.user_config_path("vcam", appauthor=False)) / "vcam.yaml"


def is_there(path: Path) -> bool:
    """Whether a file exists; one that cannot be accessed counts, and is refused later."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass
    return True


def find_config(named: Path | None = None) -> LoadedConfig:
    """Load the configuration that applies.

    Raises:
        ConfigFileError: The file cannot be used. A broken file never falls back to the defaults.
    """
    from vcam.config.load import load_config
    from vcam.config.schema import Config

    path = named or user_config_path()
    if named is None and not is_there(path):
        return LoadedConfig(Config(), None)
    return LoadedConfig(load_config(path), path)
