"""Identifying processes despite reuse of their ids."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    from vcam.system import win32


def birth(pid: int) -> str:
    """A mark that distinguishes processes of the same id; empty if the system has none.

    On Linux the start time in clock ticks since boot (field 22 of /proc/PID/stat), on Windows in
    units of 100 ns.
    """
    if sys.platform == "win32":
        return win32.birth(pid)
    fields = _stat(pid)
    return fields[19] if len(fields) > 19 else ""


def is_alive(pid: int, born: str = "") -> bool:
    """Whether the process still runs; a zombie does not.

    Args:
        pid: Its number.
        born: Its `birth`, where known.
    """
    if pid <= 0:
        return False
    if sys.platform == "win32":
        return win32.is_alive(pid) and born in ("", birth(pid))
    fields = _stat(pid)
    if fields:
        return fields[0] not in ("Z", "X") and born in ("", birth(pid))
    if Path("/proc/self/stat").exists():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; the name before them may hold anything."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
