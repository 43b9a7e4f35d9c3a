from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vcam.backgrounds.playlist import Playlist, make_playlist
from vcam.errors import BackgroundError


def _folder(tmp_path: Path, *names: str) -> Path:
    for name in names:
        (tmp_path / name).touch()
    return tmp_path


def _names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def _by_name(folder: Path) -> Playlist:
    return make_playlist(folder, [], "name")


def test_names_are_ordered_as_people_count(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "10.jpg", "9.png", "B2.webp", "b10.gif", "a.JPG")
    assert _names(_by_name(folder).pictures()) == ["9.png", "10.jpg", "a.JPG", "B2.webp", "b10.gif"]


def test_only_visible_pictures_count(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "a.jpg", ".b.jpg", "notes.txt", "film.mp4")
    (folder / "c.jpg").mkdir()
    assert _names(_by_name(folder).pictures()) == ["a.jpg"]


def test_the_next_ones_follow_in_a_circle(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "1.jpg", "2.jpg", "3.jpg", "4.jpg")
    playlist = _by_name(folder)
    assert _names(playlist.after(folder / "3.jpg", 1)) == ["4.jpg", "1.jpg", "2.jpg"]
    assert _names(playlist.after(folder / "1.jpg", -1)) == ["4.jpg", "3.jpg", "2.jpg"]
    assert _names(playlist.after(folder / "1.jpg", 6))[0] == "3.jpg"


def test_a_picture_that_is_gone_keeps_its_place(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "1.jpg", "2.jpg", "3.jpg")
    playlist = _by_name(folder)
    (folder / "2.jpg").unlink()
    assert _names(playlist.after(folder / "2.jpg", 1))[0] == "3.jpg"
    assert _names(playlist.after(folder / "2.jpg", -1))[0] == "1.jpg"
    assert _names(playlist.after(folder / "9.jpg", 1))[0] == "1.jpg"


def test_new_pictures_are_noticed(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "1.jpg", "3.jpg")
    playlist = _by_name(folder)
    (folder / "2.jpg").touch()
    assert _names(playlist.after(folder / "1.jpg", 1)) == ["2.jpg", "3.jpg"]


def test_a_folder_that_vanished_has_no_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    playlist = _by_name(_folder(folder, "1.jpg"))
    (folder / "1.jpg").unlink()
    folder.rmdir()
    assert playlist.pictures() == []
    assert playlist.after(folder / "1.jpg", 1) == []


def test_shuffled_pictures_each_come_once_a_round_and_back_the_same_way(tmp_path: Path) -> None:
    folder = _folder(tmp_path, *(f"{index}.jpg" for index in range(40)))
    playlist = make_playlist(folder, [], "shuffle")
    order = playlist.pictures()
    assert sorted(order) == sorted(_by_name(folder).pictures())
    assert _names(order) != _names(_by_name(folder).pictures())
    assert playlist.after(order[0], 1) == order[1:]
    assert playlist.after(order[5], -1)[0] == order[4]
    assert make_playlist(folder, [], "shuffle").pictures() != order


def test_a_list_keeps_its_own_order(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("b.jpg", "a.jpg", "c.jpg", "a.jpg")]
    playlist = make_playlist(None, files, "name")
    assert _names(playlist.pictures()) == ["b.jpg", "a.jpg", "c.jpg"]
    assert _names(playlist.after(files[1], 1)) == ["c.jpg", "b.jpg"]


def test_entries_that_cannot_be_read_are_left_to_be_told(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "1.jpg", "3.heic", "4.svg", "notes.txt")
    (folder / "2.jpg").symlink_to(folder / "2.jpg")
    (folder / "5.jpg").symlink_to(folder / "gone.jpg")
    (folder / "6.jpg").mkdir()
    assert _names(_by_name(folder).pictures()) == ["1.jpg", "2.jpg", "3.heic", "4.svg", "5.jpg"]


def test_an_entry_behind_a_closed_folder_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path, "1.jpg", "2.jpg", "3.jpg")

    class Entry:
        def __init__(self, name: str) -> None:
            self.name, self.path = name, str(folder / name)

        def is_dir(self) -> bool:
            if self.name == "2.jpg":
                raise PermissionError(13, "Permission denied")
            return False

    @contextmanager
    def scandir(path: Path) -> Iterator[list[Entry]]:
        yield [Entry(f"{index}.jpg") for index in (1, 2, 3)]

    monkeypatch.setattr(os, "scandir", scandir)
    assert _names(_by_name(folder).pictures()) == ["1.jpg", "2.jpg", "3.jpg"]


def test_a_folder_that_is_closed_is_told_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scandir(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(BackgroundError, match=r"cannot be read \(Permission denied"):
        _by_name(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackgroundError, match=r"no folder .*gone"):
        _by_name(tmp_path / "gone")
    with pytest.raises(BackgroundError, match=r"no folder .*a\.jpg"):
        _by_name(_folder(tmp_path, "a.jpg") / "a.jpg")
