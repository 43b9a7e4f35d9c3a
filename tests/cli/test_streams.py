"""Wherever the output goes, and however vcam is called: a plain word, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import platformdirs
import pytest
from click.testing import CliRunner

from vcam import __main__ as entrance
from vcam.cli import cli
from vcam.cli.main import normalized_arguments, say_failure
from vcam.doctor.system import OWN_COMMAND

pytestmark = pytest.mark.skipif(os.name != "posix", reason="made of a shell's redirections")

PROGRAM = " ".join(OWN_COMMAND)


def typed(command: str, **environment: str) -> tuple[int, str]:
    """The exit code, and what stands on stderr."""
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        env={**os.environ, **environment}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "fault of vcam" not in done.stderr
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["--help", "config show", "status --help", "models"])
def test_a_full_disk_is_named(command: str) -> None:
    code, told = typed(f"{PROGRAM} {command} > /dev/full")
    assert code == 8
    assert "the output cannot be written (No space left on device)" in told


@pytest.mark.parametrize("command", ["--help", "config show", "models"])
def test_a_reader_that_has_gone_is_no_fault(command: str) -> None:
    code, told = typed(f"{PROGRAM} {command} | head -n 0")
    assert told == ""
    assert code in (0, 1)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_fault(closed: str) -> None:
    assert typed(f"{PROGRAM} config show {closed}")[0] == 0


def test_what_is_opened_later_never_takes_a_closed_streams_place(tmp_path: Path) -> None:
    code = (
        "from vcam.__main__ import _open_streams\n_open_streams()\n"
        f"import os, sys\nfile = open({str(tmp_path / 'camera')!r}, 'w')\n"
        "sys.exit(file.fileno())\n"
    )
    assert typed(f'{sys.executable} -c "{code}" <&- >&- 2>&-')[0] > 2


def homeless(*_: object, **__: object) -> SimpleNamespace:
    raise RuntimeError("could not determine the home directory")


def relative(*_: object, **__: object) -> SimpleNamespace:
    return SimpleNamespace(user_config_dir="~/.config", user_cache_dir="/c", user_log_dir="/l")


@pytest.mark.parametrize("dirs", [homeless, relative])  # what versions of platformdirs do
def test_without_a_home_the_cure_is_named_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dirs: Callable[..., SimpleNamespace]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(platformdirs, "PlatformDirs", dirs)
    for command in ("status", "config init", "models", "doctor"):
        refused = CliRunner().invoke(cli, command.split())
        assert refused.exit_code == 8, refused.output
        assert "set HOME to a folder of yours" in refused.output
    assert list(tmp_path.iterdir()) == []
    assert CliRunner().invoke(cli, ["status", "--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("-v", "--version"), ("-V", "--version"), ("help", "--help"),
        ("help status", "status --help"), ("status help", "status --help"),
        ("config check help", "config check --help"), ("help config check", "config check --help"),
        ("status -v", "-v status"), ("config check --verbose x", "-v config check x"),
        ("-v status -v", "-v status"), ("process -- help -v", "process -- help -v"),
        ("set background.text=help", "set background.text=help"), ("", ""),
    ],
)  # fmt: skip
def test_words_are_understood_where_people_type_them(words: str, meant: str) -> None:
    found = " ".join(normalized_arguments(words.split()))
    assert found.replace("--verbose", "-v") == meant


def test_ctrl_c_at_any_time_is_an_end_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(entrance, "_run", interrupt)
    with pytest.raises(SystemExit) as ended:
        entrance.main()
    assert ended.value.code == 130


def test_the_tab_key_is_never_answered_with_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("whatever")

    monkeypatch.setattr(entrance, "_run", fail)
    monkeypatch.setenv("_VCAM_COMPLETE", "bash_complete")
    with pytest.raises(SystemExit) as ended:
        entrance.main()
    assert ended.value.code == 1


@pytest.mark.parametrize("command", ["status", "config check", "set camera.fps=15", "models"])
def test_folders_that_may_not_be_looked_into_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("needs a second user")
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "VCAM_CACHE_DIR"):
        monkeypatch.setenv(variable, str(tmp_path / "locked" / variable))
    monkeypatch.setenv("VCAM_RUNTIME_DIR", str(tmp_path / "run"))
    (tmp_path / "locked").mkdir(mode=0o700)
    (tmp_path / "run").mkdir(mode=0o700)
    os.chown(tmp_path / "run", 12345, 12345)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    os.seteuid(12345)
    try:
        result = CliRunner().invoke(cli, command.split())
    finally:
        os.seteuid(0)
    assert "fault of vcam" not in result.output
    assert result.exit_code in (0, 3, 8, 9)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied", "/home/me/x"), "/home/me/x cannot be used"),
        (OSError(24, "Too many open files"), "Too many open files"),
        (OSError(28, "No space left on device"), "No space left"),
        (MemoryError(), "not enough memory"),
        (RuntimeError("can't start new thread"), "no more threads"),
        (FileNotFoundError(2, "No usable temporary directory found in ['/tmp']"), "/tmp"),
    ],
)
def test_what_the_machine_refuses_is_no_fault_of_vcam(
    capsys: pytest.CaptureFixture[str], error: Exception, words: str
) -> None:
    assert say_failure(error) == 8
    told = capsys.readouterr().err
    assert words in told
    assert "fault of vcam" not in told


def test_what_else_fails_is_a_fault_of_vcam(capsys: pytest.CaptureFixture[str]) -> None:
    assert say_failure(ZeroDivisionError("oh")) == 1
    assert "a fault of vcam itself" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", ["status", "set background.path=a.jpg", "background a.jpg", "config check a.yaml"]
)
def test_a_current_folder_that_was_deleted_is_named_or_not_missed(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / "gone").mkdir()
    steps = f"cd '{tmp_path}/gone' && rmdir '{tmp_path}/gone'"
    folders = {name: str(tmp_path / name) for name in ("XDG_CONFIG_HOME", "VCAM_RUNTIME_DIR")}
    root = str(Path(__file__).parents[2])
    code, told = typed(f"{steps}; {PROGRAM} {command}", PYTHONPATH=root, **folders)
    assert code in (3, 6, 8, 9)
    assert told.startswith("vcam: ")
