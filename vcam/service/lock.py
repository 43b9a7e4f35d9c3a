"""One vcam per virtual camera: a lock that the system releases when the process ends."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from pathlib import Path
from types import TracebackType

from vcam.errors import ServiceError
from vcam.service.channels import connect
from vcam.service.owners import already_runs, read_owner, unknown_owner
from vcam.service.processes import birth
from vcam.service.runtime import Instance
from vcam.system.locks import try_lock

logger = logging.getLogger(__name__)

_ATTEMPTS, _PAUSE = 8, 0.02
"""`holder` takes the lock for an instant to test it, so acquiring it is retried."""

_PATIENCE = 0.5
"""Seconds to wait for a listener to accept the connection."""


class Lock:
    """Held from `acquire` to `release` or to the end of the process, however it ends.

    Args:
        instance: What to hold it for.
        config: The YAML file in use, recorded so that the instance can be found by it.
    """

    def __init__(self, instance: Instance, config: Path | None = None) -> None:
        self._instance = instance
        self._config = config
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            ServiceError: Another process has it, or there can be no lock.
        """
        path = self._instance.lock_path
        for _ in range(_ATTEMPTS):
            descriptor = _open(path)
            if _locked(descriptor, path):
                self._descriptor = descriptor
                if _answers(self._instance):
                    self.release()
                    raise already_runs(unknown_owner(self._instance))
                self._describe(descriptor)
                return
            os.close(descriptor)
            time.sleep(_PAUSE)
        raise already_runs(read_owner(path) or unknown_owner(self._instance))

    def keep(self) -> None:
        """Recreate the file if it was deleted: it is how commands find the instance.

        Raises:
            ServiceError: The file cannot be created.
        """
        path = self._instance.lock_path
        if self._descriptor is None or _is_same(self._descriptor, path):
            return
        descriptor = _open(path)
        if not _locked(descriptor, path):  # another process has just taken it, and will find us
            os.close(descriptor)
            return
        logger.warning("%s was deleted while vcam runs; it is there again", path)
        os.close(self._descriptor)
        self._descriptor = descriptor
        self._describe(descriptor)

    def release(self) -> None:
        """Release it; does nothing if it is not held."""
        if self._descriptor is None:
            return
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)
        self._descriptor = None

    def __enter__(self) -> Lock:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _describe(self, descriptor: int) -> None:
        text = {
            "process": os.getpid(),
            "since": time.strftime("%Y-%m-%d %H:%M:%S"),
            "device": self._instance.device,
            "config": str(self._config.absolute()) if self._config else None,
            "born": birth(os.getpid()),
        }
        try:
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, (json.dumps(text, indent=1) + "\n").encode())
        except OSError as error:  # a full disk: the lock holds all the same
            logger.warning("%s cannot be written (%s)", self._instance.lock_path, error.strerror)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ServiceError(
            f"the lock {path} cannot be opened ({error.strerror})", f"delete {path}"
        ) from error


def _locked(descriptor: int, path: Path) -> bool:
    """Take the lock, if the file is still the one at its path."""
    try:
        return try_lock(descriptor) and _is_same(descriptor, path)
    except OSError as error:
        os.close(descriptor)
        raise ServiceError(
            f"{path} cannot be locked ({error.strerror})",
            "set VCAM_RUNTIME_DIR to a folder on a local disk",
        ) from error


def _is_same(descriptor: int, path: Path) -> bool:
    """Whether the open file is the one at that path."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _answers(instance: Instance) -> bool:
    """Whether its control socket answers: the lock's file may have been deleted."""
    try:
        connect(instance.socket_path, time.monotonic() + _PATIENCE).close()
    except OSError:
        return False
    return True
