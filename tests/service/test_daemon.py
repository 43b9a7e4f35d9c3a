from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.service import stand_in
from tests.service.waiting import wait_for
from vcam.errors import ConfigError, ServiceError, SourceError, VcamError
from vcam.service import daemon, ending
from vcam.service.daemon import start
from vcam.service.ending import stop
from vcam.service.lock import Lock
from vcam.service.owners import Owner, holder
from vcam.service.processes import is_alive
from vcam.service.runtime import Instance

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

INSTANCE = Instance("Virtual Camera")


def command(behaviour: str) -> list[str]:
    return stand_in.command(INSTANCE.device, behaviour)


def test_start_returns_when_frames_flow_and_stop_when_all_is_over(runtime: Path) -> None:
    status = start(command=command("ready"))
    assert status["state"] == "live"
    found = holder(INSTANCE)
    assert found is not None
    assert found.pid == status["pid"]
    if sys.platform != "win32":
        assert os.getsid(found.pid) == found.pid  # the terminal's end is not its own
    with pytest.raises(ServiceError, match=rf"already runs for .* \(process {found.pid}\)"):
        start(command=command("ready"))
    assert stop(INSTANCE) is True
    assert not is_alive(found.pid)
    assert holder(INSTANCE) is None
    assert {path.suffix for path in runtime.iterdir()} == {".lock", ".log"}


def test_stopping_what_does_not_run_is_no_error() -> None:
    assert stop(INSTANCE) is False


def test_two_racing_starts_end_with_one_running_and_one_told_so() -> None:
    outcomes: list[dict[str, object] | VcamError] = []

    def begin() -> None:
        try:
            outcomes.append(start(command=command("ready")))
        except VcamError as error:
            outcomes.append(error)

    barrier = [threading.Thread(target=begin) for _ in range(2)]
    for thread in barrier:
        thread.start()
    for thread in barrier:
        thread.join()
    started = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    told = [outcome for outcome in outcomes if isinstance(outcome, VcamError)]
    assert len(started) == len(told) == 1
    assert f"already runs for Virtual Camera (process {started[0]['pid']})" in str(told[0])
    assert told[0].exit_code == 9
    assert stop(INSTANCE)


def test_one_that_refuses_is_quoted_with_its_exit_code() -> None:
    with pytest.raises(SourceError) as refused:
        start(command=command("refused"))
    assert refused.value.problem == "no camera is there\nplug one in"
    assert refused.value.exit_code == 4
    assert "chatter" in INSTANCE.start_log_path.read_text()


def test_one_that_is_killed_while_starting_is_told_with_its_last_words() -> None:
    with pytest.raises(ServiceError, match="ended by SIGKILL") as refused:
        start(command=command("broken"))
    assert "the last words of a library" in refused.value.problem


def test_one_that_sends_nothing_in_time_is_ended() -> None:
    with pytest.raises(ServiceError, match=r"sent no frame within 1\.5 s and was ended"):
        start(command=command("mute"), patience=1.5)
    assert holder(INSTANCE) is None


def test_a_program_that_cannot_be_run_is_said_plainly() -> None:
    with pytest.raises(ServiceError, match="cannot be started in the background"):
        start(command=["/nowhere/python"])


def test_a_broken_file_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text("camera: {widht: 1}\n")
    with pytest.raises(ConfigError, match="widht"):
        start(path, command=["/nowhere/python"])


def test_one_that_does_not_end_when_asked_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_TERM_SECONDS", 0.2)
    pid = start(command=command("stubborn"))["pid"]
    assert stop(INSTANCE, patience=0.2)
    assert not is_alive(pid)
    assert holder(INSTANCE) is None


def test_one_that_hangs_is_ended_without_being_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows cannot stop a process for a while")
    monkeypatch.setattr(ending, "_TERM_SECONDS", 0.2)
    pid = start(command=command("ready"))["pid"]
    os.kill(pid, signal.SIGSTOP)
    assert stop(INSTANCE, patience=0.2)
    assert not is_alive(pid)


def test_a_process_that_only_has_the_number_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with bystander, Lock(INSTANCE):
        text = INSTANCE.lock_path.read_text()
        INSTANCE.lock_path.write_text(
            text.replace(f'"process": {os.getpid()}', f'"process": {bystander.pid}')
        )
        with pytest.raises(ServiceError, match="does not end"):
            stop(INSTANCE, patience=0.1)
        assert bystander.poll() is None
        bystander.communicate(b"\n")
    assert bystander.returncode == 0


def test_after_kill_9_it_can_be_started_again() -> None:
    first = start(command=command("ready"))["pid"]
    stand_in.end_at_once(first)
    wait_for(lambda: holder(INSTANCE) is None, "its lock is free")
    second = start(command=command("ready"))["pid"]
    assert second != first
    assert stop(INSTANCE)


def test_one_that_was_killed_gets_a_moment_to_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dying = [Owner(INSTANCE, ended.pid, since="", config=None, born="1")] * 3
    with monkeypatch.context() as patch:
        patch.setattr(daemon, "holder", lambda _: dying.pop() if dying else None)
        assert start(command=command("ready"))["state"] == "live"
    assert stop(INSTANCE) is True


def test_the_very_same_vcam_is_run() -> None:
    shown = subprocess.run(
        [*daemon.run_command(Path("x.yaml"))[:-4], "--version"],
        cwd=daemon.run_folder(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "vcam" in shown.stdout
    assert daemon.run_command(Path("x.yaml"))[-1] == str(Path("x.yaml").absolute())
    assert "--config" not in daemon.run_command(None)
