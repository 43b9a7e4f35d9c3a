from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from tests.doctor.patients import Patient
from vcam.doctor import Level

OBS = r"CLSID\{A3FCE0F5-3493-419F-958A-ABA1250EC20B}"
LIST = "systemextensionsctl list"
EXTENSION = "* * 2MMRE5MTB8 com.obsproject.obs-studio.mac-camera-extension (30.0.0/1) OBS {}\n"


def mac(tmp_path: Path, version: str = "30.1.2", listed: str = "") -> Patient:
    patient = Patient(tmp_path, platform="darwin", config="camera: {type: scene}\n")
    patient.answers[LIST] = listed
    if version:
        content = plistlib.dumps({"CFBundleShortVersionString": version})
        patient.write("Applications/OBS.app/Contents/Info.plist", content)
    return patient


def windows(tmp_path: Path) -> Patient:
    return Patient(tmp_path, platform="win32", config="camera: {type: scene}\n")


def test_windows_with_obs_is_well_and_has_none_of_linuxs_links(tmp_path: Path) -> None:
    patient = windows(tmp_path)
    patient.registered = {OBS}
    found = patient.examine()
    assert {finding.level for finding in found} == {Level.OK}
    assert [finding.link for finding in found][-2:] == ["libraries", "driver"]


def test_windows_without_a_virtual_camera(tmp_path: Path) -> None:
    finding = windows(tmp_path).finding("driver")
    assert "neither OBS's nor Unity Capture" in finding.text
    assert "install OBS Studio 30" in finding.advice


@pytest.mark.parametrize(
    ("version", "listed", "word"),
    [
        ("", "", "not installed"),
        ("29.1.3", "", "too old"),
        ("30.1.2", "0 extension(s)\n", "never activated"),
        ("30.1.2", EXTENSION.format("[activated waiting for user]"), "waits for your permission"),
    ],
)
def test_macos_without_obss_camera(tmp_path: Path, version: str, listed: str, word: str) -> None:
    finding = mac(tmp_path, version, listed).finding("driver")
    assert word in finding.text
    assert finding.advice


def test_macos_with_obss_camera(tmp_path: Path) -> None:
    patient = mac(tmp_path, listed=EXTENSION.format("[activated enabled]"))
    assert patient.lines("driver") == ["OBS Virtual Camera 30.1.2"]
