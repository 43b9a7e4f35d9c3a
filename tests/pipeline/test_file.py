from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as Pillow

from tests.abilities import needs_links
from tests.backgrounds.films import write_animation
from tests.clips import flat, write_clip
from tests.films import write_film
from tests.portrait import portrait
from vcam.config import parse_config
from vcam.config.schema.camera import CameraConfig
from vcam.errors import BackgroundError, PictureError, SinkError, SourceError
from vcam.images.picture_files import read_picture, write_picture
from vcam.images.video_file import VideoFile
from vcam.pipeline.build import make_configured_background
from vcam.pipeline.file import open_moving, process_picture, process_video
from vcam.realtime.governor import Governor
from vcam.sources.video import VideoSource, open_video

GREEN = parse_config('background: {type: color, color: "#00b140"}\n', Path("vcam.yaml"))
MOG2 = parse_config(
    "segmentation: {backend: mog2, mog2: {learn_seconds: 0.1}}\n"
    'background: {type: color, color: "#00b140"}\n',
    Path("vcam.yaml"),
)


def test_picture_keeps_its_size_and_person_and_loses_its_room(tmp_path: Path) -> None:
    image = portrait()[:359, :639]  # odd on both sides
    write_picture(tmp_path / "in.png", image)
    process_picture(GREEN, tmp_path / "in.png", tmp_path / "out.png")
    out = read_picture(tmp_path / "out.png")
    assert out.shape == image.shape
    assert np.abs(out[80:130, 290:325].astype(int) - image[80:130, 290:325]).mean() < 8
    assert np.abs(out[:150, :80].astype(int) - (64, 177, 0)).mean() < 12


def test_a_picture_that_is_turned_has_its_sides_exchanged(tmp_path: Path) -> None:
    image = portrait()
    write_picture(tmp_path / "in.png", np.ascontiguousarray(np.rot90(image)))
    turned = GREEN.model_copy(update={"camera": CameraConfig(rotate=90)})
    process_picture(turned, tmp_path / "in.png", tmp_path / "out.png")
    out = read_picture(tmp_path / "out.png")
    assert out.shape == image.shape
    assert np.abs(out[80:130, 290:325].astype(int) - image[80:130, 290:325]).mean() < 8


def test_video_is_covered_while_mog2_learns_and_shows_what_enters(tmp_path: Path) -> None:
    person = flat(100, 160, 90)
    person[20:, 60:100] = 255
    clip = write_clip(tmp_path / "in.avi", [flat(100, 160, 90)] * 4 + [person] * 2)
    done: list[int] = []
    video = open_video(clip, with_sound=True)
    count = process_video(MOG2, video, tmp_path / "out.mp4", done.append)
    assert count == 6
    assert done == [1, 2, 3, 4, 5, 6]
    out = VideoSource(tmp_path / "out.mp4", loop=False)
    images = [out.read() for _ in range(6)]
    for image in images[:4]:
        assert image is not None
        assert np.abs(image.astype(int) - (64, 177, 0)).mean() < 12
    last = images[5]
    assert last is not None
    assert last[40:80, 70:90].min() > 200
    assert out.fps == video.fps


def test_file_is_never_processed_with_less_effort_on_a_slow_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a file has time")

    monkeypatch.setattr(Governor, "__init__", refuse)
    clip = write_clip(tmp_path / "in.avi", [flat(100, 160, 90)] * 2)
    video = open_video(clip, with_sound=True)
    assert process_video(MOG2, video, tmp_path / "out.mp4", lambda done: None) == 2


def next_level(video: VideoSource) -> float:
    image = video.read()
    assert image is not None
    return float(image.mean())


@pytest.mark.parametrize("kind", ["video", "slideshow"])
def test_moving_background_goes_by_the_videos_time(tmp_path: Path, kind: str) -> None:
    """However fast the frames are rendered."""
    clip = write_clip(tmp_path / "in.avi", [flat(0, 64, 36)] * 60)  # nobody; 25 frames a second
    if kind == "video":
        film = write_clip(tmp_path / "film.avi", [flat(4 * n, 64, 36) for n in range(60)])
        path = film
    else:
        path = tmp_path / "slides"
        path.mkdir()
        for n in range(3):
            write_picture(path / f"{n}.png", flat(80 * n, 64, 36))
    wanted = parse_config(
        f"background: {{type: {kind}, path: {path}, interval: 1, fade: 0}}\n"
        "segmentation: {backend: mog2, mog2: {learn_seconds: 0.03}}\n",
        Path("vcam.yaml"),
    )
    levels = []
    for run in ("first.avi", "second.avi"):
        process_video(wanted, open_video(clip, with_sound=True), tmp_path / run, lambda done: None)
        out = VideoSource(tmp_path / run, loop=False)
        levels.append([next_level(out) for _ in range(60)])
    assert levels[0] == levels[1]
    # Nothing plays during the first frame, which MOG2 learns from.
    due = [0, *(4 * n for n in range(59))] if kind == "video" else [0] * 26 + [80] * 25 + [160] * 9
    assert np.abs(np.array(levels[0]) - due).max() < 8  # less than two frames of the film


