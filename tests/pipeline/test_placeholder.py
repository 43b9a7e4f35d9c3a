from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.clips import flat
from vcam.backgrounds.still import Still
from vcam.config import parse_config
from vcam.config.schema.output import PlaceholderConfig
from vcam.errors import ConfigError, PictureError
from vcam.images.fonts import font_for
from vcam.images.picture_files import write_picture
from vcam.images.types import I420, Plane
from vcam.pipeline.placeholder import make_card

W, H = 320, 180


def green() -> I420:
    return Still.plain(W, H, (0, 177, 64)).cover(0.0)


def card(**keys: object) -> I420:
    config = PlaceholderConfig.model_validate({"type": "card", **keys})
    made = make_card(config, green())
    assert made is not None
    return made


def letters(picture: I420) -> Plane:
    """Where the words are white."""
    return np.asarray(picture.y > 130, np.uint8)


def test_no_card_is_made_by_default() -> None:
    assert make_card(PlaceholderConfig(), green()) is None


def test_words_stand_in_the_middle_of_the_background() -> None:
    words = letters(card(text="Back in a minute"))
    rows, columns = np.nonzero(words)
    assert len(rows) > 200
    assert (columns.min() + columns.max()) / 2 == pytest.approx(W / 2, abs=4)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(H / 2, abs=8)
    assert card(text="Back in a minute").y[0, 0] == green().y[0, 0]


def test_words_can_be_read_on_white(tmp_path: Path) -> None:
    write_picture(tmp_path / "white.png", flat(255))
    plain, worded = card(path=tmp_path / "white.png"), card(path=tmp_path / "white.png", text="x")
    assert plain.y.min() > 230
    assert worded.y.min() < 150  # the shade


def test_card_without_words_is_the_picture_alone(tmp_path: Path) -> None:
    write_picture(tmp_path / "away.png", flat(200))
    assert np.ptp(card(path=tmp_path / "away.png").y) <= 1


@pytest.mark.parametrize(
    "text", ["many words " * 27, "w" * 60, "a\n\nb\n" * 6, "Grüße, привет, ελ"]
)
def test_any_words_fit(text: str) -> None:
    worded = card(text=text)
    assert letters(worded).any()
    assert not letters(worded)[:4].any()


@pytest.mark.parametrize("text", ["Grüße, Çà, Łódź, Őr, Ţ", "привет, Ґанок, Ђ", "Γειά Δώρα"])
def test_letters_with_accents_and_of_other_alphabets_are_drawn_without_a_systems_fonts(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("vcam.images.fonts._SYSTEM", ())
    font = font_for(text, 20)
    box = bytes(font.getmask("\U0010fffd"))
    drawn = {bytes(font.getmask(letter)) for letter in set(text) - {" "}}
    assert box not in drawn
    assert len(drawn) == len(set(text) - {" "})


def test_background_itself_is_not_written_to() -> None:
    behind = green()
    make_card(PlaceholderConfig(type="card", text="x"), behind)
    assert np.array_equal(behind.data, green().data)


def test_card_with_nothing_on_it_is_refused() -> None:
    with pytest.raises(ConfigError, match="a path, a text or both"):
        parse_config("output: {placeholder: {type: card}}\n", Path("vcam.yaml"))


def test_missing_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"gone\.png"):
        card(path=tmp_path / "gone.png")
