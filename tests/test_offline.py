"""The promise that nothing is sent over a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vcam.segmenters import models

# The whole way of a frame with the real network, a picture, a video and the threads.
_WORK = """
import sys, threading
import numpy as np
from pathlib import Path
from tests.portrait import portrait
from vcam.realtime.bridge import Bridge
from vcam.config import parse_config
from tests.clips import flat, write_clip
from vcam.images.picture_files import write_picture
from vcam.service.live import LiveConfig
from vcam.sinks.fake import FakeSink
from vcam.sources import open_source

folder, engine = Path(sys.argv[1]), sys.argv[2]
write_picture(folder / "me.png", portrait())
write_clip(folder / "film.avi", [flat(90)] * 3)
chosen = f"camera: {{type: image, path: me.png}}, background: {{type: video, path: film.avi}}"
if engine == "studio":
    chosen += ", matte: {quality: studio}"
else:
    chosen += f", segmentation: {{mediapipe: {{engine: {engine}}}}}"
config = parse_config("{" + chosen + "}", folder / "vcam.yaml")
sink = FakeSink()
live = LiveConfig(config)
placeholder = live.first_placeholder()
bridge = Bridge(lambda: open_source(config), live.first_pipeline, placeholder, lambda: sink, 30)
bridge.run(lambda: bridge.stop() if bridge.status().state.value == "live" else None)
print("frames", len(sink.frames))
"""

_FORBID = """
import sys

def forbid(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        print("NETWORK", event, arguments, flush=True)

sys.addaudithook(forbid)
"""


_PACKAGES = {"litert": "ai_edge_litert", "tasks": "mediapipe", "studio": "onnxruntime"}


@pytest.fixture(params=list(_PACKAGES))
def engine(request: pytest.FixtureRequest) -> str:
    pytest.importorskip(_PACKAGES[request.param])
    if request.param == "studio" and models.missing([models.MODNET.name]):
        pytest.skip("the network of matte.quality: studio was not fetched")
    return str(request.param)


def work(
    tmp_path: Path, engine: str, *before: str, code: str = _WORK
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-c", code, str(tmp_path), engine],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip


def test_no_python_code_opens_a_connection(tmp_path: Path, engine: str) -> None:
    said = work(tmp_path, engine, code=_FORBID + _WORK).stdout
    assert "frames" in said
    assert "NETWORK" not in said


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_no_native_code_opens_a_connection(tmp_path: Path, engine: str) -> None:
    trace = tmp_path / "trace"
    calls_to_see = "trace=connect,sendto,sendmsg,sendmmsg"
    work(tmp_path, engine, "strace", "-f", "-e", calls_to_see, "-o", str(trace))
    calls = [line for line in trace.read_text().splitlines() if "AF_INET" in line]
    assert not calls
    assert "exited with 0" in trace.read_text()
