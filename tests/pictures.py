"""The pictures of the docs, made by vcam from the YAML lines that stand above them.

`python -m tests.pictures [FOOTAGE] [--out docs/pictures]` reads the pages in `docs`. Every YAML
block above a picture is a configuration, and gives one panel, from left to right; a picture with
no block of its own shows those of the one before. A comment right above a picture says more, in
parts divided by `;`:

    <!-- vary background.strength: 0.3, 0.6, 1 -->   the last block, once with each value
    <!-- at: 0.5, 1.5 -->                            a panel for each of these seconds
    <!-- crop: hair -->                              a part of the frame: see `PARTS`
    <!-- footage: scene -->                          the built-in scene, which begins empty
    <!-- camera -->                                  the camera's picture first
    <!-- placeholder -->                             what viewers see while paused

The files that the blocks name are made beside them: see `make_files`.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from ruamel.yaml import YAML
from skimage import data

import vcam
from tests.clips import write_clip
from vcam.backgrounds import make_background
from vcam.backgrounds.worker import PromptWorker
from vcam.config import Config
from vcam.config.document import assign
from vcam.config.load import parse_config
from vcam.images.picture_files import is_picture, read_picture, write_picture
from vcam.images.resizing import shrink
from vcam.images.types import I420, Alpha, Box, Frame, Image
from vcam.pipeline.build import make_pipeline
from vcam.sources.scene.scene import SceneSource
from vcam.sources.video import VideoSource

DOCS = Path(__file__).parent.parent / "docs"
PAGES = ("backgrounds.md", "finish.md", "matte.md")
PARTS = ("head", "hair", "ear", "shoulder")
_WIDTH, _HEIGHT, _FPS = 1280, 720, 30
_SETTLED = 0.7
"""Seconds after which a picture is taken, where the page does not say when."""
_WIDTHS = {1: 480, 2: 400, 3: 320}
"""Of a panel, in pixels, by how many there are."""
_BLOCK = re.compile(
    r"```yaml\n(?P<yaml>.*?)```"
    r"|(?:<!-- (?P<hints>[^>]*) -->\n)?!\[[^\]]*\]\(pictures/(?P<name>[\w-]+)\.jpg\)",
    re.DOTALL,
)


@dataclass
class Wanted:
    """One picture of a page.

    Attributes:
        name: Of its file, without the ending.
        blocks: The YAML lines of its panels.
        hints: What the comment says, by its first word.
    """

    name: str
    blocks: list[str]
    hints: dict[str, str] = field(default_factory=dict)

    @property
    def times(self) -> list[float]:
        """When the panels are taken, seconds."""
        return [float(time) for time in self.hints.get("at", str(_SETTLED)).split(",")]

    def texts(self) -> list[str]:
        """The configuration of each panel, one of `times` after the other for each."""
        varied = next((hint for hint in self.hints if hint.startswith("vary ")), None)
        if varied is None:
            return self.blocks
        keys = varied.removeprefix("vary ").split(".")
        values = YAML(typ="safe").load(f"[{self.hints[varied]}]")
        return self.blocks[:-1] + [assign(self.blocks[-1], keys, value) for value in values]


def read_page(text: str) -> Iterator[Wanted]:
    """The pictures that a page asks for."""
    blocks: list[str] = []
    used = True
    for match in _BLOCK.finditer(text):
        if match["yaml"] is not None:
            blocks = [match["yaml"]] if used else [*blocks, match["yaml"]]
            used = False
            continue
        used = True
        hints = (hint.partition(":") for hint in (match["hints"] or "").split(";"))
        yield Wanted(match["name"], blocks, {key.strip(): value.strip() for key, _, value in hints})


class Studio:
    """Takes the pictures.

    Args:
        footage: What the camera sees: a picture, or a video from its beginning.
        folder: Where the files are that the configurations name.
    """

    def __init__(self, footage: Path | Image, folder: Path) -> None:
        self._footage, self._folder = footage, folder
        matting = vcam.Matting()
        for image in self._frames("", _SETTLED):
            self._alpha = matting.process(image)
        matting.close()

    def take(self, wanted: Wanted) -> Image:
        """All panels of a picture, side by side."""
        panels: list[Image] = []
        for text in wanted.texts():
            config = parse_config(text, self._folder / "vcam.yaml")
            panels += self._shots(config, wanted, with_camera="camera" in wanted.hints)
        part = wanted.hints.get("crop")
        if part is not None:
            area = place(part, self._alpha).area
            panels = [panel[area] for panel in panels]
        return _side_by_side(panels)

    def _shots(self, config: Config, wanted: Wanted, with_camera: bool) -> list[Image]:
        background = make_background(config.background, _WIDTH, _HEIGHT, PromptWorker)
        pipeline = make_pipeline(config, background, _WIDTH, _HEIGHT)
        out = I420(_WIDTH, _HEIGHT)
        moments = [round(time * _FPS) for time in wanted.times]
        shots = []
        frames = self._frames(wanted.hints.get("footage", ""), max(wanted.times))
        for index, image in enumerate(frames):
            pipeline.render(Frame(image, index / _FPS), out)
            if index in moments:
                shots += [image] if with_camera else []
                shots.append(out.to_bgr())
        if "placeholder" in wanted.hints:
            shots = [pipeline.front.placeholder(background, 0.0).to_bgr()]
        pipeline.close()
        return shots

    def _frames(self, which: str, seconds: float) -> Iterator[Image]:
        count = round(seconds * _FPS) + 1
        if which != "scene" and not isinstance(self._footage, Path):
            yield from [self._footage] * count
            return
        source: SceneSource | VideoSource = SceneSource(_WIDTH, _HEIGHT, _FPS)
        if which != "scene" and isinstance(self._footage, Path):
            source = VideoSource(self._footage)
        for _ in range(count):
            image = source.read()
            assert image is not None  # neither has an end
            yield _enlarged(image, (_WIDTH, _HEIGHT))
        source.close()


def place(part: str, alpha: Alpha) -> Box:
    """Where to look closely at the person.

    Args:
        part: One of `PARTS`.
        alpha: The person's.
    """
    person = alpha > 127
    rows = np.flatnonzero(person.any(1))
    top = int(rows[0])
    middle = int(np.flatnonzero(person[top : top + 20].any(0)).mean())
    high = {"head": 400, "hair": 240, "ear": 200, "shoulder": 240}[part]
    wide = high * 16 // 9
    x, y = middle, top - high // 6 + high // 2
    if part in ("ear", "shoulder"):
        y = top + (220 if part == "ear" else _HEIGHT - high // 2 - top - 40)
        x = int(np.flatnonzero(person[y])[0])
    left = min(max(0, x - wide // 2), _WIDTH - wide)
    upper = min(max(0, y - high // 2), _HEIGHT - high)
    return Box(left, upper, wide, high)


def _side_by_side(panels: list[Image]) -> Image:
    width = _WIDTHS[len(panels)]
    gap = np.full((width * 9 // 16, 6, 3), 255, np.uint8)
    row: list[Image] = []
    for panel in panels:
        size = (width, width * 9 // 16)
        row += [gap, shrink(panel, *size) if panel.shape[1] >= width else _enlarged(panel, size)]
    return np.hstack(row[1:])


def _enlarged(image: Image, size: tuple[int, int]) -> Image:
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def _portrait() -> Image:
    """NASA's public-domain portrait of Eileen Collins, as a camera would show it."""
    picture = np.asarray(cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR), np.uint8)
    return _enlarged(picture[:288], (_WIDTH, _HEIGHT))


