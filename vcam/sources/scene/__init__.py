"""The built-in scene: somebody in a room, drawn by code, for trying vcam without a camera."""
