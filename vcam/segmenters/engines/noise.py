"""Redirecting native libraries' stderr output to the log."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

logger = logging.getLogger(__name__)

_redirecting = threading.RLock()
"""Descriptor 2 is the whole process's: of two threads that redirect it at once, the second would
take the first one's file for the terminal, and put that back for good."""


@contextmanager
def native_noise_logged(library: str) -> Iterator[None]:
    """Log what native code writes to stderr, which is not meant for users.

    One thread at a time; others wait. If redirecting fails, stderr is left as it is.
    """
    with _redirecting:
        noise = _scratch()
        kept = None if noise is None else _redirected_to(noise)
        try:
            yield
        finally:
            if kept is not None:
                os.dup2(kept, 2)
                os.close(kept)
            if noise is not None:
                _log(noise, library)


def _scratch() -> IO[bytes] | None:
    """A private file, in memory if possible; None if none can be created."""
    try:
        if hasattr(os, "memfd_create"):
            return os.fdopen(os.memfd_create("vcam-noise"), "w+b")
        return tempfile.TemporaryFile()
    except OSError as error:
        logger.debug("what libraries say cannot be kept: %s", error)
        return None


def _redirected_to(noise: IO[bytes]) -> int | None:
    """Redirect descriptor 2; yields the previous one, None if there was none."""
    with suppress(OSError, ValueError):  # it was closed
        if sys.stderr is not None:
            sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:
        return None
    os.dup2(noise.fileno(), 2)
    return kept


def _log(noise: IO[bytes], library: str) -> None:
    with noise:
        noise.seek(0)
        for line in noise.read().decode(errors="replace").splitlines():
            logger.debug("%s: %s", library, line)
