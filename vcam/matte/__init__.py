"""From a segmenter's raw mask to the alpha: temporal smoothing, edges, upscaling."""

from vcam.matte.refine import Matte

__all__ = ["Matte"]
