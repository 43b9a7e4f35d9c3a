from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.config.savings import (
    deleted_and_created,
    in_place,
    in_place_without_truncating,
    older_time_stamp,
    renamed_away_and_written,
    renamed_over,
)
from vcam.config import file_events
from vcam.config.file_events import FileEvents, steps
from vcam.system.waker import Waker

if sys.platform != "linux":
    pytest.skip("Linux tells of what happens to files", allow_module_level=True)

SOON, NEVER = 5.0, 0.05
"""Seconds to wait for an event that comes, and for one that does not."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "vcam" / "vcam.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("old")
    return path


@pytest.fixture
def watch() -> Iterator[Callable[..., FileEvents]]:
    made: list[FileEvents] = []

    def make(*paths: Path) -> FileEvents:
        made.append(FileEvents(paths, Waker()))
        assert made[-1].is_sure
        return made[-1]

    yield make
    for events in made:
        events.close()


@pytest.mark.parametrize(
    "save",
    [in_place, in_place_without_truncating, renamed_over, renamed_away_and_written,
     deleted_and_created, older_time_stamp, Path.unlink],
)  # fmt: skip
def test_whatever_way_a_file_is_saved_it_is_told(
    save: Callable[[Path], None], file: Path, watch: Callable[..., FileEvents]
) -> None:
    events = watch(file)
    save(file)
    assert events.wait(SOON)


def test_a_file_is_told_of_behind_a_link_to_a_link(
    file: Path, tmp_path: Path, watch: Callable[..., FileEvents]
) -> None:
    (tmp_path / "first").symlink_to("second")
    (tmp_path / "second").symlink_to(file)
    events = watch(tmp_path / "first")
    file.write_text("new")
    assert events.wait(SOON)


def test_a_link_that_leads_elsewhere_is_told_of(
    file: Path, tmp_path: Path, watch: Callable[..., FileEvents]
) -> None:
    link, new = tmp_path / "current", tmp_path / "new"
    link.symlink_to(file.parent)
    new.symlink_to(tmp_path)
    events = watch(link / "vcam.yaml")
    new.replace(link)
    assert events.wait(SOON)


def test_a_folder_that_is_replaced_is_told_of(
    file: Path, tmp_path: Path, watch: Callable[..., FileEvents]
) -> None:
    events = watch(file)
    file.parent.rename(tmp_path / "home" / "away")
    assert events.wait(SOON)


def test_a_folder_that_comes_later_is_told_of(
    tmp_path: Path, watch: Callable[..., FileEvents]
) -> None:
    events = watch(tmp_path / "disk" / "pictures" / "beach.jpg")
    (tmp_path / "disk").mkdir()
    assert events.wait(SOON)


def test_other_files_beside_it_are_nothing(file: Path, watch: Callable[..., FileEvents]) -> None:
    events = watch(file)
    file.with_name("other.yaml").write_text("x")
    assert not events.wait(NEVER)


def test_a_wait_can_be_ended(file: Path) -> None:
    waker = Waker()
    events = FileEvents([file], waker)
    threading.Timer(0.02, waker.wake).start()
    began = time.monotonic()
    assert not events.wait(60)
    assert time.monotonic() - began < 30
    events.close()


def test_on_a_network_nothing_is_sure(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_events, "_is_local", lambda folder: False)
    events = FileEvents([file], Waker())
    assert not events.is_sure
    events.close()


def test_without_events_nothing_is_sure(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError("too many")

    monkeypatch.setattr(file_events, "Inotify", refuse)
    events = FileEvents([file], Waker())
    assert not events.is_sure
    assert not events.wait(NEVER)


def test_a_link_to_itself_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to("round")
    assert len(steps(tmp_path / "round" / "vcam.yaml")) < 60
