"""The ways in which programs save a file, for the tests."""

from __future__ import annotations

import os
from pathlib import Path

OLD = b"background: {type: blur}\n"
NEW = b"background: {type: none}\n"  # of the same size


def in_place(file: Path) -> None:
    file.write_bytes(NEW)


def in_place_without_truncating(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.write(NEW)


def renamed_over(file: Path) -> None:
    draft = file.with_name(".draft")
    draft.write_bytes(NEW)
    draft.replace(file)


def renamed_away_and_written(file: Path) -> None:
    file.rename(file.with_name("vcam.yaml~"))
    file.write_bytes(NEW)


def deleted_and_created(file: Path) -> None:
    file.unlink()
    file.write_bytes(NEW)


def older_time_stamp(file: Path) -> None:
    draft = file.with_name(".draft")
    draft.write_bytes(NEW)
    os.utime(draft, (1, 1))
    draft.replace(file)


def through_a_link(file: Path) -> None:
    target = file.with_name("target.yaml")
    target.write_bytes(NEW)
    file.unlink()
    file.symlink_to(target)


SAVINGS = [
    in_place,
    in_place_without_truncating,
    renamed_over,
    renamed_away_and_written,
    deleted_and_created,
    older_time_stamp,
    through_a_link,
]
