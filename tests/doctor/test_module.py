from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.patients import Patient, webcam
from vcam.doctor import Level
from vcam.doctor.system import OWN_COMMAND

LOAD = 'sudo modprobe v4l2loopback video_nr=10 card_label="Virtual Camera" exclusive_caps=1'


def test_a_module_that_is_not_installed(tmp_path: Path) -> None:
    finding = Patient(tmp_path, {0: webcam()}, driver=None, index="").finding("module")
    assert "not installed for this kernel (6.1-test)" in finding.text
    assert finding.commands == (
        "sudo apt-get update",
        "sudo apt-get install linux-headers-6.1-test v4l2loopback-dkms v4l2loopback-utils",
        LOAD,
    )
    assert not finding.fixes  # packages are never installed by the doctor


def test_a_module_that_is_not_loaded_can_be_loaded_by_the_doctor(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    finding = patient.finding("module")
    assert finding.commands == (LOAD,)
    assert finding.fixes[0].apply(patient.system())
    assert patient.ran == [
        "sudo modprobe v4l2loopback video_nr=10 'card_label=Virtual Camera' exclusive_caps=1"
    ]


def test_a_module_that_was_built_for_another_kernel(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    patient.answers["modinfo -F vermagic v4l2loopback"] = "6.0-old SMP preempt\n"
    finding = patient.finding("module")
    assert finding.text == "v4l2loopback was built for 6.0-old, and 6.1-test runs"
    assert finding.commands[-1] == "sudo dkms autoinstall -k 6.1-test"


@pytest.mark.parametrize(
    ("signer", "tested", "word"),
    [
        ("\n", "", "it is not signed"),
        ("fedora_1700000000\n", "/k is not enrolled\n", "is not enrolled"),
    ],
)
def test_a_module_that_secure_boot_refuses(
    tmp_path: Path, signer: str, tested: str, word: str
) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    patient.write("sys/firmware/efi/efivars/SecureBoot-8be4df61", bytes([6, 0, 0, 0, 1]))
    patient.write("var/lib/shim-signed/mok/MOK.der")
    patient.answers["modinfo -F signer v4l2loopback"] = signer
    patient.answers["mokutil --test-key /var/lib/shim-signed/mok/MOK.der"] = tested
    finding = patient.finding("module")
    assert word in finding.text
    assert finding.commands[-1] == "sudo mokutil --import /var/lib/shim-signed/mok/MOK.der"
    assert "Enroll MOK" in finding.advice
    assert "from 26.04 on" in finding.advice
    assert not finding.fixes


def test_a_module_that_the_distribution_signed_is_let_in(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    patient.write("sys/firmware/efi/efivars/SecureBoot-8be4df61", bytes([6, 0, 0, 0, 1]))
    patient.write("var/lib/dkms/mok.pub")
    patient.answers["modinfo -F signer v4l2loopback"] = "Canonical Ltd. Kernel Module Signing\n"
    patient.answers["mokutil --test-key /var/lib/dkms/mok.pub"] = "mok.pub is not enrolled\n"
    assert patient.finding("module").commands == (LOAD,)


def test_secure_boot_that_may_let_it_in_is_only_told_of(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    patient.answers["mokutil --sb-state"] = "SecureBoot enabled\n"
    finding = patient.finding("module")
    assert finding.commands == (LOAD,)
    assert "Secure Boot is on" in finding.advice


def test_droidcams_own_module_is_no_help(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None, index="")
    patient.write("modules/v4l2loopback_dc/version", "0.12")
    assert "DroidCam" in patient.finding("module").text


def test_a_container_cannot_load_it(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam()}, driver=None)
    patient.write("run/.containerenv")
    finding = patient.finding("module")
    assert "container (podman)" in finding.text
    assert finding.advice.endswith(LOAD)
    assert not finding.fixes


def test_a_module_that_is_not_loaded_at_boot(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    (tmp_path / "etc/modules-load.d/vcam.conf").unlink()
    finding = patient.finding("boot", Level.WARNING)
    assert finding.commands == ("vcam setup",)
    assert finding.fixes[0].apply(patient.system())
    assert patient.ran == [" ".join((*OWN_COMMAND, "setup"))]
