from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a script for Linux")

SCRIPT = Path(__file__).parents[2] / "scripts" / "setup-linux"
OPTIONS = 'video_nr=10 card_label="Virtual Camera" exclusive_caps=1'


def run(root: Path, *arguments: str, status: int = 0, stdin: str = "") -> str:
    done = subprocess.run(
        ["sh", str(SCRIPT), *arguments],
        input=stdin,
        env={**os.environ, "VCAM_SETUP_ROOT": str(root)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def load(root: Path, caps: str, **labels: str) -> None:
    """Let v4l2loopback be loaded with nodes, such as video10="Virtual Camera"."""
    parameters = root / "sys/module/v4l2loopback/parameters"
    parameters.mkdir(parents=True)
    (parameters / "exclusive_caps").write_text(caps + "\n")
    for name, label in labels.items():
        folder = root / "sys/class/video4linux" / name
        folder.mkdir(parents=True)
        (folder / "name").write_text(label + "\n")
        (folder / "max_openers").write_text("10\n")


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


@pytest.mark.parametrize(
    ("release", "command"),
    [
        ("ID=ubuntu\nID_LIKE=debian\n", "apt-get"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', "apt-get"),
        ("ID=fedora\n", "dnf"),
        ("ID=endeavouros\nID_LIKE=arch\n", "pacman"),
        ('ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', "zypper"),
    ],
)
def test_the_family_is_read_from_os_release(tmp_path: Path, release: str, command: str) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text(release)
    assert command in run(tmp_path, "--dry-run")


def test_an_unknown_distribution_asks_for_the_family(tmp_path: Path) -> None:
    assert "--family debian|fedora|arch|suse" in run(tmp_path, "--dry-run", status=1)
    assert "unknown family" in run(tmp_path, "--family", "bsd", status=1)


def test_nothing_is_done_without_a_yes(tmp_path: Path) -> None:
    shown = run(tmp_path, "--family", "debian", status=1, stdin="\n")
    assert "This will be done:" in shown
    assert shown.endswith("nothing was done\n")


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    load(tmp_path, "Y,N", video10="Virtual Camera")
    for folder, line in (
        ("modprobe.d", f"options v4l2loopback {OPTIONS}"),
        ("modules-load.d", "v4l2loopback"),
    ):
        (tmp_path / "etc" / folder).mkdir(parents=True)
        (tmp_path / "etc" / folder / "vcam.conf").write_text(line + "\n")
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
    tool = tmp_path / "v4l2loopback-ctl"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    shown = run(tmp_path, "--dry-run", "--family", "debian")
    assert 'v4l2loopback-ctl add -n "Virtual Camera" -x 1 /dev/video11' in shown
    assert "modprobe -r" not in shown


@pytest.mark.parametrize(("value", "warned"), [(1, True), (0, False)])
def test_secure_boot_is_told_of(tmp_path: Path, value: int, warned: bool) -> None:
    folder = tmp_path / "sys/firmware/efi/efivars"
    folder.mkdir(parents=True)
    (folder / "SecureBoot-8be4df61").write_bytes(bytes([6, 0, 0, 0, value]))
    shown = run(tmp_path, "--dry-run", "--family", "debian")
    assert ("mokutil --import" in shown) is warned


def test_help_shows_every_option(tmp_path: Path) -> None:
    shown = run(tmp_path, "--help")
    assert all(option in shown for option in ("--yes", "--dry-run", "--family", "--reload"))
