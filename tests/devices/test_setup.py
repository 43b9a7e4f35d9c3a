"""`vcam setup` on the real driver: what it writes holds at the next boot, and it can be undone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices import v4l2
from tests.devices.harness import DESK_CAMERA, VIRTUAL_CAMERA

pytestmark = [
    pytest.mark.device,
    pytest.mark.skipif("VCAM_LAB" not in os.environ, reason="unloads the driver: in the lab only"),
]

FILES = (Path("/etc/modprobe.d/vcam.conf"), Path("/etc/modules-load.d/vcam.conf"))
BOTH = 'devices=2 video_nr=10,20 card_label="Virtual Camera,Desk Camera" exclusive_caps=1,1'
OTHERS = 'video_nr=20 card_label="Desk Camera" exclusive_caps=1'


def sh(command: str) -> None:
    """Type a command."""
    subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=60)


def virtual() -> set[str]:
    """The labels of v4l2loopback's nodes; vivid has others."""
    return {VIRTUAL_CAMERA, DESK_CAMERA}.intersection(v4l2.nodes())


def setup(*options: str) -> str:
    """Type `vcam setup`, and y."""
    typed = [sys.executable, "-m", "vcam", "setup", "--family", "debian", *options]
    done = subprocess.run(typed, input="y\n", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(autouse=True)
def lab() -> Iterator[None]:
    """The files and the driver as they were afterwards."""
    yield
    for file in FILES:
        file.unlink(missing_ok=True)
    sh("modprobe -r v4l2loopback")
    sh(f"modprobe v4l2loopback {BOTH}")


def test_what_is_set_up_is_there_at_the_next_boot_and_can_be_undone() -> None:
    sh("modprobe -r v4l2loopback")
    setup()
    assert virtual() == {VIRTUAL_CAMERA}
    sh("modprobe -r v4l2loopback")
    sh(f"modprobe {FILES[1].read_text().strip()}")  # as a boot does, with nothing but the files
    assert virtual() == {VIRTUAL_CAMERA}
    assert "Nothing has to be done" in setup()
    setup("--uninstall")
    assert virtual() == set()
    assert not any(file.exists() for file in FILES)


def test_another_programs_node_comes_back_with_ours() -> None:
    sh("modprobe -r v4l2loopback")
    sh(f"modprobe v4l2loopback {OTHERS}")
    setup("--reload")
    assert virtual() == {VIRTUAL_CAMERA, DESK_CAMERA}


def test_an_uninstall_leaves_the_driver_to_other_programs() -> None:
    setup()
    assert "goes away at the next boot" in setup("--uninstall")
    assert DESK_CAMERA in virtual()
    assert not any(file.exists() for file in FILES)
