from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.devices.footage import ROOT
from tests.devices.harness import VIRTUAL_CAMERA
from vcam.service.lock import Lock
from vcam.service.runtime import Instance
from vcam.sinks.virtual_camera import VirtualCameraSink
from vcam.tools.testcard.chromium import find_chromium

pytestmark = pytest.mark.device

STREAMING, PACKED = "V4L2 streaming, I420", "V4L2 streaming, YUYV"


def doctor(folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "vcam.yaml"
    output = {"device": VIRTUAL_CAMERA, "width": 640, "height": 360, "fps": 15}
    file.write_text(json.dumps({"output": output}))
    command = [sys.executable, "-m", "vcam", "doctor", "--app", "--config", str(file), "--json"]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "VCAM_RUNTIME_DIR": str(folder)}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=240
    )


def test_what_is_sent_arrives_in_each_reader(tmp_path: Path) -> None:
    answer = doctor(tmp_path)
    checks: dict[tuple[str, str], dict[str, Any]] = {
        (re.sub(r" \d.*", "", check["reader"]), check["subject"]): check
        for check in json.loads(answer.stdout)["checks"]
    }
    readers = {reader for reader, _ in checks}
    expected = {STREAMING, "OpenCV", PACKED}
    if find_chromium():
        expected |= {"Chromium"}
    assert readers == expected
    for reader in readers:
        for subject in ("size", "colours"):
            assert checks[reader, subject]["ok"], checks[reader, subject]
        frames = checks[reader, "frames"]["figures"]
        assert frames["torn"] == frames["late"] == 0
        if reader != "Chromium":  # too slow in the lab for every frame
            assert abs(checks[reader, "rate"]["figures"]["rate"] - 15) < 1.5
            assert frames["missing"] + frames["twice"] <= 4
    assert "BT.601" in checks[STREAMING, "colours"]["text"]
    VirtualCameraSink(VIRTUAL_CAMERA, 320, 180, 15).close()  # the node is left as it was


def test_it_says_so_when_vcam_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VCAM_RUNTIME_DIR", str(tmp_path))
    with Lock(Instance(VIRTUAL_CAMERA)):
        answer = doctor(tmp_path)
    assert answer.returncode == 10
    found = json.loads(answer.stdout)["findings"][-1]
    assert found["link"] == "test card"
    assert "vcam already runs for Virtual Camera" in found["text"]
    assert "vcam stop" in found["advice"]
