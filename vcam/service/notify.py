"""Notifying systemd of the state, as sd_notify(3); does nothing without systemd."""

from __future__ import annotations

import contextlib
import os
import socket
import sys


def ready(text: str = "") -> None:
    """Frames flow; `text` is shown by `systemctl status`."""
    _notify("READY=1", text)


def stopping() -> None:
    """Shutdown has begun."""
    _notify("STOPPING=1")


def status(text: str) -> None:
    """Show a line in `systemctl status`."""
    _notify("", text)


def _notify(state: str, text: str = "") -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if sys.platform == "win32" or not address.startswith(("/", "@")):
        return
    line = "STATUS=" + " ".join(text.split()) if text else ""
    message = "\n".join(part for part in (state, line) if part)
    if address.startswith("@"):  # Linux's abstract names
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(message.encode("utf-8", "replace"), address)
