"""Missing system libraries: messages with the package that contains them."""

from __future__ import annotations

import re
import shutil

from vcam.errors import PlatformError

_LIBRARIES = {
    # library: packages of apt, dnf, pacman, zypper
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    "libGLESv2.so.2": ("libgles2", "libglvnd-gles", "libglvnd", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    "libportaudio.so.2": ("libportaudio2", "portaudio", "portaudio", "libportaudio2"),
}

_MANAGERS = (
    ("apt-get", "sudo apt-get install"),
    ("dnf", "sudo dnf install"),
    ("pacman", "sudo pacman -S"),
    ("zypper", "sudo zypper install"),
)


_NO_ROOM = re.compile("cannot allocate memory|failed to map segment", re.IGNORECASE)
"""The dynamic loader's messages when memory is short or limited."""


def missing_library(error: Exception) -> PlatformError:
    """The error for a failed import; it names all the usual system libraries at once."""
    text = str(error)
    if _NO_ROOM.search(text):
        return PlatformError(
            "there is not enough memory to load what vcam needs",
            "close other programs, or raise the limit (`ulimit -v` shows it)",
        )
    found = re.search(r"(lib[\w.+-]+\.so[.\d]*)", text)
    if not found:
        return PlatformError(
            f"a package that vcam needs cannot be loaded ({text})",
            "install vcam anew in a fresh environment",
        )
    return PlatformError(f"the system library {found[1]} is missing", install_command(found[1]))


def no_mediapipe() -> PlatformError:
    """The error if MediaPipe is configured but not installed."""
    return PlatformError(
        "MediaPipe is not installed; there is a package of it for Linux and Windows on x86-64 "
        "and for Macs with Apple silicon",
        "set segmentation.mediapipe.engine to litert, which runs vcam's own two models and such "
        "as take RGB in 0..1 and give one mask",
    )


def install_command(library: str, manager: str = "") -> str:
    """The command that installs a library, with the ones usually missing too.

    Args:
        library: Such as "libEGL.so.1".
        manager: The package manager, such as "dnf"; empty for the first that is on the PATH.
    """
    wanted = ["libEGL.so.1", "libGLESv2.so.2", "libGL.so.1"]
    if library not in wanted:
        wanted = [library]
    for column, (name, command) in enumerate(_MANAGERS):
        if name == manager or (not manager and shutil.which(name)):
            names = [_LIBRARIES[lacking][column] for lacking in wanted if lacking in _LIBRARIES]
            if names:
                return f"{command} {' '.join(dict.fromkeys(names))}"
    return "install the package that holds it (Debian: libegl1 libgles2 libgl1)"
