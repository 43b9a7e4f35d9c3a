"""The camera, and whether this user may use it and the virtual camera."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from vcam.devices.cameras import Camera, check_free, raw_in_words, raw_nodes
from vcam.devices.capture_mode import CaptureMode
from vcam.devices.control_settings import control_problems
from vcam.devices.node_errors import not_allowed
from vcam.devices.pixel_formats import JPEGS
from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Level
from vcam.errors import SinkError, SourceError
from vcam.sources.formats import SLACK, choose_mode

_RELEASED = ("standby", "paused", "camera-lost")
"""States in which a running vcam has no camera open."""


def camera(case: Case) -> Iterator[Finding]:
    """Whether the camera is there, free, and fast enough at this size."""
    config = case.config.camera
    if config.type != "device":
        name = config.path or "the built-in scene"
        yield Finding("camera", Level.OK, f"{config.type}: {name}")
        return
    if _vcam_has_it(case):
        yield Finding("camera", Level.OK, f"{case.status['source']}, in use by vcam")
        return
    found = case.camera
    if case.system.platform == "linux":
        if case.is_forbidden(found.path):
            yield Finding("camera", Level.SKIPPED, f"{found}: not looked at, see permissions")
            return
        check_free(found, case.system.host)
    mode = choose_mode(found, config.width, config.height, config.fps, config.pixel_format)
    yield _in_mode(found, mode, case)
    if case.system.platform == "linux":
        for problem in control_problems(found, config.controls, case.system.host):
            yield Finding("camera", Level.WARNING, problem)


def permissions(case: Case) -> Iterator[Finding]:
    """Whether this user may open the camera and the virtual camera."""
    paths = _paths(case)
    if not paths:
        yield Finding("permissions", Level.SKIPPED, "not looked at: there is no node to open")
        return
    refused = {path: case.refusal(path) for path in paths}
    absent = [path for path, number in refused.items() if number == errno.ENOENT]
    forbidden = [p for p, number in refused.items() if number in (errno.EACCES, errno.EPERM)]
    if absent:
        yield _absent(absent, case.system.container)
    for path in forbidden:
        yield _forbidden(path, case)
    if not absent and not forbidden:
        yield Finding("permissions", Level.OK, f"you may use {' and '.join(paths)}")


def _vcam_has_it(case: Case) -> bool:
    return bool(case.status.get("source")) and case.status.get("state") not in _RELEASED


def _in_mode(found: Camera, mode: CaptureMode | None, case: Case) -> Finding:
    config = case.config.camera
    if mode is None:
        return Finding("camera", Level.OK, f"{found}, which does not tell what it offers")
    width, height = mode.nearest(config.width, config.height)
    rate = f" at {mode.rates[0]:g} fps" if mode.rates else ""
    text = f"{found}: {width}x{height}{rate} as {mode.fourcc.strip()}{_relayed(found, case)}"
    if not found.has_colour:
        return Finding("camera", Level.WARNING, f"{text}, an infrared or depth camera")
    if not mode.rates or mode.rates[0] >= config.fps - SLACK:
        return Finding("camera", Level.OK, text)
    commands, advice = _quicker(found, mode, case)
    return Finding(
        "camera", Level.WARNING, f"{text}, not the {config.fps:g} fps asked for", commands, advice
    )


def _relayed(found: Camera, case: Case) -> str:
    """Why the camera of a laptop with a raw sensor is a virtual one."""
    raw = raw_nodes(case.system.host) if found.is_loopback else ()
    return f"; {raw_in_words(raw)}, of which another program makes pictures" if raw else ""


def _quicker(found: Camera, mode: CaptureMode, case: Case) -> tuple[tuple[str, ...], str]:
    """How to get a higher frame rate, and why it is low."""
    config = case.config.camera
    quick = [m for m in found.modes if m.rates and m.rates[0] >= config.fps - SLACK]
    if not quick:
        return (f"vcam set camera.fps={mode.rates[0]:g}",), "it gives no more at any size"
    best = max(quick, key=lambda m: m.width * m.height)
    if config.pixel_format != "auto" and (best.width, best.height) == (mode.width, mode.height):
        return ("vcam set camera.pixel_format=auto",), ""
    offers_packed = any(m.fourcc in JPEGS for m in found.modes)
    why = "" if offers_packed else "it has no MJPG, and raw pictures of this size fill its cable"
    return (f"vcam set camera.width={best.width} camera.height={best.height}",), why


def _paths(case: Case) -> list[str]:
    """The nodes that vcam needs and does not have open already."""
    paths = []
    if case.config.camera.type == "device" and not _vcam_has_it(case):
        with contextlib.suppress(SourceError):  # reported by an earlier link
            paths.append(case.camera.path)
    if case.wants_node:
        with contextlib.suppress(SinkError):  # reported by a later link
            paths.append(case.node.path)
    return paths


def _forbidden(path: str, case: Case) -> Finding:
    group = case.system.shared_with(path)
    error = not_allowed(path, SinkError, group or "video")
    if not group:
        text = f"{error.problem}: it belongs to no group of users"
        commands = (f"sudo chgrp video {path}", f"sudo chmod g+rw {path}", *error.commands)
        return Finding("permissions", Level.PROBLEM, text, commands, error.advice)
    if group in case.system.joined() - case.system.groups():
        text = f"{error.problem}: you are in the group {group}, but this session is older than that"
        return Finding("permissions", Level.PROBLEM, text, (), "log out and log in again")
    text = f"{error.problem}: you are not in the group {group}"
    return Finding("permissions", Level.PROBLEM, text, error.commands, error.advice)


def _absent(paths: list[str], container: str) -> Finding:
    """The kernel has nodes that are missing in /dev, or not passed to the container."""
    if not container:
        text = f"the kernel knows {' and '.join(paths)}, but there is no such file"
        command = "sudo udevadm trigger --subsystem-match=video4linux"
        return Finding("permissions", Level.PROBLEM, text, (command,))
    devices = " ".join(f"--device {path}" for path in paths)
    joined = "--group-add keep-groups" if container == "podman" else "--group-add video"
    return Finding(
        "permissions",
        Level.PROBLEM,
        f"this container ({container}) was not given {' and '.join(paths)}",
        (),
        f"start it with {devices} {joined}",
    )
