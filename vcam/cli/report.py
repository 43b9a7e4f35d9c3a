"""`vcam report`: one file for a bug report, with nothing personal in it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from vcam import __version__
from vcam.cli.options import config_option
from vcam.cli.target import check_free, overwrite_option, unused_path
from vcam.errors import SinkError, VcamError
from vcam.system.printable import printable, printable_lines

_PACKAGES = (
    "ai-edge-litert", "av", "mediapipe", "numpy", "onnxruntime", "opencv-contrib-python",
    "opencv-contrib-python-headless", "opencv-python", "opencv-python-headless", "Pillow",
    "pydantic", "pyvirtualcam", "simplejpeg",
)  # fmt: skip
_LOG_LINES = 60


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help="Where to write it; - for the terminal.")  # fmt: skip
@config_option
@overwrite_option
def report(output: Path | None, config_path: Path | None, overwrite: bool) -> None:
    """Write one file for a bug report: versions, what the doctor finds, settings, the log's end.

    Names, hosts, addresses, serial numbers, texts and your own paths are left out of it, and
    pictures are never in it. Nothing is sent anywhere: read it, then attach it yourself.

    \b
    Examples:
      vcam report
      vcam report -o - | less
    """
    from vcam.doctor.anonymous import for_current_user

    anonymous = for_current_user()
    text = "\n".join(anonymous(printable_lines(line)) for line in _lines(config_path)) + "\n"
    if output == Path("-"):
        click.echo(text, nl=False)
        return
    if output is not None:
        check_free(output, overwrite)
    path = output or unused_path(Path("vcam-report.txt"), (".txt",))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SinkError(
            f"{path} cannot be written ({error.strerror})", "name another with --output"
        ) from None
    click.echo(f"wrote {printable(path)}: read it before you attach it to your report")


def _lines(config_path: Path | None) -> Iterator[str]:
    for title, part in (
        ("Versions", _versions),
        ("What the doctor finds", _findings),
        ("Settings that are not the defaults", _settings),
        ("Status", _status),
        ("The end of the log", _log),
    ):
        yield from (f"## {title}", "")
        try:
            yield from part(config_path)
        except (VcamError, OSError) as error:
            yield str(error)
        yield ""


def _versions(config_path: Path | None) -> Iterator[str]:
    yield f"vcam {__version__}, Python {platform.python_version()} ({platform.machine()})"
    yield f"{platform.system()} {platform.release()}{_distribution()}"
    for name in _PACKAGES:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            continue


def _distribution() -> str:
    if sys.platform != "linux":
        return ""
    try:
        return f", {platform.freedesktop_os_release().get('PRETTY_NAME', 'unknown')}"
    except OSError:
        return ""


def _findings(config_path: Path | None) -> Iterator[str]:
    from vcam.doctor import Case, System, examine
    from vcam.doctor.findings_text import report as told

    yield from told(examine(Case(System(), config_path)))


def _settings(config_path: Path | None) -> Iterator[str]:
    from vcam.config.fields import all_fields, value_at
    from vcam.config.find import find_config

    config = find_config(config_path).config
    found = False
    for path, field in all_fields():
        value = value_at(config, path)
        if value != field.get_default(call_default_factory=True):
            found = True
            yield f"{'.'.join(path)}: {_impersonal('.'.join(path), value)}"
    if not found:
        yield "none"


def _impersonal(key: str, value: Any) -> str:
    """A value that cannot contain personal data; a placeholder for others."""
    from vcam.cli.completion import choices_of

    if isinstance(value, (bool, int, float)) or value in choices_of(key):
        return str(value)
    if isinstance(value, Path):
        return f"<file{value.suffix}>"
    if isinstance(value, tuple) and all(isinstance(level, int) for level in value):
        return "#{:02x}{:02x}{:02x}".format(*value)
    if isinstance(value, (list, dict)):
        return f"<{len(value)} of them>"
    return "<text>"


def _status(config_path: Path | None) -> Iterator[str]:
    from vcam.service.conversation import request
    from vcam.service.lookup import find_instance
    from vcam.service.status_text import report as told

    yield from told(request(find_instance(config_path), "status"))


def _log(config_path: Path | None) -> Iterator[str]:
    from vcam.service.logs import last_lines
    from vcam.service.lookup import find_instance

    yield from last_lines(find_instance(config_path).log_path, _LOG_LINES)
