"""Nothing in a bug report says who somebody is."""

from __future__ import annotations

from pathlib import Path

import pytest

from vcam.doctor.anonymous import Anonymizer

ANNA = Anonymizer(["ann-laptop", "ameyer", "Anna Meyer,,,"], Path("/home/ameyer"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("user ameyer on ann-laptop.local", "user <name> on <name>.local"),
        ("Anna's iPhone, ANNA MEYER", "<name>'s iPhone, <name> <name>"),
        ("found bannana", "found bannana"),
        ("usb-046d_HD_8A3F21-video-index0", "usb-046d_HD_8A3F21-video-index0"),
        ("/dev/v4l/by-id/usb-046d_HD_8A3F21-video-index0", "/dev/v4l/by-id/<serial>"),
        ("/dev/video0 and /usr/bin/python3", "/dev/video0 and /usr/bin/python3"),
        ("mail anna@example.org, 00:1a:2B:3c:4d:5e", "mail <address>, <address>"),
    ],
)
def test_names_hosts_addresses_and_serials_go(text: str, left: str) -> None:
    assert ANNA(text) == left


@pytest.mark.parametrize(
    "text",
    [
        '"/home/ameyer/Pictures/my wedding.jpg" is broken',
        "~/Pictures/wedding.jpg:3:1",
        "/srv/wedding/a.jpg",
        "(/mnt/wedding)",
        r"C:\Users\me\wedding.jpg is broken",
        "`vcam -c '/home/ameyer/wedding/vcam.yaml'`",
    ],
)
def test_paths_go(text: str) -> None:
    found = ANNA(text)
    assert "wedding" not in found
    assert "<path" in found


def test_the_same_path_stays_the_same() -> None:
    anonymous = Anonymizer([], Path("/home/a"))
    assert anonymous("/home/a/x.jpg and ~/y.png") == "<path1.jpg> and <path2.png>"
    assert anonymous("/home/a/x.jpg") == "<path1.jpg>"
