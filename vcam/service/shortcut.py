"""Commands that are one word to a running vcam, without what the whole command line loads.

The privacy shutter answers at once: before it there are no parser of command lines, no schema and
no pictures. What is not as simple as that (an option, nobody who runs) is left to vcam.cli.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from vcam.errors import VcamError
from vcam.service.conversation import request
from vcam.service.lookup import find_running
from vcam.service.runtime import Instance
from vcam.system.printable import printable, printable_json

PAUSED = "paused: viewers see the background or your card; `vcam resume` shows you again"
RESUMED = "resumed"


def ended(instance: Instance, did_run: bool) -> str:
    """What `vcam stop` has done, in words."""
    return f"{'stopped' if did_run else 'vcam does not run'} for {printable(instance.device)}"


def answer(words: Sequence[str]) -> str | None:
    """Do what a command line asks if it is one of these commands.

    Args:
        words: What was typed after `vcam`.

    Returns:
        What there is to say; None where the command line is another one.

    Raises:
        VcamError: The running vcam does not answer, or refuses.
    """
    command, named, rest = _parsed(words)
    todo = _COMMANDS.get(" ".join([command, *rest]))
    instance = _running(named) if todo else None
    return todo(instance) if todo and instance else None


def config_in(words: Sequence[str]) -> Path | None:
    """The file of `--config` in a command line that `answer` knows."""
    return _parsed(words)[1]


def _parsed(words: Sequence[str]) -> tuple[str, Path | None, list[str]]:
    """The command, the file of `--config`, and what else was typed."""
    command, *rest = words or ("",)
    for at, word in enumerate(rest):
        if word in ("-c", "--config") and rest[at + 1 :] and not rest[at + 1].startswith("-"):
            return command, Path(rest[at + 1]), rest[:at] + rest[at + 2 :]
        if word.startswith("--config=") and word != "--config=":
            return command, Path(word.partition("=")[2]), rest[:at] + rest[at + 1 :]
    return command, None, rest


def _running(named: Path | None) -> Instance | None:
    try:
        return find_running(named)
    except (VcamError, OSError, RuntimeError):  # vcam.cli has the words for it
        return None


def _pause(instance: Instance) -> str:
    request(instance, "pause")
    return PAUSED


def _resume(instance: Instance) -> str:
    request(instance, "resume")
    return RESUMED


def _status(instance: Instance) -> str:
    from vcam.service.status_text import report

    return "\n".join(report(request(instance, "status")))


def _next(instance: Instance, by: int = 1) -> str | None:
    if request(instance, "status").get("background") != "slideshow":
        return None
    request(instance, "next", by=by)
    return ""


def _stop(instance: Instance) -> str:
    from vcam.service.ending import stop

    return ended(instance, stop(instance))


_COMMANDS: dict[str, Callable[[Instance], str | None]] = {
    "pause": _pause,
    "resume": _resume,
    "status": _status,
    "status --json": lambda instance: printable_json(request(instance, "status")),
    "next": _next,
    "next --previous": lambda instance: _next(instance, -1),
    "stop": _stop,
}
