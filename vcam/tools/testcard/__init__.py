"""A test of what arrives in apps: picture, size, rate and colours."""

from vcam.tools.testcard.playback import SECONDS, Playback
from vcam.tools.testcard.verdict import Comparison

__all__ = ["SECONDS", "Comparison", "Playback"]
