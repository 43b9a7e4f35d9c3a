"""The Linux distribution, and how it installs v4l2loopback (as scripts/setup-linux does)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vcam.devices.host import HOST, Host

_FAMILIES = {
    "debian": "debian", "ubuntu": "debian",
    "fedora": "fedora", "rhel": "fedora",
    "arch": "arch",
    "suse": "suse", "opensuse": "suse",
}  # fmt: skip
_FLAVOURS = ("default", "preempt", "rt", "longterm")
_RPM_FUSION = (
    "https://mirrors.rpmfusion.org/free/fedora/rpmfusion-free-release-$(rpm -E %fedora).noarch.rpm"
)


@dataclass(frozen=True)
class Distribution:
    """What /etc/os-release says.

    Attributes:
        id: Such as "ubuntu"; empty where it does not tell.
        name: For people, such as "Ubuntu 24.04.1 LTS".
        version: Such as (24, 4); empty where it does not tell.
        family: "debian", "fedora", "arch" or "suse", whose packages it has; else empty.
    """

    id: str
    name: str
    version: tuple[int, ...]
    family: str


def distribution(host: Host = HOST) -> Distribution:
    """The one that runs."""
    try:
        text = (host.root / "etc/os-release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    said = {key: value.strip("'\"") for key, value in re.findall(r"^(\w+)=(.*)$", text, re.M)}
    words = [said.get("ID", ""), *said.get("ID_LIKE", "").split()]
    known = (_FAMILIES.get(word.partition("-")[0], "") for word in words)
    return Distribution(
        words[0],
        said.get("PRETTY_NAME") or words[0] or "Linux",
        tuple(int(part) for part in re.findall(r"\d+", said.get("VERSION_ID", ""))),
        next(filter(None, known), ""),
    )


def driver_packages(host: Host = HOST) -> list[str]:
    """The commands that install v4l2loopback for the running kernel; none where not known."""
    kernel = host.library.name
    family = distribution(host).family
    if family == "debian":
        headers = f"linux-headers-{kernel}{_headers_of_updates(kernel)}"
        names = f"{headers} v4l2loopback-dkms v4l2loopback-utils"
        return ["sudo apt-get update", f"sudo apt-get install {names}"]
    if family == "fedora":
        return _fedora(kernel, host)
    if family == "arch":
        names = f"{_arch_base(host)}-headers v4l2loopback-dkms v4l2loopback-utils"
        return [f"sudo pacman -S --needed {names}"]
    if family == "suse":
        return [f"sudo zypper install v4l2loopback-kmp-{_flavour(kernel)} v4l2loopback-utils"]
    return []


def driver_rebuild(host: Host = HOST) -> list[str]:
    """The commands that build an installed v4l2loopback for the running kernel."""
    kernel = host.library.name
    family = distribution(host).family
    build = f"sudo dkms autoinstall -k {kernel}"
    if family == "debian":
        return [f"sudo apt-get install linux-headers-{kernel}", build]
    if family == "fedora":
        akmods = f"sudo akmods --force --kernels {kernel}"
        return [f"sudo dnf install kernel-devel-{kernel}", akmods]
    if family == "arch":
        return [f"sudo pacman -S --needed {_arch_base(host)}-headers", build]
    if family == "suse":
        return [f"sudo zypper install --force v4l2loopback-kmp-{_flavour(kernel)}"]
    return [build]


def driver_advice(host: Host = HOST) -> str:
    """What to do to get v4l2loopback where no command is known."""
    if distribution(host).id == "nixos":
        return (
            "add config.boot.kernelPackages.v4l2loopback to boot.extraModulePackages and "
            '"v4l2loopback" to boot.kernelModules in configuration.nix, and rebuild'
        )
    return "install v4l2loopback with your distribution's package manager, then load it"


def _fedora(kernel: str, host: Host) -> list[str]:
    has_fusion = (host.root / "etc/yum.repos.d/rpmfusion-free.repo").exists()
    if (host.root / "run/ostree-booted").exists():
        # An image takes in a repository only by a restart; then this is asked again.
        names = "akmod-v4l2loopback v4l2loopback" if has_fusion else _RPM_FUSION
        return [f"sudo rpm-ostree install {names}", "systemctl reboot"]
    install = f"sudo dnf install kernel-devel-{kernel} akmod-v4l2loopback v4l2loopback"
    commands = [install, f"sudo akmods --force --kernels {kernel}"]
    return commands if has_fusion else [f"sudo dnf install {_RPM_FUSION}", *commands]


def _headers_of_updates(kernel: str) -> str:
    """Debian brings no headers along with a new kernel; Ubuntu does."""
    flavour = kernel.rpartition("-")[2]
    return f" linux-headers-{flavour}" if flavour in ("amd64", "arm64") else ""


def _arch_base(host: Host) -> str:
    """The package of the running kernel, such as "linux-lts"."""
    try:
        return (host.library / "pkgbase").read_text(encoding="utf-8").strip()
    except OSError:
        return "linux"


def _flavour(kernel: str) -> str:
    flavour = kernel.rpartition("-")[2]
    return flavour if flavour in _FLAVOURS else "default"
