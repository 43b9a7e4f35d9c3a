from __future__ import annotations

from pathlib import Path

import pytest

from vcam.errors import ServiceError
from vcam.service import autostart


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for the one value of the registry that matters."""
    values: list[str] = []
    monkeypatch.setattr(autostart, "registered", lambda: values[-1] if values else None)
    monkeypatch.setattr(autostart, "_register", values.append)
    monkeypatch.setattr(autostart, "_unregister", values.clear)
    return values


def test_the_command_at_login_is_quoted_for_windows(tmp_path: Path) -> None:
    python = tmp_path / "Jörg Müller" / "python.exe"
    command = autostart.login_command(tmp_path / "my vcam.yaml", python)
    assert command.startswith(f'"{python}" -m vcam run --service --config ')
    assert command.endswith(f'"{tmp_path / "my vcam.yaml"}"')


def test_no_console_is_opened_where_there_is_a_python_for_that(tmp_path: Path) -> None:
    (tmp_path / "pythonw.exe").touch()
    command = autostart.login_command(None, tmp_path / "python.exe")
    assert command.startswith(str(tmp_path / "pythonw.exe"))


def test_what_was_installed_is_removed(registry: list[str]) -> None:
    assert "next login" in autostart.install()[0]
    assert len(registry) == 1
    assert "no longer" in autostart.uninstall()[0]
    assert not registry
    assert "nothing to remove" in autostart.uninstall()[0]


@pytest.mark.usefixtures("registry")
def test_a_registry_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(command: str) -> None:
        raise OSError(5, "Access is denied")

    monkeypatch.setattr(autostart, "_register", refuse)
    with pytest.raises(ServiceError, match=r"CurrentVersion\\Run cannot be written \(Access"):
        autostart.install()
