"""Prints how good the matte is.

python -m tests.quality                        fast, balanced and best, sequence by sequence
python -m tests.quality --rates --widths       the same matte at 15, 30, 60 fps, 640 to 1920
python -m tests.quality --without RULE         what a rule earns (see rules.py), or `all` of them
python -m tests.quality --data FOLDER          sequences of your own (see sequences.py)
python -m tests.quality --write                the scores that the suite holds vcam to
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from tests.quality.bench import HELD, QUALITIES, Asked, scores_of, write_held
from tests.quality.rules import RULES, Rule
from tests.quality.scores import NAMES, Scores, losses, mean_of

_SIZE, _FPS = (640, 360), 15.0
_RATES = (15.0, 30.0, 60.0)
_WIDTHS = (640, 800, 1024, 1280, 1920)


def main() -> None:
    """Measure what is asked for."""
    options = argparse.ArgumentParser(description="How good the matte is.")
    options.add_argument("--rates", action="store_true", help="at 15, 30 and 60 fps")
    options.add_argument("--widths", action="store_true", help="at 640 to 1920 pixels")
    options.add_argument("--data", type=Path, help="a folder of sequences in place of the drawn")
    options.add_argument("--every", type=int, default=1, help="nth picture of the folder's only")
    options.add_argument("--without", choices=["all", *RULES], metavar="RULE")
    options.add_argument("--quality", choices=QUALITIES, action="append")
    options.add_argument("--write", action="store_true", help=f"write {HELD.name}")
    given = options.parse_args()
    if given.write:
        write_held()
        return
    if given.without:
        chosen = RULES if given.without == "all" else {given.without: RULES[given.without]}
        _compare(chosen, (given.quality or ["balanced"])[0], given.data, given.every)
        return
    qualities = given.quality or (["balanced"] if given.rates or given.widths else QUALITIES)
    if not (given.rates or given.widths):
        for quality in qualities:
            _show(quality, scores_of(Asked(quality, _SIZE, _FPS, given.data, given.every)))
    for fps in _RATES if given.rates else ():
        _mean(f"{fps:g} fps", Asked(qualities[0], _SIZE, fps))
    for width in _WIDTHS if given.widths else ():
        size = (width, width * 9 // 16)
        _mean(f"{width} wide", Asked(qualities[0], size, _FPS, judged_at=min(_WIDTHS)))


def _show(title: str, found: dict[str, Scores]) -> None:
    _line(title, NAMES)
    for name, scores in found.items():
        _line(f"  {name}", _figures(scores))
    _line("  mean", _figures(mean_of(found.values())))


def _mean(title: str, asked: Asked) -> None:
    _line(title, _figures(mean_of(scores_of(asked).values())))


def _compare(rules: dict[str, Rule], quality: str, data: Path | None, every: int) -> None:
    """Print the mean scores with all rules, and by how many per cent each is worse without one."""
    asked = Asked(quality, _SIZE, _FPS, data, every, judged_at=_SIZE[0])
    full = mean_of(scores_of(asked).values())
    _line("", NAMES)
    _line("all of them", _figures(full))
    for name, rule in rules.items():
        with rule.left_out():
            rest = mean_of(scores_of(replace(asked, config=rule.config)).values())
        _line(name, [f"{loss:+.0f}" for loss in losses(full, rest)])


def _figures(scores: Scores) -> list[str]:
    return [f"{getattr(scores, name):.3g}" for name in NAMES]


def _line(title: str, cells: list[str] | tuple[str, ...]) -> None:
    sys.stdout.write(f"{title:16}" + "".join(f"{cell:>9}" for cell in cells) + "\n")


if __name__ == "__main__":
    main()
