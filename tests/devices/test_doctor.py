"""Faults made on purpose on the real driver: the doctor names them, and its commands mend them."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.devices import v4l2
from tests.devices.footage import clip
from tests.devices.harness import (
    DESK_CAMERA,
    VIRTUAL_CAMERA,
    output_node,
    play,
    stop,
    taken,
    wait_for,
)
from tests.devices.readers import Tap
from tests.devices.stage import own_places, staged, status
from tests.devices.test_vivid import VIVID
from vcam.devices.loopback import driver_version
from vcam.devices.v4l2 import Device
from vcam.doctor import Case, System, examine

if sys.platform == "win32":
    raise ImportError("device nodes are Linux's")

pytestmark = [
    pytest.mark.device,
    pytest.mark.skipif("VCAM_LAB" not in os.environ, reason="unloads the driver: in the lab only"),
]

NODES = 'devices=2 video_nr=10,20 card_label="Virtual Camera,Desk Camera" exclusive_caps={0},{0}'
OTHERS = 'video_nr=10 card_label="{0}" exclusive_caps=1'

Finding = dict[str, Any]


def sh(command: str) -> str:
    """Type a command."""
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def load(options: str) -> None:
    sh("modprobe -r v4l2loopback")
    sh(f"modprobe v4l2loopback {options}")


@pytest.fixture(autouse=True)
def lab(tmp_path: Path) -> Iterator[None]:
    """A machine of its own: no container's marks, the driver as it was afterwards."""
    Path("/.dockerenv").unlink(missing_ok=True)  # the guest's copy, which it forgets
    with own_places(tmp_path), pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
        yield
    load(NODES.format(1))


@pytest.fixture(scope="module")
def is_new() -> bool:
    """Whether the driver is 0.13 or later, and does not get stuck."""
    return (driver_version() or ()) >= (0, 13)


