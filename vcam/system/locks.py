"""File locks between processes, released by the system when a process ends."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 20
    """Windows forbids reading locked bytes, so a byte beyond the content is locked."""

    def try_lock(descriptor: int, shared: bool = False) -> bool:
        """Lock an open file until it is closed; False where another has it.

        Args:
            descriptor: Of the file.
            shared: Whether others may have it too, who also share it (not on Windows).

        Raises:
            OSError: The file system has no locks (not on Windows).
        """
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(descriptor: int, shared: bool = False) -> bool:
        """Lock an open file or folder until it is closed; False where another has it.

        Args:
            descriptor: Of the file.
            shared: Whether others may have it too, who also share it (not on Windows).

        Raises:
            OSError: The file system has no locks (not on Windows).
        """
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
