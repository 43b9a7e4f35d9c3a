"""From a segmenter's raw mask to the alpha: time, edges, size."""

from vcam.matte.refine import Matte

__all__ = ["Matte"]
