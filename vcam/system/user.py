"""The current user."""

from __future__ import annotations

import os
import sys


def user_number() -> int:
    """The user id; 0 on Windows, which has none."""
    if sys.platform == "win32":
        return 0
    return os.getuid()


def is_root() -> bool:
    """Whether this is the superuser; Windows has none."""
    return sys.platform != "win32" and os.geteuid() == 0
