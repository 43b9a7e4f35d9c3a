"""The way in: checks what must be there before anything else is imported."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and exit."""
    if sys.version_info < (3, 10):  # noqa: UP036 - a checkout can be run with any Python
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(_refuse(f"this is Python {version}", "vcam needs Python 3.10 or newer"))
    # Their own chatter is not meant for users; what matters is said by vcam.
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "8")
    # NumPy's and OpenCV's linear algebra is not used; its threads would be started all the same.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from vcam.cli import cli
    from vcam.cli.main import say_error
    from vcam.errors import VcamError

    try:
        cli(prog_name="vcam")
    except VcamError as error:
        say_error(error)
        sys.exit(error.exit_code)


def _refuse(problem: str, cure: str) -> int:
    sys.stderr.write(f"vcam: {problem}\n      {cure}\n")
    return 8


if __name__ == "__main__":
    main()
