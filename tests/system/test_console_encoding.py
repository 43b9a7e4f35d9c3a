from __future__ import annotations

import os
import subprocess
import sys

import pytest

from vcam.service.daemon import run_folder

CODE = """
import sys
from vcam.system.console_encoding import make_streams_safe
make_streams_safe()
print("gradient → blur, Ümläut, 日, \\udc80, \\U0001f600")
print("→", file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "gradient → blur, Ümläut, 日, \\udc80, \U0001f600"),
        ("cp1252", "gradient -> blur, Ümläut, \\u65e5, \\udc80, \\U0001f600"),
        ("cp437", "gradient -> blur, Ümläut, \\u65e5, \\udc80, \\U0001f600"),
        ("ascii", "gradient -> blur, \\xdcml\\xe4ut, \\u65e5, \\udc80, \\U0001f600"),
    ],
)
def test_every_code_page_gets_something_legible(encoding: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=run_folder(), capture_output=True, check=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert done.stdout.decode(encoding).rstrip() == said
    assert done.stderr.decode(encoding).rstrip() == ("→" if encoding == "utf-8" else "->")


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_set_speaks_in_every_code_page(encoding: str, tmp_path: os.PathLike[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vcam", "set", "background.type=blur"],
        cwd=run_folder(), capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding, "XDG_CONFIG_HOME": str(tmp_path),
             "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(tmp_path)},
    )  # fmt: skip
    assert "gradient -> blur" in done.stdout.decode(encoding)
    assert done.returncode == 0
