"""Which configuration counts: the one that was named, the user's own, the built-in defaults."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    from vcam.config.schema import Config


@dataclass(frozen=True)
class LoadedConfig:
    """A checked configuration and where it came from (None: built-in defaults)."""

    config: Config
    path: Path | None


def user_config_path() -> Path:
    """Where the user's own YAML is looked for, whether or not it exists."""
    return Path(platformdirs.user_config_path("vcam", appauthor=False)) / "vcam.yaml"


def is_there(path: Path) -> bool:
    """Whether a configuration counts; one that cannot be looked at does, and is refused later."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        pass
    return True


def find_config(named: Path | None = None) -> LoadedConfig:
    """Load the configuration that counts.

    Raises:
        ConfigFileError: The file that counts cannot be used. A broken file is never passed over
            for the defaults.
    """
    from vcam.config.load import load_config
    from vcam.config.schema import Config

    path = named or user_config_path()
    if named is None and not is_there(path):
        return LoadedConfig(Config(), None)
    return LoadedConfig(load_config(path), path)
