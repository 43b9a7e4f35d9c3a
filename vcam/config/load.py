"""Reading the YAML and checking it against the schema."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from vcam.config.complaints import Complaint, ConfigFileError, describe, explain
from vcam.config.schema import Config

MAX_BYTES = 1_000_000
"""A configuration larger than this is some other file."""


def load_config(path: Path) -> Config:
    """Read and check a YAML file.

    Raises:
        ConfigFileError: It cannot be read, is no YAML, or has keys or values that are refused.
    """
    return parse_config(read_text(path), path)


def parse_config(text: str, path: Path) -> Config:
    """Check YAML that stands in (or is meant for) the file `path`.

    Raises:
        ConfigFileError: As in `load_config`.
    """
    document = _parse_yaml(text, path)
    try:
        return Config.model_validate(document, context={"folder": path.absolute().parent})
    except ValidationError as error:
        raise explain(error, document, path) from None


def read_text(path: Path) -> str:
    """The file's text.

    Raises:
        ConfigFileError: It is missing, a directory, unreadable, too large or no text.
    """

    def refuse(found: str, fix: str) -> ConfigFileError:
        return ConfigFileError([Complaint(str(path), "", found, fix)])

    try:
        if path.is_dir():
            raise refuse("this is a directory", "name the YAML file in it")
        if path.stat().st_size > MAX_BYTES:
            raise refuse("too large for a configuration", "did you name a picture or a video?")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise refuse("no such file", f"`vcam config init {path}` writes one") from None
    except UnicodeDecodeError:
        raise refuse("this is not a text file in UTF-8", "name the YAML file") from None
    except OSError as error:
        raise refuse(f"cannot be read ({error.strerror})", "check its permissions") from None


def _parse_yaml(text: str, path: Path) -> CommentedMap:
    try:
        document = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        found = f"this is not valid YAML ({error.problem or error.context})"
        raise ConfigFileError([Complaint(place, "", found, _yaml_hint(error))]) from None
    except YAMLError as error:
        found = f"this is not valid YAML ({str(error).splitlines()[0]})"
        raise ConfigFileError([Complaint(str(path), "", found, "")]) from None
    except RecursionError:
        found = "this is not a configuration (too many brackets or levels)"
        raise ConfigFileError([Complaint(str(path), "", found, "name the YAML file")]) from None
    except (ValueError, TypeError) as error:  # a date or a tagged value that is none
        found = f"a value in it cannot be read ({error})"
        fix = "put values that look like a date in quotes, and write no !!tags"
        raise ConfigFileError([Complaint(str(path), "", found, fix)]) from None
    if document is None:
        fix = f"`vcam config init --force {path}` writes a full one; or delete it for the defaults"
        raise ConfigFileError([Complaint(str(path), "", "there are no settings in it", fix)])
    if not isinstance(document, CommentedMap):
        found = f"sections are wanted, not {describe(document)}"
        fix = f"start with one of {', '.join(Config.model_fields)}, then a colon"
        raise ConfigFileError([Complaint(f"{path}:1:1", "", found, fix)])
    return document


def _yaml_hint(error: MarkedYAMLError) -> str:
    text = f"{error.problem} {error.context}"
    if "\\t" in text or "'\t'" in text:
        return "indent with spaces, never with tabs"
    if "duplicate" in text:
        return "each key may stand once"
    return "check the indentation, and that each key is followed by a colon and a space"
