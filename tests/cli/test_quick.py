"""Commands that people wait for load no more than they need: told by modules, not by the clock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

import click
import pytest

from tests.service import stand_in
from tests.service.places import own_places
from vcam.cli.main import _COMMANDS, cli
from vcam.errors import ServiceError
from vcam.service.control import ControlServer
from vcam.service.lock import Lock
from vcam.service.runtime import Instance

if TYPE_CHECKING:
    Done: TypeAlias = subprocess.CompletedProcess[str]

INSTANCE = Instance("Virtual Camera")
HEAVY = {"PIL", "cv2", "mediapipe", "numpy", "pydantic", "ruamel"}
PARSER = {"click", "dataclasses", "inspect", "logging"}
"""What takes as long as all else that a word to a running vcam needs."""
_LOADED = """
import atexit, os, sys
sys.argv[0] = "vcam"
atexit.register(lambda: print("LOADED", *{name.partition(".")[0] for name in sys.modules}))
from vcam.__main__ import main
main()
"""


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
    with own_places(monkeypatch) as folder:
        yield folder


@pytest.fixture
def running() -> Iterator[None]:
    def answer(request: object) -> dict[str, object]:
        return {"state": "live", "background": "slideshow"}

    with Lock(INSTANCE):
        server = ControlServer(INSTANCE.socket_path, answer)
        server.start()
        yield
        server.close()


def loaded(
    *arguments: str, among: set[str] = HEAVY, environment: Mapping[str, str] | None = None
) -> set[str]:
    """Which packages `among` those given a command loads."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        env={**os.environ, **(environment or {})}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode in (0, 9), done.stderr
    return set(done.stdout.rpartition("LOADED")[2].split()) & among


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    "command", ["pause", "resume", "toggle pause", "status", "status --json", "next"]
)
def test_a_word_to_a_running_vcam_loads_nothing_heavy(command: str) -> None:
    assert loaded(*command.split()) == set()


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("command", ["pause", "resume", "status", "status --json", "next"])
def test_the_shutter_does_not_wait_for_a_parser(command: str) -> None:
    assert loaded(*command.split(), among=PARSER) == set()


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("command", ["pause --help", "status --watcj", "next --no", "pause x"])
def test_what_is_more_than_a_word_is_left_to_the_parser(command: str) -> None:
    done = vcam(*command.split())
    assert "Usage: vcam " + command.split()[0] in done.stdout + done.stderr


def test_a_word_to_nobody_is_answered_as_ever() -> None:
    done = vcam("pause")
    assert (done.returncode, done.stdout) == (9, "")
    assert done.stderr.startswith("vcam: vcam does not run for Virtual Camera\n")


def test_a_refusal_names_the_file_that_was_given(tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"

    def refuse(_: object) -> dict[str, object]:
        raise ServiceError("not now", "`vcam status` shows why")

    with Lock(INSTANCE, file):
        server = ControlServer(INSTANCE.socket_path, refuse)
        server.start()
        for option in (["-c", str(file)], ["--config", str(file)], [f"--config={file}"]):
            done = vcam("pause", *option)
            assert (done.returncode, done.stdout) == (9, "")
            assert "vcam: not now" in done.stderr
            assert f"vcam status -c {file}`" in done.stderr
        server.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.usefixtures("running")
def test_an_answer_that_cannot_be_written_is_named_once() -> None:
    with Path("/dev/full").open("w") as full:
        done = vcam("pause", stdout=full)
    assert done.returncode == 8
    assert done.stderr.count("the output cannot be written") == 1
    assert "Traceback" not in done.stderr


def vcam(*arguments: str, stdout: IO[str] | int = subprocess.PIPE) -> Done:
    """What a command line says and ends with."""
    words = [sys.executable, "-m", "vcam", *arguments]
    return subprocess.run(
        words, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )


def test_stop_loads_nothing_heavy(runtime: Path) -> None:
    running = subprocess.Popen(stand_in.command(INSTANCE.device, "ready"))
    try:
        while not INSTANCE.socket_path.exists():
            assert running.poll() is None
        file = str(runtime / "vcam.yaml")
        assert loaded("stop", "--config", file, among=HEAVY | {"click"}) == set()
        assert running.wait(10) == 0
    finally:
        running.kill()
        running.wait()


def test_help_loads_nothing_heavy() -> None:
    assert loaded("--help", among=HEAVY | {"logging"}) == set()


def test_the_tab_key_loads_no_schema() -> None:
    assert completing("vcam pa", 1) == set()
    assert completing("vcam set background.ty", 2) == set()
    assert completing("vcam get background.ty", 2) == set()


def completing(words: str, word: int) -> set[str]:
    """The heavy packages that the tab key loads."""
    typed = {"COMP_WORDS": words, "COMP_CWORD": str(word), "_VCAM_COMPLETE": "bash_complete"}
    return loaded(environment=typed)


@pytest.mark.parametrize("name", _COMMANDS)
def test_the_list_of_commands_fits_on_a_line_each(name: str) -> None:
    assert cli.get_command(click.Context(cli), name) is not None
    assert len(_COMMANDS[name][1]) <= 66
