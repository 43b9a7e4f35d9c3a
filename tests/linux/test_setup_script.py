from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.linux.setup_script import (
    OPTIONS,
    RELEASES,
    installed_programs,
    load,
    program,
    release_of,
    run,
    set_up,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a script for Linux")


@pytest.mark.parametrize(
    ("family", "commands"),
    [
        ("debian", ["apt-get install -y linux-headers-", "v4l2loopback-dkms"]),
        ("fedora", ["rpmfusion-free-release", "akmod-v4l2loopback", "kernel-devel-", "akmods"]),
        ("arch", ["pacman -S --needed", "linux-headers v4l2loopback-dkms"]),
        ("suse", ["zypper --non-interactive install v4l2loopback-kmp-"]),
    ],
)
def test_a_dry_run_shows_every_command_of(tmp_path: Path, family: str, commands: list[str]) -> None:
    shown = run(tmp_path, "--dry-run", "--family", family)
    for command in commands:
        assert command in shown
    assert f"modprobe v4l2loopback {OPTIONS}" in shown
    assert f"echo 'options v4l2loopback {OPTIONS}' | " in shown
    assert "tee /etc/modprobe.d/vcam.conf" in shown
    assert "tee /etc/modules-load.d/vcam.conf" in shown
    assert "Do this?" not in shown


def test_nothing_is_done_without_a_yes(tmp_path: Path) -> None:
    shown = run(tmp_path, "--family", "debian", status=1, stdin="\n")
    assert "This will be done:" in shown
    assert shown.endswith("nothing was done\n")


@pytest.mark.parametrize(
    "label",
    [
        "x\n;touch${IFS}PWNED 1 y",
        "$(touch PWNED)`touch PWNED`",
        "';touch PWNED;'",
        "a\x1b[8mb\x9bc",
    ],
)
def test_another_programs_label_is_only_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    """Whoever makes a node chooses it, and root runs the plan."""
    root = tmp_path / "root"
    load(root, "Y", video3=label)
    for folder in ("modprobe.d", "modules-load.d"):
        (root / "etc" / folder).mkdir(parents=True)
    programs = installed_programs(tmp_path, "modinfo", "sudo", "tee", "modprobe")
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    shown = run(root, "--yes", "--reload", "--family", "debian")
    assert not (tmp_path / "PWNED").exists()
    assert [char for char in shown if not char.isprintable() and char != "\n"] == []
    plan = [line for line in shown.splitlines() if line.startswith("+ ")]
    assert len(plan) == 4
    assert all("video_nr=3,10" in line for line in plan if "card_label" in line)


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    load(tmp_path, "Y,N", video10="Virtual Camera")
    set_up(tmp_path)
    shown = run(tmp_path, "--dry-run", "--family", "debian")
    assert "modprobe" not in shown
    assert "tee" not in shown


def test_another_programs_node_is_kept_and_nothing_is_unloaded(tmp_path: Path) -> None:
    load(tmp_path, "N,N", video10="OBS Virtual Camera")
    shown = run(tmp_path, "--dry-run", "--family", "debian")
    assert "modprobe -r" not in shown
    assert "/dev/video10  OBS Virtual Camera" in shown
    assert "--reload" in shown
    options = 'devices=2 video_nr=10,11 card_label="OBS Virtual Camera,Virtual Camera"'
    assert f"options v4l2loopback {options} exclusive_caps=0,1" in shown


def test_a_reload_brings_the_other_programs_node_back(tmp_path: Path) -> None:
    load(tmp_path, "Y,N", video2="DroidCam", video10="Virtual Camera")
    shown = run(tmp_path, "--dry-run", "--reload", "--family", "debian")
    assert "modprobe -r v4l2loopback" in shown
    options = 'devices=2 video_nr=2,10 card_label="DroidCam,Virtual Camera" exclusive_caps=1,1'
    assert f"modprobe v4l2loopback {options}" in shown


def test_a_driver_that_can_gets_a_node_added_beside_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path, "Y,N", video10="OBS Virtual Camera")
    (tmp_path / "sys/module/v4l2loopback/version").write_text("0.13.2\n")
    folder = program(tmp_path / "programs", "v4l2loopback-ctl")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    shown = run(tmp_path, "--dry-run", "--family", "debian")
    assert 'v4l2loopback-ctl add -n "Virtual Camera" -x 1 /dev/video11' in shown
    assert "modprobe -r" not in shown


@pytest.mark.parametrize("mark", [".dockerenv", "run/.containerenv", "run/systemd/container"])
def test_a_container_is_told_that_the_machine_outside_loads_drivers(
    tmp_path: Path, mark: str
) -> None:
    release_of(tmp_path, RELEASES["debian"])
    (tmp_path / mark).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / mark).write_text("lxc\n")
    told = " ".join(run(tmp_path, "--dry-run", status=1).split())
    assert "this is a container (" in told
    assert "--device /dev/video10" in told
    (tmp_path / "sys/module/v4l2loopback").mkdir(parents=True)
    run(tmp_path, "--dry-run")


def test_help_shows_every_option(tmp_path: Path) -> None:
    shown = run(tmp_path, "--help")
    assert all(
        option in shown for option in ("--yes", "--dry-run", "--family", "--reload", "--uninstall")
    )


@pytest.mark.parametrize(
    ("bounding", "users", "goes_on"),
    [
        ("00000000a80425fb", "0 0 4294967295", False),
        ("000001ffffffffff", "0 100000 65536", False),
        ("000001ffffffffff", "0 0 4294967295", True),
    ],
    ids=["no-capability", "user-namespace", "privileged"],
)
def test_a_container_that_may_load_drivers_is_no_obstacle(
    tmp_path: Path, bounding: str, users: str, goes_on: bool
) -> None:
    release_of(tmp_path, RELEASES["debian"])
    (tmp_path / ".dockerenv").touch()
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/status").write_text(f"Name:\tsh\nCapBnd:\t{bounding}\n")
    (tmp_path / "proc/self/uid_map").write_text(f"         {users}\n")
    told = run(tmp_path, "--dry-run", status=0 if goes_on else 1)
    assert ("This will be done" in told) is goes_on


def test_folders_that_are_not_there_are_made_first(tmp_path: Path) -> None:
    (tmp_path / "etc/modprobe.d").mkdir(parents=True)
    shown = run(tmp_path, "--dry-run", "--family", "debian")
    assert "mkdir -p /etc/modprobe.d" not in shown
    made, written = (
        shown.index("mkdir -p /etc/modules-load.d"),
        shown.index("tee /etc/modules-load"),
    )
    assert made < written
