"""Whether what vcam sends arrives in apps: picture, size, rate and colours."""

from vcam.selftest.run import SECONDS, SelfTest
from vcam.selftest.verdict import Check

__all__ = ["SECONDS", "Check", "SelfTest"]
