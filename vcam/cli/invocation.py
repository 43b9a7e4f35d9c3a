"""How this program is called, so that messages name what can be typed."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from vcam.system.printable import printable
from vcam.system.shell import program

ENVIRONMENT = "VCAM_PROGRAM"
"""How the user called vcam, where that was by a script (scripts/vcam sets it)."""


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
    """A message in which `vcam …` is called as it can be typed here."""
    name = program_name()
    return text if name == "vcam" else re.sub(r"`vcam(?=[ `])", lambda _: f"`{name}", text)
