"""Every error that vcam raises, as one tree of exceptions.

    VcamError                   exit code 1
    ├── ConfigError             3   the YAML, or a value given on the command line
    ├── SourceError             4   no camera, a busy or silent one, an unreadable video
    ├── SegmenterError          5   a segmenter that cannot be made or that failed
    │   └── ModelError          5   a model file that is missing, corrupt or cannot be fetched
    ├── BackgroundError         6   a background that cannot be made or drawn
    ├── PictureError            6   a picture that is missing, broken or too large
    ├── VideoError              6   a video file that cannot be decoded
    ├── SinkError               7   no virtual camera, the wrong one, a file that cannot be written
    ├── PlatformError           8   an unsupported Python, a missing system library
    ├── ServiceError            9   vcam runs already, does not run, or does not answer
    └── HealthError            10   what `vcam doctor` has found

Exit code 2 is the command line's own (unknown command or option).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from vcam.system.printable import printable


class VcamError(Exception):
    """An error that the user can fix.

    Args:
        problem: What failed, naming the file, key or device, without a full stop. May have several
            lines; control characters are escaped here.
        advice: How to fix it; may be empty if `problem` or `commands` say it all.
        commands: Commands to type before following `advice`.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self, problem: str | Sequence[str], advice: str = "", commands: Sequence[str] = ()
    ) -> None:
        super().__init__(problem, advice, commands)
        lines = [problem] if isinstance(problem, str) else problem
        self.problem = "\n".join(map(printable, lines))
        self.advice = printable(advice)
        self.commands = tuple(map(printable, commands))

    @property
    def cure(self) -> str:
        """Commands and advice as one sentence; may be empty."""
        typed = f"type {', then '.join(self.commands)}" if self.commands else ""
        return ", ".join(filter(None, (typed, self.advice)))

    def __str__(self) -> str:
        return f"{self.problem}: {self.cure}" if self.cure else self.problem


class ConfigError(VcamError):
    """A configuration that cannot be used."""

    exit_code = 3


class SourceError(VcamError):
    """A source of frames that cannot be opened, or that has failed."""

    exit_code = 4


class SegmenterError(VcamError):
    """A segmenter that cannot be made, or that has failed on a frame."""

    exit_code = 5


class ModelError(SegmenterError):
    """A model file that is missing, corrupt or cannot be fetched."""


class BackgroundError(VcamError):
    """A background that cannot be loaded or drawn."""

    exit_code = 6


class PictureError(VcamError):
    """A picture file that cannot be read."""

    exit_code = 6


class VideoError(VcamError):
    """A video file that cannot be read."""

    exit_code = 6


class SinkError(VcamError):
    """A sink that cannot be opened, or that has stopped taking frames."""

    exit_code = 7


class PlatformError(VcamError):
    """A machine that lacks what vcam needs: a Python version, a system library."""

    exit_code = 8


class ServiceError(VcamError):
    """A running vcam that cannot be reached, or a second one."""

    exit_code = 9


class HealthError(VcamError):
    """A problem that `vcam doctor` found between the camera and the apps."""

    exit_code = 10
