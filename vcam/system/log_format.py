"""The log's records, with foreign text in them made harmless."""

from __future__ import annotations

import logging
import sys
from typing import Any

from vcam.system.printable import printable_lines


class PrintableFormatter(logging.Formatter):
    """Formats records with such characters escaped; further lines of a message are indented."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The message with time, level and name."""
        record.message = printable_lines(record.message).replace("\n", "\n    ")
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """The traceback."""
        return printable_lines(super().formatException(ei))


def log_to_stderr(verbose: bool) -> None:
    """Have warnings printed; everything, with times, if `verbose`."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if verbose else logging.WARNING,
        format="%(asctime)s %(name)s %(levelname)s: %(message)s"
        if verbose
        else "vcam: %(message)s",
    )
    for handler in logging.getLogger().handlers:
        if handler.formatter is not None:
            handler.setFormatter(PrintableFormatter(handler.formatter._fmt))
    for chatty in ("PIL", "matplotlib"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
