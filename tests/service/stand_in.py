"""Stands in for `vcam run --service`: python -m tests.service.stand_in DEVICE BEHAVIOUR."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vcam.errors import ServiceError
from vcam.service.control import ControlServer
from vcam.service.lock import Lock
from vcam.service.runtime import Instance


def command(device: str, behaviour: str) -> list[str]:
    """What to start instead of vcam."""
    return [sys.executable, "-m", "tests.service.stand_in", device, behaviour]


def end_at_once(pid: int) -> None:
    """As `kill -9`; Windows ends a process so whatever the signal."""
    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


class StandIn:
    """Answers as a running vcam does.

    Behaviours: ready, waiting (for a camera), mute (sends no frames), stubborn (does not end
    when asked), refused and broken (end while starting).
    """

    def __init__(self, behaviour: str) -> None:
        self.behaviour = behaviour
        self.over = threading.Event()

    def handle(self, request: Mapping[str, Any]) -> dict[str, Any]:
        if request["command"] == "stop" and self.behaviour != "stubborn":
            self.over.set()
        elif request["command"] not in ("status", "stop", "pause"):
            raise ServiceError(f"no command {request['command']}", "ask for status")
        if self.behaviour == "mute":
            return {"state": "starting", "frames": 0, "pid": os.getpid()}
        if self.behaviour == "waiting":
            return {
                "state": "camera-lost",
                "frames": 5,
                "pid": os.getpid(),
                "sink": "Virtual Camera",
                "error": "no camera was found: plug one in",
            }
        return {"state": "live", "frames": 5, "pid": os.getpid(), "sink": "Virtual Camera"}


def main(device: str, behaviour: str) -> int:
    """Run until stopped; gives the exit code."""
    if behaviour == "refused":
        sys.stderr.write("some library: chatter\nvcam: no camera is there\n      plug one in\n")
        return 4
    if behaviour == "broken":
        sys.stderr.write("the last words of a library\n")
        end_at_once(os.getpid())
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    stand_in = StandIn(behaviour)
    instance = Instance(device)
    try:
        with Lock(instance, Path(os.environ["VCAM_RUNTIME_DIR"], "vcam.yaml")):
            server = ControlServer(instance.socket_path, stand_in.handle)
            server.start()
            stand_in.over.wait(60)
            server.close()
    except ServiceError as error:
        sys.stderr.write(f"vcam: {error.problem}\n      {error.cure}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
