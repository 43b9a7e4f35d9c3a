from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.clips import flat, write_clip
from vcam.cli import cli
from vcam.cli.main import _COMMANDS
from vcam.config.presets import presets_folder
from vcam.sources.video import VideoSource

MOG2 = "segmentation: {backend: mog2, mog2: {learn_seconds: 0.1}}\n"


def vcam(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


COMMANDS = [
    *("", *_COMMANDS),
    *("models fetch", "config check", "config show", "config path", "config init"),
    *("service install", "service uninstall"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = vcam(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.output


def test_config_init_writes_a_file_that_checks_and_completes_in_editors(own: Path) -> None:
    assert vcam("config", "path").output.strip() == str(own)
    assert vcam("config", "init").exit_code == 0
    assert (own.parent / "vcam.schema.json").exists()
    checked = vcam("config", "check")
    assert checked.exit_code == 0
    assert str(own) in checked.output


def test_config_init_keeps_a_file_that_is_there(own: Path) -> None:
    own.parent.mkdir(parents=True)
    own.write_text("camera: {fps: 7}\n")
    refused = vcam("config", "init")
    assert refused.exit_code == 3
    assert "--force" in refused.output
    assert own.read_text() == "camera: {fps: 7}\n"
    assert vcam("config", "init", "--force", "--preset", "blur").exit_code == 0
    assert "blur" in own.read_text()


def test_config_show_fills_in_the_defaults(own: Path) -> None:
    shown = vcam("config", "show", "--config", presets_folder() / "blur.yaml").output
    assert "type: blur" in shown
    assert "threshold: 0.5" in shown


def test_broken_yaml_is_refused_with_its_place_and_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text("camera:\n  widht: 3\n")
    for command in (("config", "check", path), ("run", "--config", path)):
        result = vcam(*command)
        assert result.exit_code == 3
        assert f'{path}:2:3: camera.widht: unknown key; did you mean "width"?' in result.output
        assert "Traceback" not in result.output


def test_process_writes_a_video(tmp_path: Path, own: Path) -> None:
    clip = write_clip(tmp_path / "in.avi", [flat(100)] * 5)
    (tmp_path / "vcam.yaml").write_text(MOG2)
    result = vcam("process", clip, tmp_path / "out.mp4", "--config", tmp_path / "vcam.yaml")
    assert result.exit_code == 0, result.output
    assert "5 frames" in result.output
    assert "sound" in result.output
    assert VideoSource(tmp_path / "out.mp4").frames == 5


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [("gone.mp4", "out.mp4", 4), ("gone.png", "out.png", 6), ("in.avi", "out.txt", 7)],
)
def test_process_says_what_it_cannot_read_or_write(
    tmp_path: Path, own: Path, source: str, target: str, code: int
) -> None:
    write_clip(tmp_path / "in.avi", [flat(100)] * 2)
    (tmp_path / "vcam.yaml").write_text("segmentation: {backend: mog2}\n")
    if source.endswith("png"):
        (tmp_path / "vcam.yaml").write_text("background: {type: blur}\n")
    result = vcam("process", tmp_path / source, tmp_path / target, "-c", tmp_path / "vcam.yaml")
    assert result.exit_code == code, result.output
    assert (tmp_path / (target if code == 7 else source)).name in result.output
    assert "Traceback" not in result.output


def test_demo_writes_a_clip_and_a_picture(tmp_path: Path, own: Path) -> None:
    (tmp_path / "vcam.yaml").write_text(MOG2 + "output: {width: 320, height: 180, fps: 10}\n")
    clip = tmp_path / "demo.mp4"
    result = vcam("demo", "-c", tmp_path / "vcam.yaml", "-o", clip, "--seconds", "1")
    assert result.exit_code == 0, result.output
    assert VideoSource(clip).frames == 10
    assert clip.with_suffix(".png").stat().st_size > 1000


def test_missing_background_picture_is_named(tmp_path: Path, own: Path) -> None:
    (tmp_path / "vcam.yaml").write_text(MOG2 + "background: {type: image, path: gone.jpg}\n")
    result = vcam("run", "-c", tmp_path / "vcam.yaml")
    assert result.exit_code == 6
    assert "gone.jpg" in result.output


def test_run_carries_frames_until_a_signal_and_exits_with_0(tmp_path: Path, own: Path) -> None:
    clip = write_clip(tmp_path / "in.avi", [flat(100)] * 5)
    out = tmp_path / "out.avi"
    (tmp_path / "vcam.yaml").write_text(
        MOG2 + f"camera: {{type: video, path: {clip}}}\n"
        f"output: {{type: file, path: {out}, width: 160, height: 120, fps: 20}}\n"
    )
    command = [sys.executable, "-m", "vcam", "run", "-c", str(tmp_path / "vcam.yaml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        timer = threading.Timer(60, process.kill)
        timer.start()
        assert process.stdout is not None
        told = []
        for line in process.stdout:
            told.append(line)
            if line.startswith("live"):
                process.send_signal(signal.SIGTERM)
        timer.cancel()
    assert process.returncode == 0, told
    assert told[-1] == "stopped\n"
    assert VideoSource(out).frames > 3


def test_fault_of_vcam_is_one_sentence(monkeypatch: pytest.MonkeyPatch, own: Path) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("vcam.cli.run.find_config", fail)
    result = vcam("run")
    assert result.exit_code == 1
    assert "unforeseen" in result.output
    assert "--verbose" in result.output
    assert "Traceback" not in result.output


def test_devices_are_listed_as_text_and_json() -> None:
    text = vcam("devices")
    assert text.exit_code == 0
    assert "Cameras:" in text.output
    assert "Virtual cameras:" in text.output
    assert set(json.loads(vcam("devices", "--json").output)) == {
        "cameras", "virtual_cameras", "raw_nodes", "pipewire_cameras",
    }  # fmt: skip


def test_models_are_listed_with_their_state() -> None:
    listed = vcam("models").output
    assert "landscape" in listed
    assert "general" in listed


def test_version_is_told() -> None:
    assert "0.1.0" in vcam("--version").output
