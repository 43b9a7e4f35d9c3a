from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.portrait import portrait
from vcam.errors import ModelError, PlatformError, SegmenterError
from vcam.images.types import Image
from vcam.segmenters.engines import Engine, EngineName, make_engine, tasks_is_installed
from vcam.segmenters.engines.litert import LiteRtEngine
from vcam.segmenters.engines.tasks import TasksEngine
from vcam.segmenters.models import MODELS

interpreter = pytest.importorskip("ai_edge_litert.interpreter")
Interpreter = interpreter.Interpreter
tasks = pytest.mark.skipif(not tasks_is_installed(), reason="MediaPipe has no wheel here")


def picture(engine: Engine) -> Image:
    return np.asarray(cv2.resize(portrait(), engine.size, interpolation=cv2.INTER_AREA), np.uint8)


def without_xnnpack(**arguments: Any) -> Any:
    """An interpreter as LiteRT makes it on a processor that XNNPACK does not know."""
    resolver = interpreter.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    return Interpreter(**arguments, experimental_op_resolver_type=resolver)


def no_litert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)


@tasks
@pytest.mark.parametrize(("model", "size"), [("landscape", (256, 144)), ("general", (256, 256))])
def test_engines_agree_on_size_and_mask(model: str, size: tuple[int, int]) -> None:
    litert, tasks = make_engine(model, "litert"), make_engine(model, "tasks")
    assert litert.size == tasks.size == size
    image = picture(litert)
    mine, theirs = litert.run(image), tasks.run(image)
    assert mine.dtype == theirs.dtype == np.float32
    assert mine.shape == theirs.shape == size[::-1]
    assert mine.max() > 0.9
    np.testing.assert_allclose(mine, theirs, atol=2e-4)
    litert.close()
    tasks.close()


@pytest.mark.parametrize("name", ["litert", pytest.param("tasks", marks=tasks)])
def test_same_picture_gives_the_same_mask_whatever_came_between(name: EngineName) -> None:
    engine = make_engine("landscape", name)
    image = picture(engine)
    first = engine.run(image).copy()
    engine.run(np.zeros_like(image))
    np.testing.assert_array_equal(engine.run(image), first)
    engine.close()
    engine.close()


def test_litert_takes_a_part_of_a_larger_picture_and_leaves_it_alone() -> None:
    engine = make_engine("landscape", "litert")
    width, height = engine.size
    large = np.asarray(cv2.resize(portrait(), (512, 512)), np.uint8)
    before = large.copy()
    part = large[100 : 100 + height, 90 : 90 + width]
    mask = engine.run(part).copy()
    np.testing.assert_array_equal(large, before)
    np.testing.assert_array_equal(engine.run(np.ascontiguousarray(part)), mask)


def test_caller_may_hold_the_mask_while_the_network_runs_again() -> None:
    engine = make_engine("landscape", "litert")
    held = [engine.run(picture(engine)) for _ in range(3)]
    assert all(mask is held[0] for mask in held), "no memory is taken for each frame"


def test_two_models_work_side_by_side() -> None:
    landscape, general = make_engine("landscape", "litert"), make_engine("general", "litert")
    small, large = picture(landscape), picture(general)
    alone = landscape.run(small).copy()
    general.run(large)
    np.testing.assert_array_equal(landscape.run(small), alone)


def test_litert_refuses_a_picture_of_another_size() -> None:
    engine = make_engine("landscape", "litert")
    with pytest.raises(SegmenterError, match="takes a picture"):
        engine.run(portrait())


def test_a_failure_of_the_network_is_a_segmenter_error() -> None:
    engine = make_engine("landscape", "litert")
    image = picture(engine)
    engine.close()
    with pytest.raises(SegmenterError, match="LiteRT failed"):
        engine.run(image)


def test_auto_takes_litert_for_the_known_models() -> None:
    assert isinstance(make_engine("landscape"), LiteRtEngine)


@tasks
def test_auto_takes_tasks_where_litert_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    no_litert(monkeypatch)
    assert isinstance(make_engine("landscape"), TasksEngine)
    with pytest.raises(PlatformError, match="ai-edge-litert"):
        make_engine("landscape", "litert")


@tasks
def test_auto_takes_tasks_where_litert_cannot_run_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def invoke(self: object) -> None:
        raise RuntimeError("an operation is missing")

    monkeypatch.setattr(Interpreter, "invoke", invoke)
    assert isinstance(make_engine("landscape"), TasksEngine)


@tasks
def test_tasks_names_the_system_library_that_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    from mediapipe.tasks.python import vision

    def create(options: object) -> None:
        raise OSError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(vision.ImageSegmenter, "create_from_options", create)
    with pytest.raises(PlatformError, match=r"libEGL\.so\.1 is missing"):
        make_engine("landscape", "tasks")


@tasks
def test_users_own_model_goes_to_tasks_unless_litert_is_asked_for(tmp_path: Path) -> None:
    own = tmp_path / "own.tflite"
    own.write_bytes(MODELS["general"].path.read_bytes())
    assert isinstance(make_engine(str(own)), TasksEngine)
    assert make_engine(str(own), "litert").size == (256, 256)


def test_litert_refuses_a_model_whose_categories_it_would_have_to_guess(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two = [{"index": 0, "dtype": np.float32, "shape": np.array([1, 144, 256, 2])}]
    monkeypatch.setattr(Interpreter, "get_output_details", lambda self: two)
    with pytest.raises(ModelError, match="engine to tasks"):
        make_engine("landscape", "litert")


@pytest.mark.parametrize(
    "name", ["litert", *(pytest.param(name, marks=tasks) for name in ("auto", "tasks"))]
)
def test_file_that_is_no_model_is_refused(tmp_path: Path, name: EngineName) -> None:
    wrong = tmp_path / "wrong.tflite"
    wrong.write_bytes(b"this is not a flatbuffer at all" * 10)
    with pytest.raises(ModelError, match=r"wrong\.tflite"):
        make_engine(str(wrong), name)


def test_litert_says_nothing_on_stderr_and_imports_no_mediapipe() -> None:
    code = (
        "import sys; from vcam.segmenters import engines; engines.make_engine('landscape');"
        "print([m for m in ('mediapipe', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


@pytest.mark.parametrize("model", MODELS)
def test_litert_runs_the_networks_where_xnnpack_is_off(
    monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    engine = make_engine(model, "litert")
    expected = engine.run(picture(engine)).copy()
    monkeypatch.setattr(interpreter, "Interpreter", without_xnnpack)
    slow = make_engine(model, "litert")
    np.testing.assert_allclose(slow.run(picture(slow)), expected, atol=5e-4)


def test_whoever_asks_for_mediapipe_where_it_is_missing_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    own = tmp_path / "own.tflite"
    own.write_bytes(MODELS["general"].path.read_bytes())
    asked: list[tuple[str, EngineName]] = [("landscape", "tasks"), (str(own), "auto")]
    for model, engine in asked:
        with pytest.raises(PlatformError, match="MediaPipe is not installed") as caught:
            make_engine(model, engine)
        assert "engine to litert" in caught.value.cure


def test_without_mediapipe_the_truth_about_litert_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    no_litert(monkeypatch)
    with pytest.raises(PlatformError, match=r"LiteRT cannot be loaded .* MediaPipe") as caught:
        make_engine("landscape")
    assert "mog2" in caught.value.cure
