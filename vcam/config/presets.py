"""The preset YAML files shipped with vcam."""

from __future__ import annotations

from pathlib import Path

from vcam.errors import ConfigError


def presets_folder() -> Path:
    """`configs/` as installed, or in the checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "configs"
    return installed if installed.is_dir() else package.parent / "configs"


def preset_names() -> list[str]:
    """The presets' names, sorted."""
    return sorted(path.stem for path in presets_folder().glob("*.yaml"))


def preset_text(name: str) -> str:
    """The YAML of a preset.

    Raises:
        ConfigError: There is no preset of that name.
    """
    if name not in preset_names():
        raise ConfigError(f'no preset "{name}"', f"there are {', '.join(preset_names())}")
    return (presets_folder() / f"{name}.yaml").read_text(encoding="utf-8")
