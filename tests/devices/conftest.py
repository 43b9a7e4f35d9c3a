"""What the device tests share: the node, and vcam's log on a failure."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

from tests.devices import v4l2
from tests.devices.harness import VIRTUAL_CAMERA, can_stream, logs


@pytest.fixture(scope="session")
def _node() -> str | None:
    """Why there is no node to test with, if so."""
    device = v4l2.nodes().get(VIRTUAL_CAMERA)
    if device is None:
        return f'no v4l2loopback node labelled "{VIRTUAL_CAMERA}" (see scripts/test-devices)'
    if not os.access(device, os.R_OK | os.W_OK):
        return f"{device} may not be read and written by this user"
    return f"another program writes to {device}" if can_stream(device) else None


@pytest.fixture(autouse=True)
def _needs_node(_node: str | None) -> None:
    """Skip every test of this folder where there is no node."""
    if _node:
        pytest.skip(_node)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what vcam said when a test fails."""
    report = yield
    if report.failed:
        for log in logs:
            report.sections.append((log.name, log.read_text(errors="replace")))
    if call.when == "teardown":
        logs.clear()
    return report
