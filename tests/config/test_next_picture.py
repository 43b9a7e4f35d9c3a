from __future__ import annotations

import threading
from pathlib import Path

import pytest

from vcam.config.next_picture import natural_key, step_background
from vcam.errors import ConfigError
from vcam.images.picture_files import is_picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("10.jpg", "2.jpg", "B.png", ".hidden.jpg", "notes.txt", "$x.jpg"):
        (pictures / name).touch()
    (pictures / "folder.jpg").mkdir()
    return pictures


def config(tmp_path: Path, written: str) -> Path:
    path = tmp_path / "vcam.yaml"
    path.write_text(f"background:\n  type: image\n  path: {written}  # mine\n")
    return path


def test_pictures_follow_each_other_as_people_count_and_wrap(tmp_path: Path, folder: Path) -> None:
    path = config(tmp_path, "pictures/2.jpg")
    forwards = [step_background(path, is_picture) for _ in range(3)]
    assert forwards == ["pictures/10.jpg", "pictures/B.png", "pictures/2.jpg"]
    backwards = [step_background(path, is_picture, -1) for _ in range(3)]
    assert backwards == ["pictures/B.png", "pictures/10.jpg", "pictures/2.jpg"]
    assert path.read_text().endswith("  path: pictures/2.jpg  # mine\n")


def test_what_stands_before_the_name_is_kept(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PICTURES", str(folder))
    monkeypatch.setenv("PICTURE", str(folder / "2.jpg"))
    for written, following in (
        ("~/pictures/2.jpg", "~/pictures/10.jpg"),
        ("$PICTURES/2.jpg", "$PICTURES/10.jpg"),
        (f"{folder}/2.jpg", f"{folder}/10.jpg"),
        ("$PICTURE", f"{folder}/10.jpg"),
    ):
        assert step_background(config(tmp_path, written), is_picture) == following


def test_deleted_picture_still_has_neighbours(tmp_path: Path, folder: Path) -> None:
    for step, following in ((1, "pictures/10.jpg"), (-1, "pictures/2.jpg")):
        path = config(tmp_path, "pictures/5.jpg")
        assert step_background(path, is_picture, step) == following


def test_background_without_a_next_one_says_what_to_set(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text("background: {type: blur}\n")
    with pytest.raises(ConfigError, match=r"is blur.*vcam set background.type=image"):
        step_background(path, is_picture)
    with pytest.raises(ConfigError, match="no other picture"):
        step_background(config(tmp_path, "alone.jpg"), is_picture)
    with pytest.raises(ConfigError, match="cannot be read"):
        step_background(config(tmp_path, "gone/a.jpg"), is_picture)


def test_a_path_that_a_scene_sets_is_stepped_there(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "vcam.yaml"
    path.write_text(
        "scene: beach\nscenes:\n  beach:\n    background: {type: image, path: pictures/2.jpg}\n"
    )
    assert step_background(path, is_picture) == "pictures/10.jpg"
    assert "path: pictures/10.jpg}" in path.read_text()


def test_steps_at_the_same_time_all_count(tmp_path: Path) -> None:
    for number in range(1, 10):
        (tmp_path / f"{number}.jpg").touch()
    path = config(tmp_path, "1.jpg")
    begun = threading.Barrier(6)

    def step() -> None:
        begun.wait()
        step_background(path, is_picture)

    threads = [threading.Thread(target=step) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "path: 7.jpg" in path.read_text()


def test_numbers_in_names_count_and_capitals_do_not() -> None:
    names = ["b", "A10", "a9", "A1b", "a", "10", "9"]
    assert sorted(names, key=natural_key) == ["9", "10", "a", "A1b", "a9", "A10", "b"]
