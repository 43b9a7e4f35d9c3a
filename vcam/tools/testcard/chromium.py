"""What a web page sees: headless Chromium reads the virtual camera through getUserMedia.

The page lies in a temporary folder and answers on the browser's standard error: nothing goes
over a network, not even this machine's own. Only the camera that is meant is opened.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from vcam.system.user import is_root
from vcam.tools.testcard.pattern import CELLS, from_means
from vcam.tools.testcard.verdict import Picture, Reading

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
)
_ALLOWED = {"profile": {"default_content_setting_values": {"media_stream_camera": 1}}}
"""Grants camera access in this profile: without it a page sees no device names."""

_SAID = re.compile(r'CONSOLE[:(]\d+\)?\] "vcam (\{.*\})", source:')
_WARM_UP = 2.0
"""Seconds ignored at first: a browser that has just started is slow."""
_PATIENCE = 60.0


def find_chromium() -> str | None:
    """The first of `PROGRAMS` that is installed."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def read_chromium(program: str, label: str, size: tuple[int, int], seconds: float) -> Reading:
    """Have a page play the camera called `label`, and read back its frames.

    Args:
        program: The browser.
        label: The camera's name.
        size: Width and height to ask for, pixels.
        seconds: How long to watch.
    """
    name = _version(program)
    with tempfile.TemporaryDirectory(prefix="vcam-", ignore_cleanup_errors=True) as folder:
        browser = subprocess.Popen(
            _command(program, Path(folder), label, size),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        said: Queue[dict[str, Any]] = Queue()
        listener = threading.Thread(target=_listen, args=(browser, said), daemon=True)
        listener.start()
        try:
            return _watch(name, label, said, seconds)
        finally:
            _end(browser)
            listener.join()


def _command(program: str, folder: Path, label: str, size: tuple[int, int]) -> list[str]:
    cells = [(cell.x, cell.y, cell.width, cell.height) for cell in CELLS]
    asked = {"label": label, "width": size[0], "height": size[1], "cells": cells}
    page = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    (folder / "page.html").write_text(
        page.replace("/*asked*/null", json.dumps(asked).replace("<", r"\u003c")), encoding="utf-8"
    )
    profile = folder / "profile"
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text(json.dumps(_ALLOWED))
    flags = [*_FLAGS, f"--user-data-dir={profile}"]
    if is_root():
        flags.append("--no-sandbox")  # it refuses to run as root with it
    return [program, *flags, (folder / "page.html").as_uri()]


def _listen(browser: subprocess.Popen[str], said: Queue[dict[str, Any]]) -> None:
    assert browser.stderr is not None
    with browser.stderr as lines:
        for line in lines:
            if found := _SAID.search(line):
                said.put(json.loads(found[1].replace('\\"', '"')))
    said.put({"error": "the browser has ended"})


def _watch(name: str, label: str, said: Queue[dict[str, Any]], seconds: float) -> Reading:
    seen: list[Picture] = []
    begin, until = float("inf"), time.monotonic() + _PATIENCE
    clock = time.monotonic() - time.time()
    while (left := until - time.monotonic()) > 0:
        try:
            told = said.get(timeout=left)
        except Empty:
            break
        if "error" in told:
            return Reading(name, problem=f"the page failed: {told['error']}")
        if "cameras" in told and not any(one.startswith(label) for one in told["cameras"]):
            there = ", ".join(filter(None, told["cameras"])) or "none by name"
            return Reading(name, problem=f"it lists no camera called {label} (it lists {there})")
        if "cells" in told:
            at = told["at"] / 1000 + clock
            if not seen and begin == float("inf"):
                begin, until = at + _WARM_UP, time.monotonic() + _WARM_UP + seconds
            if at >= begin:
                width, height = told["size"]
                seen.append(Picture(at, (width, height), from_means(told["cells"])))
    problem = "" if seen else f"no picture came in {_PATIENCE:g} seconds"
    return Reading(name, seen, problem=problem, converts=True)


def _version(program: str) -> str:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        answer = ""
    found = re.search(r"(\D+ [\d.]+)", answer)
    return found[1].strip() if found else Path(program).name


def _end(browser: subprocess.Popen[str]) -> None:
    browser.terminate()
    try:
        browser.wait(5)
    except subprocess.TimeoutExpired:
        browser.kill()
        browser.wait()
