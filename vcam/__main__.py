"""The way in: checks what must be there before anything else is imported."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and exit."""
    if sys.version_info < (3, 10):  # noqa: UP036 - a checkout can be run with any Python
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(_refuse(f"this is Python {version}", "vcam needs Python 3.10 or newer"))
    if not _is_whole():
        sys.exit(_refuse("another package has put its own `vcam` over this one", _OTHER_VCAM))
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


def _is_whole() -> bool:
    """Whether `vcam` is this package; a stranger's distribution `vcam` brings one, too."""
    import vcam

    return "Matting" in getattr(vcam, "__all__", ())


_OTHER_VCAM = (
    "that is the distribution vcam, this is vcam-bridge: type `pip uninstall vcam`, then install\n"
    "      vcam-bridge as you did, with --force-reinstall --no-deps"
)


def _refuse(problem: str, cure: str) -> int:
    sys.stderr.write(f"vcam: {problem}\n      {cure}\n")
    return 8


if __name__ == "__main__":
    main()
