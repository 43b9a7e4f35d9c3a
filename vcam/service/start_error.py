"""Reconstructing the error with which a process ended from its stderr."""

from __future__ import annotations

import signal

from vcam.errors import (
    BackgroundError,
    ConfigError,
    PlatformError,
    SegmenterError,
    ServiceError,
    SinkError,
    SourceError,
    VcamError,
)

_BY_EXIT_CODE: dict[int, type[VcamError]] = {
    kind.exit_code: kind
    for kind in (
        VcamError, ConfigError, SourceError, SegmenterError, BackgroundError, SinkError,
        PlatformError, ServiceError,
    )
}  # fmt: skip


def error_of(code: int, text: str) -> VcamError:
    """The error of a vcam that ended while starting.

    Args:
        code: Its exit code; below 0 the signal that ended it.
        text: What it wrote to stderr.
    """
    kind = _BY_EXIT_CODE.get(code, ServiceError)
    _, found, words = ("\n" + text).rpartition("\nvcam: ")
    if found and code > 0:
        return kind([line.strip() for line in words.strip().splitlines()])
    how = f"exit code {code}" if code >= 0 else f"ended by {_signal_name(-code)}"
    return ServiceError(
        quoting(f"vcam ended while starting ({how})", text),
        "`vcam --verbose run` in the foreground shows more",
    )


def quoting(sentence: str, text: str) -> list[str]:
    """The sentence, followed by the last lines of the text, if any."""
    lines = text.strip().splitlines()[-10:]
    return [f"{sentence}; its last words:", *lines] if lines else [sentence]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
