"""Keeping native libraries' chatter away from the user."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)


@contextmanager
def native_noise_logged(library: str) -> Iterator[None]:
    """Send what native code writes to stderr to the log instead: it is not meant for users."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as noise:
        kept = os.dup(2)
        os.dup2(noise.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            noise.seek(0)
            for line in noise.read().decode(errors="replace").splitlines():
                logger.debug("%s: %s", library, line)
