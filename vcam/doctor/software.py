"""Prerequisites other than devices: models, libraries, a display."""

from __future__ import annotations

import site
import sys
from collections.abc import Iterator

from vcam import native
from vcam.devices.distribution import distribution
from vcam.devices.libraries import install_command, no_mediapipe
from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Fix, Level
from vcam.doctor.system import OWN_COMMAND
from vcam.errors import ModelError
from vcam.segmenters import models
from vcam.segmenters.quality import needed_models
from vcam.system.shell import program

_CV2 = (
    "opencv-contrib-python",
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python-headless",
)
"""Distributions that contain `cv2`; the first is the one MediaPipe requires."""

_QUIET = (0, 10, 33)
"""The last MediaPipe without telemetry; later ones contact a server and send usage metrics."""

_LITERT = "ai-edge-litert"
_ONNX = "onnxruntime"

_FOR_WINDOWS = ("libGL.so.1",)
_FOR_TASKS = ("libEGL.so.1", "libGLESv2.so.2")
"""Shared libraries that OpenCV and MediaPipe Tasks load but do not ship."""

_MANAGERS = {"debian": "apt-get", "fedora": "dnf", "arch": "pacman", "suse": "zypper"}


def model(case: Case) -> Iterator[Finding]:
    """Whether the network's file is there and complete."""
    names = needed_models(case.config.segmentation, case.config.matte.quality)
    if not names or not case.config.needs_segmenter:
        yield Finding("model", Level.OK, "none is needed by this configuration")
        return
    known = models.all_models()
    for name in names:
        if name in known and (problem := _wrong_with(known[name])):
            yield problem
            return
    yield Finding("model", Level.OK, ", ".join(names))


def libraries(case: Case) -> Iterator[Finding]:
    """Whether the right packages and system libraries are installed."""
    packages = case.system.packages()
    copies = [name for name in _CV2 if name in packages]
    found = [
        *_missing(case),
        *_no_engine(case),
        *_no_studio(case),
        *_two_copies(copies),
        *_telemetry(packages.get("mediapipe", "")),
        *_other_vcam(packages.get("vcam", "")),
    ]
    yield from found
    if not found:
        shown = (*copies, _LITERT, "mediapipe", "av", "pyvirtualcam", "simplejpeg")
        versions = [f"{name} {packages[name]}" for name in shown if name in packages]
        text = ", ".join(versions) or "all there"
        yield Finding("libraries", Level.OK, text, (), "" if _is_quick(case) else native.MISSING)


def display(case: Case) -> Iterator[Finding]:
    """Whether a preview window can be opened; the virtual camera needs none."""
    said = case.system.environment.get
    if said("DISPLAY"):
        kind = "Wayland, with X11 programs" if said("WAYLAND_DISPLAY") else "X11"
        yield Finding("display", Level.OK, kind)
    elif said("WAYLAND_DISPLAY"):
        yield Finding(
            "display", Level.WARNING,
            "Wayland without X11 programs: OpenCV can show no window; all else works", (),
            "install XWayland (package xwayland) for windows",
        )  # fmt: skip
    else:
        yield Finding("display", Level.OK, "none: no window can be shown; all else works")


def _wrong_with(model: models.Model) -> Finding | None:
    try:
        models.check(model)
    except ModelError as error:
        command = models.fetch_command(model)
        fetch = Fix(" ".join(("vcam", *command)), lambda system: system.run(OWN_COMMAND + command))
        return Finding("model", Level.PROBLEM, error.problem, (fetch.shown,), "", (fetch,))
    return None


def _missing(case: Case) -> Iterator[Finding]:
    packages = case.system.packages()
    wanted = _FOR_WINDOWS if {"opencv-contrib-python", "opencv-python"} & set(packages) else ()
    if "mediapipe" in packages and _runs_tasks(case):
        wanted = (*wanted, *_FOR_TASKS)
    missing = [name for name in wanted if not case.system.loads(name)]
    if case.system.platform != "linux" or not missing:
        return
    manager = _MANAGERS.get(distribution(case.system.host).family, "")
    command = install_command(missing[0], manager)
    text = f"missing: {', '.join(missing)}"
    if command.startswith("sudo"):
        yield Finding("libraries", Level.PROBLEM, text, (command,))
    else:
        yield Finding("libraries", Level.PROBLEM, text, (), command)


def _no_engine(case: Case) -> Iterator[Finding]:
    """Whether what is to run the network is installed; MediaPipe has few wheels, LiteRT more."""
    if "mediapipe" in case.system.packages() or not _runs_tasks(case):
        return
    if case.config.segmentation.mediapipe.engine == "tasks" or _LITERT in case.system.packages():
        yield Finding.of("libraries", no_mediapipe())
    else:
        text = "neither LiteRT nor MediaPipe is installed to run the network"
        advice = "install ai-edge-litert, or set segmentation.backend to mog2, which needs neither"
        yield Finding("libraries", Level.PROBLEM, text, (), advice)


def _no_studio(case: Case) -> Iterator[Finding]:
    """Whether what runs the network of `matte.quality: studio` is installed."""
    wanted = needed_models(case.config.segmentation, case.config.matte.quality)
    if models.MODNET.name in wanted and _ONNX not in case.system.packages():
        text = "ONNX Runtime is not installed, which matte.quality studio needs"
        advice = "or set matte.quality to best"
        yield Finding(
            "libraries", Level.PROBLEM, text, (_pip("install 'vcam-bridge[studio]'"),), advice
        )


def _runs_tasks(case: Case) -> bool:
    """Whether MediaPipe Tasks runs the network, and not LiteRT."""
    segmentation = case.config.segmentation
    if not segmentation.uses_network:
        return False
    engine = segmentation.mediapipe.engine
    has_litert = _LITERT in case.system.packages()
    own = set(needed_models(segmentation, case.config.matte.quality)) - set(models.all_models())
    return engine == "tasks" or (engine == "auto" and (not has_litert or bool(own)))


def _two_copies(copies: list[str]) -> Iterator[Finding]:
    if len(copies) < 2:
        return
    keep, *others = copies
    commands = (
        _pip(f"uninstall -y {' '.join(others)}"),
        _pip(f"install --force-reinstall --no-deps {keep}"),
    )
    text = f"{' and '.join(copies)} have put their cv2 into the same folder, over one another"
    yield Finding("libraries", Level.PROBLEM, text, commands)


def _is_quick(case: Case) -> bool:
    return case.system.platform == "win32" or case.system.has_native_half()


def _telemetry(version: str) -> Iterator[Finding]:
    numbers = tuple(int(part) for part in version.split(".")[:3] if part.isdigit())
    if numbers > _QUIET:
        wanted = ".".join(map(str, _QUIET))
        text = f"MediaPipe {version} sends usage metrics; {wanted} is the last that does not"
        commands = (_pip(f"install mediapipe=={wanted}"),)
        yield Finding("libraries", Level.PROBLEM, text, commands)


def _other_vcam(version: str) -> Iterator[Finding]:
    """The distribution `vcam` is an unrelated one, or this one under its old name."""
    if version:
        text = (
            f"the distribution vcam {version} has put its files among those of vcam-bridge: "
            "one of the two may be run for the other"
        )
        advice = "then install vcam-bridge as you did, with --force-reinstall --no-deps"
        yield Finding("libraries", Level.PROBLEM, text, (_pip("uninstall -y vcam"),), advice)


def _pip(arguments: str) -> str:
    alone = "" if site.ENABLE_USER_SITE else "-I "  # imports nothing of the current folder
    return f"{program(sys.executable)} {alone}-m pip {arguments}"
