"""Commands that people wait for load no more than they need: told by modules, not by the clock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.service import stand_in
from tests.service.places import own_places
from vcam.cli.main import _COMMANDS, cli
from vcam.service.control import ControlServer
from vcam.service.lock import Lock
from vcam.service.runtime import Instance

INSTANCE = Instance("Virtual Camera")
HEAVY = {"PIL", "cv2", "mediapipe", "numpy", "pydantic", "ruamel"}
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


def loaded(*arguments: str, **environment: str) -> set[str]:
    """The heavy packages that a command loads."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 9), done.stderr
    return set(done.stdout.rpartition("LOADED")[2].split()) & HEAVY


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    "command", ["pause", "resume", "toggle pause", "status", "status --json", "next"]
)
def test_a_word_to_a_running_vcam_loads_nothing_heavy(command: str) -> None:
    assert loaded(*command.split()) == set()


def test_stop_loads_nothing_heavy(runtime: Path) -> None:
    vcam = subprocess.Popen(stand_in.command(INSTANCE.device, "ready"))
    try:
        while not INSTANCE.socket_path.exists():
            assert vcam.poll() is None
        assert loaded("stop", "--config", str(runtime / "vcam.yaml")) == set()
    finally:
        vcam.kill()
        vcam.wait()


def test_help_loads_nothing_heavy() -> None:
    assert loaded("--help") == set()


def test_the_tab_key_loads_no_schema() -> None:
    words = {"_VCAM_COMPLETE": "bash_complete"}
    assert loaded(COMP_WORDS="vcam pa", COMP_CWORD="1", **words) == set()
    keys = loaded(COMP_WORDS="vcam set background.ty", COMP_CWORD="2", **words)
    assert keys == set()
    assert loaded(COMP_WORDS="vcam get background.ty", COMP_CWORD="2", **words) == set()


@pytest.mark.parametrize("name", _COMMANDS)
def test_the_list_of_commands_fits_on_a_line_each(name: str) -> None:
    assert cli.get_command(click.Context(cli), name) is not None
    assert len(_COMMANDS[name][1]) <= 66
