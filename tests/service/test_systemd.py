from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vcam.errors import ServiceError
from vcam.service import systemd
from vcam.service.systemd import install, packaged_unit, uninstall, unit_path, unit_text


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemctl that only writes down what it was told; gives that file."""
    said = tmp_path / "said"
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> "{said}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return said


def settings(text: str) -> dict[str, str]:
    lines = [line.partition("=") for line in text.splitlines() if not line.startswith("#")]
    return {key: value for key, _, value in lines}


def test_the_unit_waits_for_frames_restarts_and_keeps_the_network_out() -> None:
    found = settings(unit_text())
    assert found["Type"] == "notify"
    assert found["Restart"] == "on-failure"
    assert found["RestrictAddressFamilies"] == "AF_UNIX"
    assert found["NoNewPrivileges"] == "yes"
    assert found["ExecStart"].endswith("-m vcam run --service")
    assert Path(found["WorkingDirectory"], "vcam", "__main__.py").exists()


def test_the_unit_needs_no_namespace_and_hides_no_device() -> None:
    namespaced = (
        "Protect",
        "Private",
        "ReadOnly",
        "ReadWrite",
        "Inaccessible",
        "Bind",
        "TemporaryFile",
    )
    assert not [key for key in settings(unit_text()) if key.startswith((*namespaced, "Device"))]


def test_odd_paths_are_quoted_for_systemd() -> None:
    found = settings(unit_text(Path('/home/me/my "100%" $cam\\x.yaml')))
    assert found["ExecStart"].endswith('--config "/home/me/my \\"100%%\\" $$cam\\\\x.yaml"')


@pytest.mark.parametrize("name", ["a\nExecStart=/bin/sh -c true", "a\tb", "a\x1b]0;b", "a\udcffb"])
def test_what_no_unit_can_hold_is_refused(name: str, systemctl: Path) -> None:
    with pytest.raises(ServiceError, match="no systemd unit can hold"):
        install(Path(f"/home/{name}/vcam.yaml"))
    assert not unit_path().exists()


@pytest.mark.parametrize("name", ["it's", 'a "b"', "a\\b", "a$b"])
def test_a_python_that_systemd_would_not_run_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systemd, "run_command", lambda config: [f"/opt/{name}/python", "-m"])
    with pytest.raises(ServiceError, match="path of Python"):
        unit_text()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("name", ["a b %", "50%h", "it's; 'so'", 'q"$x"', "b\\s\\", "ü#~{x}"])
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path, name: str) -> None:
    unit = tmp_path / systemd.UNIT
    unit.write_text(unit_text(Path(f"/home/me/{name}.yaml")))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(unit)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_a_packages_unit_is_the_same_but_for_the_program() -> None:
    own, packaged = settings(unit_text()), settings(packaged_unit("/usr/bin/vcam"))
    assert packaged["ExecStart"] == "/usr/bin/vcam run --service"
    differing = {key for key in own if own[key] != packaged[key]}
    assert differing == {"ExecStart", "WorkingDirectory"}
    assert "vcam service install" not in packaged_unit("/usr/bin/vcam")


def test_install_and_uninstall_tell_systemd(systemctl: Path) -> None:
    done = install(Path("/home/me/vcam.yaml"))
    assert f"wrote {unit_path()}" in done
    assert "/home/me/vcam.yaml" in unit_path().read_text()
    assert "systemctl --user start vcam.service" in done[-1]
    assert systemctl.read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable vcam.service",
    ]
    systemctl.unlink()
    assert uninstall() == [f"removed {unit_path()}"]
    assert not unit_path().exists()
    assert systemctl.read_text().splitlines() == [
        "--user disable --now vcam.service",
        "--user daemon-reload",
    ]


def test_uninstalling_what_is_not_installed_says_so(systemctl: Path) -> None:
    assert "nothing to remove" in uninstall()[0]
    assert not systemctl.exists()


@pytest.mark.parametrize("script", [None, "#!/bin/sh\nexit 1\n"])
def test_without_systemctl_the_user_is_told_what_to_type(
    systemctl: Path, script: str | None
) -> None:
    program = systemctl.parent / "bin" / "systemctl"
    program.unlink() if script is None else program.write_text(script)
    done = install()
    assert unit_path().exists()
    assert any("type systemctl --user daemon-reload" in line for line in done)
    assert any("type systemctl --user enable vcam.service" in line for line in done)


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(systemd, "unit_path", lambda: tmp_path / "file" / "vcam.service")
    with pytest.raises(ServiceError, match="cannot be written"):
        install()


def test_the_program_is_this_python() -> None:
    assert settings(unit_text())["ExecStart"].split(" ")[0] == sys.executable
