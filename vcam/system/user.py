"""Who runs this."""

from __future__ import annotations

import os
import sys


def user_number() -> int:
    """The user's number; 0 on Windows, where users have none."""
    if sys.platform == "win32":
        return 0
    return os.getuid()


def is_root() -> bool:
    """Whether this is the superuser; Windows has none."""
    return sys.platform != "win32" and os.geteuid() == 0
