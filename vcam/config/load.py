"""Reading the YAML and checking it against the schema."""

from __future__ import annotations

import functools
import logging
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vcam.config.complaints import Complaint, ConfigFileError, explain, place_in, refuse
from vcam.config.encoding import TextError, decoded, read_bytes
from vcam.config.migrations import Moved, current_version, upgraded, version_of
from vcam.config.schema import Config
from vcam.config.schema.scenes import NO_SCENE, SCENE, SCENES
from vcam.config.tree import read_tree
from vcam.config.wording import describe
from vcam.config.written_paths import cut_off_paths
from vcam.config.yaml_nodes import UnreadableError, YamlNode
from vcam.system.printable import printable, shown
from vcam.system.shell import quoted

logger = logging.getLogger(__name__)


def load_config(path: Path | str) -> Config:
    """Read and check a YAML file.

    Raises:
        ConfigFileError: It cannot be read, is not YAML, or has invalid keys or values.
    """
    path = Path(path)
    return parse_config(read_text(path), path)


def parse_config(text: str, path: Path) -> Config:
    """Check YAML that is in (or meant for) the file `path`.

    Raises:
        ConfigFileError: As in `load_config`.
    """
    tree = _tree(text, path)
    document, moved = upgraded(tree.value)
    _check_version(tree, path)
    config = _validated(document, tree, path)
    for scene in [NO_SCENE, *config.scenes]:
        _validated({**document, SCENE: scene}, tree, path)
    cut_off = cut_off_paths(text, tree, path)
    if cut_off:
        raise ConfigFileError(cut_off)
    for change in moved:
        _tell_once(printable(path), change)
    return config


def _validated(document: dict[str, Any], tree: YamlNode, path: Path) -> Config:
    """The configuration with the document's active scene applied."""
    try:
        return Config.model_validate(document, context={"folder": path.absolute().parent})
    except ValidationError as error:
        scene = document.get(SCENE, NO_SCENE)
        over = (SCENES, scene) if isinstance(scene, str) else ()
        raise explain(error, tree, path, over) from None


def _check_version(tree: YamlNode, path: Path) -> None:
    version = version_of(tree.value)
    if isinstance(version, int) and version > current_version():
        complaint = Complaint(
            place_in(path, *tree.place(("version",))),
            "version",
            f"found {version}, of a newer vcam; this one knows {current_version()}",
            "update vcam, or take the line out and mend what is refused then",
        )
        raise ConfigFileError([complaint])


@functools.cache
def _tell_once(name: str, change: Moved) -> None:
    logger.warning(
        "%s: %s is %s now; `vcam config migrate` rewrites the file", name, change.old, change.new
    )


def read_text(path: Path) -> str:
    """The file's text, without a byte order mark.

    Raises:
        ConfigFileError: It is missing, not a regular file, unreadable, too large or not text.
    """
    try:
        return decode(read_bytes(path), path)
    except TextError as error:
        complaint = Complaint(shown(path, 4096), "", error.found, error.fix)
        raise ConfigFileError([complaint]) from None


def decode(content: bytes, path: Path) -> str:
    """Decode what was read from `path`.

    Raises:
        ConfigFileError: It is no text in UTF-8, or too large.
    """
    try:
        return decoded(content)
    except TextError as error:
        place = place_in(path, *error.place) if error.place else shown(path, 4096)
        raise ConfigFileError([Complaint(place, "", error.found, error.fix)]) from None


def _tree(text: str, path: Path) -> YamlNode:
    try:
        tree = read_tree(text)
    except UnreadableError as error:
        raise refuse(error, path) from None
    if tree is None:
        name = shown(path, 4096)
        typed = f"`vcam config init --force {shown(quoted(path), 4096)}`"
        fix = f"{typed} writes a full one; or delete it for the defaults"
        raise ConfigFileError([Complaint(name, "", "there are no settings in it", fix)])
    if not isinstance(tree.value, dict):
        found = f"sections are wanted, not {describe(tree.value)}"
        fix = f"start with one of {', '.join(Config.model_fields)}, then a colon and a new line"
        raise ConfigFileError([Complaint(place_in(path, 1, 1), "", found, fix)])
    return tree
