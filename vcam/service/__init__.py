"""vcam in the background: one instance per virtual camera, and communication with it."""
