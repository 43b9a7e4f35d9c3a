"""Options and helpers shared by several commands."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vcam.cli.invocation import remember_config

if TYPE_CHECKING:
    from vcam.config.schema import Config

F = TypeVar("F", bound=Callable[..., Any])


class NumberRange(click.FloatRange):
    """As click's, but refuses `nan`, which click accepts in every range."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number.

        Raises:
            BadParameter: It is not a number, or out of range.
        """
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value} is not a number", param, ctx)
        return number


def config_option(command: F) -> F:
    """Adds `--config FILE`."""
    return click.option(
        "-c", "--config", "config_path", type=click.Path(path_type=Path), metavar="FILE",
        callback=_remembered,
        help="The YAML file to use instead of your own (`vcam config path`).",
    )(command)  # fmt: skip


def _remembered(ctx: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    remember_config(path)
    return path


def with_scene(config: Config) -> Config:
    """The configuration with the built-in scene in place of the camera."""
    camera = config.camera.model_copy(update={
        "type": "scene", "width": config.output.width, "height": config.output.height,
        "fps": config.output.fps,
    })  # fmt: skip
    output = config.output.model_copy(update={"on_demand": False})  # there is no light to save
    return config.model_copy(update={"camera": camera, "output": output})


def fetch_models_for(config: Config) -> None:
    """Fetch missing models of a configuration, with a progress bar."""
    from vcam.segmenters import models
    from vcam.segmenters.quality import needed_models

    if not config.needs_segmenter:
        return
    wanted = needed_models(config.segmentation, config.matte.quality)
    if models.missing(wanted):
        fetch_with_bar(wanted)


def fetch_with_bar(names: Iterable[str]) -> None:
    """Fetch the models of these names, with a progress bar."""
    from vcam.segmenters import models

    with click.progressbar(
        length=1, label="Fetching the segmentation models (once)", file=sys.stderr
    ) as bar:  # fmt: skip

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        models.fetch(show, names)
