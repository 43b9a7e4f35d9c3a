"""The checks before any device: the configuration, its background, a running vcam."""

from __future__ import annotations

from collections.abc import Iterator

from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Level
from vcam.errors import ConfigError

_STANDBY = "standby"


def configuration(case: Case) -> Iterator[Finding]:
    """Whether the YAML file can be used."""
    loaded = case.loaded
    where = str(loaded.path) if loaded.path else "none of your own: the built-in defaults"
    yield Finding("configuration", Level.OK, where)


def background(case: Case) -> Iterator[Finding]:
    """Whether the background can be loaded."""
    from vcam.pipeline.build import make_configured_background

    background = case.config.background
    make_configured_background(case.config).close()
    if background.type == "none":
        yield Finding("background", Level.WARNING, "none: your room is shown as it is")
        return
    has_path = background.path and background.type in ("image", "video", "slideshow")
    path = f": {background.path}" if has_path else ""
    yield Finding("background", Level.OK, f"{background.type}{path}")


def running(case: Case) -> Iterator[Finding]:
    """Whether vcam runs, and its state."""
    try:
        status = case.ask()
    except ConfigError:  # without it nobody knows which one is meant
        yield Finding("vcam", Level.SKIPPED, "not looked at: first mend configuration")
        return
    if status is None:
        yield Finding("vcam", Level.OK, "does not run; `vcam start` starts it")
        return
    state = str(status.get("label") or status.get("state"))
    troubles = [status.get(key) for key in ("error", "background_problem", "config_error")]
    said = "; ".join(str(trouble) for trouble in troubles if trouble)
    text = f"runs (process {status.get('pid')}): {state}"
    if said:
        yield Finding("vcam", Level.WARNING, f"{text}: {said}")
    elif status.get("needs_restart"):
        keys = ", ".join(map(str, status["needs_restart"]))
        yield Finding("vcam", Level.WARNING, f"{text}; {keys} changed", ("vcam restart",))
    elif status.get("advice"):
        commands = (str(command),) if (command := status.get("advice_command")) else ()
        yield Finding("vcam", Level.WARNING, f"{text}; {status['advice']}", commands)
    elif state == _STANDBY:
        yield Finding("vcam", Level.OK, f"{text}, the camera turns on when a program reads")
    else:
        yield Finding("vcam", Level.OK, text)
