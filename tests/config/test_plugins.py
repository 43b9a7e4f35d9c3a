"""A package beside vcam brings what vcam does not have."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/plugins.md").read_text(encoding="utf-8")

OTHERS = """
from vcam.plugins import Plugin, Section
from vcam.segmenters.fake import FakeSegmenter
from vcam.sinks.fake import FakeSink
from vcam.sources.fake import FakeSource

class Options(Section):
    level: int = 3
    "Of nothing."

segmenter = Plugin(Options, lambda options: FakeSegmenter([None]))
source = Plugin(Options, lambda options, camera: FakeSource([]))
sink = Plugin(Options, lambda options, output: FakeSink(output.width, output.height))
broken = Plugin(Options, lambda options, width, height: 1 / 0)
wrong = 3
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with the package of the page, and another, as an installer leaves them."""
    folder = tmp_path / "site"
    code, entries = (re.search(rf"```{kind}\n(.*?)```", PAGE, re.S) for kind in ("python", "toml"))
    assert code
    assert entries
    name, value = re.findall(r'^(\w+) = "(.*)"$', entries[1], re.M)[0]
    install(folder, "vcam_stripes", code[1], f"[vcam.backgrounds]\n{name} = {value}\n")
    install(
        folder, "vcam_others", OTHERS,
        "[vcam.backgrounds]\nbroken = vcam_others:broken\nwrong = vcam_others:wrong\n"
        "gone = vcam_others:gone\n"
        "[vcam.segmenters]\nnobody = vcam_others:segmenter\n"
        "[vcam.sources]\ndark = vcam_others:source\n"
        "[vcam.sinks]\nnowhere = vcam_others:sink\n",
    )  # fmt: skip
    return folder


def install(folder: Path, name: str, code: str, entries: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / f"{name}.py").write_text(code, encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entries)


def run(folder: Path, *arguments: str, ok: bool = True) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "NO_COLOR": "1"},
        cwd=folder.parent, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode == 0) is ok, done.stderr
    return done.stdout + done.stderr


MAKE = """
import sys
from pathlib import Path
from vcam.config import load_config
from vcam.config.changes import without_effect
from vcam.pipeline.build import make_configured_background
config = load_config(Path(sys.argv[1]))
picture = make_configured_background(config).cover(0.0)
print(sorted(set(picture.y[0].tolist())), without_effect(config))
"""


def test_the_background_of_the_page_is_chosen_with_its_options(installed: Path) -> None:
    path = installed.parent / "vcam.yaml"
    path.write_text("background:\n  type: stripes\n  stripes: {count: 2, color: white}\n")
    assert "[16, 235] []\n" in run(installed, "-c", MAKE, str(path))
    path.write_text("background:\n  type: color\n  stripes: {count: 3}\n")
    said = run(installed, "-c", MAKE, str(path))
    assert "background.stripes.count has no effect with background.type color" in said


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("type: stripes\n  stripes: {count: 1}", "vcam.yaml:3:13: background.stripes.count: "),
        ("type: stripes\n  stripes: {cuont: 3}", 'unknown key; did you mean "count"?'),
        ("type: stripe", 'did you mean "stripes"?'),
    ],
)
def test_its_options_are_checked_like_vcam_s_own(installed: Path, written: str, told: str) -> None:
    path = installed.parent / "vcam.yaml"
    path.write_text(f"background:\n  {written}\n")
    assert told in run(installed, "-m", "vcam", "config", "check", str(path), ok=False)


EACH = """
from pathlib import Path
from vcam.config import parse_config
from vcam.segmenters import make_segmenter
from vcam.sinks import open_sink
from vcam.sources import open_source
text = "segmentation: {backend: nobody, nobody: {level: 4}}\\ncamera: {type: dark}\\n"
config = parse_config(text + "output: {type: nowhere}", Path("vcam.yaml"))
made = make_segmenter(config.segmentation), open_source(config), open_sink(config.output)
print(*(type(one).__name__ for one in made), config.segmentation.uses_network)
"""


def test_segmenters_sources_and_sinks_come_the_same_way(installed: Path) -> None:
    assert "FakeSegmenter FakeSource FakeSink False\n" in run(installed, "-c", EACH)


def test_what_cannot_be_loaded_is_left_out_and_told_of(installed: Path) -> None:
    path = installed.parent / "vcam.yaml"
    path.write_text("background: {type: wrong}\n")
    said = run(installed, "-m", "vcam", "config", "check", str(path), ok=False)
    assert (
        "the plugin wrong of the package vcam_others cannot be used: it is no Plugin but 3" in said
    )
    assert "the plugin gone of the package vcam_others cannot be used" in said
    assert "Traceback" not in said


def test_what_cannot_be_made_is_refused_in_a_sentence(installed: Path) -> None:
    path = installed.parent / "vcam.yaml"
    path.write_text("background: {type: broken}\n")
    said = run(installed, "-m", "vcam", "config", "check", str(path), ok=False)
    assert "the plugin broken cannot be made (ZeroDivisionError" in said
    assert "a fault of vcam" not in said
