"""Reading files that another process may rename or delete meanwhile, as it can on Linux anyway."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import _winapi
    import msvcrt

    _SHARE_ALL = 0x1 | 0x2 | 0x4
    """FILE_SHARE_READ, FILE_SHARE_WRITE, FILE_SHARE_DELETE; Python's `open` leaves out the last."""

    def open_shared(path: Path) -> IO[bytes]:
        """Open a file to read bytes from, unbuffered.

        Raises:
            OSError: It cannot be opened.
        """
        handle = _winapi.CreateFile(
            str(path), _winapi.GENERIC_READ, _SHARE_ALL, 0, _winapi.OPEN_EXISTING, 0, 0
        )
        return os.fdopen(msvcrt.open_osfhandle(handle, os.O_RDONLY), "rb", buffering=0)

else:

    def open_shared(path: Path) -> IO[bytes]:
        """Open a file to read bytes from, unbuffered.

        Raises:
            OSError: It cannot be opened.
        """
        return path.open("rb", buffering=0)
