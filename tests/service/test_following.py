"""Whatever is written to the YAML file: vcam answers, and goes on once it is mended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.named_pipes import make_pipe
from vcam.config import Config
from vcam.errors import ConfigError
from vcam.realtime.bridge import Bridge
from vcam.service.channels import MAX_BYTES
from vcam.service.following import Following
from vcam.service.live import LiveConfig

GOOD = "background: {type: color}\n"
ODD_FILES = {
    "600 faults": "".join(f"k{n}: 1\n" for n in range(600)).encode(),
    "long keys": "".join(f"{'k' * 4000}{n}: 1\n" for n in range(100)).encode(),
    "a lone surrogate": b'"\\ud800": 1\n',
    "a bomb": b"a: &a [x,x,x]\nb: &b [*a,*a]\n"
    + b"".join(b"c%d: &b [*b,*b,*b]\n" % n for n in range(30)),
    "brackets": b"[" * 1000,
    "digits": b"camera: {width: 0x" + b"f" * 4000 + b"}\n",
    "a tag": b"camera: {fps: !!int x}\n",
    "another encoding": "camera: {}".encode("utf-16"),
    "a picture": b"\x89PNG\0\0\xff" * 100,
    "nothing": b"",
}


class StandIn:
    """A `LiveConfig` that notes what it is to go over to."""

    def __init__(self) -> None:
        self.config = Config()
        self.needs_restart: list[str] = []
        self.applied: list[str] = []

    def give_up(self) -> None:
        pass

    def apply(self, wanted: Config, bridge: Any, reload_files: bool) -> None:
        self.config = wanted
        self.applied.append(wanted.background.type)


@pytest.fixture
def live() -> StandIn:
    return StandIn()


@pytest.fixture
def following(tmp_path: Path, live: StandIn) -> Iterator[Following]:
    path = tmp_path / "vcam.yaml"
    path.write_text(GOOD)
    made = Following(path, cast(LiveConfig, live), cast(Bridge, None))
    made.start(watch=False)
    yield made
    made.close()


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.parametrize("kind", ODD_FILES)
def test_an_odd_file_is_told_of_and_a_mended_one_taken_over(
    tmp_path: Path, following: Following, live: StandIn, kind: str
) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_bytes(ODD_FILES[kind])
    following.reload()
    wait_for(lambda: following.error)
    assert str(path) in following.error
    assert len(json.dumps(following.error).encode()) < MAX_BYTES / 2
    assert following.error.replace("\n", "").isprintable()
    path.write_text(GOOD)
    following.reload()
    wait_for(lambda: live.applied == ["color"])
    assert not following.error


def test_a_pipe_in_the_files_place_is_told_of(
    tmp_path: Path, following: Following, live: StandIn
) -> None:
    path = tmp_path / "vcam.yaml"
    path.unlink()
    make_pipe(path)
    following.reload()
    wait_for(lambda: "a pipe, not a file" in following.error)
    path.unlink()
    path.write_text(GOOD)
    following.reload()
    wait_for(lambda: not following.error)


def test_a_fault_of_vcam_does_not_end_the_following(
    following: Following, live: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> Config:
        raise ZeroDivisionError("ours")

    with monkeypatch.context() as patch:
        patch.setattr("vcam.service.following.load_config", broken)
        following.reload()
        wait_for(lambda: "could not be read (ZeroDivisionError('ours'))" in following.error)
    following.reload()
    wait_for(lambda: live.applied == ["color"])
    assert not following.error


def test_a_control_the_camera_lacks_is_told_of_and_all_else_is_taken_over(
    tmp_path: Path,
    following: Following,
    live: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def check(config: Config) -> None:
        if config.camera.controls:
            raise ConfigError("camera.controls.focus: C920 has none")

    monkeypatch.setattr("vcam.service.following.check_controls", check)
    live.needs_restart = ["output.fps"]
    path = tmp_path / "vcam.yaml"
    path.write_text("background: {type: blur}\ncamera: {controls: {focus: 3}}\n")
    following.reload()
    wait_for(lambda: following.error)
    assert live.applied == ["blur"]
    assert following.error == "camera.controls.focus: C920 has none"
    assert "focus: C920 has none; all else is taken over" in caplog.text
    assert "last good configuration" not in caplog.text
    assert "output.fps cannot change while vcam runs" in caplog.text
    path.write_text(GOOD)
    following.reload()
    wait_for(lambda: live.applied == ["blur", "color"])
    wait_for(lambda: not following.error)
