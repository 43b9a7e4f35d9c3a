"""Programs that people use, on a test card in the virtual camera."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.devices.harness import output_node, stop, wait_for
from vcam.images.types import Image
from vcam.sinks.virtual_camera import VirtualCameraSink
from vcam.system.user import is_root
from vcam.tools.testcard.pattern import Card, sample
from vcam.tools.testcard.player import Player
from vcam.tools.testcard.verdict import Comparison, Picture, Reading, judge

pytestmark = pytest.mark.device

WIDTH, HEIGHT, FPS = 1280, 720, 10
"""The size at which programs begin to guess BT.709."""

COMMANDS = {
    "ffmpeg": (
        "ffmpeg -nostdin -loglevel error -f v4l2 -i {node} -fps_mode passthrough "
        "-sws_flags accurate_rnd+full_chroma_int -pix_fmt bgr24 -f rawvideo -"
    ),
    "gst-launch-1.0": (
        "gst-launch-1.0 -q v4l2src device={node} ! videoconvert dither=none ! "
        "video/x-raw,format=BGR ! fdsink sync=false"
    ),
}


@pytest.fixture
def player() -> Iterator[Player]:
    def open_sink() -> VirtualCameraSink:
        return VirtualCameraSink("Virtual Camera", WIDTH, HEIGHT, FPS)

    with Player(open_sink, Card(WIDTH, HEIGHT), FPS) as player:
        yield player


def verdict(reader: str, seen: list[Picture], player: Player) -> dict[str, Comparison]:
    checks = judge(Reading(reader, seen), (WIDTH, HEIGHT), FPS, player.sent)
    return {check.subject: check for check in checks}


def seen(picture: Image) -> Picture:
    return Picture(time.monotonic(), (picture.shape[1], picture.shape[0]), sample(picture))


@pytest.mark.parametrize("program", COMMANDS)
def test_a_program_gets_every_picture_with_its_colours(program: str, player: Player) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    command = COMMANDS[program].format(node=output_node()).split()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert process.stdout is not None
    frames = []
    try:
        for _ in range(45):
            data = process.stdout.read(WIDTH * HEIGHT * 3)
            frames.append(seen(np.frombuffer(data, np.uint8).reshape(HEIGHT, WIDTH, 3)))
    finally:
        stop(process)
        process.stdout.close()
    found = verdict(program, frames[10:], player)  # the first ones come in a heap
    assert found["colours"].figures["error"] <= 6, found  # 8-bit arithmetic of their own
    counts = found["frames"].figures
    assert counts["late"] == counts["torn"] == 0, found
    assert counts["missing"] + counts["twice"] <= 4, found


@pytest.mark.skipif(shutil.which("cvlc") is None, reason="VLC is not installed")
def test_vlc_shows_the_picture(player: Player, tmp_path: Path) -> None:
    command = ["cvlc", "--intf=dummy", "--no-audio", "--vout=dummy"]
    command += ["--video-filter=scene", "--scene-format=png", "--scene-ratio=5"]
    command += [f"--scene-path={tmp_path}", f"v4l2://{output_node()}"]
    if is_root():  # it refuses to run as root
        for folder in (tmp_path, *tmp_path.parents[:-2]):
            folder.chmod(0o777)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    quiet = subprocess.DEVNULL
    environment = {**os.environ, "HOME": str(tmp_path)}
    process = subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        wait_for(lambda: len(list(tmp_path.glob("*.png"))) > 3, "VLC keeps pictures")
    finally:
        stop(process)
    files = sorted(tmp_path.glob("*.png"))[:-1]  # it may have been writing the last one
    pictures = [cv2.imread(str(file)) for file in files]
    found = verdict("VLC", [seen(np.asarray(one, np.uint8)) for one in pictures], player)
    assert found["size"].ok, found
    assert found["colours"].figures["error"] <= 6, found
