"""vcam in the background: one instance a virtual camera, and the ways to talk to it."""
