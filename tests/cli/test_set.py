from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from vcam.cli import cli
from vcam.config import load_config
from vcam.devices.cameras import Camera


def write_picture(path: Path) -> None:
    Image.new("RGB", (32, 18), "navy").save(path)


def vcam(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.parametrize("command", ["set", "next"])
def test_command_has_help(command: str) -> None:
    result = vcam(command, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.output


def test_set_makes_the_users_file_and_says_what_changed(own: Path) -> None:
    first = vcam("set", "background.color=#00ff00", "background.type=color")
    assert first.exit_code == 0, first.output
    assert first.output.splitlines() == [
        f"wrote {own}",
        "background.color: '#00b140' → '#00ff00'",
        "background.type: gradient → color",
    ]
    assert vcam("set", "background.type=color").output == "background.type: color, as before\n"
    assert load_config(own).background.color == (0, 255, 0)


def test_set_takes_lists(own: Path) -> None:
    assert (
        vcam("set", "background.stops=[{color: #f00, at: 0}, {color: red, at: 1}]").exit_code == 0
    )
    assert [stop.color for stop in load_config(own).background.stops] == [(255, 0, 0)] * 2


@pytest.mark.parametrize("assignment", ["background.type", "=blur"])
def test_what_is_no_assignment_is_a_fault_of_the_command_line(own: Path, assignment: str) -> None:
    result = vcam("set", assignment)
    assert result.exit_code == 2
    assert "KEY=VALUE" in result.output
    assert not own.exists()


def test_refusal_names_the_key_and_makes_no_file(own: Path) -> None:
    result = vcam("set", "background.colour=red")
    assert result.exit_code == 3
    assert 'vcam: background.colour: unknown key; did you mean "color"?' in result.output
    assert not own.exists()


def test_named_file_has_to_be_there(own: Path, tmp_path: Path) -> None:
    result = vcam("set", "background.type=blur", "--config", tmp_path / "gone.yaml")
    assert result.exit_code == 3
    assert "no such file" in result.output
    assert not (tmp_path / "gone.yaml").exists()


def test_next_steps_through_the_folder(own: Path, tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        write_picture(tmp_path / name)
    assert vcam("next").exit_code == 3
    vcam("set", "background.type=image", f"background.path={tmp_path / 'a.jpg'}")
    assert vcam("next").output == f"background.path: {tmp_path / 'b.jpg'}\n"
    vcam("next", "--previous")
    assert vcam("next", "--previous").output == f"background.path: {tmp_path / 'c.jpg'}\n"


def test_a_relative_path_starts_at_the_current_folder(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = tmp_path / "Pictures"
    pictures.mkdir()
    write_picture(pictures / "beach.png")
    monkeypatch.chdir(pictures)
    result = vcam("set", "background.type=image", "background.path=beach.png")
    assert result.exit_code == 0, result.output
    assert load_config(own).background.path == pictures / "beach.png"
    monkeypatch.chdir(tmp_path)
    vcam("set", "background.path=Pictures/../Pictures/beach.png")
    assert load_config(own).background.path == pictures / "beach.png"


def test_a_path_beside_the_yaml_file_is_still_found(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.parent.mkdir(parents=True, exist_ok=True)
    write_picture(own.parent / "beach.png")
    monkeypatch.chdir(tmp_path)
    assert vcam("set", "background.type=image", "background.path=beach.png").exit_code == 0
    assert "path: beach.png" in own.read_text()
    monkeypatch.chdir(own.parent)
    assert "as before" in vcam("set", "background.path=beach.png").output


@pytest.mark.parametrize(
    ("assignments", "message"),
    [
        (("background.type=image", "background.path=gone.png"), "gone.png"),
        (("background.type=video", "background.path=no-video.txt"), "no-video.txt"),
        (("background.type=slideshow", "background.path=empty"), "empty"),
        (("finish.overlay.path=gone.png",), "gone.png"),
        (("background.path=gone.png",), "gone.png"),
        (("output.placeholder.type=card", "output.placeholder.path=gone.png"), "gone.png"),
        (("camera.type=image", "camera.path=gone.png"), "gone.png"),
        (("segmentation.mediapipe.model=gone.tflite",), "gone.tflite"),
        (("output.type=file", "output.path=nowhere/a.mp4"), "nowhere"),
    ],
)
def test_a_file_is_opened_before_anything_is_written(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assignments: tuple[str, ...],
    message: str,
) -> None:  # fmt: skip
    (tmp_path / "empty").mkdir()
    (tmp_path / "no-video.txt").write_text("no video")
    monkeypatch.chdir(tmp_path)
    result = vcam("set", *assignments)
    assert result.exit_code != 0
    assert str(tmp_path / message) in result.output
    assert not own.exists()


def test_a_broken_background_does_not_keep_others_from_being_set(own: Path) -> None:
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text("background: {type: image, path: gone.png}\n")
    assert vcam("set", "camera.fps=25").exit_code == 0
    assert load_config(own).camera.fps == 25


def test_what_has_no_effect_is_said(own: Path, tmp_path: Path) -> None:
    write_picture(tmp_path / "x.jpg")
    result = vcam("set", f"background.path={tmp_path / 'x.jpg'}")
    assert "background.path has no effect with background.type gradient" in result.output
    assert "`vcam set background.type=image`" in result.output


@pytest.mark.parametrize(
    ("assignment", "waits"),
    [("output.fps=25", True), ("output.placeholder.text=back", False), ("camera.fps=25", False)],
)
def test_only_what_waits_for_a_restart_says_so(
    own: Path, monkeypatch: pytest.MonkeyPatch, assignment: str, waits: bool
) -> None:
    monkeypatch.setattr("vcam.cli.set.holder", lambda instance: object())
    result = vcam("set", assignment)
    assert result.exit_code == 0
    assert ("type `vcam restart`" in result.output) == waits
    assert "vcam restart" not in vcam("set", assignment).output


@pytest.mark.parametrize("value", ["!!float", "0x" + "f" * 4000, "9" * 5000, "[[[[", "004721"])
def test_odd_values_are_refused_in_words(own: Path, value: str) -> None:
    for key in ("output.fps", "camera.type", "background.color"):
        result = vcam("set", f"{key}={value}")
        assert result.exit_code == 3
        assert f"vcam: {key}: found" in result.output
        assert not own.exists()


def test_a_control_the_camera_lacks_is_refused_before_it_is_written(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = Camera("C920", "/dev/video0", 0)
    problem = "camera.controls.focus: C920 (/dev/video0) has no such control"
    monkeypatch.setattr("vcam.devices.cameras.find_camera", lambda *_, **__: camera)
    monkeypatch.setattr(
        "vcam.devices.control_settings.control_problems",
        lambda _, wanted: [problem] * ("focus" in wanted),
    )
    monkeypatch.setattr("vcam.sources.sys", SimpleNamespace(platform="linux"))
    assert vcam("set", "camera.controls.brightness=140").exit_code == 0
    result = vcam("set", "camera.controls.focus=3")
    assert result.exit_code == 3
    assert problem in result.output
    assert load_config(own).camera.controls == {"brightness": 140}
    assert vcam("set", "camera.fps=15").exit_code == 0
