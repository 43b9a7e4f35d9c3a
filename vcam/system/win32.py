"""Process information on Windows, through kernel32."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes

assert sys.platform == "win32"

_QUERY, _SYNCHRONIZE = 0x1000, 0x00100000
_RUNS, _DENIED = 0x102, 5
"""WAIT_TIMEOUT, since its end has not come; ERROR_ACCESS_DENIED, since it is another user's."""

_PROCESSES = 0x2
_NO_BATTERY = 128
_NONE = ctypes.c_void_p(-1).value

_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel.OpenProcess.restype = wintypes.HANDLE
_kernel.CreateToolhelp32Snapshot.restype = wintypes.HANDLE
_kernel.GetCurrentProcess.restype = wintypes.HANDLE


class _Memory(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("page_faults", wintypes.DWORD),
        ("peak_resident", ctypes.c_size_t),
        ("resident", ctypes.c_size_t),
        ("others", ctypes.c_size_t * 6),
    )


class _Power(ctypes.Structure):
    """SYSTEM_POWER_STATUS."""

    _fields_ = (
        ("mains", ctypes.c_ubyte),
        ("battery", ctypes.c_ubyte),
        ("percent", ctypes.c_ubyte),
        ("saver", ctypes.c_ubyte),
        ("seconds_left", wintypes.DWORD),
        ("seconds_full", wintypes.DWORD),
    )


class _Entry(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_ = (
        ("size", wintypes.DWORD),
        ("usage", wintypes.DWORD),
        ("number", wintypes.DWORD),
        ("heap", ctypes.c_void_p),
        ("module", wintypes.DWORD),
        ("threads", wintypes.DWORD),
        ("parent", wintypes.DWORD),
        ("priority", wintypes.LONG),
        ("flags", wintypes.DWORD),
        ("name", wintypes.WCHAR * 260),
    )


def memory() -> tuple[int, int]:
    """Resident bytes of this process, and its page faults so far; zeros where that fails."""
    found = _Memory(size=ctypes.sizeof(_Memory))
    process = wintypes.HANDLE(_kernel.GetCurrentProcess())
    _kernel.K32GetProcessMemoryInfo(process, ctypes.byref(found), found.size)
    return found.resident, found.page_faults


def on_battery() -> bool | None:
    """Whether this computer runs on its battery; None where Windows does not know, or has none."""
    found = _Power()
    if not _kernel.GetSystemPowerStatus(ctypes.byref(found)) or found.battery & _NO_BATTERY:
        return None
    return {0: True, 1: False}.get(found.mains)


def birth(pid: int) -> str:
    """When a process began, in units of 100 ns; empty where Windows does not tell."""
    times = [wintypes.FILETIME() for _ in range(4)]
    with _opened(pid, _QUERY) as process:
        if not process or not _kernel.GetProcessTimes(process, *map(ctypes.byref, times)):
            return ""
    return str(times[0].dwHighDateTime << 32 | times[0].dwLowDateTime)


def is_alive(pid: int) -> bool:
    """Whether there is such a process and it has not ended; another user's counts as alive."""
    with _opened(pid, _SYNCHRONIZE) as process:
        if not process:
            return ctypes.get_last_error() == _DENIED
        return int(_kernel.WaitForSingleObject(process, 0)) == _RUNS


def ancestors(pid: int) -> list[str]:
    """The programs that a process was started by, nearest first, such as "cmd.exe"."""
    known = {number: (parent, name) for number, parent, name in _processes()}
    names: list[str] = []
    seen = set()
    pid = known.get(pid, (0, ""))[0]
    while pid in known and pid not in seen:
        seen.add(pid)
        pid, name = known[pid]
        names.append(name.lower())
    return names


def _processes() -> Iterator[tuple[int, int, str]]:
    snapshot = _kernel.CreateToolhelp32Snapshot(_PROCESSES, 0)
    if snapshot in (None, _NONE):
        return
    handle, entry = wintypes.HANDLE(snapshot), _Entry(size=ctypes.sizeof(_Entry))
    more = _kernel.Process32FirstW(handle, ctypes.byref(entry))
    while more:
        yield entry.number, entry.parent, entry.name
        more = _kernel.Process32NextW(handle, ctypes.byref(entry))
    _kernel.CloseHandle(handle)


@contextmanager
def _opened(pid: int, rights: int) -> Iterator[wintypes.HANDLE | None]:
    found = _kernel.OpenProcess(rights, False, pid)
    if not found:
        yield None
        return
    handle = wintypes.HANDLE(found)
    try:
        yield handle
    finally:
        _kernel.CloseHandle(handle)
