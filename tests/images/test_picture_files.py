from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from ruamel.yaml import YAML

from tests.pictures import DOCS, PAGES, PARTS, Studio, Wanted, place, read_page
from tests.portrait import portrait
from vcam.config import Config


def _pages() -> list[Wanted]:
    return [
        wanted for page in PAGES for wanted in read_page((DOCS / page).read_text(encoding="utf-8"))
    ]


def test_every_picture_of_the_docs_is_there_and_none_is_left_over() -> None:
    there = {path.stem for path in (DOCS / "pictures").glob("*.jpg")}
    assert {wanted.name for wanted in _pages()} == there


@pytest.mark.parametrize("wanted", _pages(), ids=lambda wanted: wanted.name)
def test_the_lines_above_a_picture_are_a_configuration(wanted: Wanted) -> None:
    assert wanted.texts()
    for text in wanted.texts():
        Config.model_validate(YAML(typ="safe").load(text))


def test_blocks_add_up_until_their_picture_and_serve_the_next_one_too() -> None:
    page = (
        "```yaml\na\n```\n```yaml\nb\n```\n![x](pictures/one.jpg)\n"
        "<!-- crop: hair; at: 1, 2 -->\n![x](pictures/two.jpg)\n"
        "```yaml\nc\n```\n![x](pictures/three.jpg)\n"
    )
    one, two, three = read_page(page)
    assert (one.blocks, two.blocks, three.blocks) == (["a\n", "b\n"], ["a\n", "b\n"], ["c\n"])
    assert (two.hints["crop"], two.times) == ("hair", [1.0, 2.0])


def test_a_varied_key_gives_one_text_for_each_value() -> None:
    wanted = Wanted("x", ["background: {type: blur}\n"], {"vary background.strength": "0.3, 1"})
    parsed = [YAML(typ="safe").load(text)["background"]["strength"] for text in wanted.texts()]
    assert parsed == [0.3, 1]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_person_lies_in_the_frame(part: str) -> None:
    alpha = np.zeros((720, 1280), np.uint8)
    cv2.ellipse(alpha, (500, 400), (200, 380), 0, 0, 360, 255, -1)
    box = place(part, alpha)
    assert 0 <= box.x <= 1280 - box.width
    assert 0 <= box.y <= 720 - box.height
    assert alpha[box.area].any()
    assert not alpha[box.area].all()


def test_a_panel_before_one_colour_shows_it_beside_the_person(tmp_path: Path) -> None:
    image = np.asarray(cv2.resize(portrait(), (1280, 720)), np.uint8)
    green = Wanted("x", ['background: {type: color, color: "#00b140"}\n'], {"at": "0"})
    taken = Studio(image, tmp_path).take(green)
    assert taken.shape == (270, 480, 3)
    assert np.abs(taken[:20, -20:].astype(int) - (64, 177, 0)).max() < 6
