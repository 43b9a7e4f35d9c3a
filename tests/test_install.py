"""vcam as a stranger installs it: from the wheel, in a new environment, far from the checkout."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.install,
    pytest.mark.skipif(sys.platform == "win32", reason="programs lie elsewhere there"),
]

ROOT = Path(__file__).parents[1]
_PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")


_FORBID = """
import sys
def forbid(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        sys.exit(f"{event} {arguments}")
sys.addaudithook(forbid)
"""


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
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with what would be published for this machine."""
    folder = tmp_path_factory.mktemp("release")
    machine = platform.machine().replace("_", "-")
    run(
        [sys.executable, ROOT / "scripts/release", "--out", folder, "sdist", f"manylinux-{machine}"]
    )
    return folder


@pytest.fixture(scope="module")
def bin_folder(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`bin` of an environment that has nothing but the release's wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("install")
    (wheel,) = release.glob("vcam_bridge-*.whl")
    run([sys.executable, "-m", "venv", folder])
    run([folder / "bin/python", *_PIP, "install", "--only-binary", ":all:", wheel])
    return folder / "bin"


@pytest.fixture(scope="module")
def source(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, unpacked."""
    folder = tmp_path_factory.mktemp("source")
    (sdist,) = release.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (unpacked,) = folder.iterdir()
    return unpacked


def test_the_command_is_there(bin_folder: Path) -> None:
    assert run([bin_folder / "vcam", "--version"]).startswith("vcam, version ")


def test_the_first_frames_come_and_no_connection_is_opened(
    bin_folder: Path, tmp_path: Path
) -> None:
    clip = tmp_path / "demo.mp4"
    own = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    own["VCAM_CACHE_DIR"] = str(tmp_path / "cache")  # without models
    code = f"{_FORBID}\nfrom vcam.__main__ import main; main()"
    run([bin_folder / "python", "-c", code, "demo", "--output", clip, "--seconds", "1"], **own)
    assert clip.stat().st_size > 10_000
    assert clip.with_suffix(".png").stat().st_size > 10_000
    assert not (tmp_path / "cache/models").exists()


def test_the_native_half_came_along(bin_folder: Path) -> None:
    code = "from vcam import native; print(native.library()._name)"
    assert "site-packages/vcam/native/library" in run([bin_folder / "python", "-c", code])


def test_pip_is_not_asked_for_as_there_is_nothing_to_fetch(bin_folder: Path) -> None:
    code = "import importlib.metadata as m; print('\\n'.join(m.requires('vcam-bridge')))"
    names = re.findall(r"^[\w.-]+", run([bin_folder / "python", "-c", code]), re.M)
    assert "numpy" in names
    assert "pip" not in names


def test_the_readme_as_the_index_shows_it_has_no_relative_links(bin_folder: Path) -> None:
    code = "import importlib.metadata as m; print(m.metadata('vcam-bridge').get_payload())"
    targets = re.findall(r"\]\(([^)#]+)", run([bin_folder / "python", "-c", code]))
    assert len(targets) > 10
    assert [target for target in targets if not target.startswith("https://")] == []


def test_the_sdist_has_what_its_own_tests_read(source: Path) -> None:
    tests = ("test_docs", "test_distribution", "cli/test_manual", "config/test_presets")
    code = "import os, sys, pytest; os.chdir(sys.argv[1]); sys.path.insert(0, '.')"
    code += "; sys.exit(pytest.main(['-q', *sys.argv[2:]]))"
    run([sys.executable, "-c", code, source, *(f"tests/{test}.py" for test in tests)])


@pytest.mark.skipif(sys.platform != "linux", reason="needs sh")
def test_without_a_compiler_a_wheel_of_pure_python_is_built(source: Path, tmp_path: Path) -> None:
    run([sys.executable, *_PIP, "wheel", "--no-deps", "--wheel-dir", tmp_path, source])
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")


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
