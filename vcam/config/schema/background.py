"""The section `background`."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from pydantic import Field, model_validator

from vcam.config.schema.stages import Stage, Stages, keyed
from vcam.config.schema.value_types import Color, File, FocusConfig, Number, Section

DrawnRoom: TypeAlias = Literal["studio", "office", "library", "evening", "garden"]

_GRADIENT = keyed(type=("gradient",))
_PICTURES = keyed(type=("image", "video", "slideshow"))
_SLIDESHOW = keyed(type=("slideshow",))
_BLUR = keyed(type=("blur",))


class GradientStop(Section):
    """One colour of a gradient and where it stands."""

    color: Color
    """A name, "#rrggbb" or "rgb(red, green, blue)"."""
    at: Number = Field(ge=0, le=1)
    """Place along the gradient, 0 (start) to 1 (end)."""


class BackgroundConfig(Section):
    """What is shown instead of the room."""

    stages: ClassVar[Stages] = (Stage.BACKGROUND, Stage.FINISH, Stage.FRONT)

    type: Literal[
        "color", "gradient", "drawn", "image", "video", "slideshow", "blur", "mask", "transparent",
        "none",
    ] = "gradient"  # fmt: skip
    """color, gradient, drawn or image: a still picture; video: a video or an animated GIF, WebP,
    PNG or AVIF, over and over; slideshow: the pictures of a folder in turn; blur: your room,
    blurred; mask: what is taken for you in white, the rest in black, for tuning; transparent:
    nothing, for files that can hold that (`vcam process`); none: your room as it is, hidden from
    nobody."""
    color: Color = Field(
        (0, 177, 64), json_schema_extra=keyed(type=("color", "image", "video", "slideshow"))
    )
    """For color: a name, "#rrggbb" or "rgb(red, green, blue)". For image, video and slideshow:
    what stands behind the transparent parts and beside a contained picture."""
    stops: list[GradientStop] = Field(
        default=[
            GradientStop(color=(38, 50, 72), at=0.0),
            GradientStop(color=(92, 107, 130), at=1.0),
        ],
        min_length=2,
        max_length=16,
        json_schema_extra=_GRADIENT,
    )
    """For gradient: two to sixteen colours with their places."""
    angle: Number = Field(180, ge=-360, le=360, json_schema_extra=_GRADIENT)
    """For gradient: direction in degrees as in CSS: 0 upwards, 90 to the right, 180 down."""
    name: DrawnRoom = Field("office", json_schema_extra=keyed(type=("drawn",)))
    """For drawn, a room that vcam draws, out of focus: studio (grey paper), office (bright, with a
    window), library (books), evening (the lights of a city) or garden (leaves)."""
    path: File | None = Field(None, json_schema_extra=_PICTURES)
    """For image and video: the file; for slideshow: the folder with the pictures. Relative to
    this YAML file; ~ and $VARIABLES are expanded."""
    paths: list[File] = Field(default=[], max_length=10000, json_schema_extra=_SLIDESHOW)
    """For slideshow: picture files, instead of a folder in path."""
    interval: Number = Field(30, ge=1, le=86400, json_schema_extra=_SLIDESHOW)
    """For slideshow: seconds from one picture to the next, 1 to 86400."""
    order: Literal["name", "shuffle"] = Field("name", json_schema_extra=_SLIDESHOW)
    """For slideshow: name (2.jpg before 10.jpg; listed files in the order of the list) or
    shuffle (an order of chance, another at each start)."""
    fade: Number = Field(1, ge=0, le=60, json_schema_extra=_SLIDESHOW)
    """For slideshow: seconds in which a picture turns into the next, 0 to 60; 0 changes at once."""
    fit: Literal["cover", "contain", "stretch", "tile"] = Field(
        "cover", json_schema_extra=_PICTURES
    )
    """For image, video and slideshow: cover fills the frame and crops, contain shows all of the
    picture, stretch ignores its proportions, tile repeats it at its own size."""
    focus: FocusConfig = Field(
        FocusConfig(), json_schema_extra=keyed(type=("image", "video", "slideshow"), fit=("cover",))
    )
    """For fit cover: the point of the picture that stays nearest to the middle."""
    brightness: Number = Field(1, ge=0.2, le=2, json_schema_extra=_PICTURES)
    """For image, video and slideshow: 0.2 (dark) to 2 (twice as bright); 1 is as it is."""
    blur: Number = Field(0, ge=0, le=1, json_schema_extra=_PICTURES)
    """For image, video and slideshow: 0 (as it is) to 1 (light and colours only)."""
    strength: Number = Field(0.6, ge=0, le=1, json_schema_extra=_BLUR)
    """For blur: 0 (slight) to 1 (nothing to be recognised)."""
    style: Literal["smooth", "bokeh"] = Field("smooth", json_schema_extra=_BLUR)
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
