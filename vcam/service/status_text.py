"""The status of a running vcam as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vcam.system.printable import printable_lines


def report(status: Mapping[str, Any]) -> list[str]:
    """The lines of `vcam status`; unknown values are omitted.

    Args:
        status: The answer to {"command": "status"}.
    """
    rows = (
        ("state", _state(status)),
        ("camera", _OFF.get(str(status.get("state"))) or status.get("source")),
        ("virtual camera", status.get("sink")),
        ("read by", _readers(status.get("readers"))),
        ("looked at in", "vcam preview" if status.get("previewed") else ""),
        ("background", _background(status.get("background"))),
        ("frames", _frames(status)),
        ("latency", _latency(status)),
        ("quality", status.get("quality")),
        ("advice", _advice(status)),
        ("cost", _cost(status)),
        ("power", _POWER.get(status.get("on_battery"))),
        ("configuration", status.get("config")),
        ("process", _process(status)),
        ("error", status.get("error")),
        ("background error", status.get("background_problem")),
        ("configuration error", status.get("config_error")),
        ("needs a restart", _restart(status.get("needs_restart"))),
    )
    shown = [(name, printable_lines(str(value).strip())) for name, value in rows if value]
    width = max((len(name) for name, _ in shown), default=0)
    gap = "\n" + " " * (width + 2)
    return [f"{name:{width}}  {value.replace(chr(10), gap)}" for name, value in shown]


_POWER: dict[Any, str] = {True: "battery", False: "mains"}
_OFF = {
    "standby": "off, until a program reads the virtual camera",
    "paused": "off, until `vcam resume`",
}


def _state(status: Mapping[str, Any]) -> str:
    state, progress = str(status.get("state", "unknown")), status.get("progress")
    if state == "learning" and isinstance(progress, (int, float)):
        notice = status.get("notice")
        return f"learning {100 * progress:.0f} %" + (f": {notice}" if notice else "")
    return state


def _background(kind: Any) -> str:
    return "none: your room is shown as it is" if kind == "none" else str(kind or "")


def _readers(readers: Any) -> str:
    if not isinstance(readers, list):
        return ""
    return ", ".join(str(reader) for reader in readers) or "nobody"


def _frames(status: Mapping[str, Any]) -> str:
    rates = _figures(status, "in {fps_in:.1f} fps, out {fps_out:.1f} fps")
    counts = _figures(status, "{frames:d} sent, {dropped:d} dropped")
    return "; ".join(part for part in (rates, counts) if part)


def _latency(status: Mapping[str, Any]) -> str:
    figures = _figures(status, "{latency_ms:.0f} ms, p99 {latency_p99_ms:.0f} ms")
    return "" if status.get("state") in _OFF else figures


def _cost(status: Mapping[str, Any]) -> str:
    parts = (
        _figures(status, "{cpu_percent:.1f} % of a core"),
        _figures(status, "{memory_mb:.0f} MB"),
    )
    return ", ".join(part for part in parts if part)


def _process(status: Mapping[str, Any]) -> str:
    pid, uptime = status.get("pid"), status.get("uptime_s")
    since = f", for {_duration(uptime)}" if isinstance(uptime, (int, float)) else ""
    return f"{pid}{since}" if pid else ""


def _advice(status: Mapping[str, Any]) -> str:
    text, command = status.get("advice"), status.get("advice_command")
    return f"{text}: type {command}" if text and command else str(text or "")


def _restart(keys: Any) -> str:
    if not isinstance(keys, list) or not keys:
        return ""
    return f"{', '.join(map(str, keys))}: type vcam restart"


def _figures(status: Mapping[str, Any], layout: str) -> str:
    try:
        return layout.format_map(status)
    except (KeyError, ValueError, TypeError):
        return ""


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
