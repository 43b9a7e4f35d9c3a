"""PipeWire, as far as vcam needs it: to offer a camera without a driver and without root."""
