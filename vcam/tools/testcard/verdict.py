"""Judging the pictures that a reader received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from vcam.tools.testcard.colours import BT601, Colours, misread
from vcam.tools.testcard.pattern import BITS, COLOURS, COLUMNS, ROWS, Sample

LEVELS = 3.0
"""Tolerated error of a patch in any channel, levels."""

TOLERANCE = 0.05
"""Tolerated loss of rate, and share of frames that are missing or repeated."""

_EXPLAINED = 8.0
_WRAP = 1 << BITS


@dataclass(frozen=True)
class Picture:
    """One picture that a reader received.

    Attributes:
        at: When, in seconds of `time.monotonic`.
        size: Width and height in pixels.
        sample: The values read from it.
    """

    at: float
    size: tuple[int, int]
    sample: Sample


@dataclass(frozen=True)
class Reading:
    """All pictures of one reader.

    Attributes:
        reader: Who read, such as "V4L2 streaming, I420".
        seen: The pictures, in order.
        states: The node's colour description, if the reader queried it.
        problem: Why there are no pictures.
        converts: Whether the reader converted them to RGB.
    """

    reader: str
    seen: Sequence[Picture] = ()
    states: str = ""
    problem: str = ""
    converts: bool = False


@dataclass(frozen=True)
class Comparison:
    """One line of the report.

    Attributes:
        reader: Who read.
        subject: What was checked: picture, size, colours, rate or frames.
        ok: Whether it passed.
        text: What was found.
        figures: The same as numbers, for programs.
    """

    reader: str
    subject: str
    ok: bool
    text: str
    figures: Mapping[str, float] = field(default_factory=dict)


def judge(
    reading: Reading, size: tuple[int, int], fps: float, sent: Mapping[int, float]
) -> list[Comparison]:
    """Every check of one reader.

    Args:
        reading: Its pictures.
        size: Width and height that were sent.
        fps: The rate that was sent.
        sent: When each number was sent, in seconds of `time.monotonic`.
    """
    reader, seen = reading.reader, reading.seen
    if reading.problem or len(seen) < 2:
        why = reading.problem or f"only {len(seen)} frames came"
        return [Comparison(reader, "picture", False, why)]
    patches = np.median([one.sample.patches for one in seen], 0)
    mistake = explain(patches)
    checks = [_size(reader, seen[-1].size, size), _colours(reading, patches, mistake)]
    if mistake is None and _error(patches) > 8 * LEVELS:
        return [Comparison(reader, "picture", False, "the picture is not the test card"), *checks]
    checks.append(_rate(reader, seen, fps, sent))
    if mistake is None or not mistake.startswith(("mirrored", "upside")):
        checks.append(_frames(reader, seen, sent))
    return checks


def explain(patches: Colours) -> str | None:
    """The mistake that explains the colours received, float64 (24, 3) BGR; None if unknown."""
    error = _error(patches)
    if error <= LEVELS:
        return None
    grid = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
    suspects = misread(COLOURS) | {
        "mirrored": COLOURS[grid[:, ::-1].ravel()],
        "upside down": COLOURS[grid[::-1].ravel()],
        "mirrored and upside down": COLOURS[::-1],
    }
    name, off = min(
        ((name, _error(patches, colours)) for name, colours in suspects.items()),
        key=lambda pair: pair[1],
    )
    return name if off < min(_EXPLAINED, error / 2) else None


def _error(patches: Colours, expected: Colours = COLOURS) -> float:
    return float(np.abs(patches - expected).max())


def _size(reader: str, got: tuple[int, int], wanted: tuple[int, int]) -> Comparison:
    text = f"{got[0]}x{got[1]}"
    if got != wanted:
        text += f" instead of {wanted[0]}x{wanted[1]}"
    return Comparison(reader, "size", got == wanted, text, {"width": got[0], "height": got[1]})


def _colours(reading: Reading, patches: Colours, mistake: str | None) -> Comparison:
    error = _error(patches)
    text = f"largest error {error:.1f} levels"
    if mistake:
        text += f"; the picture is {mistake}"
    elif reading.states:
        text += f"; the node says {reading.states}"
    elif reading.converts and error <= LEVELS:
        text += f"; taken as {BT601.name}"
    return Comparison(reading.reader, "colours", error <= LEVELS, text, {"error": error})


def _rate(
    reader: str, seen: Sequence[Picture], fps: float, sent: Mapping[int, float]
) -> Comparison:
    begin, end = seen[0].at, seen[-1].at
    rate = _per_second([one.at for one in seen])
    player = _per_second([at for at in sent.values() if begin <= at <= end])
    ok = abs(rate - fps) <= TOLERANCE * fps
    text = f"{rate:.2f} of {fps:g} fps"
    if not ok and abs(player - fps) <= TOLERANCE * fps:
        text += f"; {player:.2f} were sent: the reader, or this machine, is too slow"
    elif not ok:
        text += f"; {player:.2f} were sent"
    return Comparison(reader, "rate", ok, text, {"rate": rate, "sent": player})


def _per_second(times: Sequence[float]) -> float:
    return (len(times) - 1) / max(times[-1] - times[0], 1e-6) if len(times) > 1 else 0.0


def _frames(reader: str, seen: Sequence[Picture], sent: Mapping[int, float]) -> Comparison:
    whole = [one for one in seen if one.sample.top == one.sample.bottom]
    steps = [(after.sample.top - before.sample.top) % _WRAP for before, after in pairwise(whole)]
    counts = {
        "missing": sum(step - 1 for step in steps if 1 < step < _WRAP // 2),
        "twice": steps.count(0),
        "late": sum(step >= _WRAP // 2 for step in steps),
        "torn": len(seen) - len(whole),
    }
    ages = [one.at - sent[one.sample.top] for one in whole if one.sample.top in sent]
    bearable = TOLERANCE * len(seen)
    ok = max(counts["missing"], counts["twice"]) <= bearable and not (
        counts["late"] or counts["torn"]
    )
    words = {"missing": "missing", "twice": "there twice", "late": "in the wrong order"}
    told = [f"{counts[kind]} {word}" for kind, word in words.items() if counts[kind]]
    if counts["torn"]:
        told.append(f"{counts['torn']} put together from two")
    text = f"{len(seen)} frames, {', '.join(told) or 'each once and in order'}"
    figures: dict[str, float] = {**counts, "seen": len(seen)}
    if ages:
        figures["delay_ms"] = 1000 * float(np.median(ages))
        text += f"; {figures['delay_ms']:.0f} ms after they were sent"
    return Comparison(reader, "frames", ok, text, figures)
