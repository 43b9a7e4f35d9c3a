"""The part of PipeWire that vcam needs to offer a camera without driver and root."""
