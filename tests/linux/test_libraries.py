from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.portrait import portrait
from tests.without_opencv import vcam_without_opencv
from vcam.devices.libraries import missing_library
from vcam.images.picture_files import write_picture


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt-get install libegl1 libgles2 libgl1"),
        ("dnf", "sudo dnf install libglvnd-egl libglvnd-gles libglvnd-glx"),
        ("pacman", "sudo pacman -S libglvnd"),
        ("zypper", "sudo zypper install libglvnd"),
    ],
)
def test_missing_library_names_the_packages(
    monkeypatch: pytest.MonkeyPatch, manager: str, command: str
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name if name == manager else None)
    error = OSError("libEGL.so.1: cannot open shared object file: No such file or directory")
    problem = missing_library(error)
    assert problem.problem == "the system library libEGL.so.1 is missing"
    assert problem.cure == command


def test_library_missing_at_start_is_one_sentence_and_exit_code_8() -> None:
    result = vcam_without_opencv("run")
    assert result.returncode == 8
    assert "libGL.so.1 is missing" in result.stderr
    assert "Traceback" not in result.stderr


def test_slim_machine_needs_neither_mediapipe_nor_matplotlib(tmp_path: Path) -> None:
    pytest.importorskip("ai_edge_litert")
    me, out = tmp_path / "me.png", tmp_path / "out.png"
    write_picture(me, portrait())
    code = (
        "import sys\n"
        "sys.modules.update(mediapipe=None, matplotlib=None)\n"
        "import vcam.cli.run, vcam.service.session\n"
        "from vcam.__main__ import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "process", str(me), str(out)]
    subprocess.run(command, check=True, capture_output=True)
    assert out.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
def test_no_thread_is_started_for_the_network_and_for_linear_algebra() -> None:
    pytest.importorskip("ai_edge_litert")
    code = (
        "import os, sys\n"
        "from vcam.__main__ import main\n"
        "sys.argv = ['vcam', '--version']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "import cv2\n"
        "cv2.setNumThreads(1)\n"
        "from vcam.segmenters.engines import make_engine\n"
        "engine = make_engine('landscape', 'litert')\n"
        "sys.exit(len(os.listdir('/proc/self/task')) - 1)\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_old_python_is_refused_before_anything_is_imported() -> None:
    code = "import sys\nsys.version_info = (3, 9, 2)\nfrom vcam.__main__ import main\nmain()\n"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 8
    assert "Python 3.9.2" in result.stderr
    assert "3.10 or newer" in result.stderr
