"""The client of a running vcam; see `control` for the protocol."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

from vcam.errors import ServiceError
from vcam.service.channels import MAX_BLOB, Channel, connect
from vcam.service.messages import Answer, encode
from vcam.service.owners import holder
from vcam.service.runtime import Instance

PATIENCE = 5.0
"""Seconds to wait for an answer."""


def request(
    instance: Instance, command: str, *, timeout: float = PATIENCE, **arguments: Any
) -> dict[str, Any]:
    """Ask a running vcam and wait for its answer.

    Args:
        instance: Which one.
        command: The command, such as "status".
        timeout: Seconds to wait for the answer.
        **arguments: Further keys of the request.

    Returns:
        The answer's `result`.

    Raises:
        ServiceError: It does not run, does not answer in time, or refuses.
    """
    conversation = Conversation(instance)
    try:
        return dict(conversation.ask(command, timeout=timeout, **arguments).result)
    finally:
        conversation.close()


class Conversation:
    """Several requests to a running vcam, over one channel while that stays open.

    Args:
        instance: Which one.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._channel: Channel | None = None

    def ask(self, command: str, *, timeout: float = PATIENCE, **arguments: Any) -> Answer:
        """As `request`, with the bytes of the answer.

        Raises:
            ServiceError: As `request`; the next request reconnects then.
        """
        deadline = time.monotonic() + timeout
        question = encode({"command": command, **arguments})
        try:
            return self._asked(question, deadline)
        except (FileNotFoundError, ConnectionRefusedError):
            raise _does_not_run(self._instance) from None
        except TimeoutError:
            raise _silent(self._instance, timeout) from None
        except (OSError, ValueError, TypeError, LookupError):
            raise ServiceError(
                f"vcam for {self._instance.device} ended or answered nonsense",
                "`vcam status` asks again",
            ) from None

    def close(self) -> None:
        """Close the channel; a later request opens another."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _asked(self, question: bytes, deadline: float) -> Answer:
        if self._channel is not None:
            with contextlib.suppress(ConnectionError):  # it may have been closed meanwhile
                return self._exchange(question, deadline)
        return self._exchange(question, deadline)

    def _exchange(self, question: bytes, deadline: float) -> Answer:
        channel = self._channel or connect(self._instance.socket_path, deadline)
        self._channel = None
        try:
            channel.send(question, deadline)
            answer = json.loads(channel.receive(deadline))
            result, size = _result(answer), answer.get("bytes")
            if size is None:
                return Answer(result)
            if not 0 <= size <= MAX_BLOB:
                raise ValueError(f"{size} bytes are announced")
            data = channel.receive_blob(size, deadline)
            self._channel = channel  # it stays open
            return Answer(result, data)
        finally:
            if self._channel is None:
                channel.close()


def _result(answer: Any) -> dict[str, Any]:
    if not answer["ok"]:
        raise ServiceError(str(answer["problem"]), str(answer["cure"]))
    return dict(answer["result"])


def _does_not_run(instance: Instance) -> ServiceError:
    """The error if nobody listens."""
    found = holder(instance)
    if found is not None:
        process = f" (process {found.pid})" if found.pid else ""
        return ServiceError(
            f"vcam for {instance.device} runs{process}, but its control socket "
            f"{instance.socket_path} is not there: it is just starting, or the socket was deleted",
            "`vcam status` asks again, `vcam restart` ends it and starts it anew",
        )
    return ServiceError(f"vcam does not run for {instance.device}", "`vcam start` starts it")


def _silent(instance: Instance, timeout: float) -> ServiceError:
    return ServiceError(
        f"vcam for {instance.device} did not answer within {timeout:g} s",
        "`vcam restart` ends it and starts it anew",
    )
