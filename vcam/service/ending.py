"""Ending the vcam in the background."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time

from vcam.errors import ServiceError
from vcam.service.conversation import request
from vcam.service.owners import Owner, holder
from vcam.service.processes import is_alive
from vcam.service.runtime import Instance

logger = logging.getLogger(__name__)

_STOP_SECONDS, _TERM_SECONDS, _KILL_SECONDS = 5.0, 3.0, 2.0
_LOOK_EVERY = 0.02
_SIGKILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows ends a process at once anyway


def stop(instance: Instance, patience: float = _STOP_SECONDS) -> bool:
    """Stop the instance: by request, then by SIGTERM, then by SIGKILL.

    Args:
        instance: Which one.
        patience: Seconds to wait after the request.

    Returns:
        False if nothing ran.

    Raises:
        ServiceError: It does not end.
    """
    found = holder(instance)
    if found is None:
        return False
    try:
        request(instance, "stop", timeout=min(patience, 2.0))
    except ServiceError as error:
        logger.debug("it cannot be asked: %s", error)
    if _is_gone(found, patience):
        return True
    for number, seconds in ((signal.SIGTERM, _TERM_SECONDS), (_SIGKILL, _KILL_SECONDS)):
        if not (_holds(found) and found.is_certain):
            break
        logger.warning("vcam (process %d) does not end; sending %s", found.pid, number.name)
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.pid, number)
        if _is_gone(found, seconds):
            return True
    if _is_gone(found, 0):
        return True
    raise ServiceError(
        f"vcam for {instance.device} (process {found.pid or 'unknown'}) does not end",
        f"end the process that has {instance.lock_path} open",
    )


def _holds(found: Owner) -> bool:
    """Whether that very process has the lock."""
    now = holder(found.instance)
    return now is not None and (now.pid, now.born) == (found.pid, found.born)


def _is_gone(found: Owner, seconds: float) -> bool:
    """Wait until the lock is free and the process has ended; False if that takes too long."""
    deadline = time.monotonic() + seconds
    while _holds(found) or is_alive(found.pid, found.born):
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY)
    return True
