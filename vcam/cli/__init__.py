"""The command line: parsing, calling and printing; the logic lives elsewhere."""

from vcam.cli.main import cli

__all__ = ["cli"]
