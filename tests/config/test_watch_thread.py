from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.config.savings import NEW, OLD, in_place, renamed_over
from vcam.config.file_state import FileState, look
from vcam.config.watch import FileWatch


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vcam.yaml"
    path.write_bytes(OLD)
    return path


class Told:
    def __init__(self) -> None:
        self.news: list[tuple[Path, bytes | None]] = []
        self._arrived = threading.Condition()

    def __call__(self, path: Path, content: bytes | None) -> None:
        with self._arrived:
            self.news.append((path, content))
            self._arrived.notify_all()
        if content == b"raise":
            raise RuntimeError("what the listener may raise")

    def wait_for(self, count: int) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.news) >= count, 20), self.news


def test_thread_tells_goes_on_after_an_exception_and_takes_other_paths(
    tmp_path: Path, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    picture, told = tmp_path / "beach.jpg", Told()
    watch = FileWatch([file], told, interval=0.01)
    assert watch.paths == (file,)
    watch.start()
    try:
        file.write_bytes(b"raise")
        told.wait_for(1)
        renamed_over(file)
        told.wait_for(2)
        watch.paths = [file, picture]
        picture.write_bytes(b"picture")
        told.wait_for(3)
        file.unlink()
        told.wait_for(4)
        watch.paths = []
    finally:
        watch.close()
    assert told.news == [(file, b"raise"), (file, NEW), (picture, b"picture"), (file, None)]
    assert "what the listener may raise" in caplog.text


def test_change_after_the_watch_was_made_is_not_lost(file: Path) -> None:
    told = Told()
    watch = FileWatch([file], told, interval=0.01)
    file.write_bytes(NEW)
    watch.start()
    told.wait_for(1)
    watch.close()
    assert told.news == [(file, NEW)]


def test_nothing_is_told_after_close(file: Path) -> None:
    told = Told()
    watch = FileWatch([file], told, interval=0.01)
    watch.start()
    watch.close()
    assert not any(thread.name == "watch" for thread in threading.enumerate())


def test_paths_keep_what_is_known_of_files_that_stay(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    told = Told()
    relative = Path(file.name)
    watch = FileWatch([relative], told, interval=0.01)
    file.write_bytes(NEW)
    watch.paths = [Path("gone.jpg"), relative]
    monkeypatch.chdir("/")
    watch.start()
    told.wait_for(1)
    watch.close()
    assert told.news == [(relative, NEW)]


def test_watch_at_its_own_pace_tells_soon(file: Path) -> None:
    told = Told()
    watch = FileWatch([file], told)
    watch.start()
    start = time.monotonic()
    in_place(file)
    told.wait_for(1)
    watch.close()
    assert time.monotonic() - start < 2, "0.23 s on a machine with nothing else to do"


def test_where_the_system_tells_of_changes_a_file_at_rest_is_not_looked_at(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Path] = []

    def counted(path: Path, *arguments: object) -> tuple[FileState, bytes]:
        looks.append(path)
        return look(path)

    told = Told()
    watch = FileWatch([file], told, interval=0.001)
    monkeypatch.setattr("vcam.config.watch.look", counted)
    monkeypatch.setattr("vcam.config.watch.FileEvents", Silent)
    watch.start()
    assert Silent.waits.wait(20)
    watch.close()
    assert len(looks) <= 1


class Silent:
    """A system that would tell, and has nothing to."""

    waits = threading.Event()
    is_sure = True

    def __init__(self, paths: object, waker: object) -> None:
        pass

    def wait(self, seconds: float) -> bool:
        self.waits.set()
        time.sleep(0.001)
        return False

    def close(self) -> None:
        pass