def make_files(folder: Path) -> None:
    """Write what the pages' configurations name, from pictures that scikit-image carries."""
    launch = np.asarray(cv2.cvtColor(data.rocket(), cv2.COLOR_RGB2BGR), np.uint8)
    coffee = np.asarray(cv2.cvtColor(data.coffee(), cv2.COLOR_RGB2BGR), np.uint8)
    stars = np.asarray(cv2.cvtColor(data.hubble_deep_field(), cv2.COLOR_RGB2BGR), np.uint8)
    (folder / "holiday").mkdir()
    for name, image in (
        ("launch.jpg", launch),
        ("coffee.jpg", coffee),
        ("small.png", shrink(stars[:400, :400], 160, 160)),
        ("holiday/1.jpg", launch),
        ("holiday/2.jpg", coffee),
    ):
        write_picture(folder / name, image)
    pan = [np.ascontiguousarray(stars[y : y + 540, y : y + 960]) for y in range(0, 40)]
    write_clip(folder / "stars.avi", pan)
    _write_logo(folder / "logo.png")


def _write_logo(path: Path) -> None:
    """White letters on a rounded shade, transparent round about."""
    logo = np.zeros((120, 400, 4), np.uint8)
    cv2.rectangle(logo, (0, 0), (399, 119), (60, 40, 20, 170), -1)
    cv2.putText(logo, "Eileen", (26, 84), cv2.FONT_HERSHEY_SIMPLEX, 2.6, (255,) * 4, 5, cv2.LINE_AA)
    cv2.imwrite(str(path), logo)


def main() -> None:
    """Make the pictures of all pages."""
    parser = argparse.ArgumentParser(
        prog="scripts/pictures", description="Makes the pictures of the docs with vcam itself."
    )
    parser.add_argument("footage", nargs="?", type=Path, help="a picture or video of somebody; "
                        "without it a public-domain portrait")  # fmt: skip
    parser.add_argument("--out", type=Path, default=DOCS / "pictures", help="the folder to fill")
    parser.add_argument("--only", default="", help="make those whose names begin so")
    options = parser.parse_args()
    footage: Path | Image = _portrait() if options.footage is None else options.footage
    if isinstance(footage, Path) and is_picture(footage):
        footage = _enlarged(read_picture(footage), (_WIDTH, _HEIGHT))
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_files(folder)
        studio = Studio(footage, folder)
        for page in PAGES:
            for wanted in read_page((DOCS / page).read_text(encoding="utf-8")):
                if wanted.name.startswith(options.only):
                    target = options.out / f"{wanted.name}.jpg"
                    cv2.imwrite(str(target), studio.take(wanted), [cv2.IMWRITE_JPEG_QUALITY, 82])
                    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main()
