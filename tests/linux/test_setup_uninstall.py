from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.linux.setup_script import (
    installed,
    load,
    program,
    run,
    set_up,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a script for Linux")


def test_uninstall_takes_away_the_files_and_the_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path, monkeypatch)
    load(tmp_path, "Y,N", video10="Virtual Camera")
    set_up(tmp_path)
    shown = run(tmp_path, "--dry-run", "--uninstall", "--family", "arch")
    assert "rm /etc/modprobe.d/vcam.conf" in shown
    assert "rm /etc/modules-load.d/vcam.conf" in shown
    assert "modprobe -r v4l2loopback" in shown
    assert "pacman -Rs v4l2loopback-dkms v4l2loopback-utils" in shown


def test_uninstall_leaves_other_programs_their_nodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(tmp_path, "Y,Y", video2="DroidCam", video10="Virtual Camera")
    set_up(tmp_path)
    shown = run(tmp_path, "--dry-run", "--uninstall", "--family", "debian")
    assert "modprobe -r" not in shown
    assert "goes away at the next boot" in shown
    (tmp_path / "sys/module/v4l2loopback/version").write_text("0.15.0\n")
    folder = program(tmp_path / "programs", "v4l2loopback-ctl")
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    shown = run(tmp_path, "--dry-run", "--uninstall", "--family", "debian")
    assert "v4l2loopback-ctl delete /dev/video10\n" in shown


def test_uninstall_unloads_nothing_that_is_in_use(tmp_path: Path) -> None:
    load(tmp_path, "Y", video10="Virtual Camera")
    (tmp_path / "sys/module/v4l2loopback/refcnt").write_text("2\n")
    set_up(tmp_path)
    shown = run(tmp_path, "--dry-run", "--uninstall", "--family", "debian")
    assert "modprobe" not in shown.replace("modprobe.d", "")
    assert "`vcam stop`" in shown


def test_uninstall_where_nothing_is_set_up_does_nothing(tmp_path: Path) -> None:
    assert "Nothing has to be done" in run(tmp_path, "--uninstall", "--family", "suse")


def test_uninstall_needs_no_known_distribution(tmp_path: Path) -> None:
    set_up(tmp_path)
    assert "rm /etc/modprobe.d/vcam.conf" in run(tmp_path, "--dry-run", "--uninstall")


def test_reload_and_uninstall_exclude_each_other(tmp_path: Path) -> None:
    assert "exclude" in run(tmp_path, "--reload", "--uninstall", status=1)