def test_picture_cannot_teach_mog2_the_room(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="backend: mediapipe"):
        process_picture(MOG2, tmp_path / "in.png", tmp_path / "out.png")


def test_video_is_not_written_over_itself(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "in.avi", [flat(1)] * 2)
    with pytest.raises(SinkError, match="the source itself"):
        process_video(MOG2, open_video(clip, with_sound=True), clip, lambda done: None)


def test_picture_is_not_written_over_itself_nor_into_a_video(tmp_path: Path) -> None:
    write_picture(tmp_path / "in.png", flat(9))
    before = (tmp_path / "in.png").read_bytes()
    with pytest.raises(SinkError, match="the source itself"):
        process_picture(GREEN, tmp_path / "in.png", tmp_path / "in.png")
    assert (tmp_path / "in.png").read_bytes() == before
    with pytest.raises(SinkError, match="is a picture, and"):
        process_picture(GREEN, tmp_path / "in.png", tmp_path / "out.mp4")


def test_video_that_is_broken_off_leaves_what_was_there(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "in.avi", [flat(1)] * 5)
    out = tmp_path / "out.mp4"
    out.write_bytes(b"an earlier result")

    def interrupt(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        process_video(MOG2, open_video(clip, with_sound=True), out, interrupt)
    assert out.read_bytes() == b"an earlier result"
    assert {path.name for path in tmp_path.iterdir()} == {"in.avi", "out.mp4"}


def test_what_a_file_is_its_content_says(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "in.avi", [flat(1)] * 2).rename(tmp_path / "video.jpg")
    write_picture(tmp_path / "in.png", flat(9))
    picture = (tmp_path / "in.png").rename(tmp_path / "picture.mp4")
    moving = write_animation(tmp_path / "moving.gif", [40, 80], 50)
    still = write_animation(tmp_path / "still.gif", [40], 50)
    for path, frames in ((clip, 2), (moving, 2), (picture, 0), (still, 0)):
        film = open_moving(path)
        assert (film.frames if film else 0) == frames, path.name


@pytest.mark.parametrize("name", ["notes.mp4", "notes.png"])
def test_what_is_neither_is_refused_as_what_its_name_says(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Dear user,\n")
    config = parse_config("background: {type: blur}\n", Path("vcam.yaml"))

    def process() -> None:
        if open_moving(tmp_path / name) is None:
            process_picture(config, tmp_path / name, tmp_path / "out.png")

    with pytest.raises((SourceError, PictureError), match=name.replace(".", r"\.")):
        process()


def test_sound_and_times_of_a_video_are_kept(tmp_path: Path) -> None:
    images = [flat(1)] * 4
    source = write_film(tmp_path / "in.mp4", images, [0.0, 0.04, 0.5, 1.0], sound="aac")
    video = open_video(source, with_sound=True)
    process_video(MOG2, video, tmp_path / "out.mp4", lambda done: None)
    out = open_video(tmp_path / "out.mp4", with_sound=True)
    assert out.sound is not None
    assert [round(begin, 3) for begin in iter(out.advance, None)] == [0.0, 0.04, 0.5, 1.0]


def test_the_name_of_the_unfinished_file_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = write_clip(tmp_path / "in.avi", [flat(1)] * 2)

    def is_full(*_: object) -> None:
        raise av.error.OSError(28, "No space left on device", "unfinished-out.mp4")

    for place in ("start_encoding", "mux"):
        with monkeypatch.context() as patch:
            patch.setattr(av.container.OutputContainer, place, is_full)
            with pytest.raises(SinkError, match="No space left") as caught:
                process_video(MOG2, open_video(clip), tmp_path / "out.mp4", lambda done: None)
        assert "unfinished" not in str(caught.value)
        assert "out.mp4" in str(caught.value)
        assert [path.name for path in tmp_path.iterdir()] == ["in.avi"]


@needs_links
def test_an_earlier_unfinished_file_or_link_is_left_alone(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "in.avi", [flat(1)] * 2)
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "unfinished-out.mp4").symlink_to(tmp_path / "precious")
    process_video(MOG2, open_video(clip), tmp_path / "out.mp4", lambda done: None)
    assert (tmp_path / "precious").read_text() == "mine"
    assert (tmp_path / "unfinished-out.mp4").is_symlink()


def test_a_picture_gets_its_name_once_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.png"
    target.write_bytes(b"the last one")

    def is_killed(path: Path, content: bytes) -> int:
        assert target.read_bytes() == b"the last one"
        with path.open("wb") as stream:
            stream.write(content[:100])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", is_killed)
    with pytest.raises(KeyboardInterrupt):
        write_picture(target, flat(1))
    assert target.read_bytes() == b"the last one"
    assert list(tmp_path.iterdir()) == [target]


def test_picture_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for name in ("out.docx", "gone/out.png"):
        with pytest.raises(SinkError, match="cannot be written"):
            write_picture(tmp_path / name, flat(1))
    with pytest.raises(PictureError, match="there is no picture"):
        read_picture(tmp_path / "gone.png")


CUTOUT = parse_config(
    "background: {type: transparent}\nfinish: {color_match: 1, light_wrap: 1}\n", Path("vcam.yaml")
)


def test_a_transparent_picture_holds_the_person_and_nothing_of_the_room(tmp_path: Path) -> None:
    room, code = portrait(), (250, 3, 250)
    room[:150, :200] = code
    write_picture(tmp_path / "in.png", room)
    process_picture(CUTOUT, tmp_path / "in.png", tmp_path / "out.png")
    with Pillow.open(tmp_path / "out.png") as picture:
        out = np.asarray(picture)
    assert out.shape == (360, 640, 4)
    assert out[60:140, 280:330, 3].mean() > 230
    person = room[80:130, 290:325, ::-1].astype(int)
    assert np.abs(out[80:130, 290:325, :3] - person).mean() < 8
    assert out[:150, :80, 3].max() == 0
    distance = np.abs(out[:150, :200, :3].astype(int) - code[::-1]).max(axis=2)
    assert distance.min() > 60, "also where alpha is 0"


def test_a_transparent_video_shows_what_stands_behind_it(tmp_path: Path) -> None:
    person = flat(100, 160, 90)
    person[20:, 60:100] = 255
    clip = write_clip(tmp_path / "in.avi", [flat(100, 160, 90)] * 4 + [person] * 2)
    config = MOG2.model_copy(update={"background": CUTOUT.background})
    process_video(config, open_video(clip), tmp_path / "out.webm", lambda done: None)
    out = VideoFile(tmp_path / "out.webm", color=(0, 0, 255))
    images = []
    while out.advance() is not None:
        images.append(out.image())
    assert len(images) == 6
    for image in images:
        assert image is not None
        assert np.abs(image[:15, :15].astype(int) - (255, 0, 0)).max() < 20
    assert images[0] is not None
    assert np.abs(images[0].astype(int) - (255, 0, 0)).max() < 20, "nobody: all of it"
    assert images[-1] is not None
    assert images[-1][60, 80].min() > 200


@pytest.mark.parametrize("name", ["out.jpg", "out.mp4", "out.mkv"])
def test_a_format_that_cannot_be_transparent_is_refused_first(tmp_path: Path, name: str) -> None:
    write_picture(tmp_path / "in.png", portrait())
    clip = write_clip(tmp_path / "in.avi", [flat(100, 160, 90)])

    def process() -> None:
        if name == "out.jpg":
            process_picture(CUTOUT, tmp_path / "in.png", tmp_path / name)
        else:
            process_video(CUTOUT, open_video(clip), tmp_path / name, lambda done: None)

    with pytest.raises(SinkError, match=r"cannot be transparent.*end its name in one of \."):
        process()
    assert not (tmp_path / name).exists()
    assert not list(tmp_path.glob("unfinished-*"))


def test_a_virtual_camera_cannot_be_transparent() -> None:
    with pytest.raises(BackgroundError, match="only files can be that"):
        make_configured_background(CUTOUT)
