"""Setting a camera's controls as configured, and restoring them."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from vcam.devices.camera import Camera
from vcam.devices.controls import MANUAL, Control, list_controls, plain, set_control
from vcam.devices.host import HOST, Host
from vcam.devices.v4l2 import Device

logger = logging.getLogger(__name__)

Value: TypeAlias = bool | int | str
"""A control's value: a switch, a number, or the name of a menu entry."""


class ControlSettings:
    """The values set on an open camera, and the previous ones.

    Args:
        camera: Which one.
        host: The machine.
    """

    def __init__(self, camera: Camera, host: Host = HOST) -> None:
        self._camera, self._host = camera, host
        self._before: dict[int, tuple[Control, int]] = {}
        self._level = logging.WARNING

    def apply(self, wanted: Mapping[str, Value]) -> None:
        """Set the wanted values, and restore controls that are no longer set.

        Values that the camera does not offer or accept are logged, one sentence each; for later
        changes the caller reports them.
        """
        if not wanted and not self._before:
            return
        try:
            with Device(self._camera.path, self._host) as device:
                offered = list_controls(device)
                steps, problems = settle(self._camera, offered, wanted)
                kept = _kept(offered, wanted)
                self._put_back(device, [number for number in self._before if number not in kept])
                for control, value in steps:
                    self._set(device, control, value)
        except OSError as error:
            problems = [f"the controls of {self._camera} cannot be set ({error.strerror})"]
        for problem in problems:
            logger.log(self._level, "%s", problem)
        self._level = logging.DEBUG

    def restore(self) -> None:
        """Restore everything that was set."""
        if not self._before:
            return
        try:
            with Device(self._camera.path, self._host) as device:
                self._put_back(device, list(self._before))
        except OSError as error:
            logger.debug("%s: controls cannot be put back: %s", self._camera, error)

    def _set(self, device: Device, control: Control, value: int) -> None:
        if control.value is not None:
            self._before.setdefault(control.number, (control, control.value))
        try:
            set_control(device, control, value)
        except OSError as error:
            logger.warning(
                "%s does not take camera.controls.%s %s now (%s)",
                self._camera, control.name, control.in_words(value), error.strerror,
            )  # fmt: skip

    def _put_back(self, device: Device, numbers: Sequence[int]) -> None:
        """In reverse order: controls that were automatic must become so again last."""
        for number in reversed(numbers):
            control, value = self._before.pop(number)
            try:
                set_control(device, control, value)
            except OSError as error:
                logger.debug("%s: %s cannot be put back: %s", self._camera, control.name, error)


def control_problems(camera: Camera, wanted: Mapping[str, Value], host: Host = HOST) -> list[str]:
    """A sentence for each setting the camera does not offer; none if that cannot be known."""
    if not wanted:
        return []
    try:
        with Device(camera.path, host) as device:
            return settle(camera, list_controls(device), wanted)[1]
    except OSError as error:
        logger.debug("%s: controls: %s", camera, error)
        return []


def settle(
    camera: object, offered: Sequence[Control], wanted: Mapping[str, Value]
) -> tuple[list[tuple[Control, int]], list[str]]:
    """The controls to set with their values, in an order in which each takes effect.

    Switches between automatic and manual come first. If a control has no effect because of such a
    switch, and the settings do not name it, it is set to manual.

    Returns:
        The steps, and a sentence for each setting that the camera does not offer.
    """
    steps: dict[int, tuple[Control, int]] = {}
    problems = []
    for name, value in wanted.items():
        control = _named(offered, name)
        number = None if control is None else _number(control, value)
        if control is None:
            problems.append(_unknown(camera, offered, name))
        elif number is None:
            problems.append(_refused(camera, control, name, value))
        else:
            steps[control.number] = (control, number)
    by_number = {control.number: control for control in offered}
    for control, _ in list(steps.values()):
        switch, manual = MANUAL.get(control.number, (0, 0))
        if control.is_inactive and switch in by_number and switch not in steps:
            steps[switch] = (by_number[switch], manual)
    switches = {switch for switch, _ in MANUAL.values()}
    return sorted(steps.values(), key=lambda step: step[0].number not in switches), problems


def _named(offered: Sequence[Control], name: str) -> Control | None:
    asked = plain(name)
    whole = [control for control in offered if control.name == asked]
    return next((c for c in (*whole, *offered) if asked in c.names), None)


def _kept(offered: Sequence[Control], wanted: Mapping[str, Value]) -> set[int]:
    """The controls not to restore: all that are named, and the switches that make them manual."""
    named = {control.number for name in wanted if (control := _named(offered, name))}
    return named | {MANUAL[number][0] for number in named if number in MANUAL}


def _number(control: Control, value: Value) -> int | None:
    """The driver's number for a value; None where it has none."""
    if control.menu:
        named = [n for n, name in control.menu if str(value).casefold() == name.casefold()]
        if not named and type(value) is int and value in dict(control.menu):
            named = [value]
        return named[0] if named else None
    if control.is_switch:
        return int(value) if value in (0, 1) and not isinstance(value, str) else None
    if type(value) is not int or not control.minimum <= value <= control.maximum:
        return None
    step = max(1, control.step)
    nearest = control.minimum + round((value - control.minimum) / step) * step
    return nearest if nearest <= control.maximum else nearest - step


def _unknown(camera: object, offered: Sequence[Control], name: str) -> str:
    if not offered:
        return f"camera.controls.{name}: {camera} has no controls: leave camera.controls out"
    names = [control.name for control in offered]
    near = difflib.get_close_matches(plain(name), names, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    listed = ", ".join(f"{control.name} ({control.offers})" for control in offered)
    return f"camera.controls.{name}: {camera} has no such control; {meant}It has {listed}"


def _refused(camera: object, control: Control, name: str, value: Value) -> str:
    said = str(value).lower() if isinstance(value, bool) else value
    return (
        f"camera.controls.{name}: {camera} does not offer {said!r}; set it to "
        f"{control.offers} (it is {control.in_words(control.value)})"
    )
