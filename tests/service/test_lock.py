from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.abilities import needs_deleting_open_files, needs_modes
from tests.service import stand_in
from tests.service.waiting import wait_for
from vcam.errors import ServiceError
from vcam.service import lock
from vcam.service.control import ControlServer
from vcam.service.lock import Lock
from vcam.service.owners import holder, holders
from vcam.service.runtime import Instance
from vcam.system import locks

INSTANCE = Instance("Virtual Camera")


def test_the_second_one_is_told_who_was_first() -> None:
    with Lock(INSTANCE), pytest.raises(ServiceError) as refused:
        Lock(INSTANCE).acquire()
    assert refused.value.problem == f"vcam already runs for Virtual Camera (process {os.getpid()})"
    assert "`vcam stop`" in refused.value.cure


def test_other_virtual_cameras_have_locks_of_their_own(tmp_path: Path) -> None:
    with Lock(INSTANCE), Lock(Instance("/dev/video11"), tmp_path / "other.yaml"):
        found = {one.instance.device: one.config for one in holders()}
    assert found == {"Virtual Camera": None, "/dev/video11": tmp_path / "other.yaml"}
    assert holders() == []


def test_it_can_be_taken_again_after_it_was_given_back() -> None:
    lock = Lock(INSTANCE)
    lock.release()
    with lock:
        found = holder(INSTANCE)
        assert found is not None
        assert found.pid == os.getpid()
        assert found.is_certain
    assert holder(INSTANCE) is None
    with lock:
        assert holder(INSTANCE) is not None


@needs_modes
def test_the_file_is_private() -> None:
    with Lock(INSTANCE):
        assert INSTANCE.lock_path.stat().st_mode & 0o777 == 0o600


def test_the_file_is_readable_text() -> None:
    with Lock(INSTANCE):
        assert json.loads(INSTANCE.lock_path.read_text())["process"] == os.getpid()


@pytest.mark.parametrize("left", ["", "nonsense", '{"process": 1}', "[1]", "\0\xff"])
def test_a_file_that_was_left_behind_does_no_harm(left: str) -> None:
    INSTANCE.lock_path.write_text(left)
    assert holder(INSTANCE) is None
    with Lock(INSTANCE):
        found = holder(INSTANCE)
        assert found is not None
        assert found.pid == os.getpid()


def test_a_holder_that_could_not_write_its_name_still_holds() -> None:
    with Lock(INSTANCE):
        INSTANCE.lock_path.write_text("")
        found = holder(INSTANCE)
        assert found is not None
        assert not found.is_certain
        with pytest.raises(ServiceError, match="already runs for Virtual Camera: "):
            Lock(INSTANCE).acquire()


def test_a_number_that_another_process_has_by_now_is_not_taken_for_the_holder() -> None:
    with Lock(INSTANCE):
        text = json.loads(INSTANCE.lock_path.read_text())
        INSTANCE.lock_path.write_text(json.dumps(text | {"born": "1"}))
        found = holder(INSTANCE)
        assert found is not None
        assert not found.is_certain


def test_looking_does_not_get_in_the_way_of_taking() -> None:
    reader = os.open(INSTANCE.lock_path, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(reader)
    for _ in range(50):
        assert holder(INSTANCE) is None
        with Lock(INSTANCE):
            assert holder(INSTANCE) is not None


def test_somebody_who_looks_for_a_moment_is_waited_for() -> None:
    if sys.platform == "win32":
        pytest.skip("there are no shared locks")
    import fcntl

    looking = os.open(INSTANCE.lock_path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(looking, fcntl.LOCK_SH)
    threading.Timer(0.03, os.close, [looking]).start()
    with Lock(INSTANCE):
        assert holder(INSTANCE) is not None


@needs_deleting_open_files
def test_a_file_that_was_deleted_meanwhile_is_not_the_one_that_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    try_lock, deletions = locks.try_lock, iter([INSTANCE.lock_path.unlink])

    def delete_it_first(descriptor: int) -> bool:
        for delete in deletions:
            delete()
        return try_lock(descriptor)

    monkeypatch.setattr(lock, "try_lock", delete_it_first)
    with Lock(INSTANCE), pytest.raises(ServiceError, match="already runs"):
        Lock(INSTANCE).acquire()


@needs_deleting_open_files
def test_a_file_that_was_deleted_is_put_back() -> None:
    with Lock(INSTANCE) as held:
        INSTANCE.lock_path.unlink()
        assert holder(INSTANCE) is None
        held.keep()
        found = holder(INSTANCE)
        assert found is not None
        assert found.is_certain
        before = INSTANCE.lock_path.stat()
        held.keep()
        assert os.path.samestat(before, INSTANCE.lock_path.stat())
    assert holder(INSTANCE) is None


@needs_deleting_open_files
def test_a_file_that_another_has_by_now_is_left_to_it() -> None:
    with Lock(INSTANCE) as first:
        INSTANCE.lock_path.unlink()
        with Lock(INSTANCE):
            first.keep()
        first.keep()
        assert holder(INSTANCE) is not None
    assert holder(INSTANCE) is None


def test_kill_9_leaves_nothing_that_has_to_be_cleared_away() -> None:
    child = subprocess.Popen(stand_in.command(INSTANCE.device, "ready"))
    found = wait_for(lambda: holder(INSTANCE), "the child holds the lock")
    assert wait_for(lambda: (holder(INSTANCE) or found).pid, "it says who it is") == child.pid
    child.kill()
    child.wait()
    assert INSTANCE.lock_path.exists()
    assert holder(INSTANCE) is None
    with Lock(INSTANCE):
        pass


@needs_deleting_open_files
def test_who_answers_runs_though_the_lock_was_deleted() -> None:
    server = ControlServer(INSTANCE.socket_path, lambda request: {})
    with Lock(INSTANCE):
        server.start()
        INSTANCE.lock_path.unlink()
        with pytest.raises(ServiceError, match="vcam already runs for Virtual Camera"):
            Lock(INSTANCE).acquire()
        server.close()


def test_a_socket_that_nobody_listens_on_is_no_vcam() -> None:
    if sys.platform == "win32":
        pytest.skip("there are no sockets among files")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(INSTANCE.socket_path))
    with Lock(INSTANCE):
        assert holder(INSTANCE) is not None
