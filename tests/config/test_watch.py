from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.config.savings import NEW, OLD, SAVINGS, in_place, renamed_over
from tests.named_pipes import make_pipe
from vcam.config.file_state import READ_BYTES, FileState, WatchedFile, advance, look
from vcam.system.user import is_root


class Desk:
    """A watched file and a clock of its own: no threads, no waiting."""

    def __init__(self, path: Path) -> None:
        self.now = 100.0
        seen, _ = look(path)
        self.watched = WatchedFile(path, seen, seen, self.now)

    def look(self, after: float = 0.1) -> bytes | int | None:
        """Look once more: the content or the error that is reported, None where nothing is."""
        self.now += after
        known = None if self.watched.needs_content(self.now) else self.watched.latest
        seen, content = look(self.watched.place, known)
        self.watched, changed = advance(self.watched, seen, self.now)
        if not changed:
            return None
        return seen.error or content

    def looks(self, count: int) -> list[bytes | int]:
        """All that is reported in so many looks."""
        seen = [self.look() for _ in range(count)]
        return [report for report in seen if report is not None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vcam.yaml"
    path.write_bytes(OLD)
    return path


@pytest.mark.parametrize("save", SAVINGS)
def test_every_way_of_saving_is_reported_once(file: Path, save: Callable[[Path], None]) -> None:
    desk = Desk(file)
    assert desk.looks(50) == []
    save(file)
    assert desk.look() is None, "not before a second look has found it the same"
    assert desk.look() == NEW
    assert desk.looks(50) == []


def test_links_target_and_the_link_itself_are_followed(tmp_path: Path, file: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    desk = Desk(link)
    desk.looks(50)
    in_place(file)
    assert desk.looks(3) == [NEW]
    other = tmp_path / "other.yaml"
    other.write_bytes(b"camera: {}\n")
    link.unlink()
    link.symlink_to(other)
    assert desk.looks(3) == [b"camera: {}\n"]
    renamed_over(other)
    assert desk.looks(3) == [NEW]


def test_change_within_one_tick_of_the_time_stamp_is_noticed(file: Path) -> None:
    stamp = (1, 2, len(OLD), 3, 4)
    first, second = FileState(stamp, b"old"), FileState(stamp, b"new")
    watched = WatchedFile(file, first, first, 0.0)
    assert watched.needs_content(2.0)
    watched, _ = advance(watched, second, 2.0)
    assert advance(watched, second, 2.1)[1]


def test_file_at_rest_is_not_read(file: Path) -> None:
    desk = Desk(file)
    desk.look(10)
    assert not desk.watched.needs_content(desk.now)
    latest = desk.watched.latest
    assert look(file, latest)[0] is latest


def test_half_written_file_is_not_reported(file: Path) -> None:
    desk = Desk(file)
    reports = []
    for part in range(1, 8):
        file.write_bytes(NEW * part)
        reports.append(desk.look())
    assert reports == [None] * 7
    assert desk.look() == NEW * 7


def test_file_saved_without_a_change_is_not_reported(file: Path) -> None:
    desk = Desk(file)
    os.utime(file)
    assert desk.looks(3) == []
    file.unlink()
    assert desk.looks(2) == []
    file.write_bytes(OLD)
    assert desk.looks(50) == []


def test_deleted_file_is_reported_when_it_stays_away(file: Path) -> None:
    desk = Desk(file)
    file.unlink()
    assert [desk.look() for _ in range(3)] == [None] * 3
    assert desk.look(0.11) == errno.ENOENT
    assert desk.looks(50) == []
    file.write_bytes(OLD)
    assert desk.looks(2) == [OLD], "even though it is what it was"


def test_emptied_file_is_reported_when_it_stays_empty(file: Path) -> None:
    desk = Desk(file)
    file.write_bytes(b"")
    assert desk.looks(2) == []
    file.write_bytes(NEW)
    assert desk.looks(2) == [NEW]
    file.write_bytes(b"")
    assert desk.looks(6) == [b""]


@pytest.mark.skipif(is_root() or sys.platform == "win32", reason="root may read everything")
def test_unreadable_file_is_reported_and_readable_again(file: Path) -> None:
    desk = Desk(file)
    file.chmod(0)
    assert desk.looks(6) == [errno.EACCES]
    file.chmod(0o600)
    assert desk.looks(3) == [OLD]


def test_unreadable_and_then_deleted_are_two_things(file: Path) -> None:
    known = look(file)[0]
    unreadable, gone = FileState(error=errno.EACCES), FileState(error=errno.ENOENT)
    watched = WatchedFile(file, known, known, 0.0)
    told = []
    for tenth in range(1, 20):
        watched, changed = advance(watched, unreadable if tenth < 10 else gone, tenth / 10)
        told += [watched.latest] * changed
    assert told == [unreadable, gone]


def test_folder_pipe_and_impossible_name_are_no_files(tmp_path: Path) -> None:
    make_pipe(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("a\0b"), tmp_path / "gone" / "x"):
        seen, content = look(path)
        assert seen.error
        assert content == b""


def test_file_saved_ten_times_a_second_is_reported_whole_now_and_then(file: Path) -> None:
    desk = Desk(file)
    versions, reports = [], []
    for number in range(30):
        versions.append(f"camera: {{fps: {number + 1}}}\n".encode())
        file.write_bytes(versions[-1])
        due = desk.now + 0.1
        while desk.now < due - 1e-6:
            hasty = desk.watched.is_hasty(desk.now)
            reports.append(desk.look(0.025 if hasty else 0.1))
    told = [report for report in reports if report is not None]
    assert 3 <= len(told) <= 7
    assert all(report in versions for report in told)
    assert desk.looks(3)[-1:] in ([versions[-1]], []), "nothing is left untold"
    assert desk.watched.reported.digest == desk.watched.latest.digest


def test_only_the_start_of_a_large_file_is_read(tmp_path: Path) -> None:
    picture = tmp_path / "large.jpg"
    picture.write_bytes(b"x" * (READ_BYTES + 10))
    desk = Desk(picture)
    with picture.open("ab") as stream:
        stream.write(b"more")
    reports = desk.looks(3)
    assert reports == [b"x" * READ_BYTES]
