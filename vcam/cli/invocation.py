"""How this program is called, so that messages name what can be typed."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from vcam.system.printable import printable
from vcam.system.shell import program, quoted

ENVIRONMENT = "VCAM_PROGRAM"
"""How the user called vcam, where that was by a script (scripts/vcam sets it)."""

TAKE_CONFIG = (
    "start", "stop", "restart", "status", "pause", "resume", "toggle", "background", "set", "get",
    "unset", "scene", "next", "relearn", "logs", "service install", "run", "preview", "demo",
    "process", "doctor", "report", "config show", "bench",
)  # fmt: skip
"""The commands that have `--config`."""

_named: list[Path] = []
"""The file of `--config`, where the command that runs was given it."""


def remember_config(path: Path | None) -> None:
    """Have messages name the file of `--config` in what they say to type; None: no longer."""
    _named[:] = [] if path is None else [path]


def program_name() -> str:
    """What to type to run this vcam: `vcam`, `./scripts/vcam`, or Python and its module."""
    called = os.environ.get(ENVIRONMENT)
    if called:
        return printable(program(called))
    is_module = Path(sys.argv[0]).absolute() == Path(__file__).absolute().parents[1] / "__main__.py"
    if not is_module or shutil.which("vcam"):
        return "vcam"
    return f"{program(sys.executable)} -m vcam"


def as_typed(text: str) -> str:
    """A message in which `vcam …` is called as it can be typed here, for the same YAML file."""
    if _named:
        commands = "|".join(TAKE_CONFIG)
        option = f" -c {printable(quoted(_named[0]))}"
        text = re.sub(
            rf"`vcam (?:{commands})(?=[ `])(?! -c)", lambda found: found[0] + option, text
        )
    name = program_name()
    return text if name == "vcam" else re.sub(r"`vcam(?=[ `])", lambda _: f"`{name}", text)
