from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from vcam.config import Config
from vcam.config.schema.output import OutputConfig
from vcam.errors import ServiceError
from vcam.service import runtime as module
from vcam.service.runtime import Instance, runtime_folder
from vcam.system.user import user_number


def test_the_folder_is_made_for_its_owner_alone(runtime: Path) -> None:
    assert runtime_folder() == runtime
    assert runtime.stat().st_mode & 0o777 == 0o700
    assert runtime_folder() == runtime


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_folder_that_others_can_look_into_is_refused(runtime: Path, mode: int) -> None:
    runtime.mkdir()
    runtime.chmod(mode)
    with pytest.raises(ServiceError, match=f"open to other users: type chmod 700 {runtime}"):
        runtime_folder()


def test_nobody_is_told_to_close_a_folder_that_others_use(runtime: Path) -> None:
    runtime.mkdir(mode=0o755)
    (runtime / "somebody's").touch()
    with pytest.raises(ServiceError, match="open to other users: set VCAM_RUNTIME_DIR to a folder"):
        runtime_folder()


def test_a_folder_of_another_user_is_refused(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime.mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: runtime.stat().st_uid + 1)
    with pytest.raises(ServiceError, match="belongs to another user"):
        runtime_folder()


def test_a_link_is_refused_even_to_a_folder_of_ones_own(runtime: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    runtime.symlink_to(tmp_path)
    with pytest.raises(ServiceError, match="is a link"):
        runtime_folder()


def test_a_folder_that_cannot_be_made_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("VCAM_RUNTIME_DIR", str(tmp_path / "file" / "run"))
    with pytest.raises(ServiceError, match="VCAM_RUNTIME_DIR"):
        runtime_folder()


def test_the_login_session_s_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VCAM_RUNTIME_DIR")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime_folder() == tmp_path / "vcam"


@pytest.mark.parametrize("left_over", ["", "/nowhere/at/all"])
def test_without_a_login_session_a_private_temporary_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_over: str
) -> None:
    monkeypatch.delenv("VCAM_RUNTIME_DIR")
    monkeypatch.setenv("XDG_RUNTIME_DIR", left_over)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    own = module._is_own_folder
    monkeypatch.setattr(module, "_is_own_folder", lambda path: own(path) and path.parts[1] != "run")
    assert runtime_folder() == tmp_path / f"vcam-{user_number()}"
    assert runtime_folder().stat().st_mode & 0o777 == 0o700


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place for temporary files, with no login session."""
    monkeypatch.delenv("VCAM_RUNTIME_DIR")
    monkeypatch.setattr(module, "_is_own_folder", lambda path: False)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "tmp").mkdir()
    return tmp_path / "tmp"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_where_no_temporary_folder_can_be_made_the_users_own_is_kept_to(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    make = Path.mkdir

    def refuse(path: Path, *arguments: object, **options: object) -> None:
        if path.parent == temporary:
            raise OSError(number, os.strerror(number))
        make(path, *arguments, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        found = runtime_folder()
        assert found == tmp_path / "state" / "vcam" / "run"
        assert found.stat().st_mode & 0o777 == 0o700
    assert runtime_folder() == found  # there is room again, but a vcam may run there


def test_a_temporary_folder_on_a_disk_that_is_read_only_now_is_not_used(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = runtime_folder()
    assert usual.parent == temporary
    monkeypatch.setattr(module, "_is_read_only", lambda folder: folder == usual)
    assert runtime_folder() == tmp_path / "state" / "vcam" / "run"


def test_devices_have_names_of_their_own() -> None:
    devices = ["Virtual Camera", "Virtual_Camera", "/dev/video10", "/dev/video1", "カメラ", "../.."]
    names = {Instance(device).name for device in devices}
    assert len(names) == len(devices)
    assert all("/" not in name and name.isascii() for name in names)
    assert Instance("Virtual Camera").name.startswith("virtual-camera-")


def test_an_instance_is_that_of_the_configured_output(tmp_path: Path) -> None:
    assert Instance.of(Config().output) == Instance("Virtual Camera")
    clip = tmp_path / "clip.mp4"
    assert Instance.of(OutputConfig(type="file", path=clip)) == Instance(str(clip))


def test_a_socket_s_path_is_short_enough_however_long_the_folder_s_is(
    runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SHORT", runtime.parent)
    monkeypatch.setenv("VCAM_RUNTIME_DIR", str(tmp_path / ("deep" * 30)))
    one, other = Instance("one").socket_path, Instance("other").socket_path
    assert len(os.fsencode(one)) <= 103
    assert one != other
    assert one == Instance("one").socket_path
    assert one.parent.stat().st_mode & 0o777 == 0o700
