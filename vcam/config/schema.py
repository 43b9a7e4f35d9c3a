"""The configuration's shape: one model a section, with units and bounds in each description."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from PIL import ImageColor
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

Rgb: TypeAlias = tuple[int, int, int]


def _parse_color(value: Any) -> Rgb:
    """`"navy"`, `"#000080"` or `"rgb(0, 0, 128)"` as (red, green, blue)."""
    if isinstance(value, tuple):
        return value
    if value is None:
        raise ValueError('YAML takes an unquoted # for a comment; write "#00b140" in quotes')
    if isinstance(value, list):
        numbers = ", ".join(str(part) for part in value)
        raise ValueError(
            f'a list does not say whether red or blue comes first; write "rgb({numbers})" '
            'with red first, a name or "#rrggbb"'
        )
    text = str(value).strip()
    if isinstance(value, int) or re.fullmatch(r"[0-9a-fA-F]{6}", text):
        raise ValueError(f'write it with a # and in quotes: "#{text}"')
    try:
        return ImageColor.getrgb(text)[:3]
    except ValueError:
        raise ValueError('write a name ("navy"), "#rrggbb" or "rgb(red, green, blue)"') from None


def _resolve_path(path: Path, info: ValidationInfo) -> Path:
    """Expand `~` and environment variables; a relative path starts at the YAML file's folder."""
    text = os.path.expandvars(path)
    unset = re.search(r"\$(\w+|\{[^}]*\})", text)
    if unset:
        raise ValueError(f"the environment variable {unset.group(0)} is not set")
    base = (info.context or {}).get("folder") or Path.cwd()
    try:
        return Path(base) / Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"the home folder in {text} is not known") from None


def _only_numbers(value: Any) -> Any:
    if isinstance(value, (bool, str)):
        raise ValueError("a number is wanted, without quotes")
    return value


