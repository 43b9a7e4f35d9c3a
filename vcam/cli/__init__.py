"""The command line: it parses, calls and prints; the logic lives elsewhere."""

from vcam.cli.main import cli

__all__ = ["cli"]
