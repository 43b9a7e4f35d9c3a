"""Entry point: checks prerequisites before anything else is imported."""

import os
import sys


def main() -> None:
    """Run the command line and exit."""
    if sys.version_info < (3, 10):  # noqa: UP036 - a checkout can be run with any Python
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(_refuse(f"this is Python {version}", "vcam needs Python 3.10 or newer"))
    _open_streams()
    _leave_current_folder()
    if not _is_whole():
        sys.exit(_refuse("another package has put its own `vcam` over this one", _OTHER_VCAM))
    # Silence the libraries' own messages; vcam reports what matters to users.
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "8")
    # NumPy's and OpenCV's linear algebra is not used, but its threads would be started.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        _run()
    except KeyboardInterrupt:  # while something was imported or completed
        sys.exit(130)
    except Exception:
        if "_VCAM_COMPLETE" not in os.environ:
            raise
        sys.exit(1)  # the tab key has nothing to offer


def _run() -> None:
    try:
        from vcam.system.console_encoding import make_streams_safe

        make_streams_safe()
        if "_VCAM_COMPLETE" not in os.environ and _took_shortcut(sys.argv[1:]):
            return
        from vcam.cli import cli
        from vcam.cli.main import say_error
        from vcam.errors import VcamError
    except ModuleNotFoundError as error:
        sys.exit(_refuse(f"the Python package {error.name} is missing", "install vcam again"))
    try:
        cli(prog_name="vcam")
    except VcamError as error:
        say_error(error)
        sys.exit(error.exit_code)


_SHORTCUTS = ("pause", "resume", "status", "next", "stop")


def _took_shortcut(words: "list[str]") -> bool:
    """Whether the command line was one word to a running vcam, and has been done."""
    if not words or words[0] not in _SHORTCUTS:
        return False
    from vcam.service import shortcut

    try:
        said = shortcut.answer(words)
    except Exception as error:
        from vcam.cli.main import fail

        fail(error, shortcut.config_in(words))
    if said is None:
        return False
    _say(said)
    return True


def _say(said: str) -> None:
    try:
        sys.stdout.write(f"{said}\n" if said else "")
        sys.stdout.flush()
    except OSError as error:
        from vcam.cli.main import lose

        lose(error)


def _open_streams() -> None:
    """Open any closed standard stream: the next file would take its descriptor, and its output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


def _is_whole() -> bool:
    """Whether `vcam` is this package; an unrelated distribution `vcam` has one, too."""
    import vcam

    return "Matting" in getattr(vcam, "__all__", ())


_OTHER_VCAM = (
    "that is the distribution vcam, this is vcam-bridge: type `pip uninstall vcam`, then install\n"
    "      vcam-bridge as you did, with --force-reinstall --no-deps"
)


_PLACES = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH")
"""Search paths of programs, libraries and modules; an empty entry is the current folder."""


def _leave_current_folder() -> None:
    """Prevent imports and programs from the user's current folder."""
    package = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib is late
    home = os.path.dirname(package)  # noqa: PTH120
    if sys.path and sys.path[0] in ("", package, _current_folder()):
        del sys.path[0]  # `python -m vcam`, or this file as a script
    unsafe = set(_entries("PYTHONPATH", safe=False))
    unsafe |= set(map(os.path.abspath, unsafe))
    sys.path[:] = [entry for entry in sys.path if entry not in unsafe]
    if home not in sys.path:
        sys.path.insert(0, home)  # ahead of another vcam installed in this environment
    for name in set(_PLACES) & set(os.environ):
        kept = os.pathsep.join(_entries(name))
        os.environ[name] = kept or (os.defpath if name == "PATH" else "")
        if not os.environ[name]:
            del os.environ[name]
    if sys.platform == "win32":
        os.environ["NODEFAULTCURRENTDIRECTORYINEXEPATH"] = "1"


def _current_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:  # it was deleted
        return ""


def _entries(variable: str, safe: bool = True) -> list[str]:
    """Those that mean the same wherever the user is, or those that do not."""
    entries = os.environ.get(variable, "").split(os.pathsep) if variable in os.environ else []
    return [entry for entry in entries if os.path.isabs(entry.strip('"')) is safe]  # noqa: PTH117


def _refuse(problem: str, cure: str) -> int:
    sys.stderr.write(f"vcam: {problem}\n      {cure}\n")
    return 8


if __name__ == "__main__":
    main()
