"""Cameras, loopback nodes and what the operating system knows about them."""
