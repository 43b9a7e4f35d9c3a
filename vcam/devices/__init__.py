"""Cameras, loopback nodes and what the operating system knows of them."""
