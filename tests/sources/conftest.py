from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.sources.fake_capture import FakeCapture, Setting


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    capture = type("Capture", (FakeCapture,), {"gives": [np.full((720, 1280, 3), 90, np.uint8)]})
    monkeypatch.setattr(cv2, "VideoCapture", capture)
    return Setting(tmp_path, capture)
