from __future__ import annotations

import errno
import itertools
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback
from vcam.devices import v4l2
from vcam.devices.readers import DriverEvents, OpenFiles, Readers, watch_readers

ZOOM = 4242
PIPEWIRE = 900


class Desk:
    """A machine with one loopback node, and its readers watched."""

    def __init__(self, folder: Path, node: FakeLoopback) -> None:
        self.node = node
        self.kernel = FakeKernel(folder, {10: node})
        self.path = folder / "dev/video10"
        self.scans = 0
        self.host = replace(self.kernel.host, readlink=self._readlink)
        self.opened: list[int] = []

    def watch(self) -> Readers:
        readers = watch_readers(str(self.path), self.host)
        assert readers is not None
        return readers

    def _readlink(self, link: str) -> str:
        self.scans += 1
        return self.kernel.host.readlink(link)

    def open(self) -> None:
        self.opened.append(os.open(self.path, os.O_RDONLY))

    def close(self) -> None:
        os.close(self.opened.pop())

    def pass_time(self, seconds: float) -> None:
        self.kernel.now += seconds


@pytest.fixture
def new(tmp_path: Path) -> Desk:
    return Desk(tmp_path, FakeLoopback())


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, FakeLoopback(new=False))
    yield desk
    while desk.opened:
        desk.close()


@pytest.fixture
def dear(old: Desk) -> Desk:
    """The same, where every look at /proc costs 10 ms."""
    hundredths = itertools.count()
    old.host = replace(old.host, cpu=lambda: next(hundredths) * 0.01)
    return old


# -- a driver that tells -----------------------------------------------------------------------


def test_a_reader_is_told_of_from_its_first_frame_to_its_last(new: Desk) -> None:
    readers = new.watch()
    assert isinstance(readers, DriverEvents)
    assert not readers.watched()
    new.node.stream(True)
    assert readers.watched()
    assert readers.watched()
    new.node.stream(False)
    assert not readers.watched()


def test_a_reader_who_was_there_before_is_told_of(new: Desk) -> None:
    new.node.stream(True)
    assert new.watch().watched()


def test_an_event_that_gets_lost_is_made_up_for_in_two_seconds(new: Desk) -> None:
    readers = new.watch()
    new.node.stream(True, is_told=False)
    assert not readers.watched()
    new.pass_time(2)
    assert readers.watched()


def test_waiting_ends_when_a_reader_comes(new: Desk) -> None:
    readers = new.watch()
    new.kernel.later = [lambda: new.node.stream(True)]
    before = new.kernel.now
    assert readers.wait(60)
    assert new.kernel.now - before < 0.1


@pytest.mark.parametrize("is_new", [True, False])
def test_waiting_for_nobody_ends_in_time(is_new: bool, tmp_path: Path) -> None:
    desk = Desk(tmp_path, FakeLoopback(new=is_new))
    readers = desk.watch()
    before = desk.kernel.now
    assert not readers.wait(10)
    assert desk.kernel.now - before == pytest.approx(10)


def test_a_node_that_has_gone_has_no_readers_and_does_not_keep_the_waiter_busy(new: Desk) -> None:
    new.node.stream(True)
    readers = new.watch()
    assert readers.watched()
    new.node.refusals[v4l2.DQEVENT] = errno.ENODEV
    assert not readers.wait(0.5)
    before, polls = new.kernel.now, new.kernel.polls
    assert not readers.wait(0.5)
    assert new.kernel.now - before == pytest.approx(0.5)
    assert new.kernel.polls == polls  # polling a node that has gone returns at once


def test_the_program_that_streams_is_named_before_those_that_have_it_open(new: Desk) -> None:
    new.kernel.add_process(PIPEWIRE, "pipewire", new.path)
    readers = new.watch()
    assert readers.names() == []
    new.node.stream(True)
    assert readers.watched()
    assert readers.names() == [f"pipewire (process {PIPEWIRE})"]
    new.kernel.add_process(ZOOM, "zoom", new.path, streams=True)
    assert readers.names() == [f"zoom (process {ZOOM})"]


def test_a_reader_who_cannot_be_seen_has_no_name(new: Desk) -> None:
    new.node.stream(True)
    readers = new.watch()
    assert readers.watched()
    assert readers.names() is None


def test_its_descriptor_is_closed_once(new: Desk) -> None:
    readers = new.watch()
    assert new.node.opened == 1
    readers.close()
    readers.close()
    assert new.node.opened == 0


def test_a_node_that_is_open_too_often_is_watched_from_outside(new: Desk) -> None:
    new.node.refusals["open"] = errno.EBUSY
    assert isinstance(new.watch(), OpenFiles)


