"""vcam on a machine on which OpenCV cannot be loaded."""

from __future__ import annotations

import subprocess
import sys

_CODE = """
import sys
class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == 'cv2':
            raise ImportError('libGL.so.1: cannot open shared object file')
sys.meta_path.insert(0, Broken())
sys.argv = ['vcam', *sys.argv[1:]]
from vcam.__main__ import main
main()
"""


def vcam_without_opencv(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Type a command of vcam's there."""
    typed = [sys.executable, "-c", _CODE, *arguments]
    return subprocess.run(typed, capture_output=True, text=True)
