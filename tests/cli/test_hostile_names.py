"""Names and values with escape sequences and line breaks: no command lets a terminal obey them."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.linux.fake_host import FakeKernel
from tests.linux.fake_nodes import FakeLoopback, FakeNode
from tests.service.places import own_places
from vcam.cli import cli
from vcam.devices.listing import device_data, device_lines
from vcam.doctor.findings import Finding, Level
from vcam.doctor.findings_text import report
from vcam.service.runtime import Instance
from vcam.service.status_text import report as status_report

EVIL = "x\x1b]0;owned\x07\nvcam: all is well\x9b2J\u202e"


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with own_places(monkeypatch) as folder:
        yield folder


def obeyed(text: str) -> set[str]:
    return {char for char in text if not char.isprintable()} - {"\n"}


@pytest.mark.parametrize(
    "command",
    [
        ("run", "--config"), ("status", "--config"), ("stop", "--config"), ("start", "--config"),
        ("logs", "--config"), ("config", "check"), ("set", "camera.fps=15", "--config"),
        ("process", "in.png", "out.png", "--config"), ("process", "out.png"),
        ("doctor", "--config"), ("config", "init", "--force"), ("next", "--config"),
        ("preview", "--config"),
        ("setup", "--family"), ("models",), (), ("demo", "--seconds"), ("completion",),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", [EVIL, f"--{EVIL}", "\udcff\x1b[8m"])
def test_a_file_of_such_a_name(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, [*command, name])
    assert obeyed(result.output) == set()
    assert "\nvcam: all is well" not in result.output
    assert result.exit_code != 1, result.output


@pytest.mark.parametrize("key", ["background.path", "camera.device", "output.device", EVIL])
@pytest.mark.parametrize(
    "command",
    ["config check", "status", "status --json", "set camera.fps=15", "doctor", "config show"],
)
def test_a_file_with_such_values(own: Path, key: str, command: str) -> None:
    section, _, name = key.partition(".")
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps({section: {name or "x": EVIL}}))
    result = CliRunner().invoke(cli, command.split())
    assert obeyed(result.output) == set()
    assert "\nvcam: all is well" not in result.output
    assert result.exit_code != 1, result.output


@pytest.mark.skipif(sys.platform != "linux", reason="reads sysfs")
def test_a_camera_of_such_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = {0: FakeNode(EVIL, sizes={"YUYV": [(640, 480)]}), 10: FakeLoopback(EVIL)}
    kernel = FakeKernel(tmp_path, nodes)
    kernel.add_process(41, EVIL, tmp_path / "dev/video0", streams=True)
    for name, function in (("device_lines", device_lines), ("device_data", device_data)):
        there = functools.partial(function, kernel.host)
        monkeypatch.setattr(f"vcam.cli.devices.{name}", there)
    for options in ([], ["--json"]):
        shown = CliRunner().invoke(cli, ["devices", *options]).output
        assert "owned" in shown
        assert obeyed(shown) == set()
        assert "\nvcam: all is well" not in shown


def test_a_vcam_that_says_so() -> None:
    lines = status_report({"state": "live", "source": EVIL, "readers": [EVIL], "error": EVIL})
    assert obeyed("\n".join(lines)) == set()


def test_a_finding_of_the_doctor() -> None:
    lines = report([Finding("node", Level.PROBLEM, EVIL, (EVIL,), EVIL)])
    assert obeyed("\n".join(lines)) == set()


def test_the_log_of_such_a_device(own: Path) -> None:
    log = Instance("Virtual Camera").log_path
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"an older line {EVIL}\n")
    shown = CliRunner().invoke(cli, ["logs"])
    assert "an older line" in shown.output
    assert obeyed(shown.output) == set()