# -- a driver that does not --------------------------------------------------------------------


def test_no_descriptor_of_an_old_node_is_kept(old: Desk) -> None:
    assert isinstance(old.watch(), OpenFiles)
    assert old.node.opened == 0


def test_a_reader_who_was_there_before_is_seen(old: Desk) -> None:
    old.kernel.add_process(ZOOM, "zoom", old.path, streams=True)
    readers = old.watch()
    assert readers.watched()
    assert readers.names() == [f"zoom (process {ZOOM})"]


def test_a_reader_is_seen_coming_and_going(old: Desk) -> None:
    readers = old.watch()
    assert not readers.watched()

    def come() -> None:
        old.open()
        old.kernel.add_process(ZOOM, "zoom", old.path, streams=True)

    def go() -> None:
        old.close()
        old.kernel.end_process(ZOOM)

    old.kernel.later = [come]
    assert readers.wait(60)
    old.kernel.later = [go]
    before = old.kernel.now
    assert not readers.wait(60)
    assert old.kernel.now - before < 0.5
    assert readers.names() == []


def test_a_program_that_holds_the_node_counts_only_while_it_streams(old: Desk) -> None:
    old.kernel.add_process(PIPEWIRE, "pipewire", old.path)
    readers = old.watch()
    for streams in (False, True, False):
        old.kernel.map_buffers(PIPEWIRE, old.path, streams)
        old.pass_time(0.25)
        assert readers.watched() is streams


def test_programs_that_only_ask_what_the_node_is_are_not_searched_for(dear: Desk) -> None:
    dear.kernel.add_process(77, "shell", Path("/dev/null"))
    readers = dear.watch()
    assert not readers.watched()
    for _ in range(20):
        dear.open()
        dear.close()
        assert not readers.watched()
        dear.pass_time(0.1)
    assert dear.scans == 1
    dear.pass_time(1)  # the sum of openings and closings is no proof: one search in its time
    assert not readers.watched()
    assert dear.scans == 2


def test_what_is_dear_is_done_rarely(dear: Desk) -> None:
    dear.kernel.add_process(PIPEWIRE, "pipewire", dear.path)
    readers = dear.watch()
    assert not readers.watched()
    dear.kernel.map_buffers(PIPEWIRE, dear.path, True)
    dear.pass_time(2.4)
    assert not readers.watched()
    dear.pass_time(0.2)
    assert readers.watched()


def test_a_program_that_has_come_and_stays_is_searched_for_at_once(dear: Desk) -> None:
    readers = dear.watch()
    assert not readers.watched()
    dear.open()
    dear.kernel.add_process(ZOOM, "zoom", dear.path, streams=True)
    assert not readers.watched()
    dear.pass_time(0.1)
    assert readers.watched()


def test_this_process_is_no_reader(old: Desk) -> None:
    old.kernel.add_process(os.getpid(), "vcam", old.path, streams=True)
    assert not old.watch().watched()


# -- where it cannot be told -------------------------------------------------------------------


def test_a_node_that_is_not_there_cannot_be_watched(old: Desk) -> None:
    assert watch_readers("/nowhere/video10", old.host) is None


def test_readers_are_not_known_elsewhere_than_on_linux(
    new: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert watch_readers(str(new.path), new.host) is None


def test_who_watches_still_does_while_no_more_files_may_be_open(
    old: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.kernel.add_process(ZOOM, "zoom", old.path, streams=True)
    readers = old.watch()
    assert readers.watched()

    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        patch.setattr(Path, "read_bytes", refuse)
        for _ in range(10):
            old.open()
            old.pass_time(0.5)
            assert readers.watched()
    old.kernel.end_process(ZOOM)
    old.pass_time(0.5)
    readers.watched()
    old.pass_time(0.5)
    assert not readers.watched()


def test_the_driver_tells_of_readers_whose_names_cannot_be_found(
    new: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = new.watch()

    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "scandir", refuse)
    assert readers.names() is None


@pytest.mark.parametrize("is_new", [True, False])
def test_a_wait_can_be_ended_also_before_it_begins(is_new: bool, tmp_path: Path) -> None:
    desk = Desk(tmp_path, FakeLoopback(new=is_new))
    readers = desk.watch()
    desk.kernel.later = [readers.wake]
    before = desk.kernel.now
    assert not readers.wait(60)
    assert desk.kernel.now - before < 1
    readers.wake()
    assert not readers.wait(60)
    assert desk.kernel.now - before < 1
    assert not readers.wait(10), "only the one that was meant"
    assert desk.kernel.now - before > 10
