"""Files named by a configuration: resolving typed paths, and opening them as a check."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vcam.errors import ConfigError

if TYPE_CHECKING:
    from vcam.config import Config


def resolve_typed_paths(values: Mapping[str, Any], config_path: Path) -> dict[str, Any]:
    """The values by key to write, with relative paths resolved from the current folder.

    In the YAML file a relative path starts at the file's own folder. One that exists only there is
    kept as it is.
    """
    from vcam.config.fields import all_fields, is_file

    files = {".".join(path) for path, field in all_fields() if is_file(field)}
    folder = config_path.absolute().parent
    return {
        key: _all_from_here(value, folder) if key in files or _is_model(key, value) else value
        for key, value in values.items()
    }


def _is_model(key: str, value: Any) -> bool:
    return key == "segmentation.mediapipe.model" and str(value).endswith(".tflite")


def _all_from_here(value: Any, folder: Path) -> Any:
    if isinstance(value, list):
        return [_all_from_here(one, folder) for one in value]
    return _one_from_here(value, folder) if isinstance(value, str) else value


def _one_from_here(text: str, folder: Path) -> str:
    here = Path.cwd()
    is_relative = text and text[0] != "~" and "://" not in text and not Path(text).is_absolute()
    if not is_relative or here == folder:
        return text
    found = os.path.lexists(here / text)
    if not found and (text[0] == "$" or os.path.lexists(folder / text)):
        return text
    whole = Path(os.path.normpath(here / text))
    return str(whole.relative_to(folder) if whole.is_relative_to(folder) else whole)


def check_files(config: Config, keys: Collection[str] = ("",)) -> None:
    """Open the files that the configuration uses; cameras are not opened.

    Args:
        config: The configuration.
        keys: Check only files of stages affected by these keys; all by default.

    Raises:
        VcamError: One of them cannot be used.
    """
    from vcam.pipeline.build import make_configured_background
    from vcam.pipeline.front import make_front

    def is_wanted(*sections: str) -> bool:
        return any(key == "" or key.startswith(sections) for key in keys)

    if is_wanted("background.", "finish.overlay.", "output.placeholder."):
        background = make_configured_background(config)
        try:
            make_front(config, background, config.output.width, config.output.height)
        finally:
            background.close()
    if is_wanted("camera.") and config.camera.type in ("video", "image"):
        from vcam.sources import open_source

        open_source(config).close()
    if is_wanted("segmentation."):
        _check_model(config)
    if is_wanted("output."):
        _check_target(config)
    _check_unused(config, keys)


def _check_unused(config: Config, keys: Collection[str]) -> None:
    """Files not used with these settings only have to exist."""
    from vcam.config.changes import has_effect
    from vcam.config.fields import all_fields, is_file, value_at

    for path, field in all_fields():
        key, value = ".".join(path), value_at(config, path)
        is_meant = is_file(field) and key != "output.path" and not has_effect(path, config)
        for file in value if isinstance(value, list) else [value]:
            if is_meant and file and ("" in keys or key in keys) and not os.path.lexists(file):
                raise ConfigError(f"{key}: there is no file {file}", "correct its name")


def _check_model(config: Config) -> None:
    model = config.segmentation.mediapipe.model
    if config.segmentation.uses_network and model.endswith(".tflite") and not Path(model).is_file():
        raise ConfigError(
            f"segmentation.mediapipe.model: there is no file {model}",
            "`vcam set segmentation.mediapipe.model=auto` goes back to vcam's own",
        )


def _check_target(config: Config) -> None:
    path = config.output.path if config.output.type == "file" else None
    if path is not None and not path.parent.is_dir():
        raise ConfigError(f"output.path: there is no folder {path.parent}", "make it first")
