"""Running the checks in order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from vcam.devices.libraries import missing_library
from vcam.doctor import apps, camera, card_trial, module, node, obs, pipewire, settings, software
from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Level
from vcam.errors import VcamError
from vcam.system.shell import quoted

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Check:
    """A link.

    Attributes:
        link: What it is called.
        look: Returns the findings; an error it raises becomes one.
        needs: The links that must be fine before it can be checked.
    """

    link: str
    look: Callable[[Case], Iterable[Finding]]
    needs: tuple[str, ...] = ()


_FIRST = (
    Check("configuration", settings.configuration),
    Check("background", settings.background, ("configuration",)),
    Check("vcam", settings.running),
)
_SOFTWARE = (
    Check("model", software.model, ("configuration",)),
    Check("libraries", software.libraries),
)
_LOOPBACK = (
    Check("module", module.module),
    Check("boot", module.boot, ("module",)),
    Check("node", node.node, ("module",)),
    Check("state", node.state, ("node", "permissions")),
    Check("users", node.users, ("node",)),
    Check("apps", apps.apps, ("node", "permissions")),
)
_FOR_THE_CARD = ("configuration", "permissions", "node", "state")
_PIPEWIRE = (Check("pipewire", pipewire.pipewire, ("configuration",)),)
_DRIVERS = {"win32": obs.windows, "darwin": obs.macos}


def links(case: Case) -> tuple[Check, ...]:
    """The links of this machine, in the order in which a frame passes them."""
    first = (*_FIRST, Check("camera", camera.camera, ("configuration",)))
    if case.system.platform != "linux":
        driver = _DRIVERS.get(case.system.platform, obs.windows)
        return (*first, *_SOFTWARE, *((Check("driver", driver),) if case.wants_node else ()))
    camera_made_by = {"virtual-camera": _LOOPBACK, "pipewire": _PIPEWIRE}
    virtual = camera_made_by.get(case.config.output.type, ())
    permissions = Check("permissions", camera.permissions, ("configuration",))
    display = Check("display", software.display)
    return (*first, permissions, *_SOFTWARE, display, *virtual)


def examine(case: Case, trial: card_trial.CardTrial | None = None) -> list[Finding]:
    """Check every link; each has at least one finding.

    Args:
        case: Machine and configuration.
        trial: Plays a test card at the end, if given.
    """
    found: list[Finding] = []
    causes: dict[str, str] = {}
    last = () if trial is None else (Check(card_trial.LINK, trial.look, _FOR_THE_CARD),)
    for check in (*links(case), *last):
        missing = dict.fromkeys(causes[link] for link in check.needs if link in causes)
        if missing:
            text = f"not looked at: first mend {' and '.join(missing)}"
            new = [Finding(check.link, Level.SKIPPED, text)]
        else:
            new = _look(check, case)
        if missing or any(finding.level is Level.PROBLEM for finding in new):
            causes[check.link] = next(iter(missing), check.link)
        found += new
    return [replace(f, commands=tuple(_typed(c, case) for c in f.commands)) for f in found]


def _look(check: Check, case: Case) -> list[Finding]:
    try:
        return list(check.look(case))
    except VcamError as error:
        return [Finding.of(check.link, error)]
    except ImportError as error:
        return [Finding.of(check.link, missing_library(error))]
    except Exception as error:  # a check that fails must not hide the others
        logger.debug("%s", check.link, exc_info=True)
        text = f"cannot be looked at ({error!r})"
        return [Finding(check.link, Level.WARNING, text)]


def _typed(command: str, case: Case) -> str:
    """A command adapted to this user (root needs no sudo, and may not have it) and this file."""
    if case.config_path and command.startswith(_OF_A_FILE):
        return f"{command} --config {quoted(case.config_path)}"
    return command.removeprefix("sudo ") if case.system.is_root() else command


_OF_A_FILE = ("vcam set ", "vcam restart", "vcam doctor ")
