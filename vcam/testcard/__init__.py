"""Whether what vcam sends arrives in apps: picture, size, rate and colours."""

from vcam.testcard.playback import SECONDS, Playback
from vcam.testcard.verdict import Check

__all__ = ["SECONDS", "Check", "Playback"]
