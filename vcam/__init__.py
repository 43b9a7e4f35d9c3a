"""vcam: a virtual-background camera, and its matting for programs of your own.

>>> import vcam
>>> with vcam.Matting(quality="best") as matting:
...     cutout = matting.cut_out(vcam.read_picture("me.jpg"))
>>> vcam.write_picture("me.png", cutout)

docs/python.md in the sources shows more.
"""

# Nothing is imported before __main__ has left the current folder, not even `typing`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from vcam.config import Config, load_config
    from vcam.errors import VcamError
    from vcam.matting import Matting
    from vcam.media import VideoFrame, VideoWriter, read_picture, read_video, write_picture

__all__ = [
    "Config",
    "Matting",
    "VcamError",
    "VideoFrame",
    "VideoWriter",
    "__version__",
    "load_config",
    "read_picture",
    "read_video",
    "write_picture",
]
__version__ = "0.1.0"

_HOMES = {
    "Config": "vcam.config",
    "Matting": "vcam.matting",
    "VcamError": "vcam.errors",
    "VideoFrame": "vcam.media",
    "VideoWriter": "vcam.media",
    "load_config": "vcam.config",
    "read_picture": "vcam.media",
    "read_video": "vcam.media",
    "write_picture": "vcam.media",
}


def __getattr__(name: str) -> "Any":
    """Import on first use: `vcam --help` must not wait for OpenCV."""
    if name not in _HOMES:
        raise AttributeError(f"module 'vcam' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names, imported or not."""
    return __all__
