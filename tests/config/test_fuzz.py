"""A short run of the fuzzer; `python -m tests.fuzz_config` is the long one."""

from __future__ import annotations

from tests import fuzz_config


def test_spoilt_files_are_read_or_refused_in_words_and_quickly() -> None:
    verdict = fuzz_config.run(7_000_000, 400)
    assert not verdict.failures
    assert min(verdict.outcomes["read"], verdict.outcomes["refused"]) > 20
