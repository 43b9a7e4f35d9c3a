from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.patients import Patient, webcam
from tests.linux.fake_nodes import FakeLoopback
from vcam.doctor import Level
from vcam.doctor.apps import APPS

FEDORA = 'ID=fedora\nVERSION_ID="44"\n'
PREFERENCE = 'user_pref("media.webrtc.camera.allow-pipewire", {});\n'


def with_chrome(tmp_path: Path, node: FakeLoopback) -> Patient:
    patient = Patient(tmp_path, {0: webcam(), 10: node})
    patient.write("usr/bin/google-chrome", b"\x7fELF")
    return patient


def test_chrome_lists_a_node_while_it_is_fed(tmp_path: Path) -> None:
    node = FakeLoopback()
    patient = with_chrome(tmp_path, node)
    assert patient.lines("apps") == ["Chrome lists Virtual Camera while vcam runs"]
    node.writer = 7
    assert patient.lines("apps") == ["Chrome lists Virtual Camera"]


def test_chrome_does_not_list_a_node_without_exclusive_caps(tmp_path: Path) -> None:
    patient = with_chrome(tmp_path, FakeLoopback(exclusive=False))
    assert patient.finding("apps").text == "Chrome does not list Virtual Camera: see state"


def test_zoom_needs_no_exclusive_caps(tmp_path: Path) -> None:
    patient = Patient(tmp_path, {0: webcam(), 10: FakeLoopback(exclusive=False)})
    patient.write("usr/bin/zoom", b"\x7fELF")
    assert patient.lines("apps") == ["Zoom lists Virtual Camera"]


@pytest.mark.parametrize("devices", ["devices=dri;shm;\n", ""])
def test_a_flatpak_without_devices_gets_them(tmp_path: Path, devices: str) -> None:
    patient = Patient(tmp_path)
    patient.write("var/lib/flatpak/app/com.slack.Slack/current")
    shown = f"[Context]\nshared=network;ipc;\n{devices}"
    patient.answers["flatpak info --show-permissions com.slack.Slack"] = shown
    finding = patient.finding("apps", Level.WARNING)
    assert finding.text == "Slack (Flatpak) may not use devices"
    assert finding.commands == ("flatpak override --user --device=all com.slack.Slack",)
    assert finding.fixes[0].apply(patient.system())
    assert patient.ran == list(finding.commands)


def test_a_flatpak_with_devices_is_well(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    (tmp_path / "home/.local/share/flatpak/app/com.slack.Slack").mkdir(parents=True)
    shown = "[Context]\ndevices=all;\n"
    patient.answers["flatpak info --show-permissions com.slack.Slack"] = shown
    assert patient.lines("apps") == ["Slack (Flatpak) lists Virtual Camera while vcam runs"]


@pytest.mark.parametrize(("slot", "is_well"), [("-", False), (":camera", True)])
def test_a_snap_whose_camera_is_not_connected(tmp_path: Path, slot: str, is_well: bool) -> None:
    patient = Patient(tmp_path)
    patient.write("snap/chromium/current")
    patient.write("usr/bin/chromium-browser", "#!/bin/sh\nexec /snap/bin/chromium\n")
    patient.answers["snap connections chromium"] = (
        "Interface       Plug                     Slot             Notes\n"
        f"camera          chromium:camera          {slot}                -\n"
    )
    if is_well:
        assert patient.lines("apps") == ["Chromium (Snap) lists Virtual Camera while vcam runs"]
        return
    finding = patient.finding("apps", Level.WARNING)
    assert finding.commands == ("sudo snap connect chromium:camera",)
    assert len(finding.fixes) == 1


@pytest.mark.parametrize(
    ("release", "value", "level"),
    [
        (FEDORA, "", Level.WARNING),
        (FEDORA, "false", Level.OK),
        ("ID=debian\n", "", Level.OK),
        ("ID=debian\n", "true", Level.WARNING),
    ],
)
def test_a_firefox_that_takes_its_cameras_from_pipewire(
    tmp_path: Path, release: str, value: str, level: Level
) -> None:
    patient = Patient(tmp_path, release=release)
    patient.write("usr/bin/firefox", b"\x7fELF")
    if value:
        patient.write("home/.mozilla/firefox/abc.default/prefs.js", PREFERENCE.format(value))
    finding = patient.finding("apps", level)
    assert ("allow-pipewire to false" in finding.advice) is (level is Level.WARNING)


def test_no_two_apps_are_called_the_same() -> None:
    for names in (
        [app.name for app in APPS],
        [app.flatpak for app in APPS if app.flatpak],
        [app.snap for app in APPS if app.snap],
        [command for app in APPS for command in app.commands],
    ):
        assert len(names) == len(set(names))
