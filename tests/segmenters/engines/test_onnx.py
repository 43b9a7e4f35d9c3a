from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from tests.onnx_files import brightness
from vcam.errors import ModelError, SegmenterError
from vcam.segmenters.engines import onnx
from vcam.segmenters.engines.form import Form
from vcam.segmenters.engines.onnx import OnnxEngine

pytest.importorskip("onnxruntime")


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.onnx"
    path.write_bytes(brightness(32, 16))
    return path


def test_the_mask_is_what_the_network_gives(network: Path) -> None:
    engine = OnnxEngine(network, Form(32, 16))
    picture = np.zeros((16, 32, 3), np.uint8)
    picture[:, 20:] = 255
    mask = engine.run(picture)
    assert engine.size == (32, 16)
    assert mask.dtype == np.float32
    np.testing.assert_allclose(mask, picture[..., 0] / 255.0, atol=1e-6)
    engine.close()


@pytest.mark.parametrize(
    ("form", "white"),
    [
        (Form(32, 16, low=-1, high=1), 1.0),
        (Form(32, 16, low=0, high=255), 255.0),
    ],
)
def test_pictures_have_the_form_that_is_said(network: Path, form: Form, white: float) -> None:
    mask = OnnxEngine(network, form).run(np.full((16, 32, 3), 255, np.uint8))
    np.testing.assert_allclose(mask, white, atol=1e-5)


def test_a_network_of_another_form_is_named_with_what_is_wrong(network: Path) -> None:
    with pytest.raises(ModelError, match="failed on a frame") as caught:
        OnnxEngine(network, Form(64, 16))
    assert str(network) in str(caught.value)


def test_a_file_that_is_no_network_is_named(tmp_path: Path) -> None:
    path = tmp_path / "no.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(ModelError, match=r"cannot use the network .*no\.onnx"):
        OnnxEngine(path, Form(32, 16))


def test_a_picture_of_another_size_is_refused(network: Path) -> None:
    with pytest.raises(SegmenterError, match="takes a picture"):
        OnnxEngine(network, Form(32, 16)).run(np.zeros((16, 16, 3), np.uint8))


def test_before_python_ends_threads_calls_at_work_are_waited_for_and_none_begins(
    network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread that is ended within ONNX Runtime would end the process as a crash does."""
    monkeypatch.setattr(onnx, "_engines", set())
    engine = OnnxEngine(network, Form(32, 16))
    begun, may_end, black = Event(), Event(), np.zeros((16, 32, 3), np.uint8)
    session = engine._session

    class Slow:
        def run(self, *arguments: Any) -> Any:
            begun.set()
            may_end.wait()
            return session.run(*arguments)

    engine._session = Slow()
    call = Thread(target=engine.run, args=(black,))
    end = Thread(target=onnx._let_finish)
    call.start()
    begun.wait()
    end.start()
    assert end.is_alive()
    may_end.set()
    end.join()
    call.join()
    begun.clear()
    Thread(target=engine.run, args=(black,), daemon=True).start()
    assert not begun.wait(0.05)
