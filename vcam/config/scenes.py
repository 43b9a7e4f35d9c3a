"""Switching to another scene, by editing the YAML file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vcam.config.edit import set_values
from vcam.config.load import read_text
from vcam.config.schema import Config
from vcam.config.schema.scenes import SCENE, with_scene_applied
from vcam.config.tree import load_plain
from vcam.errors import ConfigError

STEPS = {"next": 1, "previous": -1}
"""Words for a scene, by its offset from the active one."""


def switch_scene(
    path: Path, name: str, check: Callable[[Config, Config], None]
) -> tuple[Config, Config]:
    """Make another scene the active one.

    Args:
        path: The YAML file.
        name: A scene, "none", or a word of `STEPS`; these skip scenes that show the room.
        check: Called with the configuration before and after; if it raises, the file is not
            changed.

    Returns:
        The configuration before and after.

    Raises:
        ConfigError: There is no such scene, or the file cannot be used.
    """
    seen: list[Config] = []

    def wanted(config: Config) -> Mapping[str, Any]:
        seen.append(config)
        return {SCENE: _following(config, path, STEPS[name]) if name in STEPS else name}

    after = set_values(path, wanted, lambda config: check(seen[0], config))
    return seen[0], after


def no_scenes(path: Path) -> ConfigError:
    """The error if there are no scenes."""
    return ConfigError(
        f"there are no scenes in {path}", "write them below scenes: as docs/scenes.md shows"
    )


def _following(config: Config, path: Path, by: int) -> str:
    """The scene after the active one, or before it; the first one if none is active."""
    names = [*config.scenes]
    if not names:
        raise no_scenes(path)
    document = load_plain(read_text(path))
    start = names.index(config.scene) if config.scene in names else min(-by, 0)
    around = [names[(start + by * step) % len(names)] for step in range(1, len(names) + 1)]
    return next((one for one in around if not _shows_room(document, one)), config.scene)


def _shows_room(document: Mapping[str, Any], name: str) -> bool:
    background = with_scene_applied(document, name).get("background")
    return isinstance(background, Mapping) and background.get("type") == "none"
