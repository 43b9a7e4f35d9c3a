"""Saving and loading a run of the benchmark as JSON."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from pathlib import Path

import cv2
from pydantic import TypeAdapter, ValidationError

from vcam import __version__, native
from vcam.errors import ConfigError
from vcam.tools.bench.realtime import Live, Start
from vcam.tools.bench.table import Report


def _machine() -> str:
    system = f"{platform.system()} on {platform.machine()}"
    half = "with" if native.library() else "without"
    return (
        f"{system}, Python {platform.python_version()}, OpenCV {cv2.__version__}, "
        f"{half} the native half"
    )


@dataclass(frozen=True)
class Result:
    """One configuration at one size.

    Attributes:
        report: The cost of a frame.
        live: The real-time performance, if measured.
    """

    report: Report
    live: Live | None = None


@dataclass(frozen=True)
class Saved:
    """A run.

    Attributes:
        results: In the order in which they were measured.
        start: Start-up times, if measured.
        version: Of vcam.
        machine: A description of the machine.
    """

    results: list[Result]
    start: Start | None = None
    version: str = __version__
    machine: str = field(default_factory=_machine)

    def to_json(self) -> str:
        """All of it, as a JSON object."""
        return _ADAPTER.dump_json(self, indent=2).decode()

    @classmethod
    def load(cls, path: Path) -> Saved:
        """A run that was saved by `vcam bench --json`.

        Raises:
            ConfigError: The file is none.
        """
        try:
            return _ADAPTER.validate_json(path.read_bytes())
        except OSError as error:
            raise ConfigError(
                f"{path} cannot be read ({error.strerror})", "name a file that exists"
            ) from error
        except ValidationError:
            raise ConfigError(
                f"{path} is no run of this version's bench",
                f"save one: vcam bench --json > {path.name}",
            ) from None


_ADAPTER = TypeAdapter(Saved)
