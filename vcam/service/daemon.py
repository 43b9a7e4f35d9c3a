"""Starting vcam in the background."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vcam
from vcam.errors import ServiceError
from vcam.service.conversation import request
from vcam.service.lookup import find_instance
from vcam.service.owners import Owner, already_runs, holder
from vcam.service.processes import is_alive
from vcam.service.runtime import Instance, runtime_folder
from vcam.service.start_error import error_of, quoting

START_SECONDS = 60.0
"""Start-up timeout: loading the network and opening a camera can take many seconds."""

_TERM_SECONDS = 3.0
_DYING_SECONDS = 2.0
_LOOK_EVERY = 0.05


def run_command(config_path: Path | None) -> list[str]:
    """The command that runs this installation as a service, in `run_folder`."""
    command = [sys.executable, "-m", "vcam", "run", "--service"]
    return command + (["--config", str(config_path.absolute())] if config_path else [])


def run_folder() -> Path:
    """The folder that contains the package, so that `python -m vcam` finds this one."""
    return Path(vcam.__file__).absolute().parents[1]


def start(
    config_path: Path | None = None,
    patience: float = START_SECONDS,
    command: Sequence[str] = (),
) -> dict[str, Any]:
    """Start vcam in the background and wait until frames flow.

    Args:
        config_path: The YAML file; None for the user's own.
        patience: Seconds to wait.
        command: What to run instead of `run_command`.

    Returns:
        Its status.

    Raises:
        ConfigError: The YAML file cannot be used.
        ServiceError: It runs already, or sent no frame in time and was stopped.
        VcamError: It ended while starting; the error is its own.
    """
    instance = find_instance(config_path)
    running = _running(instance)
    if running is not None:
        raise already_runs(running)
    _sweep(instance)
    log, child = _spawn(instance, command or run_command(config_path))
    try:
        status = _when_it_sends(instance, child, time.monotonic() + patience)
        if status is None:
            raise error_of(child.returncode, _text(log))
        return status
    except TimeoutError:
        _end(child)
        raise ServiceError(
            quoting(f"vcam sent no frame within {patience:g} s and was ended", _text(log)),
            "`vcam doctor` looks at every link; `vcam --verbose run` shows what it waits for",
        ) from None
    except KeyboardInterrupt:
        _end(child)
        raise
    finally:
        _keep(log, instance, child)


def _running(instance: Instance) -> Owner | None:
    """The owner of the lock; a process just killed gets a moment to release it."""
    deadline = time.monotonic() + _DYING_SECONDS
    while (found := holder(instance)) is not None:
        if is_alive(found.pid, found.born):
            return found
        if time.monotonic() > deadline:
            return found
        time.sleep(_LOOK_EVERY)
    return None


def _spawn(instance: Instance, command: Sequence[str]) -> tuple[Path, subprocess.Popen[bytes]]:
    """Start the process, with its own file for stderr."""
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    flags |= getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    try:
        descriptor, name = tempfile.mkstemp(".log", f"{instance.name}.start.", runtime_folder())
        with os.fdopen(descriptor, "wb") as stream:
            child = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stream,
                cwd=run_folder(),
                start_new_session=True,
                creationflags=flags,
            )
    except OSError as error:
        raise ServiceError(
            f"vcam cannot be started in the background ({error})", "`vcam run` runs it here"
        ) from error
    return Path(name), child


_SWEPT_AFTER = 600.0
"""Seconds; longer than any start takes."""


def _sweep(instance: Instance) -> None:
    """Remove logs left by earlier starts: Windows cannot rename a file that is open."""
    for old in runtime_folder().glob(f"{instance.name}.start.*.log"):
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > _SWEPT_AFTER:  # not those of a start beside
                old.unlink()


def _keep(log: Path, instance: Instance, child: subprocess.Popen[bytes]) -> None:
    """Rename the log to its final name, unless another running instance uses that."""
    with contextlib.suppress(OSError):  # Windows: the child has it open
        if child.returncode is None or holder(instance) is None:
            log.replace(instance.start_log_path)
        else:
            log.unlink()


def _when_it_sends(
    instance: Instance, child: subprocess.Popen[bytes], deadline: float
) -> dict[str, Any] | None:
    """Wait for its status once frames flow; None if it ended before."""
    while child.poll() is None:
        if time.monotonic() > deadline:
            raise TimeoutError
        status = _status(instance)
        if status and _is(status, child) and _sends(status):
            return status
        time.sleep(_LOOK_EVERY)
    return None


def _status(instance: Instance) -> dict[str, Any] | None:
    try:
        return request(instance, "status", timeout=1.0)
    except ServiceError:
        return None


def _sends(status: dict[str, Any]) -> bool:
    return status.get("state") != "starting" and bool(status.get("frames"))


def _is(status: dict[str, Any], child: subprocess.Popen[bytes]) -> bool:
    """Whether the answering process is the child; on Windows there is a launcher in between."""
    return sys.platform == "win32" or int(status.get("pid", child.pid)) == child.pid


def _text(log: Path) -> str:
    try:
        return log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_TERM_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
