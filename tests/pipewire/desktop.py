"""A PipeWire session of the test's own, and programs that look at its cameras."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

PROGRAMS = ("dbus-run-session", "pipewire", "wireplumber", "pw-dump", "gst-launch-1.0")
PATIENCE = 30.0


def wait_for(condition: Callable[[], T | None], what: str) -> T:
    """Poll until `condition` gives something true, and return that."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {PATIENCE:g} s"
        time.sleep(0.02)
    return answer


class Desktop:
    """PipeWire and its session manager, reached through the environment.

    Args:
        folder: Where its socket goes; a short path.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start both, and wait until the manager has connected."""
        self._run("pipewire")
        wait_for((self._folder / "pipewire-0").exists, "PipeWire's socket")
        self._run("wireplumber")
        wait_for(self._is_managed, "a session manager")

    def stop(self) -> None:
        """End both, as a crash or an update would."""
        for process in reversed(self._processes):
            if sys.platform != "win32":
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
            process.wait()
        self._processes.clear()
        (self._folder / "pipewire-0").unlink(missing_ok=True)

    def cameras(self) -> list[dict[str, Any]]:
        """The properties of every camera."""
        nodes = self._properties("Node")
        return [props for props in nodes if props.get("media.class") == "Video/Source"]

    def _is_managed(self) -> bool:
        clients = self._properties("Client")
        return any(props.get("application.name") == "WirePlumber" for props in clients)

    def _properties(self, kind: str) -> list[dict[str, Any]]:
        """Of all objects of a kind that PipeWire knows at present."""
        answer = subprocess.run(["pw-dump"], capture_output=True, check=False)
        found: list[dict[str, Any]] = json.loads(answer.stdout or b"[]")
        there = (thing for thing in found if thing["type"] == f"PipeWire:Interface:{kind}")
        return [(thing.get("info") or {}).get("props", {}) for thing in there]

    def _run(self, program: str) -> None:
        with (self._folder / f"{program}.log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    ["dbus-run-session", "--", program],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )


def _has_element(name: str) -> bool:
    """Whether GStreamer knows it (--exists says no to plug-ins older than GStreamer itself)."""
    answer = subprocess.run(["gst-inspect-1.0", name], capture_output=True, check=False)
    return answer.returncode == 0


@contextlib.contextmanager
def desktop() -> Iterator[Desktop]:
    """A session that ends with the `with` statement; the test is skipped where there is none."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if not missing and not _has_element("pipewiresrc"):
        missing.append("GStreamer's pipewiresrc")
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    with (
        tempfile.TemporaryDirectory(prefix="pw") as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        for variable in ("XDG_RUNTIME_DIR", "HOME", "XDG_STATE_HOME"):
            patch.setenv(variable, name)
        for variable in ("PIPEWIRE_REMOTE", "PIPEWIRE_RUNTIME_DIR"):
            patch.delenv(variable, raising=False)
        session = Desktop(Path(name))
        try:
            session.start()
            yield session
        finally:
            session.stop()


class Consumer:
    """GStreamer takes frames off the camera and writes them to its standard output.

    Args:
        convert: What it makes of them, such as "video/x-raw,format=BGR".
        size: Bytes a frame.
    """

    def __init__(self, convert: str, size: int) -> None:
        self._size = size
        command = ["gst-launch-1.0", "-q", "pipewiresrc", "target-object=vcam", "!"]
        command += [
            "videoconvert",
            "dither=none",
            "!",
            convert,
            "!",
            "fdsink",
            "fd=1",
            "sync=false",
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0
        )

    def frame(self) -> bytes:
        """The next frame."""
        assert self.process.stdout is not None
        parts, missing = [], self._size
        while missing:
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
            assert ready, f"no frame came in {PATIENCE:g} s"
            part = self.process.stdout.read(missing)
            assert part, "GStreamer has ended"
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def __enter__(self) -> Consumer:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
