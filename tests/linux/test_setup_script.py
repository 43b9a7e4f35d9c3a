from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from vcam.devices.distribution import driver_advice, driver_packages, driver_rebuild
from vcam.devices.host import HOST

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a script for Linux")

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


def installed_programs(folder: Path, *names: str) -> Path:
    for name in names:
        made = program(folder / "programs", name, "cat > /dev/null < /dev/null")
    return made


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


def secure_boot(root: Path, value: int = 1) -> None:
    folder = root / "sys/firmware/efi/efivars"
    folder.mkdir(parents=True)
    (folder / "SecureBoot-8be4df61").write_bytes(bytes([6, 0, 0, 0, value]))


def release_of(root: Path, text: str) -> None:
    (root / "etc").mkdir(exist_ok=True)
    (root / "etc/os-release").write_text(text)


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


def test_uninstall_takes_away_the_files_and_the_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path, monkeypatch)
    load(tmp_path, "Y,N", video10="Virtual Camera")
    set_up(tmp_path)
    shown = run(tmp_path, "--dry-run", "--uninstall", "--family", "arch")
    assert "rm /etc/modprobe.d/vcam.conf" in shown
    assert "rm /etc/modules-load.d/vcam.conf" in shown
    assert "modprobe -r v4l2loopback" in shown
    assert "pacman -Rs v4l2loopback-dkms v4l2loopback-utils" in shown


def test_uninstall_leaves_other_programs_their_nodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path, "Y,Y", video2="DroidCam", video10="Virtual Camera")
    set_up(tmp_path)
    shown = run(tmp_path, "--dry-run", "--uninstall", "--family", "debian")
    assert "modprobe -r" not in shown
    assert "goes away at the next boot" in shown
    (tmp_path / "sys/module/v4l2loopback/version").write_text("0.15.0\n")
    folder = program(tmp_path / "programs", "v4l2loopback-ctl")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    shown = run(tmp_path, "--dry-run", "--uninstall", "--family", "debian")
    assert "v4l2loopback-ctl delete /dev/video10\n" in shown


def test_uninstall_unloads_nothing_that_is_in_use(tmp_path: Path) -> None:
    load(tmp_path, "Y", video10="Virtual Camera")
    (tmp_path / "sys/module/v4l2loopback/refcnt").write_text("2\n")
    set_up(tmp_path)
    shown = run(tmp_path, "--dry-run", "--uninstall", "--family", "debian")
    assert "modprobe" not in shown.replace("modprobe.d", "")
    assert "`vcam stop`" in shown


def test_uninstall_where_nothing_is_set_up_does_nothing(tmp_path: Path) -> None:
    assert "Nothing has to be done" in run(tmp_path, "--uninstall", "--family", "suse")


def test_uninstall_needs_no_known_distribution(tmp_path: Path) -> None:
    set_up(tmp_path)
    assert "rm /etc/modprobe.d/vcam.conf" in run(tmp_path, "--dry-run", "--uninstall")


def test_reload_and_uninstall_exclude_each_other(tmp_path: Path) -> None:
    assert "exclude" in run(tmp_path, "--reload", "--uninstall", status=1)


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
