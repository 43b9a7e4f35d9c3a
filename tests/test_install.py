"""vcam as a stranger installs it: from the wheel, in a new environment, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.install,
    pytest.mark.skipif(sys.platform == "win32", reason="programs lie elsewhere there"),
]

ROOT = Path(__file__).parents[1]
_PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")


def run(command: list[str | Path], **more: str) -> str:
    """What a command prints that finds neither the checkout nor a compiler."""
    left_out = ("PYTHONPATH", "VIRTUAL_ENV", "VCAM_PROGRAM")
    environment = {key: value for key, value in os.environ.items() if key not in left_out}
    done = subprocess.run(
        command, env={**environment, "CC": "false", "CXX": "false", **more}, cwd="/",
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`bin` of an environment that has nothing but the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("install")
    run([sys.executable, *_PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT])
    (wheel,) = folder.glob("vcam_bridge-*.whl")
    run([sys.executable, "-m", "venv", folder / "venv"])
    run([folder / "venv/bin/python", *_PIP, "install", "--only-binary", ":all:", wheel])
    return folder / "venv" / "bin"


def test_the_command_is_there(bin_folder: Path) -> None:
    assert run([bin_folder / "vcam", "--version"]).startswith("vcam, version ")


def test_the_first_frames_come(bin_folder: Path, tmp_path: Path) -> None:
    clip = tmp_path / "demo.mp4"
    own = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    own["VCAM_CACHE_DIR"] = str(tmp_path / "cache")  # the models are fetched anew, by its own pip
    run([bin_folder / "vcam", "demo", "--output", clip, "--seconds", "1"], **own)
    assert clip.stat().st_size > 10_000
    assert clip.with_suffix(".png").stat().st_size > 10_000


def test_a_configuration_can_be_made_and_checked(bin_folder: Path, tmp_path: Path) -> None:
    own = {"XDG_CONFIG_HOME": str(tmp_path)}
    run([bin_folder / "vcam", "config", "init", "--preset", "blur"], **own)
    run([bin_folder / "vcam", "set", "background.type=color", "background.color=navy"], **own)
    assert "no faults" in run([bin_folder / "vcam", "config", "check"], **own)


@pytest.mark.skipif(sys.platform != "linux", reason="sets up a driver of Linux")
def test_the_drivers_set_up_came_along(bin_folder: Path, tmp_path: Path) -> None:
    shown = run(
        [bin_folder / "vcam", "setup", "--dry-run", "--family", "debian"],
        VCAM_SETUP_ROOT=str(tmp_path),
    )
    assert "apt-get install" in shown


def test_the_man_page_came_along(bin_folder: Path) -> None:
    assert (bin_folder.parent / "share/man/man1/vcam.1").is_file()


def test_nothing_that_is_installed_contradicts(bin_folder: Path) -> None:
    assert "No broken requirements" in run([bin_folder / "python", "-m", "pip", "check"])
