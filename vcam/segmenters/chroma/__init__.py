"""Chroma key: the person before a green or blue sheet, drawn from its colour."""
