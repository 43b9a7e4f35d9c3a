"""A short run of the fuzzer; `python -m tests.fuzz_files` is the long one."""

from __future__ import annotations

from tests import fuzz_files


def test_spoilt_pictures_and_videos_are_shown_or_refused_in_words() -> None:
    verdict = fuzz_files.run(5_000_000, 60)
    assert not verdict.failures
    assert min(verdict.outcomes["shown"], verdict.outcomes["refused"]) > 5
