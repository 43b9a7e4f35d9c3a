from __future__ import annotations

import mmap
import sys

import pytest

from vcam.system.process_memory import page_faults, resident_mb


def test_memory_in_use_is_seen_to_grow() -> None:
    before = resident_mb()
    if before is None:
        pytest.skip("this system does not tell")
    with mmap.mmap(-1, 60_000_000) as kept:  # pages that nobody has used and freed before
        for place in range(0, len(kept), 4096):
            kept[place] = 1
        grown = resident_mb()
    assert grown is not None
    assert grown > before + 50


def test_new_pages_are_counted() -> None:
    before = page_faults()
    if sys.platform == "win32" and not before:
        pytest.skip("Wine does not count them")
    with mmap.mmap(-1, 64 * mmap.PAGESIZE) as pages:
        for start in range(0, len(pages), mmap.PAGESIZE):
            pages[start] = 1
        assert page_faults() >= before + 8
