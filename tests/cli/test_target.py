from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.clips import flat, write_clip
from tests.named_pipes import make_pipe
from vcam.cli import cli
from vcam.images.picture_files import read_picture, write_picture
from vcam.images.types import I420
from vcam.sinks.video import VideoSink

CONFIG = (
    "segmentation: {backend: mog2, mog2: {learn_seconds: 0.1}}\n"
    "output: {width: 320, height: 180, fps: 10}\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vcam.yaml").write_text(CONFIG)
    write_clip(tmp_path / "in.avi", [flat(100, 160, 90)] * 3)
    return tmp_path


def vcam(*arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--config", "vcam.yaml"])


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (("process", "in.avi", "out.mp4"), "out.mp4"),
        (("demo", "--seconds", "1", "-o", "clip.mp4"), "clip.mp4"),
        (("demo", "--seconds", "1", "-o", "clip.mp4"), "clip.png"),
    ],
)
def test_what_is_there_is_replaced_only_when_asked(
    folder: Path, command: tuple[str, ...], file: str
) -> None:
    (folder / file).write_bytes(b"precious")
    refused = vcam(*command)
    assert refused.exit_code == 7
    assert f"{file} is there already" in refused.output
    assert "--overwrite" in refused.output
    assert (folder / file).read_bytes() == b"precious"
    done = vcam(*command, "--overwrite")
    assert done.exit_code == 0, done.output
    assert (folder / file).stat().st_size > 100


@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_written_through_a_link(folder: Path, there: bool) -> None:
    precious = folder / "precious.mp4"
    if there:
        precious.write_bytes(b"precious")
    (folder / "out.mp4").symlink_to(precious)
    for options in ((), ("--overwrite",)):
        refused = vcam("process", "in.avi", "out.mp4", *options)
        assert refused.exit_code == 7
        assert "is a link to" in refused.output
    assert precious.exists() is there
    assert not there or precious.read_bytes() == b"precious"


def test_a_demo_without_a_name_takes_one_that_is_free(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "vcam-demo.mp4").write_bytes(b"precious")
    (folder / "vcam-demo-2.png").symlink_to(folder / "elsewhere.png")
    (folder / "vcam.yaml").write_text(CONFIG.replace("width", "device: none at all, width"))
    result = vcam("demo", "--seconds", "1")
    assert result.exit_code == 0, result.output
    assert "wrote vcam-demo-3.mp4, and vcam-demo-3.png" in result.output
    assert (folder / "vcam-demo.mp4").read_bytes() == b"precious"
    assert not (folder / "elsewhere.png").exists()


def test_a_demo_that_is_interrupted_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    sent = count()

    def send(sink: VideoSink, frame: I420) -> None:
        if next(sent) == 8:  # the picture is written by then
            raise KeyboardInterrupt
        sink.send_at(frame, 0.0)

    monkeypatch.setattr(VideoSink, "send", send)
    result = vcam("demo", "--seconds", "1", "-o", "clip.mp4")
    assert result.exit_code == 130, result.output
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_picture_is_not_replaced_unasked(folder: Path) -> None:
    (folder / "vcam.yaml").write_text("background: {type: none}\n")
    write_picture(folder / "in.png", flat(100))
    write_picture(folder / "out.png", flat(7))
    assert vcam("process", "in.png", "out.png").exit_code == 7
    assert read_picture(folder / "out.png").mean() == 7
    assert vcam("process", "in.png", "out.png", "--overwrite").exit_code == 0
    assert read_picture(folder / "out.png").mean() > 90


@pytest.mark.parametrize(
    "command", [("process", "pipe.mp4", "out.mp4"), ("background", "pipe.mp4")]
)
def test_a_pipe_in_place_of_a_file_is_not_waited_for(
    folder: Path, command: tuple[str, ...]
) -> None:
    make_pipe(folder / "pipe.mp4")
    result = vcam(*command)
    assert "is no file" in result.output
    assert not (folder / "out.mp4").exists()


@pytest.mark.parametrize("number", ["nan", "inf", "0", "-1"])
def test_a_length_that_is_no_number_is_refused(folder: Path, number: str) -> None:
    result = vcam("demo", "--seconds", number, "-o", "clip.mp4")
    assert result.exit_code == 2
    assert not (folder / "clip.mp4").exists()
