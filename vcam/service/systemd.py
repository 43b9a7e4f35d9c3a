"""vcam as a systemd user service: started at login, restarted on failure."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from pathlib import Path

import platformdirs

from vcam.errors import ServiceError
from vcam.service.daemon import run_command, run_folder
from vcam.system.printable import printable
from vcam.system.shell import quoted

logger = logging.getLogger(__name__)

UNIT = "vcam.service"

_WRITTEN = "# Written by `vcam service install`; `vcam service uninstall` removes it.\n"
_TEXT = """\
[Unit]
Description=Virtual background camera

[Service]
Type=notify
NotifyAccess=main
WorkingDirectory={folder}
ExecStart={command}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=1
# Command line, configuration, one instance too many: trying again does not help.
RestartPreventExitStatus=2 3 9
TimeoutStartSec=90
TimeoutStopSec=10
UMask=0077

# No network, no new rights. Only what needs no namespace: where user namespaces are restricted
# (Ubuntu 24.04), options such as ProtectSystem= keep a user's service from starting, or do
# nothing; and PrivateDevices= would hide the cameras.
RestrictAddressFamilies=AF_UNIX
NoNewPrivileges=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=default.target
"""


def unit_path() -> Path:
    """The unit's path, whether or not it exists."""
    return Path(platformdirs.user_config_path("systemd", appauthor=False)) / "user" / UNIT


def unit_text(config_path: Path | None = None) -> str:
    """The unit that runs this vcam.

    Args:
        config_path: The YAML file; None for the user's own.

    Raises:
        ServiceError: A path contains characters that a unit cannot express.
    """
    folder, command = str(run_folder()), run_command(config_path)
    for word in (folder, *command):
        _check(word)
    if folder.endswith("\\") or folder != folder.strip():
        raise _unspeakable(folder)
    if set(command[0]) & set("$'\"\\"):  # systemd takes no such name for a program
        raise _unspeakable(command[0])
    return _WRITTEN + _TEXT.format(
        folder=folder.replace("%", "%%"),
        command=" ".join(_quoted(word) for word in command),
    )


def packaged_unit(program: str) -> str:
    """The unit for a distribution's package, which runs the user's own configuration.

    Args:
        program: Path of `vcam` in the package.
    """
    return _TEXT.format(folder="/", command=f"{program} run --service")


def install(config_path: Path | None = None) -> list[str]:
    """Write and enable the unit.

    Returns:
        What was done, and what remains to be typed.

    Raises:
        ServiceError: It cannot be written.
    """
    path, text = unit_path(), unit_text(config_path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ServiceError(
            f"{path} cannot be written ({error.strerror})", "check the folder's permissions"
        ) from error
    done = [f"wrote {path}"]
    done += _systemctl(["daemon-reload"], ["enable", UNIT])
    return [*done, f"vcam starts at your next login; systemctl --user start {UNIT} starts it now"]


def uninstall() -> list[str]:
    """Stop the service and remove the unit; says so if there is none.

    Returns:
        What was done, and what remains to be typed.

    Raises:
        ServiceError: It cannot be removed.
    """
    path = unit_path()
    if not os.path.lexists(path):
        return [f"there is no {path}: nothing to remove"]
    done = _systemctl(["disable", "--now", UNIT])
    try:
        path.unlink()
    except OSError as error:
        raise ServiceError(
            f"{path} cannot be removed ({error.strerror})", f"type rm {quoted(path)}"
        ) from error
    return [*done, f"removed {path}", *_systemctl(["daemon-reload"])]


def _systemctl(*commands: list[str]) -> list[str]:
    """Run each command; returns those that the user has to type."""
    return [
        f"systemctl cannot be reached from here; type systemctl --user {' '.join(command)}"
        for command in commands
        if not _runs(command)
    ]


def _runs(command: list[str]) -> bool:
    program = shutil.which("systemctl")
    if program is None:
        return False
    try:
        subprocess.run(
            [program, "--user", *command], check=True, capture_output=True, text=True, timeout=30
        )
    except subprocess.CalledProcessError as error:
        logger.info("systemctl: %s", error.stderr.strip())
        return False
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.info("systemctl: %s", error)
        return False
    return True


def _check(word: str) -> None:
    """Refuse line breaks, which would inject another line."""
    if printable(word) != word:
        raise _unspeakable(word)


def _unspeakable(path: str) -> ServiceError:
    return ServiceError(
        f"no systemd unit can hold the path {path!r}",
        "move or rename it: line breaks and control characters may not stand in it, and in the "
        "path of Python no quotes, $ or backslash",
    )


def _quoted(word: str) -> str:
    """A word of ExecStart with quotes, variables and specifiers escaped."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    is_plain = escaped == word and not any(char.isspace() or char in "';" for char in word)
    return word if is_plain else f'"{escaped}"'
