"""The limit of open files."""

from __future__ import annotations

import errno


def are_used_up(error: OSError) -> bool:
    """Whether an error is due to the limit of open files, of the process or the system."""
    return error.errno in (errno.EMFILE, errno.ENFILE)
