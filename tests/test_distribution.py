"""What the package index is told, and what a stranger's `vcam` in the same place does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import vcam

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli")

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPENDENCIES = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
SYSTEMS = {
    "Linux x86-64": {"sys_platform": "linux", "platform_machine": "x86_64"},
    "Linux aarch64": {"sys_platform": "linux", "platform_machine": "aarch64"},
    "Linux armv7": {"sys_platform": "linux", "platform_machine": "armv7l"},
    "Windows x86-64": {"sys_platform": "win32", "platform_machine": "AMD64"},
    "Windows ARM": {"sys_platform": "win32", "platform_machine": "ARM64"},
    "Mac Intel": {"sys_platform": "darwin", "platform_machine": "x86_64"},
    "Mac ARM": {"sys_platform": "darwin", "platform_machine": "arm64"},
}


@pytest.mark.parametrize("word", ["-m", "-c"])
def test_a_strangers_package_of_the_same_name_is_refused_in_words(
    tmp_path: Path, word: str
) -> None:
    (tmp_path / "vcam").mkdir()
    (tmp_path / "vcam/__init__.py").write_text("VERSION = 1\n")
    shutil.copy(ROOT / "vcam/__main__.py", tmp_path / "vcam")
    what = "vcam" if word == "-m" else "from vcam.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, word, what], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 8
    assert done.stderr.startswith("vcam: another package has put its own `vcam` over this one\n")
    assert "pip uninstall vcam" in done.stderr


def test_the_version_is_said_once() -> None:
    assert "version" in PROJECT["project"]["dynamic"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "vcam/__init__.py"
    assert Version(vcam.__version__).release


def test_every_dependency_has_an_upper_bound() -> None:
    unbounded = {
        each.name
        for each in DEPENDENCIES
        if not any(part.operator in ("<", "==") for part in each.specifier)
    }
    assert unbounded <= {"pip"}  # whichever the user has


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_gets_one_cv2_and_the_one_that_its_mediapipe_asks_for(system: str) -> None:
    names = [
        each.name
        for each in DEPENDENCIES
        if each.marker is None or each.marker.evaluate(dict(SYSTEMS[system]))
    ]
    assert len(names) == len(set(names))
    (copy,) = (name for name in names if name.startswith("opencv"))
    assert ("mediapipe" in names) == (copy == "opencv-contrib-python")
    assert ("pyvirtualcam" in names) == (not system.startswith("Linux"))


@pytest.mark.parametrize("file", ["constraints.txt", "constraints-lowest.txt"])
def test_constraints_pin_every_dependency_within_its_bounds(file: str) -> None:
    pins: dict[str, list[str]] = {}
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([\w.-]+)==([\w.]+)", line):
            pins.setdefault(_canonical(found[1]), []).append(found[2])
    extra = PROJECT["project"]["optional-dependencies"]["dev"]
    for each in [*DEPENDENCIES, *map(Requirement, extra)]:
        versions = pins[_canonical(each.name)]
        assert [version for version in versions if version not in each.specifier] == []
        if file == "constraints-lowest.txt" and each in DEPENDENCIES:
            (bound,) = (part.version for part in each.specifier if part.operator in (">=", "=="))
            lowest, pinned = Version(bound).release, Version(min(versions, key=Version)).release
            assert pinned[: len(lowest)] == lowest


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
