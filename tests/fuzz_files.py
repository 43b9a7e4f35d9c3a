"""Picture and video files spoilt at random: each must be shown, or refused in words.

`python -m tests.fuzz_files --seed 1 --count 20000` is a long run; the suite makes a short one. The
long one works in processes of its own, so that a crash of a decoder is counted, too. A file that
fails is printed with the seed that makes it again: `--seed SEED --count 1 --keep FILE`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from tests.films import write_film
from vcam.backgrounds.fitting import Fitting
from vcam.backgrounds.footage import open_footage
from vcam.errors import VcamError
from vcam.images.picture_files import holds_picture, load_picture
from vcam.sources.video import VideoSource
from vcam.system.process_memory import resident_mb

SLOWEST_SECONDS = 5.0
MOST_MEGABYTES = 1200
_PLACE = Fitting(320, 180)
_PICTURES = 30
"""How many of a video are looked at."""
_BATCH = 100
"""Files for one process of the long run."""


@dataclass
class Verdict:
    """What became of the files.

    Attributes:
        outcomes: How many were shown, and how many refused.
        failures: What went wrong, by seed.
        slowest: Processor seconds of the slowest.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0

    def add(self, other: Verdict) -> None:
        """Count what another run found."""
        self.outcomes.update(other.outcomes)
        self.failures.update(other.failures)
        self.slowest = max(self.slowest, other.slowest)


def seeds(folder: Path) -> list[bytes]:
    """Whole files of every kind, small."""
    noise = np.random.default_rng(7).integers(0, 255, (4, 48, 80, 3), np.uint8)
    images = [Pillow.fromarray(each) for each in noise]
    found = []
    for name in ("a.jpg", "a.png", "a.tiff", "a.bmp", "a.ppm", "a.tga", "a.webp", "a.jp2", "a.gif"):
        images[0].save(folder / name)
        found.append(folder / name)
    for name in ("b.gif", "b.webp", "b.png"):
        images[0].save(folder / name, save_all=True, append_images=images[1:], duration=40)
        found.append(folder / name)
    images[0].save(folder / "c.jpg", progressive=True)
    films = list(noise)
    for name, codec, pix_fmt in (
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mkv", "libx264", "yuv444p"),
        ("a.avi", "mjpeg", "yuvj420p"),
        ("a.webm", "libvpx-vp9", "yuva420p"),
        ("b.webm", "libvpx", "yuv420p"),
        ("a.mov", "prores_ks", "yuv422p10le"),
        ("b.mov", "qtrle", "rgb24"),
        ("a.ts", "libx264", "yuv420p"),
        ("a.h264", "libx264", "yuv420p"),
        ("a.flv", "flv", "yuv420p"),
        ("c.mkv", "ffv1", "yuv420p"),
    ):
        found.append(write_film(folder / name, films, codec=codec, pix_fmt=pix_fmt))
    return [path.read_bytes() for path in [*found, folder / "c.jpg"]]


def spoilt_file(seed: int, whole: list[bytes]) -> bytes:
    """The file that belongs to a seed."""
    chance = random.Random(seed)
    content = bytearray(chance.choice(whole))
    for _ in range(chance.randint(1, 6)):
        chance.choice(_WAYS)(content, chance, whole)
    return bytes(content)


def _place(content: bytearray, chance: random.Random) -> int:
    """Anywhere; half of the time near the beginning, where the sizes are."""
    most = min(len(content), 200) if chance.random() < 0.5 else len(content)
    return chance.randrange(most) if most else 0


def _flip(content: bytearray, chance: random.Random, whole: list[bytes]) -> None:
    for _ in range(chance.randint(1, 20)):
        if content:
            content[_place(content, chance)] ^= 1 << chance.randrange(8)


def _number(content: bytearray, chance: random.Random, whole: list[bytes]) -> None:
    value = chance.choice([0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 20000])
    width = chance.choice([1, 2, 4, 8])
    number = (value & ((1 << 8 * width) - 1)).to_bytes(width, "big")
    at = _place(content, chance)
    content[at : at + width] = number if chance.random() < 0.5 else number[::-1]


def _cut(content: bytearray, chance: random.Random, whole: list[bytes]) -> None:
    del content[_place(content, chance) :]


def _drop(content: bytearray, chance: random.Random, whole: list[bytes]) -> None:
    at = _place(content, chance)
    del content[at : at + chance.randint(1, 64)]


