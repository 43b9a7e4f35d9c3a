"""Files that take long to write: they get their name only once complete."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vcam.errors import SinkError


@contextmanager
def published(target: Path) -> Iterator[Path]:
    """A new file beside `target`, renamed to it at the end of the block.

    If the block fails or is interrupted, the new file is removed and an existing `target` is kept.

    Raises:
        SinkError: The file cannot be created.
    """
    unfinished = _unfinished(target)
    try:
        yield unfinished
        _publish(unfinished, target)
    except BaseException:
        with contextlib.suppress(OSError):  # on Windows, while somebody has it open
            unfinished.unlink()
        raise


def _unfinished(target: Path) -> Path:
    """A new file beside the target, under an unused name."""
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
    """Rename the finished file, with the permissions of newly created files."""
    mask = os.umask(0)
    os.umask(mask)
    try:
        unfinished.chmod(0o666 & ~mask)
        unfinished.replace(target)
    except OSError as error:
        raise SinkError(f"{target} cannot be written ({error.strerror})") from None
