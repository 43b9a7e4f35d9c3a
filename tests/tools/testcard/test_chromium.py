from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from vcam.tools.testcard import chromium
from vcam.tools.testcard.chromium import read_chromium
from vcam.tools.testcard.pattern import CELLS, Card
from vcam.tools.testcard.verdict import Reading, judge

SIZE = 320, 180
LOG = '[1:1:1121/090000.0:INFO:CONSOLE(3)] "vcam {text}", source: file:///page.html (3)'

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for a browser")


def says(what: object) -> str:
    return LOG.format(text=json.dumps(what).replace('"', '\\"'))


def frame(number: int, at: float) -> str:
    picture = Card(*SIZE).frame(number).to_bgr()
    means = [picture[cell.area(*SIZE)].mean((0, 1)).round(2).tolist() for cell in CELLS]
    return says({"at": at, "size": SIZE, "cells": means})


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that says what stands in the file "said", and waits for its end."""
    monkeypatch.setattr(chromium, "_PATIENCE", 5.0)
    monkeypatch.setattr(chromium, "_WARM_UP", 0.0)
    program = tmp_path / "chromium"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "Chromium 1.2.3 built" && exit\n'
        f'echo "$@" > {tmp_path}/arguments\ncat {tmp_path}/said >&2\n'
        f"[ -e {tmp_path}/ends ] || exec sleep 30\n"
    )
    program.chmod(0o755)
    return program


def read(browser: Path, *lines: str) -> Reading:
    (browser.parent / "said").write_text("\n".join(["[1:1:ERROR] something else", *lines, ""]))
    return read_chromium(str(browser), "Virtual Camera", SIZE, 0.3)


def test_what_the_page_sees_is_read_off_its_log(browser: Path) -> None:
    cameras = says({"cameras": ["Built-in", "Virtual Camera (1bcf:2c99)"]})
    reading = read(browser, cameras, *(frame(n, 1e12 + 100 * n) for n in range(5)))
    assert reading.reader == "Chromium 1.2.3"
    assert [one.sample.top for one in reading.seen] == [0, 1, 2, 3, 4]
    checks = {check.subject: check for check in judge(reading, SIZE, 10, {})}
    assert checks["colours"].ok
    assert checks["colours"].text.endswith("taken as BT.601, limited range")
    assert checks["rate"].ok


def test_a_page_that_lacks_the_camera_says_what_it_has(browser: Path) -> None:
    reading = read(browser, says({"cameras": ["Built-in"]}))
    assert reading.problem == "it lists no camera called Virtual Camera (it lists Built-in)"


def test_an_error_of_the_page_is_told(browser: Path) -> None:
    reading = read(browser, says({"error": "NotReadableError: in use"}))
    assert reading.problem == "the page failed: NotReadableError: in use"


def test_a_browser_that_ends_is_told(browser: Path) -> None:
    (browser.parent / "ends").touch()
    assert read(browser).problem == "the page failed: the browser has ended"


def test_the_browser_reaches_no_host_and_asks_for_one_camera_only(browser: Path) -> None:
    read(browser, says({"cameras": []}))
    arguments = (browser.parent / "arguments").read_text()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in arguments
    assert "file:///" in arguments
    page = Path(chromium.__file__).with_name("page.html").read_text()
    assert page.count("getUserMedia") == 1
    assert "deviceId: {exact: wanted.deviceId}" in page
