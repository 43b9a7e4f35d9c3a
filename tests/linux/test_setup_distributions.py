from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.linux.setup_script import (
    RELEASES,
    program,
    release_of,
    run,
    secure_boot,
)
from vcam.devices.distribution import driver_advice, driver_packages, driver_rebuild
from vcam.devices.host import HOST

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a script for Linux")


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


@pytest.mark.parametrize(
    ("release", "key"),
    [
        ("ID=debian\n", "/var/lib/dkms/mok.pub"),
        ("ID=ubuntu\nID_LIKE=debian\n", "/var/lib/shim-signed/mok/MOK.der"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', "/var/lib/shim-signed/mok/MOK.der"),
        ("ID=fedora\n", "/etc/pki/akmods/certs/public_key.der"),
        ("ID=arch\n", "/var/lib/dkms/mok.pub"),
    ],
)
def test_secure_boot_is_told_of_with_this_distributions_key(
    tmp_path: Path, release: str, key: str
) -> None:
    secure_boot(tmp_path)
    release_of(tmp_path, release)
    assert f"mokutil --import {key}\n" in run(tmp_path, "--dry-run")


def test_the_signing_key_that_is_there_is_named(tmp_path: Path) -> None:
    secure_boot(tmp_path)
    release_of(tmp_path, "ID=ubuntu\nID_LIKE=debian\n")
    (tmp_path / "var/lib/dkms").mkdir(parents=True)
    (tmp_path / "var/lib/dkms/mok.pub").touch()
    assert "mokutil --import /var/lib/dkms/mok.pub\n" in run(tmp_path, "--dry-run")


def test_secure_boot_is_not_told_of_where_it_is_off_or_does_no_harm(tmp_path: Path) -> None:
    secure_boot(tmp_path / "off", 0)
    assert "mokutil" not in run(tmp_path / "off", "--dry-run", "--family", "debian")
    secure_boot(tmp_path / "suse")
    assert "mokutil" not in run(tmp_path / "suse", "--dry-run", "--family", "suse")


@pytest.mark.parametrize(
    "extra",
    [
        *("", "etc/yum.repos.d/rpmfusion-free.repo", "etc/yum.repos.d/epel.repo"),
        "run/ostree-booted",
    ],
)
@pytest.mark.parametrize("kernel", ["6.1.0-18-amd64", "6.9.3-1-longterm", "6.6.31+rpt-rpi-v8"])
@pytest.mark.parametrize("family", RELEASES)
def test_the_doctor_and_the_errors_name_the_same_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: str, kernel: str, extra: str
) -> None:
    release_of(tmp_path, RELEASES[family])
    if extra:
        (tmp_path / extra).parent.mkdir(parents=True)
        (tmp_path / extra).touch()
    folder = program(tmp_path / "programs", "uname", f"echo {kernel}")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    host = replace(HOST, root=tmp_path, library=tmp_path / "lib/modules" / kernel)
    shown = [bare(line) for line in run(tmp_path, "--dry-run").splitlines()]
    named = [bare(line) for line in driver_packages(host) if line != "systemctl reboot"]
    first = shown.index(named[0])
    assert shown[first : first + len(named)] == named


def bare(command: str) -> str:
    """A command without the right to do it and without the yes to it."""
    words = {"sudo", "-y", "--noconfirm", "--non-interactive"}
    return " ".join(word for word in command.split() if word not in words)


@pytest.mark.parametrize(
    ("family", "commands"),
    [
        ("rocky", ["dnf install epel-release", "crb enable", "free/el/rpmfusion-free-release-"]),
        ("rhel", ["epel-release-latest-$(rpm -E %rhel)", "crb enable", "$(rpm -E %rhel).noarch"]),
        ("oracle", ["oracle-epel-release-el8", "crb enable", "free/el/"]),
        ("nobara", ["free/fedora/rpmfusion-free-release-$(rpm -E %fedora)"]),
    ],
)
def test_rebuilds_of_rhel_get_their_own_repositories(
    tmp_path: Path, family: str, commands: list[str]
) -> None:
    release_of(tmp_path, RELEASES[family])
    host = replace(HOST, root=tmp_path, library=tmp_path / "lib/modules/5.14.0-427.el9.x86_64")
    named = driver_packages(host)
    for command, wanted in zip(named, commands, strict=False):
        assert wanted in command


@pytest.mark.parametrize(
    ("release", "kernel", "words"),
    [
        ("ID=ubuntu\nID_LIKE=debian\n", "5.15.153.1-microsoft-standard-WSL2",
         ["WSL2", "on Windows itself", "vcam process"]),
        ("ID=nixos\n", "6.6.30", ["configuration.nix", "extraModulePackages", "kernelModules",
                                 'card_label="Virtual Camera" exclusive_caps=1', "nixos-rebuild"]),
    ],
)  # fmt: skip
def test_systems_without_a_package_for_it_are_told_what_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str, kernel: str, words: list[str]
) -> None:
    release_of(tmp_path, release)
    folder = program(tmp_path / "programs", "uname", f"echo {kernel}")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    told = " ".join(run(tmp_path, "--dry-run", status=1).split())
    host = replace(HOST, root=tmp_path, library=tmp_path / "lib/modules" / kernel)
    assert driver_packages(host) == []
    for word in words:
        assert word in told
        assert word in driver_advice(host)
    assert "Nothing has to be done" in run(tmp_path, "--uninstall")


def test_the_driver_of_an_image_is_built_by_an_upgrade(tmp_path: Path) -> None:
    release_of(tmp_path, RELEASES["fedora"])
    (tmp_path / "run").mkdir()
    (tmp_path / "run/ostree-booted").touch()
    assert driver_rebuild(replace(HOST, root=tmp_path))[0] == "sudo rpm-ostree upgrade"


def test_debian_gets_the_headers_of_later_kernels_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = program(tmp_path / "programs", "uname", "echo 6.1.0-18-amd64")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    shown = run(tmp_path, "--dry-run", "--family", "debian")
    assert "linux-headers-6.1.0-18-amd64 linux-headers-amd64 v4l2loopback-dkms" in shown


def test_an_image_is_layered_and_not_loaded_before_the_restart(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/ostree-booted").touch()
    shown = run(tmp_path, "--dry-run", "--family", "fedora")
    assert "rpm-ostree install https://" in shown
    assert "run this again" in shown
    assert "modprobe" not in shown
