"""Files that take long to write: they get their name once they are whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vcam.errors import SinkError


@contextmanager
def published(target: Path) -> Iterator[Path]:
    """A new file beside `target` to be written, which gets its name at the end of the block.

    If the block fails, or Ctrl-C ends it, nothing of it stays: half a file is of no use. What
    was there under the name is kept then.

    Raises:
        SinkError: There can be no file.
    """
    unfinished = _unfinished(target)
    try:
        yield unfinished
        _publish(unfinished, target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _unfinished(target: Path) -> Path:
    """A new file beside the target, under a name that nothing had before."""
    try:
        descriptor, name = tempfile.mkstemp(
            prefix=f"unfinished-{target.stem[:40]}-", suffix=target.suffix, dir=target.parent
        )
    except OSError as error:
        raise SinkError(
            f"{target} cannot be written ({error.strerror})", "name a file in a folder of yours"
        ) from None
    os.close(descriptor)
    return Path(name)


def _publish(unfinished: Path, target: Path) -> None:
    """Give the finished file its name, and the rights that new files have."""
    mask = os.umask(0)
    os.umask(mask)
    try:
        unfinished.chmod(0o666 & ~mask)
        unfinished.replace(target)
    except OSError as error:
        raise SinkError(f"{target} cannot be written ({error.strerror})") from None
