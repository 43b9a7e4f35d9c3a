"""vcam: a virtual-background camera.

>>> import vcam
>>> alpha = vcam.Matting().process(frame)  # uint8 (h, w, 3) BGR -> uint8 (h, w)
"""

# Nothing is imported before __main__ has left the current folder, not even `typing`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from vcam.config import Config
    from vcam.errors import VcamError
    from vcam.matting import Matting

__all__ = ["Config", "Matting", "VcamError", "__version__"]
__version__ = "0.1.0"

_HOMES = {"Config": "vcam.config", "VcamError": "vcam.errors", "Matting": "vcam.matting"}


def __getattr__(name: str) -> "Any":
    """Import on first use: `vcam --help` must not wait for OpenCV."""
    if name not in _HOMES:
        raise AttributeError(f"module 'vcam' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
