"""Handling of stdout and stderr that are closed, full, or broken pipes."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import NoReturn

import click

from vcam.errors import PlatformError


def is_of_output(error: BaseException) -> bool:
    """Whether an exception comes from writing output."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    code = place.tb_frame.f_code if place is not None else None
    return isinstance(error, OSError) and code is click.echo.__code__


def discard_output() -> None:
    """Discard further output, so that the process can exit cleanly."""
    with suppress(OSError, ValueError, AttributeError):  # it need not be a file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def output_error(failure: OSError) -> PlatformError:
    """The error for an output that cannot be written."""
    return PlatformError(
        f"the output cannot be written ({failure.strerror})",
        "free some space, or write it elsewhere",
    )


_OF_THE_MACHINE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ELOOP, errno.ENAMETOOLONG, errno.EIO),
    *(errno.ENOSPC, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOTDIR),
    *(getattr(errno, name, errno.ENOSPC) for name in ("EDQUOT", "ESTALE")),
}


def system_limit_error(error: BaseException) -> PlatformError | None:
    """The error for an exception due to the system's limits; None for any other."""
    if isinstance(error, MemoryError):
        return PlatformError("there is not enough memory", "close other programs")
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return PlatformError("the system gives no more threads", "close other programs")
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        what = f"{error.filename} cannot be used" if error.filename else "the system refuses"
        cure = "check permissions, the free space and the number of open files"
        return PlatformError(f"{what} ({error.strerror})", cure)
    if isinstance(error, FileNotFoundError) and not _has_current_folder():
        return PlatformError("the folder that you are in was deleted", "change to another: cd ~")
    if isinstance(error, FileNotFoundError) and "temporary directory" in str(error):
        return PlatformError("there is no room for temporary files", "free some space in /tmp")
    return None


def _has_current_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - nothing is done with it
    except OSError:
        return False
    return True


def undelivered(failure: OSError) -> int:
    """The exit code where nobody wanted the rest of the output.

    Raises:
        PlatformError: The output could not be written.
    """
    discard_output()
    if failure.errno != errno.EPIPE:
        raise output_error(failure) from failure
    return 1


def exit_with(code: int) -> NoReturn:
    """Exit with this code, or with that of a failed output.

    Raises:
        PlatformError: The output could not be written; a broken pipe is no error.
    """
    try:
        sys.stdout.flush()
    except OSError as failure:
        lost = undelivered(failure)
        code = code or lost
    sys.exit(code)
