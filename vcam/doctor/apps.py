"""Whether each installed program can see the virtual camera."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vcam.devices.distribution import distribution
from vcam.devices.loopback import lacks_exclusive_caps
from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Level
from vcam.doctor.module import command_fix
from vcam.doctor.system import System

_PIPEWIRE = "media.webrtc.camera.allow-pipewire"
"""Firefox's preference for cameras through PipeWire, which may miss loopback nodes."""

_PIPEWIRE_FEDORA = (41,)
"""The Fedora since which that is the default."""


_SNAPS = ("snap", "var/lib/snapd/snap")


@dataclass(frozen=True)
class App:
    """A program that uses cameras.

    Attributes:
        name: For people.
        commands: Its names in /usr/bin if installed from a distribution's or the vendor's package.
        flatpak: Its Flathub id; empty if there is none.
        snap: Its snap name; empty if there is none.
        chromium: Whether it is based on Chromium, which lists only nodes with exclusive_caps=1.
        firefox: Whether it is a Firefox.
    """

    name: str
    commands: tuple[str, ...]
    flatpak: str = ""
    snap: str = ""
    chromium: bool = False
    firefox: bool = False


APPS = (
    App("Chrome", ("google-chrome-stable", "google-chrome"), "com.google.Chrome", "", True),
    App("Chromium", ("chromium", "chromium-browser"), "org.chromium.Chromium", "chromium", True),
    App("Brave", ("brave-browser", "brave"), "com.brave.Browser", "brave", True),
    App("Edge", ("microsoft-edge-stable", "microsoft-edge"), "com.microsoft.Edge", "", True),
    App("Vivaldi", ("vivaldi-stable", "vivaldi"), "com.vivaldi.Vivaldi", "vivaldi", True),
    App("Firefox", ("firefox", "firefox-esr"), "org.mozilla.firefox", "firefox", firefox=True),
    App("Zoom", ("zoom",), "us.zoom.Zoom", "zoom-client"),
    App("OBS", ("obs",), "com.obsproject.Studio", "obs-studio"),
    App("Discord", ("discord", "Discord"), "com.discordapp.Discord", "discord", True),
    App("Slack", ("slack",), "com.slack.Slack", "slack", True),
    App(
        "Teams", ("teams-for-linux",), "com.github.IsmaelMartinez.teams_for_linux",
        "teams-for-linux", True,
    ),
    App("Signal", ("signal-desktop",), "org.signal.Signal", "signal-desktop", True),
    App("Element", ("element-desktop",), "im.riot.Riot", "element-desktop", True),
    App("Webex", ("CiscoCollabHost", "webex"), "com.cisco.webex.Webex"),
)  # fmt: skip
"""The programs that are checked. A web app (Teams, Meet) sees what its browser sees."""


def apps(case: Case) -> Iterator[Finding]:
    """One finding for each installed program and packaging."""
    seen = [finding for app in APPS for finding in _of(app, case)]
    yield from seen
    if not seen:
        yield Finding("apps", Level.OK, "none of those that vcam knows is installed")


def _of(app: App, case: Case) -> Iterator[Finding]:
    system = case.system
    if _is_native(app, system):
        yield _firefox(app, "", case) or _seen(app.name, app, case)
    if app.flatpak and _is_flatpak(app, system):
        name = f"{app.name} (Flatpak)"
        yield (
            _boxed_in(name, app, system) or _firefox(app, "flatpak", case) or _seen(name, app, case)
        )
    if app.snap and any(system.has(f"{folder}/{app.snap}") for folder in _SNAPS):
        name = f"{app.name} (Snap)"
        yield _unplugged(name, app, system) or _firefox(app, "snap", case) or _seen(name, app, case)


def _seen(name: str, app: App, case: Case) -> Finding:
    label, able = case.node.name, case.able
    if app.chromium and lacks_exclusive_caps(case.node, able):
        return Finding("apps", Level.PROBLEM, f"{name} does not list {label}: see state")
    if not able.can_capture:
        return Finding("apps", Level.OK, f"{name} lists {label} while vcam runs")
    return Finding("apps", Level.OK, f"{name} lists {label}")


def _is_native(app: App, system: System) -> bool:
    return any(
        _is_program(system.host.root / folder / command)
        for folder in ("usr/bin", "usr/local/bin")
        for command in app.commands
    )


def _is_program(file: Path) -> bool:
    """Whether it is installed, and not just a script that starts a snap."""
    try:
        with file.open("rb") as stream:
            return b"/snap/bin" not in stream.read(4096)
    except OSError:
        return False


def _is_flatpak(app: App, system: System) -> bool:
    folder = Path("flatpak/app") / app.flatpak
    return system.has(f"var/lib/{folder}") or (system.home / ".local/share" / folder).is_dir()


def _boxed_in(name: str, app: App, system: System) -> Finding | None:
    """A Flatpak without permission for devices."""
    shown = system.answer(["flatpak", "info", "--show-permissions", app.flatpak])
    if not shown:
        return None
    devices = re.search(r"^devices=(.*)$", shown, re.M)
    if devices and "all" in devices[1].split(";"):
        return None
    command = f"flatpak override --user --device=all {app.flatpak}"
    text = f"{name} may not use devices"
    advice = f"then close {app.name} and start it again"
    return Finding("apps", Level.WARNING, text, (command,), advice, (command_fix(command),))


def _unplugged(name: str, app: App, system: System) -> Finding | None:
    """A snap whose camera plug is not connected."""
    shown = system.answer(["snap", "connections", app.snap]) or ""
    plug = re.search(rf"^camera\s+{re.escape(app.snap)}:camera\s+(\S+)", shown, re.M)
    if plug is None or plug[1] != "-":
        return None
    command = f"sudo snap connect {app.snap}:camera"
    text = f"{name} may not use cameras"
    return Finding("apps", Level.WARNING, text, (command,), "", (command_fix(command),))


def _firefox(app: App, kind: str, case: Case) -> Finding | None:
    """A Firefox that takes its cameras from PipeWire."""
    if not app.firefox:
        return None
    wanted = _preference(case.system, kind)
    known = distribution(case.system.host)
    by_default = not kind and known.id == "fedora" and known.version >= _PIPEWIRE_FEDORA
    if not (by_default if wanted is None else wanted):
        return None
    return Finding(
        "apps",
        Level.WARNING,
        "Firefox takes its cameras from PipeWire, which may miss the virtual camera",
        ("systemctl --user restart wireplumber",),
        f"while vcam runs; or open about:config in Firefox and set {_PIPEWIRE} to false",
    )


def _preference(system: System, kind: str) -> bool | None:
    """The value in the user's profiles; None if it is not set."""
    folders = {
        "": (".mozilla/firefox", ".config/mozilla/firefox"),
        "snap": ("snap/firefox/common/.mozilla/firefox",),
        "flatpak": (".var/app/org.mozilla.firefox/.mozilla/firefox",),
    }[kind]
    said = re.compile(rf'^user_pref\("{re.escape(_PIPEWIRE)}",\s*(true|false)\)', re.M)
    for file in (f for folder in folders for f in system.home.glob(f"{folder}/*/*.js")):
        if file.name not in ("prefs.js", "user.js"):
            continue
        try:
            found = said.search(file.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            continue
        if found:
            return found[1] == "true"
    return None
