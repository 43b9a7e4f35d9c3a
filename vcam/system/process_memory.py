"""The memory of this process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    from vcam.system import win32

    def resident_mb() -> float | None:
        """Resident memory in MB; None if unknown."""
        return win32.memory()[0] / 1e6 or None

    def page_faults() -> int:
        """Minor page faults of this process so far."""
        return win32.memory()[1]

else:
    import resource

    def resident_mb() -> float | None:
        """Resident memory in MB; None if unknown."""
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return None
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def page_faults() -> int:
        """Minor page faults of this process so far."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
