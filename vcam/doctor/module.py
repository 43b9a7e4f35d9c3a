"""The kernel module v4l2loopback: installed, built for this kernel, accepted, loaded at boot."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from vcam.devices.distribution import distribution, driver_rebuild
from vcam.devices.loopback import driver_version, is_installed, load_command, not_loaded
from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Fix, Level
from vcam.doctor.system import OWN_COMMAND, System

_KEYS = (
    "var/lib/shim-signed/mok/MOK.der",
    "var/lib/dkms/mok.pub",
    "etc/pki/akmods/certs/public_key.der",
)
"""The keys that sign locally built modules on Ubuntu, other DKMS systems and Fedora."""

_OF_A_DISTRIBUTION = re.compile(
    r"Canonical Ltd|Debian Secure Boot (CA|Signer)|kernel signing key|SUSE.* Secure Boot|Build time"
)
"""Signers whose keys the kernel trusts. Locally made keys carry the machine's name, which may be
that of the distribution."""

_SIGNED_UBUNTU = (26, 4)
_SETUP = (*OWN_COMMAND, "setup")
_BOOT_FOLDERS = ("etc/modules-load.d", "usr/lib/modules-load.d", "run/modules-load.d")


def module(case: Case) -> Iterator[Finding]:
    """Whether v4l2loopback is loaded, and if not, why."""
    host = case.system.host
    version = driver_version(host)
    if version is not None:
        shown = ".".join(map(str, version)) or "0.12 or older"
        yield Finding("module", Level.OK, f"v4l2loopback {shown} is loaded")
        return
    error = not_loaded(case.config.output.device, host)
    if case.system.container:
        text = f"v4l2loopback is not loaded, and a container ({case.system.container}) cannot do so"
        load = load_command(case.config.output.device, host)
        yield Finding("module", Level.PROBLEM, text, (), f"on the machine outside, type {load}")
    elif is_installed(host):
        yield _foreign(case) or _refused(case) or _loadable(case)
    elif (host.modules / "v4l2loopback_dc").is_dir():
        text = f"{error.problem}; what is loaded is DroidCam's own, which vcam cannot use"
        yield Finding("module", Level.PROBLEM, text, error.commands, error.advice)
    else:
        yield Finding.of("module", error)


def boot(case: Case) -> Iterator[Finding]:
    """Whether it is loaded at boot."""
    if case.system.container or _is_loaded_at_boot(case):
        yield Finding("boot", Level.OK, "v4l2loopback is loaded at every boot")
        return
    text = "v4l2loopback will not be loaded at the next boot"
    fix = Fix("vcam setup", lambda system: system.run(_SETUP))
    yield Finding("boot", Level.WARNING, text, ("vcam setup",), "", (fix,))


def command_fix(command: str) -> Fix:
    """A fix that runs one simple command."""

    def apply(system: System) -> bool:
        words = shlex.split(command)
        return system.run(words[1:] if system.is_root() and words[0] == "sudo" else words)

    return Fix(command, apply)


def _loadable(case: Case) -> Finding:
    error = not_loaded(case.config.output.device, case.system.host)
    advice = error.advice
    if _secure_boot(case):
        advice += (
            "; Secure Boot is on: if the kernel says that the key was rejected, enrol the key that "
            "signs modules on this machine (mokutil --import)"
        )
    fixes = tuple(command_fix(command) for command in error.commands)
    return Finding("module", Level.PROBLEM, error.problem, error.commands, advice, fixes)


def _foreign(case: Case) -> Finding | None:
    """Whether the module file for this kernel was built for another one."""
    kernel = case.system.host.library.name
    magic = (case.system.answer(["modinfo", "-F", "vermagic", "v4l2loopback"]) or "").split()
    if not magic or magic[0] == kernel:
        return None
    text = f"v4l2loopback was built for {magic[0]}, and {kernel} runs"
    return Finding("module", Level.PROBLEM, text, tuple(driver_rebuild(case.system.host)))


def _refused(case: Case) -> Finding | None:
    """Secure Boot refuses the module; None if that is not certain."""
    if not _secure_boot(case):
        return None
    signer = case.system.answer(["modinfo", "-F", "signer", "v4l2loopback"])
    if signer and _OF_A_DISTRIBUTION.search(signer):
        return None
    key = next((key for key in _KEYS if case.system.has(key)), "")
    enrol = (f"sudo mokutil --import /{key}",) if key else ()
    if signer is not None and not signer.strip():
        text = "Secure Boot refuses v4l2loopback: it is not signed"
        commands = (*driver_rebuild(case.system.host), *enrol)
        return Finding("module", Level.PROBLEM, text, commands, _after_enrolling(case))
    tested = case.system.answer(["mokutil", "--test-key", f"/{key}"]) if key else None
    if tested and "is not enrolled" in tested:
        text = "Secure Boot refuses v4l2loopback: the key that signed it is not enrolled"
        return Finding("module", Level.PROBLEM, text, enrol, _after_enrolling(case))
    return None


def _after_enrolling(case: Case) -> str:
    advice = (
        "then choose a password, restart, choose Enroll MOK on the blue screen, and give the "
        "password there; or switch Secure Boot off in the firmware's settings"
    )
    known = distribution(case.system.host)
    if known.id == "ubuntu" and known.version < _SIGNED_UBUNTU:
        advice += "; or upgrade: Ubuntu has a signed v4l2loopback of its own from 26.04 on"
    return advice


def _secure_boot(case: Case) -> bool:
    """Whether it is on, as the firmware says."""
    for variable in case.system.host.root.glob("sys/firmware/efi/efivars/SecureBoot-*"):
        try:
            return variable.read_bytes()[-1:] == b"\1"
        except OSError:
            break
    return "enabled" in (case.system.answer(["mokutil", "--sb-state"]) or "")


def _is_loaded_at_boot(case: Case) -> bool:
    root = case.system.host.root
    files = [file for folder in _BOOT_FOLDERS for file in root.joinpath(folder).glob("*.conf")]
    texts = (case.system.text(str(file.relative_to(root))) for file in files)
    lines = "\n".join((*texts, case.system.text("etc/modules"))).splitlines()
    return any(line.strip().replace("-", "_").split(" ")[0] == "v4l2loopback" for line in lines)
