from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from vcam.cli import cli
from vcam.cli.setup import script

linux = pytest.mark.skipif(sys.platform != "linux", reason="a script for Linux")


def setup(root: Path, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vcam", "setup", *arguments],
        env={**os.environ, "VCAM_SETUP_ROOT": str(root), "VCAM_PROGRAM": "./scripts/vcam"},
        input=answer, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


def test_the_script_is_there() -> None:
    assert script().read_text().startswith("#!/bin/sh")


@linux
def test_a_dry_run_shows_what_would_be_done(tmp_path: Path) -> None:
    done = setup(tmp_path, "--dry-run", "--family", "arch")
    assert done.returncode == 0
    assert "pacman -S" in done.stdout


@linux
def test_nothing_is_done_without_a_yes(tmp_path: Path) -> None:
    done = setup(tmp_path, "--family", "arch", answer="n\n")
    assert done.returncode == 8
    assert "nothing was done" in done.stderr


@linux
def test_an_uninstall_names_vcam_as_it_is_called(tmp_path: Path) -> None:
    node = tmp_path / "sys/class/video4linux/video10"
    node.mkdir(parents=True)
    (node / "name").write_text("Virtual Camera\n")
    (node / "max_openers").write_text("10\n")
    module = tmp_path / "sys/module/v4l2loopback"
    module.mkdir(parents=True)
    (module / "refcnt").write_text("1\n")
    assert "`./scripts/vcam stop`" in setup(tmp_path, "--uninstall", "--family", "arch").stdout


def test_elsewhere_than_on_linux_obs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    refused = CliRunner().invoke(cli, ["setup"])
    assert refused.exit_code == 8
    assert "OBS Studio 30" in refused.output