def doctor(*options: str) -> tuple[int, str]:
    """Type `vcam doctor`."""
    typed = [sys.executable, "-m", "vcam", "doctor", *options]
    done = subprocess.run(typed, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def found(link: str) -> Finding:
    """What the doctor says of one link."""
    code, told = doctor("--json")
    findings = json.loads(told)["findings"]
    problems = [finding for finding in findings if finding["level"] == "problem"]
    assert code == (10 if problems else 0), told
    return next(finding for finding in findings if finding["link"] == link)


def mend(finding: Finding) -> None:
    """Type all that the doctor said."""
    for command in finding["commands"]:
        sh(command)


def test_a_driver_that_is_not_loaded() -> None:
    sh("modprobe -r v4l2loopback")
    finding = found("module")
    assert finding["text"] == "the driver v4l2loopback is not loaded"
    mend(finding)
    assert found("module")["level"] == "ok"
    assert found("node")["text"] == f"{VIRTUAL_CAMERA} (/dev/video10)"


def test_the_doctor_loads_the_driver_itself() -> None:
    sh("modprobe -r v4l2loopback")
    code, told = doctor("--fix", "--yes")
    assert "Mended: module" in told
    assert VIRTUAL_CAMERA in v4l2.nodes()
    assert code in (0, 10)


def test_a_node_without_exclusive_caps() -> None:
    load(NODES.format(0))
    finding = found("state")
    assert finding["level"] == "problem"
    assert "exclusive_caps=1" in finding["text"]
    mend(finding)
    assert found("state")["level"] == "ok"
    assert DESK_CAMERA in v4l2.nodes()


def test_another_programs_node() -> None:
    load(OTHERS.format("OBS Virtual Camera"))
    finding = found("node")
    assert "'OBS Virtual Camera' at /dev/video10); those are for OBS" in finding["text"]
    mend(finding)
    assert found("node")["text"] == f"{VIRTUAL_CAMERA} (/dev/video11)"
    assert "OBS Virtual Camera" in v4l2.nodes()


def test_a_node_that_a_writer_left_stuck(is_new: bool) -> None:
    device = Device(output_node())
    device.set_output_format("YU12", 640, 360)
    device.write(memoryview(bytes(640 * 360 * 3 // 2)))
    device.close()
    finding = found("state")
    if is_new:
        assert finding["level"] == "ok"
        return
    assert v4l2.capabilities(output_node()) == 0
    assert "left it stuck" in finding["text"]
    _, told = doctor("--fix", "--yes")
    assert "Mended: state" in told
    assert v4l2.capabilities(output_node()) == v4l2.OUTPUT


def test_a_node_that_keeps_another_size() -> None:
    node = output_node()
    device = Device(node)
    try:
        device.set_output_format("YU12", 640, 360)
        sh(f"v4l2-ctl -d {node} -c keep_format=1")
    finally:
        device.close()
    finding = found("state")
    assert finding["text"] == f"{node} is held at 640x360"
    mend(finding)
    assert found("state")["level"] == "ok"


def test_a_camera_that_another_program_has() -> None:
    with taken(v4l2.nodes()[VIVID]) as taker:
        finding = found("camera")
    assert f"in use by v4l2-ctl (process {taker.pid})" in finding["text"]
    assert finding["advice"].startswith("close that program")
    assert found("camera")["level"] in ("ok", "warning")


def test_a_virtual_camera_that_another_program_feeds(is_new: bool) -> None:
    device = output_node()
    player = play(clip("portrait-magenta"), device)
    try:
        wait_for(lambda: v4l2.capabilities(device) & v4l2.CAPTURE, f"ffmpeg feeds {device}")
        finding = found("state")
    finally:
        stop(player)
    assert finding["level"] == "problem"
    assert f"open in ffmpeg (process {player.pid})" in finding["text"]
    assert found("state")["level"] == ("ok" if is_new else "warning")  # ffmpeg leaves it stuck


def as_user(name: str, folder: Path) -> list[Finding]:
    """What the doctor says to another user, with the groups of a login just now."""
    import vcam.config.load  # that user may not read the packages' files
    import vcam.pipeline.build  # noqa: F401

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            user = pwd.getpwnam(name)
            os.initgroups(name, user.pw_gid)
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            os.environ["XDG_CONFIG_HOME"] = os.sep  # there that user may look, and finds none
            told = examine(Case(System(home=folder), None, lambda _: None))
            os.write(writing, json.dumps([finding.as_data() for finding in told]).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as stream:  # noqa: PTH123 - a pipe has no path
        told = json.load(stream)
    os.waitpid(child, 0)
    return list(told)


def test_a_user_who_may_not_open_the_nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "nobody")

    def refused() -> list[Finding]:
        told = as_user("nobody", tmp_path)
        return [f for f in told if f["link"] == "permissions" and f["level"] == "problem"]

    nodes = [Path(v4l2.nodes()[VIVID]), Path(output_node())]
    for node in nodes:  # as udev would, which the lab has not
        shutil.chown(node, 0, "video")
        node.chmod(0o660)
    denied = refused()
    assert [f["text"] for f in denied] == [
        f"{path} may not be opened by you: you are not in the group video" for path in nodes
    ]
    assert denied[0]["commands"] == ["sudo usermod -aG video $USER"]
    sh(denied[0]["commands"][0].removeprefix("sudo "))
    assert refused() == []


def test_nodes_that_belong_to_nobody(tmp_path: Path) -> None:
    node = Path(output_node())
    shutil.chown(node, 0, 0)
    node.chmod(0o600)
    told = [f for f in as_user("nobody", tmp_path) if f["link"] == "permissions"]
    finding = next(f for f in told if output_node() in f["text"])
    assert "belongs to no group" in finding["text"]
    for command in finding["commands"][:2]:
        sh(command.removeprefix("sudo "))
    assert stat.S_IMODE(node.stat().st_mode) & 0o060 == 0o060
    assert node.group() == "video"


def test_a_call_is_not_disturbed(tmp_path: Path) -> None:
    with staged(tmp_path) as stage, Tap(output_node()) as tap:
        stage.wait_for_state("live")
        before = len(tap.frames)
        told = json.loads(doctor("--json", "--config", str(stage.file))[1])["findings"]
        during = len(tap.frames) - before
        said = {finding["link"]: finding for finding in told}
        assert said["vcam"]["text"] == f"runs (process {stage.vcam.process.pid}): live"
        assert "in use by vcam" in said["camera"]["text"]
        assert said["state"]["text"].startswith("fed by vcam: ")
        assert status()["state"] == "live"
        wait_for(lambda: len(tap.frames) > before + during, "frames still come")
        assert during > 0
