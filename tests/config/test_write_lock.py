"""Two who set values at once."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from vcam.config import load_config
from vcam.config import write_lock as module
from vcam.config.edit import set_values
from vcam.config.write_lock import write_lock
from vcam.errors import ConfigError


def test_no_change_is_lost_where_many_are_made_at_once(tmp_path: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text("camera: {fps: 30}\n")
    changes = {"camera.width": 640, "camera.fps": 15, "framing.zoom": 2, "matte.choke": 1}
    begun = threading.Barrier(len(changes))

    def change(key: str, value: int) -> None:
        begun.wait()
        set_values(path, {key: value})

    threads = [threading.Thread(target=change, args=change_) for change_ in changes.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    config = load_config(path)
    assert (config.camera.width, config.camera.fps) == (640, 15)
    assert (config.framing.zoom, config.matte.choke) == (2, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_another_writer_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.0)
    path, link = tmp_path / "vcam.yaml", tmp_path / "other" / "link.yaml"
    path.write_text("camera: {fps: 30}\n")
    link.parent.mkdir()
    link.symlink_to(path)
    with write_lock(path), pytest.raises(ConfigError, match="being changed by another vcam"):
        set_values(link, {"camera.fps": 15})
    set_values(link, {"camera.fps": 15})


def test_what_is_refused_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text("camera: {fps: 30}\n")

    def refuse(config: object) -> None:
        raise ConfigError("no")

    with pytest.raises(ConfigError, match="no"):
        set_values(path, {"camera.fps": 15}, refuse)
    assert path.read_text() == "camera: {fps: 30}\n"
    set_values(path, {"camera.fps": 15})
