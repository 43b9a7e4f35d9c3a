"""How good the matte is, on sequences made by code: `python -m tests.quality --help`."""
