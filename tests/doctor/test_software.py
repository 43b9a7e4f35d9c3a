from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.doctor.patients import Patient
from tests.without_opencv import vcam_without_opencv
from vcam.doctor import Level
from vcam.doctor.software import _QUIET
from vcam.errors import ServiceError
from vcam.segmenters import models
from vcam.segmenters.models import check


def test_a_broken_file_is_named_and_the_devices_are_looked_at_all_the_same(tmp_path: Path) -> None:
    patient = Patient(tmp_path, config="camera: {widht: 3}\n")
    assert 'did you mean "width"' in patient.finding("configuration").text
    assert patient.lines("camera") == ["not looked at: first mend configuration"]
    assert patient.lines("node")[0].startswith("Virtual Camera")


def test_a_background_that_is_not_there(tmp_path: Path) -> None:
    patient = Patient(tmp_path, config="background: {type: image, path: gone.jpg}\n")
    assert "gone.jpg" in patient.finding("background").text


def test_a_room_that_is_shown_as_it_is_gets_a_warning(tmp_path: Path) -> None:
    patient = Patient(tmp_path, config="background: {type: none}\n")
    assert "as it is" in patient.finding("background", Level.WARNING).text


def test_what_a_running_vcam_says_is_passed_on(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    patient.status = {"pid": 7, "state": "camera-lost", "error": "HD Webcam has gone"}
    text = patient.finding("vcam", Level.WARNING).text
    assert text == "runs (process 7): camera-lost: HD Webcam has gone"


def test_keys_that_wait_for_a_restart_are_told(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    patient.status = {"pid": 7, "state": "standby", "needs_restart": ["output.width"]}
    restart = f"vcam restart --config {patient.settings()}"
    assert patient.finding("vcam", Level.WARNING).commands == (restart,)


def test_what_would_make_the_picture_better_is_said_with_its_command(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    patient.status = {
        "pid": 7,
        "state": "live",
        "advice": "the picture is dark",
        "advice_command": "vcam set finish.brighten=0.6",
    }
    found = patient.finding("vcam", Level.WARNING)
    assert found.text == "runs (process 7): live; the picture is dark"
    (command,) = found.commands
    assert command.startswith("vcam set ")
    assert "finish.brighten=0.6" in command


def test_a_vcam_that_does_not_answer(tmp_path: Path) -> None:
    from vcam.doctor import Case, examine

    def silent(_: Path | None) -> None:
        raise ServiceError("vcam did not answer", "`vcam restart` ends it and starts it anew")

    patient = Patient(tmp_path)
    found = examine(Case(patient.system(), None, silent))
    problems = [finding for finding in found if finding.level is Level.PROBLEM]
    assert [finding.link for finding in problems] == ["vcam"]
    assert "vcam restart" in problems[0].advice


def test_without_opencv_every_other_link_is_looked_at_all_the_same() -> None:
    told = vcam_without_opencv("doctor").stdout
    assert re.search(r"problem +background +the system library libGL.so.1 is missing\n", told)
    assert re.search(r"(ok|problem) +module ", told)


def test_a_model_that_is_missing_is_fetched_by_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "check", check)
    monkeypatch.setenv("VCAM_CACHE_DIR", str(tmp_path / "cache"))
    patient = Patient(tmp_path)
    finding = patient.finding("model")
    assert finding.commands == ("vcam models fetch",)
    assert finding.fixes[0].apply(patient.system())
    assert patient.ran[0].endswith("__main__.py models fetch")


def test_a_system_library_that_is_missing(tmp_path: Path) -> None:
    patient = Patient(tmp_path, lacking={"libEGL.so.1"}, release="ID=fedora\n")
    finding = patient.finding("libraries")
    assert finding.text == "missing: libEGL.so.1"
    assert finding.commands == ("sudo dnf install libglvnd-egl libglvnd-gles libglvnd-glx",)


def test_litert_needs_no_graphics_libraries(tmp_path: Path) -> None:
    patient = Patient(tmp_path, lacking={"libEGL.so.1", "libGLESv2.so.2"})
    patient.packages["ai-edge-litert"] = "2.3.0"
    assert patient.lines("libraries")[0].startswith("opencv-contrib-python")
    patient.config = "segmentation: {mediapipe: {engine: tasks}}\n"
    assert "libGLESv2.so.2" in patient.finding("libraries").text


def test_what_a_compiler_would_have_saved(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    advices = []
    for lacking in (set[str](), {"native half"}):
        patient.lacking = lacking
        advices += [each.advice for each in patient.examine() if each.link == "libraries"]
    assert advices[0] == ""
    assert "no C compiler" in advices[1]


def test_a_mediapipe_that_phones_home(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    patient.packages["mediapipe"] = "0.10.35"
    finding = patient.finding("libraries")
    assert "MediaPipe 0.10.35 sends usage metrics" in finding.text
    assert finding.commands[0].endswith("-m pip install mediapipe==0.10.33")


def test_the_mediapipe_that_vcam_asks_for_is_no_later_than_the_quiet_one() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert set(re.findall(r'"mediapipe==([\d.]+)', project)) == {".".join(map(str, _QUIET))}


@pytest.mark.parametrize(
    ("engine", "packages", "word"),
    [
        ("tasks", {"ai-edge-litert": "2.3.0"}, "MediaPipe is not installed"),
        ("auto", {}, "neither LiteRT nor MediaPipe"),
    ],
)
def test_a_machine_without_mediapipe(
    tmp_path: Path, engine: str, packages: dict[str, str], word: str
) -> None:
    patient = Patient(tmp_path)
    patient.packages = {"opencv-python": "5.0.0.93", "ai-edge-litert": "2.3.0"}
    assert patient.lines("libraries")[0] == "opencv-python 5.0.0.93, ai-edge-litert 2.3.0"
    patient.config = f"segmentation: {{mediapipe: {{engine: {engine}}}}}\n"
    patient.packages = {"opencv-python": "5.0.0.93", **packages}
    assert word in patient.finding("libraries").text
    patient.config = "segmentation: {backend: mog2}\n"
    assert patient.lines("libraries")[0] == ", ".join(
        f"{k} {v}" for k, v in patient.packages.items()
    )


def test_two_copies_of_cv2(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    patient.packages["opencv-python"] = "4.11.0.86"
    finding = patient.finding("libraries")
    assert "opencv-contrib-python and opencv-python" in finding.text
    assert finding.commands[0].endswith("-m pip uninstall -y opencv-python")
    assert finding.commands[1].endswith("--force-reinstall --no-deps opencv-contrib-python")


def test_another_distribution_that_is_called_vcam(tmp_path: Path) -> None:
    patient = Patient(tmp_path)
    patient.packages |= {"vcam": "1.0", "vcam-bridge": "0.1.0"}
    finding = patient.finding("libraries")
    assert "vcam 1.0" in finding.text
    assert finding.commands[0].endswith("-m pip uninstall -y vcam")
    assert "vcam-bridge" in finding.advice


@pytest.mark.parametrize(
    ("environment", "level"),
    [
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, Level.OK),
        ({"WAYLAND_DISPLAY": "wayland-0"}, Level.WARNING),
        ({}, Level.OK),
    ],
)
def test_the_screen_matters_only_to_windows(
    tmp_path: Path, environment: dict[str, str], level: Level
) -> None:
    assert Patient(tmp_path, environment=environment).finding("display", level)


def test_a_link_that_cannot_be_looked_at_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = Patient(tmp_path)
    monkeypatch.setattr(patient, "packages", None)
    assert "cannot be looked at" in patient.finding("libraries", Level.WARNING).text
    assert patient.lines("node")
