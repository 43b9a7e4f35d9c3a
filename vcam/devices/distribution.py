"""The Linux distribution, and how it installs v4l2loopback (as scripts/setup-linux does)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from vcam.devices.host import HOST, Host

_FAMILIES = {
    "debian": "debian", "ubuntu": "debian",
    "fedora": "fedora", "rhel": "fedora",
    "arch": "arch",
    "suse": "suse", "opensuse": "suse",
}  # fmt: skip
_OTHERS = {
    "gentoo": ["sudo emerge media-video/v4l2loopback"],
    "void": ["sudo xbps-install -S linux-headers v4l2loopback"],
}
"""Distributions of a family of their own that `vcam setup` does not know."""

_OLDEST_FEDORA = (20,)
"""Versions of RHEL are far below."""

_FUSION_FILES = ("rpmfusion-free.repo", "rpmfusion-free-updates.repo")
_FLAVOURS = ("default", "preempt", "rt", "longterm")
_RPM_FUSION = (
    "https://mirrors.rpmfusion.org/free/{0}/rpmfusion-free-release-$(rpm -E %{1}).noarch.rpm"
)
_EPEL = "https://dl.fedoraproject.org/pub/epel/epel-release-latest-$(rpm -E %rhel).noarch.rpm"
_NIXOS = (
    "add to configuration.nix: "
    "boot.extraModulePackages = [ config.boot.kernelPackages.v4l2loopback ]; "
    'boot.kernelModules = [ "v4l2loopback" ]; boot.extraModprobeConfig = '
    "''options v4l2loopback video_nr=10 card_label=\"Virtual Camera\" exclusive_caps=1''; "
    "then type sudo nixos-rebuild switch"
)
_WSL = (
    "the kernel of WSL2 has no cameras and takes no driver from a package: use vcam on Windows "
    "itself, where OBS brings the virtual camera; here `vcam process` and `vcam demo` work"
)


@dataclass(frozen=True)
class Distribution:
    """What /etc/os-release says.

    Attributes:
        id: Such as "ubuntu"; empty where it does not tell.
        name: For people, such as "Ubuntu 24.04.1 LTS".
        version: Such as (24, 4); empty where it does not tell.
        family: "debian", "fedora", "arch" or "suse", whose packages it has; else empty.
        is_enterprise: Of the family of Fedora, but RHEL or one of its rebuilds.
    """

    id: str
    name: str
    version: tuple[int, ...]
    family: str
    is_enterprise: bool = False


def distribution(host: Host = HOST) -> Distribution:
    """The one that runs."""
    try:
        text = (host.root / "etc/os-release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    said = {key: value.strip("'\"") for key, value in re.findall(r"^(\w+)=(.*)$", text, re.M)}
    words = [said.get("ID", ""), *said.get("ID_LIKE", "").split()]
    known = (_FAMILIES.get(word.partition("-")[0], "") for word in words)
    version = tuple(int(part) for part in re.findall(r"\d+", said.get("VERSION_ID", "")))
    return Distribution(
        words[0],
        said.get("PRETTY_NAME") or words[0] or "Linux",
        version,
        next(filter(None, known), ""),
        "rhel" in words and version < _OLDEST_FEDORA,
    )


def is_wsl(host: Host = HOST) -> bool:
    """Whether this is Linux inside Windows."""
    return "microsoft" in host.library.name.lower()


def driver_packages(host: Host = HOST) -> list[str]:
    """The commands that install v4l2loopback for the running kernel; none where not known."""
    kernel = host.library.name
    found = distribution(host)
    family = "" if is_wsl(host) else found.family
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
    return [] if is_wsl(host) else _OTHERS.get(found.id, [])


def driver_rebuild(host: Host = HOST) -> list[str]:
    """The commands that build an installed v4l2loopback for the running kernel."""
    kernel = host.library.name
    family = distribution(host).family
    if is_wsl(host):
        return []
    build = f"sudo dkms autoinstall -k {kernel}"
    if family == "debian":
        return [f"sudo apt-get install linux-headers-{kernel}", build]
    if family == "fedora" and _is_image(host):
        return ["sudo rpm-ostree upgrade", "systemctl reboot"]
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
    if is_wsl(host):
        return _WSL
    if distribution(host).id == "nixos":
        return _NIXOS
    return "install v4l2loopback with your distribution's package manager, then load it"


def _fedora(kernel: str, host: Host) -> list[str]:
    repositories = host.root / "etc/yum.repos.d"
    has_fusion = any(map(Path.exists, map(repositories.joinpath, _FUSION_FILES)))
    found = distribution(host)
    kind = ("el", "rhel") if found.is_enterprise else ("fedora", "fedora")
    if _is_image(host):
        # An image takes in a repository only by a restart; then this is asked again.
        names = "akmod-v4l2loopback v4l2loopback" if has_fusion else _RPM_FUSION.format(*kind)
        return [f"sudo rpm-ostree install {names}", "systemctl reboot"]
    install = f"sudo dnf install kernel-devel-{kernel} akmod-v4l2loopback v4l2loopback"
    commands = [install, f"sudo akmods --force --kernels {kernel}"]
    if has_fusion:
        return commands
    epel = [] if not found.is_enterprise else _epel(found, repositories)
    return [*epel, f"sudo dnf install {_RPM_FUSION.format(*kind)}", *commands]


def _epel(found: Distribution, repositories: Path) -> list[str]:
    """What RPM Fusion needs on RHEL and its rebuilds: EPEL, and the repository for developers."""
    own = {"rhel": _EPEL, "ol": f"oracle-epel-release-el{found.version[0] if found.version else 9}"}
    get = f"sudo dnf install {own.get(found.id, 'epel-release')}"
    return [*([] if (repositories / "epel.repo").exists() else [get]), "sudo crb enable"]


def _is_image(host: Host) -> bool:
    """Whether the system is an image that packages are laid upon, as Silverblue is."""
    return (host.root / "run/ostree-booted").exists()


def _headers_of_updates(kernel: str) -> str:
    """Debian and Raspberry Pi OS bring no headers along with a new kernel; Ubuntu does."""
    raspberry = re.search(r"\+rpt-(rpi-\w+)$", kernel)
    if raspberry:
        return f" linux-headers-{raspberry[1]}"
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
