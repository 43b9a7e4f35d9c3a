"""Who runs: the processes that hold the instances' locks."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from vcam.errors import ServiceError
from vcam.service.processes import is_alive
from vcam.service.runtime import Instance, runtime_folder
from vcam.system.locks import try_lock


class Owner(NamedTuple):
    """The process that holds an instance's lock.

    Attributes:
        instance: The instance.
        pid: Its process id; 0 if it could not be written.
        since: When it took the lock, local time, for people.
        config: The YAML file it was started with, if it said so.
        born: Its `processes.birth`.
    """

    instance: Instance
    pid: int
    since: str
    config: Path | None
    born: str

    @property
    def is_certain(self) -> bool:
        """Whether `pid` is surely the process that wrote this, and still runs."""
        return self.pid > 0 and is_alive(self.pid, self.born)


def holder(instance: Instance) -> Owner | None:
    """The owner for this virtual camera; None if there is none.

    Raises:
        ServiceError: The runtime folder cannot be used.
    """
    path = instance.lock_path
    return (read_owner(path) or unknown_owner(instance)) if _is_held(path) else None


def holders() -> list[Owner]:
    """Every running instance of this user that has recorded its identity."""
    held = (path for path in sorted(runtime_folder().glob("*.lock")) if _is_held(path))
    return [found for found in map(read_owner, held) if found is not None]


def already_runs(found: Owner) -> ServiceError:
    """The error for a second instance."""
    process = f" (process {found.pid})" if found.pid else ""
    return ServiceError(
        f"vcam already runs for {found.instance.device}{process}",
        "`vcam stop` ends it, `vcam status` shows it",
    )


def read_owner(path: Path) -> Owner | None:
    """Who has written down in a lock's file that it is his; None where nobody has."""
    try:
        text: Any = json.loads(path.read_text(encoding="utf-8"))
        return Owner(
            instance=Instance(str(text["device"])),
            pid=int(text["process"]),
            since=str(text["since"]),
            config=Path(text["config"]) if text["config"] else None,
            born=str(text["born"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def unknown_owner(instance: Instance) -> Owner:
    """Somebody who holds the lock, and has not said who it is."""
    return Owner(instance, pid=0, since="", config=None, born="")


def _is_held(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not try_lock(descriptor, shared=True)
    except OSError:
        return False
    finally:
        os.close(descriptor)
