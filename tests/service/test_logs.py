from __future__ import annotations

import itertools
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.abilities import needs_deleting_open_files, needs_modes
from vcam.service.logs import LogFile, follow, last_lines, log_to, parts


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("vcam.test", logging.INFO, "", 0, text, None, None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "vcam.log"


@pytest.fixture
def log(path: Path) -> Iterator[LogFile]:
    log = LogFile(path)
    yield log
    log.close()


def test_lines_say_when_and_where(log: LogFile, path: Path) -> None:
    log.emit(record("größer \udcff"))
    (line,) = last_lines(path, 10)
    assert line.endswith(r" INFO vcam.test: größer \udcff")


@needs_modes
def test_it_is_for_the_owner(log: LogFile, path: Path) -> None:
    log.emit(record("hello"))
    assert path.stat().st_mode & 0o777 == 0o600


def test_three_files_of_a_megabyte_are_kept(log: LogFile, path: Path) -> None:
    for number in range(60):
        log.emit(record(f"{number:03} {'x' * 100_000}"))
    assert sorted(path.parent.iterdir()) == sorted(parts(path))
    assert all(500_000 < part.stat().st_size <= 1_000_000 for part in parts(path)[1:])
    numbers = [int(line.split(": ")[1][:3]) for line in last_lines(path, 100)]
    assert numbers == list(range(numbers[0], 60))
    assert len(numbers) > 15


@needs_deleting_open_files
def test_a_deleted_file_is_made_again(log: LogFile, path: Path) -> None:
    log.emit(record("one"))
    path.unlink()
    log.emit(record("two"))
    assert len(last_lines(path, 10)) == 1


def test_a_full_disk_loses_lines_and_nothing_else(
    log: LogFile, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log.emit(record("before"))

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        log.emit(record("lost"))
    log.emit(record("after"))
    assert [line.split(": ")[1] for line in last_lines(path, 9)] == ["before", "after"]
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_that_is_full_raises_nothing() -> None:
    log = LogFile(Path("/dev/full"))
    log.emit(record("lost"))
    log.close()


def test_a_folder_that_cannot_be_made_raises_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    log = LogFile(tmp_path / "file" / "vcam.log")
    log.emit(record("lost"))
    log.close()
    assert capsys.readouterr().err == ""


def test_where_nothing_can_be_renamed_the_file_stays_small(
    log: LogFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    for _ in range(25):
        log.emit(record("x" * 100_000))
    assert list(path.parent.iterdir()) == [path]
    assert path.stat().st_size <= 1_000_000
    assert len(last_lines(path, 100)) > 1


def test_a_message_that_cannot_be_put_together_raises_nothing(log: LogFile) -> None:
    log.emit(logging.LogRecord("vcam", logging.INFO, "", 0, "%d", ("no number",), None))


def test_what_vcam_logs_goes_to_the_file_and_nowhere_else(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    shown = logging.StreamHandler(sys.stderr)
    root.addHandler(shown)
    try:
        log_to(path)
        logging.getLogger("vcam.somewhere").info("hello")
        assert [line.split(": ")[1] for line in last_lines(path, 9)] == ["hello"]
        assert capsys.readouterr().err == ""
    finally:
        for handler in set(root.handlers) - set(kept):
            handler.close()
        root.handlers[:] = kept
        root.setLevel(level)


def test_the_last_lines_of_no_log_are_none(path: Path) -> None:
    assert last_lines(path, 5) == []


class Writer:
    """Does the next thing whenever a follower has read all there is."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self._steps = list(steps)

    def wait(self, seconds: float) -> None:
        self._steps.pop(0)()


def test_following_starts_at_the_end_and_goes_on_through_rotation(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"old\n")

    def write(text: str) -> None:
        with path.open("ab") as stream:
            stream.write(text.encode())

    def rotate() -> None:
        write("last\n")
        path.replace(path.with_name("vcam.log.1"))
        write("first\n")

    writer = Writer(
        lambda: write("one\nha"),
        lambda: write("lf\n"),
        rotate,
        lambda: path.write_bytes(b"x\n"),
    )
    lines = list(itertools.islice(follow(path, writer.wait), 5))
    assert lines == ["one", "half", "last", "first", "x"]


@needs_deleting_open_files
def test_following_goes_on_after_a_deletion(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"old\n")
    writer = Writer(path.unlink, lambda: None, lambda: path.write_bytes(b"anew\n"))
    assert next(follow(path, writer.wait)) == "anew"


def test_following_waits_for_a_log_that_is_not_there_yet(path: Path) -> None:
    path.parent.mkdir()
    writer = Writer(lambda: None, lambda: path.write_bytes(b"hello\n"))
    assert next(follow(path, writer.wait)) == "hello"


def test_a_pipe_in_the_log_s_place_makes_nobody_wait(log: LogFile, path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("there are no pipes among files")
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    writer = threading.Thread(target=log.emit, args=(record("lost"),), daemon=True)
    writer.start()
    writer.join(5)
    assert not writer.is_alive()
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    log.emit(record("lost too"))
    assert os.read(reader, 100) == b""
    os.close(reader)
    path.unlink()
    log.emit(record("kept"))
    assert "kept" in path.read_text()


def test_following_does_not_hinder_rotation(log: LogFile, path: Path) -> None:
    log.emit(record("old"))
    writer = Writer(*[lambda: log.emit(record("x" * 100_000))] * 25)
    lines = list(itertools.islice(follow(path, writer.wait), 25))
    assert len(lines) == 25
    assert all(part.exists() for part in parts(path))
    assert len(last_lines(path, 100)) == 26
