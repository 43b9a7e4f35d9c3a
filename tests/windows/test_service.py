"""vcam in the background as somebody at a prompt meets it."""

from __future__ import annotations

import json
import sys

import pytest

from tests.windows.user import User

pytestmark = pytest.mark.windows

OUTPUT = "{type: file, path: out.avi, width: 320, height: 180, fps: 15}"


def test_the_service_is_started_steered_and_stopped(user: User) -> None:
    user.writes(OUTPUT)
    assert user.here("start").returncode == 0
    again = user.here("start")
    assert again.returncode == 9
    assert "already runs" in again.stderr
    assert user.until(lambda status: status["state"] == "live", "live")["memory_mb"] > 50
    assert user.here("pause").returncode == 0
    assert user.status()["state"] == "paused"
    assert user.here("resume").returncode == 0
    assert "→" in user.here("set", "background.type=blur").stdout
    user.until(lambda status: status["background"] == "blur", "the blur")
    text = user.config.read_text(encoding="utf-8")
    user.config.write_text(text.replace("blur", "gradient"), encoding="utf-8")
    user.until(lambda status: status["background"] == "gradient", "what was saved")
    assert "running with" in user.here("logs").stdout
    assert user.here("restart").returncode == 0
    assert user.here("stop").returncode == 0
    stopped = user.here("status")
    assert stopped.returncode == 9
    assert "does not run" in stopped.stderr
    assert not list((user.home / "run").glob("*.key"))


@pytest.mark.parametrize("code", ["cp1252", "cp437", "utf-8"])
def test_pipes_of_every_code_page_are_served(user: User, code: str) -> None:
    user.writes(OUTPUT)
    where = ["--config", str(user.config)]
    done = user.vcam("set", "background.type=blur", *where, code=code)
    assert done.returncode == 0, done.stderr
    assert ("→" if code == "utf-8" else "->") in done.stdout
    told = user.vcam("status", "--json", *where, code=code)
    assert json.loads(told.stdout)["state"] == "stopped"
    assert "my cämera" in user.vcam("config", "check", str(user.config), code=code).stdout


def test_advice_can_be_typed_as_it_stands(user: User) -> None:
    gone = user.home / "not there.yaml"
    said = user.vcam("config", "check", str(gone)).stderr
    typed = said.split("`")[1]
    assert typed.endswith(f'config init "{gone}"')
    done = user.types(f'cmd /s /c "{typed}"')
    assert done.returncode == 0
    assert gone.exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["setup"], 8, "Linux only"),
        (["preview", "--terminal"], 8, "Linux and macOS only"),
        (["status"], 9, "does not run"),
        (["devices"], 0, "camera"),
        (["doctor"], 10, "camera"),
        (["doctor", "--json"], 10, '"findings"'),
        (["config", "show"], 0, "background:"),
        (["completion", "bash"], 0, "complete"),
        (["models", "fetch"], 0, ""),
    ],
)
def test_commands_work_or_say_why_not(user: User, words: list[str], code: int, said: str) -> None:
    done = user.vcam(*words)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "fault of vcam" not in done.stderr


def test_a_file_goes_through_the_pipeline(user: User) -> None:
    clip, done = user.home / "clïp.mp4", user.home / "döne.mp4"
    user.writes("{type: file, path: unused.avi, width: 320, height: 180, fps: 15}")
    demo = user.here("demo", "--output", str(clip), "--seconds", "1")
    assert demo.returncode == 0
    assert clip.with_suffix(".png").stat().st_size > 1000
    processed = user.here("process", str(clip), str(done))
    assert processed.returncode == 0
    assert done.stat().st_size > 1000


def test_what_is_started_at_login_is_this_vcam(user: User) -> None:
    if sys.platform != "win32":
        pytest.skip("a registry")
    from vcam.service import autostart

    user.writes(OUTPUT)
    assert user.here("service", "install").returncode == 0
    try:
        command = autostart.registered()
        assert command is not None
        assert str(user.config) in command
        assert user.types(command).returncode == 0  # as Explorer runs it at login
        assert user.until(lambda status: status["state"] == "live", "live")
    finally:
        gone = user.vcam("service", "uninstall")
    assert gone.returncode == 0
    assert autostart.registered() is None
    assert "nothing to remove" in user.vcam("service", "uninstall").stdout
