"""The virtual cameras of Windows and macOS, by OBS or Unity Capture."""

from __future__ import annotations

import plistlib
from collections.abc import Iterator

from vcam.devices.node_errors import ACTIVATE_OBS
from vcam.doctor.case import Case
from vcam.doctor.findings import Finding, Level

_OBS = r"CLSID\{A3FCE0F5-3493-419F-958A-ABA1250EC20B}"
_UNITY_CAPTURE = r"CLSID\{5C2CD55C-92AD-4999-8666-912BD3E70010}"
"""Registry keys of the two, where pyvirtualcam looks for them."""

_OBS_APP = "Applications/OBS.app/Contents/Info.plist"
_OBS_VERSION = 30
_EXTENSION = "com.obsproject.obs-studio.mac-camera-extension"


def windows(case: Case) -> Iterator[Finding]:
    """Whether a virtual camera is registered."""
    names = (("OBS Virtual Camera", _OBS), ("Unity Capture", _UNITY_CAPTURE))
    found = [name for name, key in names if case.system.is_registered(key)]
    if found:
        yield Finding("driver", Level.OK, " and ".join(found))
        return
    text = "no virtual camera is installed: neither OBS's nor Unity Capture"
    yield Finding("driver", Level.PROBLEM, text, (), f"{ACTIVATE_OBS}; or install Unity Capture")


def macos(case: Case) -> Iterator[Finding]:
    """Whether OBS is installed, new enough, and its camera approved."""
    version = _obs_version(case)
    if not version:
        yield Finding("driver", Level.PROBLEM, "OBS Studio is not installed", (), ACTIVATE_OBS)
        return
    if int(version.split(".")[0]) < _OBS_VERSION:
        text = f"OBS Studio {version} is too old: vcam needs its camera of {_OBS_VERSION} or later"
        yield Finding("driver", Level.PROBLEM, text, (), ACTIVATE_OBS)
        return
    listed = case.system.answer(["systemextensionsctl", "list"])
    lines = [line for line in (listed or "").splitlines() if _EXTENSION in line]
    if listed is None or any("[activated enabled]" in line for line in lines):
        yield Finding("driver", Level.OK, f"OBS Virtual Camera {version}")
    elif any("waiting for user" in line for line in lines):
        advice = (
            "allow it in System Settings, General, Login Items & Extensions, Camera Extensions "
            "(before macOS 15: Privacy & Security)"
        )
        text = "the camera of OBS waits for your permission"
        yield Finding("driver", Level.PROBLEM, text, (), advice)
    else:
        text = "the camera of OBS was never activated"
        yield Finding("driver", Level.PROBLEM, text, ("open -a OBS",), ACTIVATE_OBS)


def _obs_version(case: Case) -> str:
    try:
        content = (case.system.host.root / _OBS_APP).read_bytes()
        return str(plistlib.loads(content).get("CFBundleShortVersionString", ""))
    except (OSError, plistlib.InvalidFileException, ValueError):
        return ""
