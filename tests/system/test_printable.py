from __future__ import annotations

import json
import logging

import pytest

from vcam.errors import VcamError
from vcam.system.log_format import PrintableFormatter
from vcam.system.printable import printable, printable_json, printable_lines

HOSTILE = (
    "\x1b]0;title\x07",
    "\r\x1b[2J",
    "\x9b31m",
    "a\u202egnp",
    "a\u2028b",
    "\udcff",
    "\x7f\x00",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_obeyed_and_everything_is_shown(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert shown.encode("utf-8").decode("unicode_escape").encode("utf-16", "surrogatepass") == (
        text.encode("utf-16", "surrogatepass")
    )


@pytest.mark.parametrize(
    "text", ["größer", "日本語.png", "👩‍🚀", "C:\\Users\\me", "a'b\"c", "Caffè\u0301"]
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_breaks_are_kept_only_where_lines_are_meant() -> None:
    assert printable("a\nb") == r"a\nb"
    assert printable_lines("a\n\x1bb") == "a\n\\x1bb"


@pytest.mark.parametrize("text", HOSTILE)
def test_json_means_the_same_and_holds_nothing_that_is_obeyed(text: str) -> None:
    shown = printable_json({text: [text]})
    assert shown.isprintable()
    assert json.loads(shown) == {text: [text]}
    assert printable_json({"a": "ü"}, indent=1) == '{\n "a": "ü"\n}'


def test_a_refusal_has_the_lines_that_it_was_given_and_no_more() -> None:
    error = VcamError("no picture a\nvcam: all is well\x1b[8m", "rename a\nb", ["rm a\nb"])
    assert error.problem == r"no picture a\nvcam: all is well\x1b[8m"
    assert str(error) == rf"{error.problem}: type rm a\nb, rename a\nb"
    assert VcamError(["one", "two\n"]).problem == "one\ntwo\\n"


def test_a_record_cannot_pass_for_another() -> None:
    made = PrintableFormatter("%(levelname)s %(message)s")
    record = logging.LogRecord("vcam", logging.INFO, "", 0, "opened a\nERROR \x1b[31mb", (), None)
    assert made.format(record) == "INFO opened a\n    ERROR \\x1b[31mb"
