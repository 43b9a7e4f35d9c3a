"""How this program was called, so that messages contain commands that can be typed."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from vcam.system.printable import printable
from vcam.system.shell import program, quoted

ENVIRONMENT = "VCAM_PROGRAM"
"""Environment variable with the user's command, set by scripts/vcam."""

TAKE_CONFIG = (
    "start", "stop", "restart", "status", "pause", "resume", "toggle", "background", "set", "get",
    "unset", "scene", "next", "relearn", "logs", "service install", "run", "preview", "demo",
    "process", "doctor", "report", "config show", "bench",
)  # fmt: skip
"""The commands that have `--config`."""

_named: list[Path] = []
"""The file given to the running command by `--config`."""


def remember_config(path: Path | None) -> None:
    """Add the file of `--config` to the commands in messages; None stops that."""
    _named[:] = [] if path is None else [path]


def program_name() -> str:
    """The command that runs this vcam: `vcam`, `./scripts/vcam`, or Python and its module."""
    called = os.environ.get(ENVIRONMENT)
    if called:
        return printable(program(called))
    import shutil  # costs more than all else here

    is_module = Path(sys.argv[0]).absolute() == Path(__file__).absolute().parents[1] / "__main__.py"
    if not is_module or shutil.which("vcam"):
        return "vcam"
    return f"{program(sys.executable)} -m vcam"


def as_typed(text: str) -> str:
    """A message with its `vcam …` commands as they must be typed here, for the same YAML file."""
    if _named:
        commands = "|".join(TAKE_CONFIG)
        option = f" -c {printable(quoted(_named[0]))}"
        text = re.sub(
            rf"`vcam (?:{commands})(?=[ `])(?! -c)", lambda found: found[0] + option, text
        )
    name = program_name()
    return text if name == "vcam" else re.sub(r"`vcam(?=[ `])", lambda _: f"`{name}", text)