def _number_or_name(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError("a number, a path or a name is wanted")
    return value


def _even(value: int) -> int:
    if value % 2:
        raise ValueError(f"it must be even, such as {value - 1} or {value + 1}")
    return value


def _model_name_or_file(value: str, info: ValidationInfo) -> str:
    is_file = value.endswith(".tflite") or "/" in value or "$" in value
    return str(_resolve_path(Path(value), info)) if is_file else value


Color: TypeAlias = Annotated[
    Rgb,
    BeforeValidator(_parse_color),
    WithJsonSchema(
        {"type": "string", "description": 'A name, "#rrggbb" or "rgb(red, green, blue)"'}
    ),
]
File: TypeAlias = Annotated[Path, AfterValidator(_resolve_path)]
Whole: TypeAlias = Annotated[int, BeforeValidator(_only_numbers)]
Number: TypeAlias = Annotated[float, BeforeValidator(_only_numbers)]


class Section(BaseModel):
    """What all sections share: unknown keys are refused, values never change."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_default=False,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_sections_are_defaults(cls, data: Any) -> Any:
        """A section whose keys are all commented out is there, but has no value."""
        if not isinstance(data, dict):
            return data
        return {
            key: value
            for key, value in data.items()
            if value is not None
            or not (key in cls.model_fields and _is_section(cls.model_fields[key].annotation))
        }


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


class CameraConfig(Section):
    """Where the picture of you comes from."""

    type: Literal["device", "video", "image", "scene"] = "device"
    """device: a camera; video: a file, played over and over at its own rate; image: a still
    picture; scene: the built-in drawn room, which needs no camera."""
    device: Annotated[int | str, BeforeValidator(_number_or_name)] = "auto"
    """For type device: auto (the first real camera), a number, a path such as /dev/video0 or
    /dev/v4l/by-id/..., or a name or part of one, as `vcam devices` lists them."""
    path: File | None = None
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
    mirror: bool = False
    """Show yourself as in a mirror; the background is not turned round."""

    @model_validator(mode="after")
    def _file_is_named(self) -> CameraConfig:
        if self.type in ("video", "image") and self.path is None:
            raise ValueError(f"camera.type {self.type} needs camera.path, the file to show")
        return self


class MediaPipeConfig(Section):
    """MediaPipe selfie segmentation: a neural network that knows what people look like."""

    model: Annotated[str, AfterValidator(_model_name_or_file)] = "landscape"
    """landscape (256x144, the quicker one), general (256x256, better in dim light), or the
    path of your own .tflite file with Tasks metadata."""


class CleanupConfig(Section):
    """Morphology on MOG2's raw mask, in this order: open, close, then grow or shrink.

    Sizes are pixels of the working picture.
    """

    shape: Literal["ellipse", "rectangle", "cross"] = "ellipse"
    """Shape of the kernel."""
    size: Whole = Field(5, ge=1, le=31)
    """Width of the kernel in pixels, odd, 1 to 31."""
    open: Whole = Field(1, ge=0, le=10)
    """Times to open (removes specks), 0 to 10."""
    close: Whole = Field(3, ge=0, le=10)
    """Times to close (fills holes), 0 to 10."""
    grow: Whole = Field(0, ge=-10, le=10)
    """Times to dilate (above 0) or erode (below 0), -10 to 10."""

    @model_validator(mode="after")
    def _size_is_odd(self) -> CleanupConfig:
        if self.size % 2 == 0:
            raise ValueError(f"segmentation.mog2.cleanup.size must be odd, such as {self.size + 1}")
        return self


class Mog2Config(Section):
    """OpenCV's MOG2: learns the empty room, then shows what differs from it.

    Sit out of the picture while it learns.
    """

    history: Whole = Field(500, ge=1, le=10000)
    """Frames the background model remembers, 1 to 10000."""
    var_threshold: Number = Field(16, ge=1, le=1000)
    """Squared distance (in variances) from which a pixel counts as different, 1 to 1000."""
    detect_shadows: bool = True
    """Find shadows, so that they can be told from you; costs a little."""
    shadows_are_person: bool = False
    """Count what MOG2 marks as a shadow as you."""
    learn_frames: Whole = Field(60, ge=1, le=3000)
    """Frames of empty room to learn at the start, 1 to 3000; the background alone is shown."""
    learn_rate: Number = Field(0.05, gt=0, le=1)
    """Learning rate during those frames, above 0 up to 1."""
    after_learning: Literal["frozen", "automatic"] = "frozen"
    """frozen: the room is never learnt again (somebody sitting still stays visible);
    automatic: OpenCV's own rate, 1 / history."""
    working_width: Whole = Field(320, ge=80, le=1920)
    """Width in pixels of the reduced picture MOG2 works on, 80 to 1920."""
    cleanup: CleanupConfig = CleanupConfig()


class SegmentationConfig(Section):
    """What finds you in the picture."""

    backend: Literal["mediapipe", "mog2"] = "mediapipe"
    """mediapipe: a neural network, nothing to learn; mog2: difference from the empty room."""
    mediapipe: MediaPipeConfig = MediaPipeConfig()
    mog2: Mog2Config = Mog2Config()


class MatteConfig(Section):
    """From the segmenter's raw mask to the alpha used for blending."""

    threshold: Number = Field(0.5, gt=0, lt=1)
    """How sure the segmenter must be for a pixel to be half visible, between 0 and 1; higher
    shows less of the room and may cut into you."""
    softness: Number = Field(0.7, ge=0, le=1)
    """Width of the transition round the threshold, 0 (a hard edge) to 1 (the mask as it is)."""


class GradientStop(Section):
    """One colour of a gradient and where it stands."""

    color: Color
    """A name, "#rrggbb" or "rgb(red, green, blue)"."""
    at: Number = Field(ge=0, le=1)
    """Place along the gradient, 0 (start) to 1 (end)."""


class FocusConfig(Section):
    """The point of a picture that stays visible when `fit: cover` crops it."""

    x: Number = Field(0.5, ge=0, le=1)
    """From the picture's left edge (0) to its right edge (1)."""
    y: Number = Field(0.5, ge=0, le=1)
    """From the picture's upper edge (0) to its lower edge (1)."""


class BackgroundConfig(Section):
    """What is shown instead of the room."""

    type: Literal["color", "gradient", "image", "video", "slideshow", "blur", "mask", "none"] = (
        "gradient"
    )
    """color, gradient or image: a still picture; video: a video or an animated GIF, WebP or PNG,
    over and over; slideshow: the pictures of a folder in turn; blur: your room, blurred; mask:
    what is taken for you in white, the rest in black, for tuning; none: your room as it is,
    hidden from nobody."""
    color: Color = (0, 177, 64)
    """For color: a name, "#rrggbb" or "rgb(red, green, blue)". For image, video and slideshow:
    what stands behind the transparent parts and beside a contained picture."""
    stops: list[GradientStop] = Field(
        default=[
            GradientStop(color=(38, 50, 72), at=0.0),
            GradientStop(color=(92, 107, 130), at=1.0),
        ],
        min_length=2,
        max_length=16,
    )
    """For gradient: two to sixteen colours with their places."""
    angle: Number = Field(180, ge=-360, le=360)
    """For gradient: direction in degrees as in CSS: 0 upwards, 90 to the right, 180 down."""
    path: File | None = None
    """For image and video: the file; for slideshow: the folder with the pictures. Relative to
    this YAML file; ~ and $VARIABLES are expanded."""
    paths: list[File] = Field(default=[], max_length=10000)
    """For slideshow: picture files, instead of a folder in path."""
    interval: Number = Field(30, ge=1, le=86400)
    """For slideshow: seconds from one picture to the next, 1 to 86400."""
    order: Literal["name", "shuffle"] = "name"
    """For slideshow: name (2.jpg before 10.jpg; listed files in the order of the list) or
    shuffle (an order of chance, another at each start)."""
    fade: Number = Field(1, ge=0, le=60)
    """For slideshow: seconds in which a picture turns into the next, 0 to 60; 0 changes at once."""
    fit: Literal["cover", "contain", "stretch", "tile"] = "cover"
    """For image, video and slideshow: cover fills the frame and crops, contain shows all of the
    picture, stretch ignores its proportions, tile repeats it at its own size."""
    focus: FocusConfig = FocusConfig()
    """For fit cover: the point of the picture that stays nearest to the middle."""
    brightness: Number = Field(1, ge=0.2, le=2)
    """For image, video and slideshow: 0.2 (dark) to 2 (twice as bright); 1 is as it is."""
    blur: Number = Field(0, ge=0, le=1)
    """For image, video and slideshow: 0 (as it is) to 1 (light and colours only)."""
    strength: Number = Field(0.6, ge=0, le=1)
    """For blur: 0 (slight) to 1 (nothing to be recognised)."""
    style: Literal["smooth", "bokeh"] = "smooth"
    """For blur: smooth (as through frosted glass) or bokeh (as by a lens: bright spots become
    discs)."""

    @model_validator(mode="after")
    def _is_complete(self) -> BackgroundConfig:
        if self.type in ("image", "video") and self.path is None:
            kind = "picture" if self.type == "image" else self.type
            raise ValueError(f"background.type {self.type} needs background.path, the {kind} file")
        if self.type == "slideshow":
            self._check_slideshow()
        places = [stop.at for stop in self.stops]
        if places != sorted(places):
            raise ValueError(f"background.stops must stand in the order of their `at`: {places}")
        return self

    def _check_slideshow(self) -> None:
        if self.path is None and not self.paths:
            raise ValueError(
                "background.type slideshow needs background.path, the pictures' folder"
            )
        if self.fade > self.interval:
            raise ValueError(
                f"background.fade ({self.fade:g} s) must not be longer than background.interval "
                f"({self.interval:g} s)"
            )


class OutputConfig(Section):
    """The camera that other programs see."""

    type: Literal["virtual-camera", "file"] = "virtual-camera"
    """virtual-camera: what conferencing apps can select; file: a video file."""
    device: str = Field("Virtual Camera", min_length=1)
    """For virtual-camera: its label or its path (/dev/video10)."""
    path: File | None = None
    """For file: the video to write (.mp4, .mkv or .avi), relative to this YAML file."""
    width: Annotated[Whole, AfterValidator(_even)] = Field(1280, ge=160, le=3840)
    """Width in pixels, even, 160 to 3840; some apps take only 640, 1280 or 1920."""
    height: Annotated[Whole, AfterValidator(_even)] = Field(720, ge=120, le=2160)
    """Height in pixels, even, 120 to 2160."""
    fps: Number = Field(30, ge=1, le=120)
    """Frames per second, 1 to 120; kept whatever the camera does."""
    on_demand: bool = True
    """Have the camera and its light on only while a program reads the virtual camera (Linux)."""

    @model_validator(mode="after")
    def _file_is_named(self) -> OutputConfig:
        if self.type == "file" and self.path is None:
            raise ValueError("output.type file needs output.path, the video to write")
        return self


class Config(Section):
    """vcam's whole configuration."""

    camera: CameraConfig = CameraConfig()
    segmentation: SegmentationConfig = SegmentationConfig()
    matte: MatteConfig = MatteConfig()
    background: BackgroundConfig = BackgroundConfig()
    output: OutputConfig = OutputConfig()
