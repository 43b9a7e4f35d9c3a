"""Differences between operating systems: shells, consoles, processes, users."""
