"""What a running vcam and those who ask it say to each other, in bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from vcam.errors import ServiceError
from vcam.service.channels import MAX_BYTES


class Answer(NamedTuple):
    """The answer to a request.

    Attributes:
        result: Ready for JSON.
        data: Bytes that follow it.
    """

    result: Mapping[str, Any]
    data: bytes = b""


def encode(message: Mapping[str, Any]) -> bytes:
    """JSON without a line break; paths and the like become text.

    Raises:
        ServiceError: It is longer than `MAX_BYTES`.
    """
    text = json.dumps(message, default=str).encode("ascii")
    if len(text) > MAX_BYTES:
        raise ServiceError(f"a message of {len(text)} bytes is too long, {MAX_BYTES} may be sent")
    return text
