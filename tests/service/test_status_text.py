from __future__ import annotations

from typing import Any

from vcam.service.status_text import report

STATUS: dict[str, Any] = {
    "state": "learning",
    "progress": 0.4,
    "source": "Desk Camera (/dev/video0)",
    "sink": "Virtual Camera (/dev/video10), 1280x720 at 30 fps",
    "fps_in": 29.97,
    "fps_out": 30.0,
    "latency_ms": 12.3,
    "latency_p99_ms": 25.0,
    "frames": 900,
    "dropped": 3,
    "error": "",
    "pid": 123,
    "uptime_s": 3725.0,
    "cpu_percent": 12.4,
    "memory_mb": 240.2,
    "background": "blur",
    "config": "/home/me/vcam.yaml",
    "config_error": "",
    "needs_restart": [],
    "readers": ["zoom (4711)", "firefox (99)"],
}


def shown(**changes: Any) -> dict[str, str]:
    lines = report(STATUS | changes)
    return {line.split("  ")[0]: line.split("  ", 1)[1].strip() for line in lines}


def test_a_healthy_one_shows_all_its_figures() -> None:
    assert shown() == {
        "state": "learning 40 %",
        "camera": "Desk Camera (/dev/video0)",
        "virtual camera": "Virtual Camera (/dev/video10), 1280x720 at 30 fps",
        "read by": "zoom (4711), firefox (99)",
        "background": "blur",
        "frames": "in 30.0 fps, out 30.0 fps; 900 sent, 3 dropped",
        "latency": "12 ms, p99 25 ms",
        "cost": "12.4 % of a core, 240 MB",
        "configuration": "/home/me/vcam.yaml",
        "process": "123, for 1 h 2 min",
    }


def test_lowered_quality_is_shown() -> None:
    assert shown(quality="lowered to half detail")["quality"] == "lowered to half detail"


def test_faults_are_shown_with_their_cures() -> None:
    found = shown(
        state="camera-lost",
        error="/dev/video0 is gone",
        config_error="vcam.yaml:3:1: camera.widht: unknown key",
        needs_restart=["output.width", "output.fps"],
    )
    assert found["state"] == "camera-lost"
    assert found["error"] == "/dev/video0 is gone"
    assert found["configuration error"] == "vcam.yaml:3:1: camera.widht: unknown key"
    assert found["needs a restart"] == "output.width, output.fps: type vcam restart"


def test_advice_is_shown_with_what_to_type() -> None:
    assert "advice" not in shown(advice="")
    assert shown(advice="it is dark")["advice"] == "it is dark"
    found = shown(advice="it is dark", advice_command="vcam set finish.brighten=0.6")
    assert found["advice"] == "it is dark: type vcam set finish.brighten=0.6"


def test_readers_are_told_from_not_knowing() -> None:
    assert shown(readers=[])["read by"] == "nobody"
    assert "read by" not in shown(readers=None)


def test_what_is_missing_or_of_another_kind_is_left_out() -> None:
    assert report({}) == ["state  unknown"]
    assert report({"state": "live", "frames": "many", "latency_ms": None, "uptime_s": "x"}) == [
        "state  live"
    ]


def test_long_errors_stay_under_their_heading() -> None:
    lines = report({"state": "live", "config_error": "one\ntwo"})
    assert lines[1] == "configuration error  one\n" + " " * 21 + "two"


def test_somebody_in_the_room_that_is_learnt_is_told_so() -> None:
    told = shown(notice="somebody is in the picture: step out of the picture")["state"]
    assert told == "learning 40 %: somebody is in the picture: step out of the picture"


def test_a_camera_that_is_off_is_said_to_be() -> None:
    for state, until in (("standby", "a program reads"), ("paused", "vcam resume")):
        found = shown(state=state, source="", latency_ms=0.0, latency_p99_ms=0.0)
        assert found["camera"].startswith("off, until")
        assert until in found["camera"]
        assert "latency" not in found


def test_it_says_where_the_power_comes_from_if_that_is_known() -> None:
    assert shown(on_battery=True)["power"] == "battery"
    assert shown(on_battery=False)["power"] == "mains"
    assert "power" not in shown(on_battery=None)