def _repeat(content: bytearray, chance: random.Random, whole: list[bytes]) -> None:
    at = _place(content, chance)
    content[at:at] = content[at : at + chance.randint(1, 400)] * chance.randint(1, 20)


def _noise(content: bytearray, chance: random.Random, whole: list[bytes]) -> None:
    at = _place(content, chance)
    content[at : at + 32] = chance.randbytes(32)


def _splice(content: bytearray, chance: random.Random, whole: list[bytes]) -> None:
    other = chance.choice(whole)
    content[_place(content, chance) :] = other[chance.randrange(len(other)) :]


_WAYS: tuple[Callable[[bytearray, random.Random, list[bytes]], None], ...] = (
    _flip, _flip, _number, _number, _cut, _drop, _repeat, _noise, _splice,
)  # fmt: skip


def try_file(path: Path) -> str:
    """Use a file as a picture, as a video behind somebody and as the camera.

    Returns:
        "shown", or "refused" where none of it could be done.

    Raises:
        Exception: It ended in anything but a refusal.
    """
    shown = False
    holds_picture(path)
    with contextlib.suppress(VcamError):
        _PLACE.still(load_picture(path, _PLACE.place))
        shown = True
    with contextlib.suppress(VcamError), contextlib.closing(open_footage(path, _PLACE)) as footage:
        for _ in range(_PICTURES):
            if footage.advance() is None:
                break
            shown = footage.image() is not None or shown
    with contextlib.suppress(VcamError), contextlib.closing(VideoSource(path)) as source:
        for _ in range(_PICTURES):
            shown = source.read() is not None or shown
    return "shown" if shown else "refused"


def run(first_seed: int, count: int) -> Verdict:
    """Try `count` files in this process."""
    verdict = Verdict()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = seeds(folder)
        for seed in range(first_seed, first_seed + count):
            path = folder / "spoilt"
            path.write_bytes(spoilt_file(seed, whole))
            began = time.process_time()
            try:
                outcome = try_file(path)
            except Exception as error:
                outcome = "failed"
                verdict.failures[str(seed)] = f"{type(error).__name__}: {error}"[:300]
            seconds = time.process_time() - began
            verdict.outcomes[outcome] += 1
            verdict.slowest = max(verdict.slowest, seconds)
            if seconds > SLOWEST_SECONDS:
                verdict.failures[str(seed)] = f"{seconds:.1f} s"
    megabytes = _most_megabytes()
    if megabytes > MOST_MEGABYTES:
        verdict.failures[f"{first_seed} +{count}"] = f"{megabytes:.0f} MB"
    return verdict


def _most_megabytes() -> float:
    """The most memory that this process has had; on Windows, what it has."""
    if sys.platform == "win32":
        return resident_mb() or 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _run_apart(first_seed: int, count: int) -> Verdict:
    """Try files in a process of their own; where that dies, half of them, until one is left."""
    command = [sys.executable, "-m", "tests.fuzz_files", "--inside", "--seed", str(first_seed)]
    done = subprocess.run(
        [*command, "--count", str(count)], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        outcomes, failures, slowest = json.loads(done.stdout)
        return Verdict(Counter(outcomes), failures, slowest)
    if done.returncode > 0:  # no crash, but a fault of this program
        sys.exit(done.stderr)
    if count == 1:
        return Verdict(Counter(died=1), {str(first_seed): f"died of {-done.returncode}"})
    verdict = _run_apart(first_seed, count // 2)
    verdict.add(_run_apart(first_seed + count // 2, count - count // 2))
    return verdict


def main() -> None:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the seed's file there")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.keep:
        with tempfile.TemporaryDirectory() as name:
            options.keep.write_bytes(spoilt_file(options.seed, seeds(Path(name))))
    if options.inside:
        found = run(options.seed, options.count)
        sys.stdout.write(json.dumps([found.outcomes, found.failures, found.slowest]))
        return
    total = Verdict()
    for first in range(options.seed, options.seed + options.count, _BATCH):
        count = min(_BATCH, options.seed + options.count - first)
        found = _run_apart(first, count)
        total.add(found)
        sys.stdout.write(
            f"{first + count - 1} {dict(total.outcomes)} slowest {total.slowest:.2f} s\n"
        )
        for seed, why in found.failures.items():
            sys.stdout.write(f"  {seed}: {why}\n")
        sys.stdout.flush()
    sys.exit(bool(total.failures))


if __name__ == "__main__":
    main()
