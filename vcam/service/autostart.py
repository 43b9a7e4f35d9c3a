"""Starting vcam at login on Windows, by a value in the user's registry.

Task Manager lists it under Startup apps, where it can be switched off too. Nothing runs as an
administrator, and no console window appears.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from vcam.errors import ServiceError
from vcam.service.daemon import run_command

_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_NAME = "vcam"

if sys.platform == "win32":
    import winreg

    def registered() -> str | None:
        """The command run at login; None if there is none."""
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _KEY) as key:
                return str(winreg.QueryValueEx(key, _NAME)[0])
        except OSError:
            return None

    def _register(command: str) -> None:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _KEY) as key:
            winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, command)

    def _unregister() -> None:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _KEY, 0, winreg.KEY_SET_VALUE) as key:
            winreg.DeleteValue(key, _NAME)


else:

    def registered() -> str | None:
        """The command run at login; None if there is none."""
        return None

    def _register(command: str) -> None:
        raise OSError("there is no registry")

    def _unregister() -> None:
        raise OSError("there is no registry")


def login_command(config_path: Path | None = None, python: Path = Path(sys.executable)) -> str:
    """The command for Windows to run at login, quoted.

    Args:
        config_path: The YAML file; None for the user's own.
        python: The interpreter; the one beside it that opens no window is preferred.
    """
    windowless = python.with_name("pythonw.exe")
    _, *arguments = run_command(config_path)
    program = windowless if windowless.exists() else python
    return subprocess.list2cmdline([str(program), *arguments])


def install(config_path: Path | None = None) -> list[str]:
    """Have vcam started at login.

    Returns:
        What was done, and what remains to be typed.

    Raises:
        ServiceError: The registry cannot be written.
    """
    try:
        _register(login_command(config_path))
    except OSError as error:
        raise _refused(error) from error
    return [
        "vcam starts at your next login (Task Manager lists it under Startup apps)",
        "`vcam start` starts it now",
    ]


def uninstall() -> list[str]:
    """Stop starting vcam at login; says so if it was not.

    Raises:
        ServiceError: The registry cannot be written.
    """
    if registered() is None:
        return ["vcam is not started at login: nothing to remove"]
    try:
        _unregister()
    except OSError as error:
        raise _refused(error) from error
    return ["vcam is no longer started at login; `vcam stop` ends the one that runs"]


def _refused(error: OSError) -> ServiceError:
    return ServiceError(
        rf"the registry key HKEY_CURRENT_USER\{_KEY} cannot be written ({error.strerror or error})",
        "have your system run `vcam start` at login",
    )
