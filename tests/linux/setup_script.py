"""`scripts/setup-linux` run on a machine made of a folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "setup-linux"
OPTIONS = 'video_nr=10 card_label="Virtual Camera" exclusive_caps=1'


def program(folder: Path, name: str, body: str = "") -> Path:
    """A folder for PATH with such a program in it."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)
    return folder


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


def installed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the module be found by modinfo."""
    folder = program(root / "programs", "modinfo")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def set_up(root: Path, options: str = OPTIONS) -> None:
    """Let the files be there that setup writes."""
    for folder, line in (
        ("modprobe.d", f"options v4l2loopback {options}"),
        ("modules-load.d", "v4l2loopback"),
    ):
        (root / "etc" / folder).mkdir(parents=True)
        (root / "etc" / folder / "vcam.conf").write_text(line + "\n")


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


def installed_programs(folder: Path, *names: str) -> Path:
    for name in names:
        made = program(folder / "programs", name, "cat > /dev/null < /dev/null")
    return made


def secure_boot(root: Path, value: int = 1) -> None:
    folder = root / "sys/firmware/efi/efivars"
    folder.mkdir(parents=True)
    (folder / "SecureBoot-8be4df61").write_bytes(bytes([6, 0, 0, 0, value]))


def release_of(root: Path, text: str) -> None:
    (root / "etc").mkdir(exist_ok=True)
    (root / "etc/os-release").write_text(text)


RELEASES = {
    "debian": "ID=debian\n",
    "ubuntu": "ID=ubuntu\nID_LIKE=debian\n",
    "fedora": "ID=fedora\n",
    "arch": "ID=arch\n",
    "suse": 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n',
    "rocky": 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n',
    "rhel": 'ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\n',
    "oracle": 'ID="ol"\nID_LIKE="fedora rhel"\nVERSION_ID="8.10"\n',
    "nobara": 'ID="nobara"\nID_LIKE="rhel centos fedora"\nVERSION_ID="40"\n',
}
