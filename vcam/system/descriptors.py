"""Open files: when there may be no more of them."""

from __future__ import annotations

import errno


def are_used_up(error: OSError) -> bool:
    """Whether something failed because no more files may be open, here or on the whole machine."""
    return error.errno in (errno.EMFILE, errno.ENFILE)
