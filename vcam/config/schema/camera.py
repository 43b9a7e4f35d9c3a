"""The section `camera`."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import (
    BeforeValidator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)

from vcam.config.schema.stages import Stage, Stages, keyed
from vcam.config.schema.value_types import File, Number, Section, Whole

_TURNED = keyed(Stage.FRAMING, Stage.SEGMENTER)
_CONTROLS = keyed(Stage.CONTROLS, type=("device",))


def _number_or_name(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError("a number, a path or a name is wanted")
    return int(value) if isinstance(value, int) else value


def _control_value(value: Any) -> Any:
    if not isinstance(value, (bool, int, str)):
        raise ValueError("a whole number, true or false, or the name of a menu's entry is wanted")
    if not isinstance(value, str) and abs(value) >= 1 << 31:
        raise ValueError("no control goes as far")
    return value


def _mapping(value: Any) -> Any:
    if value is None:  # all that stood below it is commented out
        return {}
    if not isinstance(value, dict):
        raise ValueError("names of controls with their values are wanted, indented below it")
    return value


_Control: TypeAlias = Annotated[StrictBool | StrictInt | StrictStr, BeforeValidator(_control_value)]


class CameraConfig(Section):
    """Where the picture of you comes from."""

    stages: ClassVar[Stages] = (Stage.SOURCE,)

    type: Literal["device", "video", "image", "scene"] = "device"
    """device: a camera; video: a file, played over and over at its own rate; image: a still
    picture; scene: the built-in drawn room, which needs no camera."""
    device: Annotated[int | str, BeforeValidator(_number_or_name)] = "auto"
    """For type device: auto (the first real camera), a number, a path such as /dev/video0 or
    /dev/v4l/by-id/..., or a name or part of one, as `vcam devices` lists them."""
    path: File | None = Field(None, json_schema_extra=keyed(type=("video", "image")))
    """For types video and image: the file, relative to this YAML file; ~ and $VARIABLES are
    expanded."""
    width: Whole = Field(1280, ge=160, le=7680)
    """Width to ask the camera for, in pixels, 160 to 7680."""
    height: Whole = Field(720, ge=120, le=4320)
    """Height to ask the camera for, in pixels, 120 to 4320."""
    fps: Number = Field(30, ge=1, le=240)
    """Rate to ask the camera for, in frames per second, 1 to 240."""
    pixel_format: Literal["auto", "mjpg", "yuyv", "uyvy", "nv12", "i420", "bgr"] = "auto"
    """auto takes the raw format where it reaches the rate at this size, MJPG otherwise."""
    rotate: Literal[0, 90, 180, 270] = Field(0, json_schema_extra=_TURNED)
    """Degrees by which the camera's picture is turned clockwise. What is upright then, as of a
    phone, is shown whole, with the background beside it."""
    mirror: bool = Field(False, json_schema_extra=_TURNED)
    """Show yourself as in a mirror; the background is not turned round."""
    flip: bool = Field(False, json_schema_extra=_TURNED)
    """Exchange top and bottom, after turning; for a camera that hangs, rotate: 180 is right."""

    controls: Annotated[dict[str, _Control], BeforeValidator(_mapping)] = Field(
        {}, json_schema_extra=_CONTROLS
    )
    """The camera's own controls, such as brightness, auto_exposure or focus_absolute, on Linux:
    each a number, true or false, or an entry of its menu. `vcam devices` lists those there are."""
    restore_controls: bool = Field(False, json_schema_extra=_CONTROLS)
    """Put the camera's controls back to what they were whenever vcam lets go of it."""

    @model_validator(mode="after")
    def _file_is_named(self) -> CameraConfig:
        if self.type in ("video", "image") and self.path is None:
            raise ValueError(f"camera.type {self.type} needs camera.path, the file to show")
        return self
