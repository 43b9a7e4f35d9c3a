from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.service import stand_in
from tests.service.places import own_places
from vcam.cli import cli
from vcam.service import daemon, systemd
from vcam.service.control import ControlServer
from vcam.service.lock import Lock
from vcam.service.owners import holder
from vcam.service.runtime import Instance

INSTANCE = Instance("Virtual Camera")

COMMANDS = """
start, stop, restart, status, logs, pause, resume, relearn,
service, service install, service uninstall
"""


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with own_places(monkeypatch) as folder:
        yield folder


@pytest.fixture
def mog2(tmp_path: Path) -> Path:
    """A configuration that needs no model."""
    path = tmp_path / "vcam.yaml"
    path.write_text("segmentation: {backend: mog2}\n")
    return path


@pytest.fixture
def running() -> Iterator[stand_in.StandIn]:
    """A vcam that runs in this process."""
    vcam = stand_in.StandIn("ready")
    with Lock(INSTANCE):
        server = ControlServer(INSTANCE.socket_path, vcam.handle)
        server.start()
        yield vcam
        server.close()


def vcam(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.parametrize("command", COMMANDS.strip().replace("\n", " ").split(", "))
def test_every_command_has_help(command: str) -> None:
    result = vcam(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.output


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_start_restart_and_stop(mog2: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        daemon, "run_command", lambda path: stand_in.command(INSTANCE.device, "ready")
    )
    started = vcam("start", "--config", mog2)
    assert started.exit_code == 0, started.output
    assert started.output == "ready: Virtual Camera\n"
    again = vcam("start", "--config", mog2)
    assert again.exit_code == 9
    assert "vcam: vcam already runs for Virtual Camera (process " in again.output
    restarted = vcam("restart", "--config", mog2)
    assert restarted.output == "stopped for Virtual Camera\nready: Virtual Camera\n"
    stopped = vcam("stop", "--config", mog2)
    assert (stopped.exit_code, stopped.output) == (0, "stopped for Virtual Camera\n")
    assert holder(INSTANCE) is None


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_start_says_that_the_camera_is_waited_for(
    mog2: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        daemon, "run_command", lambda path: stand_in.command(INSTANCE.device, "waiting")
    )
    started = vcam("start", "--config", mog2)
    assert started.exit_code == 0, started.output
    assert started.output == (
        "ready: Virtual Camera\n"
        "waiting for the camera (no camera was found: plug one in); until then viewers see no "
        "person\n"
    )
    vcam("stop", "--config", mog2)


def test_why_it_does_not_start_is_said_in_its_own_words(
    mog2: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        daemon, "run_command", lambda path: stand_in.command(INSTANCE.device, "refused")
    )
    refused = vcam("start", "--config", mog2)
    assert refused.exit_code == 4
    assert refused.output == "vcam: no camera is there\n      plug one in\n"


def test_stopping_what_does_not_run_is_said_and_no_error() -> None:
    stopped = vcam("stop")
    assert (stopped.exit_code, stopped.output) == (0, "vcam does not run for Virtual Camera\n")


@pytest.mark.usefixtures("running")
def test_a_broken_file_does_not_cost_the_running_one(mog2: Path) -> None:
    mog2.write_text("camera: {widht: 1}\n")
    assert vcam("restart", "--config", mog2).exit_code == 3
    assert holder(INSTANCE) is not None
    assert vcam("status", "--config", mog2).exit_code == 0


@pytest.mark.usefixtures("running")
def test_status_for_people_and_for_programs() -> None:
    shown = vcam("status")
    assert shown.exit_code == 0
    assert f"process         {os.getpid()}" in shown.output
    assert json.loads(vcam("status", "--json").stdout)["state"] == "live"


@pytest.mark.parametrize("command", ["status", "pause", "resume", "relearn"])
def test_commands_for_one_that_does_not_run_say_how_to_start_it(command: str) -> None:
    refused = vcam(command)
    assert refused.exit_code == 9
    assert refused.output == (
        "vcam: vcam does not run for Virtual Camera\n      `vcam start` starts it\n"
    )


def test_status_for_programs_says_that_it_is_stopped() -> None:
    refused = vcam("status", "--json")
    assert refused.exit_code == 9
    assert json.loads(refused.stdout)["state"] == "stopped"


@pytest.mark.usefixtures("running")
def test_watching_looks_again_until_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([None, None])

    def sleep(seconds: float) -> None:
        try:
            next(looks)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("vcam.cli.service.time.sleep", sleep)
    watched = vcam("status", "--watch", "--json")
    assert watched.exit_code == 0
    assert len(watched.stdout.splitlines()) == 3


def test_pausing_asks_the_running_one(running: stand_in.StandIn) -> None:
    assert "paused" in vcam("pause").output
    refused = vcam("relearn")
    assert refused.exit_code == 9
    assert "no command relearn" in refused.output


def test_logs_show_the_last_lines() -> None:
    assert "there is no log yet" in vcam("logs").output
    INSTANCE.log_path.parent.mkdir(parents=True)
    INSTANCE.log_path.write_text("one\ntwo\nthree\n")
    assert vcam("logs", "-n", "2").output == "two\nthree\n"


def test_the_service_is_installed_and_removed(mog2: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", "")
    installed = vcam("service", "install", "--config", mog2)
    assert installed.exit_code == 0, installed.output
    assert str(mog2) in systemd.unit_path().read_text()
    assert "type systemctl --user enable vcam.service" in installed.output
    assert vcam("service", "uninstall").exit_code == 0
    assert not systemd.unit_path().exists()
