"""The recipes for distributions' packages say what vcam itself says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import vcam
from tests.linux.setup_script import OPTIONS

ROOT = Path(__file__).parents[1]
RECIPES = ROOT / "packaging"


def settings(file: Path, pattern: str) -> dict[str, str]:
    return dict(re.findall(pattern, file.read_text(encoding="utf-8"), re.M))


def test_recipes_are_for_this_version() -> None:
    arch = settings(RECIPES / "aur/PKGBUILD", r"^(\w+)=(\S+)$")
    fedora = settings(RECIPES / "copr/vcam-bridge.spec", r"^(\w+): +(\S+)$")
    assert arch["pkgver"] == fedora["Version"] == vcam.__version__


def test_a_package_gives_the_driver_the_options_that_setup_gives() -> None:
    lines = (RECIPES / "modprobe.conf").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == f"options v4l2loopback {OPTIONS}"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize("name", ["packaging/aur/PKGBUILD", "scripts/stage", "scripts/deb"])
def test_bash_can_read(name: str) -> None:
    told = subprocess.run(
        ["bash", "-n", str(ROOT / name)], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_what_is_staged_for_zsh_is_moved_by_those_who_look_elsewhere() -> None:
    staged = (ROOT / "scripts/stage").read_text(encoding="utf-8")
    assert "share/zsh/vendor-completions/_vcam" in staged
    for recipe in ("aur/PKGBUILD", "copr/vcam-bridge.spec"):
        assert "zsh/site-functions" in (RECIPES / recipe).read_text(encoding="utf-8")
