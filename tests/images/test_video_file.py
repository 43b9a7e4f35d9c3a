from __future__ import annotations

import socket
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.video.reformatter import Colorspace

from tests.films import RED, picture, set_display_matrix, write_film
from vcam.errors import VideoError
from vcam.images import video_file
from vcam.images.types import Image
from vcam.images.video_file import VideoFile

PYAV = int(av.__version__.partition(".")[0])

_QUARTERS = {
    "red": (220, 20, 20),
    "green": (20, 200, 20),
    "blue": (20, 20, 220),
    "white": (235,) * 3,
}


def _first(path: Path, color: tuple[int, int, int] = (0, 0, 0)) -> Image:
    with closing(VideoFile(path, color)) as film:
        image = film.image()
    assert image is not None
    assert image.shape == (film.height, film.width, 3)
    return image


def _is_near(image: Image, color: tuple[int, int, int], by: int = 8) -> bool:
    return bool((np.abs(image.reshape(-1, 3).mean(0)[::-1] - color) <= by).all())


def _times(path: Path) -> list[float]:
    with closing(VideoFile(path)) as film:
        begins = []
        while (begin := film.advance()) is not None:
            begins.append(round(begin, 3))
        return [*begins, round(film.end, 3)]


# -- shape ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aspect", "size"), [((64, 45), (256, 144)), ((2, 1), (360, 144)), ((1, 2), (180, 288))]
)
def test_pixels_that_are_not_square_are_drawn_out(
    tmp_path: Path, aspect: tuple[int, int], size: tuple[int, int]
) -> None:
    y, x = np.mgrid[:144, :180]
    wide, high = size
    disc = np.hypot((x - 90) * wide / 180, (y - 72) * high / 144) < 60
    image = np.repeat(np.where(disc, 255, 0).astype(np.uint8)[..., None], 3, 2)
    shown = _first(write_film(tmp_path / "a.mp4", [image], aspect=Fraction(*aspect)))
    assert (shown.shape[1], shown.shape[0]) == size
    rows, columns = np.nonzero(shown[..., 1] > 128)
    assert abs(np.ptp(rows) - np.ptp(columns)) <= 2  # a disc, no egg


def _corners(image: Image) -> list[str]:
    """The colours of the quarters: upper left, upper right, lower left, lower right."""
    h, w = image.shape[:2]
    spots = [image[y, x, ::-1] for y in (h // 4, h * 3 // 4) for x in (w // 4, w * 3 // 4)]
    return [
        min(_QUARTERS, key=lambda name: float(np.abs(spot - np.array(_QUARTERS[name])).sum()))
        for spot in spots
    ]


@pytest.mark.parametrize(
    ("matrix", "corners"),
    [
        ((1, 0, 0, 1), "red green blue white"),
        ((0, 1, -1, 0), "blue red white green"),  # a phone held upright
        ((-1, 0, 0, -1), "white blue green red"),
        ((0, -1, 1, 0), "green white red blue"),
        ((-1, 0, 0, 1), "green red white blue"),  # a mirrored selfie
        ((1, 0, 0, -1), "blue white red green"),
        ((0, 1, 1, 0), "red blue green white"),
    ],
)
def test_videos_are_turned_and_mirrored_as_they_ask(
    tmp_path: Path, matrix: tuple[int, int, int, int], corners: str
) -> None:
    image = np.zeros((64, 96, 3), np.uint8)
    for index, color in enumerate(_QUARTERS.values()):
        image[32 * (index // 2) :, 48 * (index % 2) :][:32, :48] = color[::-1]
    path = set_display_matrix(write_film(tmp_path / "a.mp4", [image]), matrix)
    assert _corners(_first(path)) == corners.split()


def test_pictures_much_larger_than_their_place_are_given_at_its_size(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", [picture(RED, 256, 144)])
    film = VideoFile(path, place_for=lambda size: (size[0] // 4, size[1] // 4))
    image = film.image()
    assert image is not None
    assert image.shape == (36, 64, 3)
    film.close()


# -- colours -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("height", "matrix", "tag"),
    [
        (720, Colorspace.ITU709, 2),  # nothing is said: HD is BT.709, SD is BT.601
        (360, Colorspace.ITU601, 2),
        (360, Colorspace.ITU709, 1),
        (720, Colorspace.ITU601, 6),
    ],
)
def test_colours_are_those_of_the_matrix_that_is_told_or_usual(
    tmp_path: Path, height: int, matrix: Colorspace, tag: int
) -> None:
    path = write_film(
        tmp_path / "a.mp4", [picture(RED, height * 16 // 9, height)],
        matrix=matrix, tags={"colorspace": tag}, options={"qp": "4"},
    )  # fmt: skip
    assert _is_near(_first(path), RED)


def _linear(color: tuple[int, int, int]) -> npt.NDArray[np.float64]:
    share = np.array(color) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


_TO_2020 = np.array([(0.6274, 0.3293, 0.0433), (0.0691, 0.9195, 0.0114), (0.0164, 0.0880, 0.8956)])


def _pq(nits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    power = (nits / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def _hlg(nits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    scene = (nits / 1000) ** (1 / 1.2)
    log = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), log)


@pytest.mark.skipif(PYAV < 18, reason="PyAV 17 makes no pictures of 10 bits")
@pytest.mark.parametrize("transfer", [16, 18], ids=["PQ", "HLG"])
@pytest.mark.parametrize("color", [RED, (96, 160, 64), (40, 40, 40)])
def test_hdr_is_brought_to_the_colours_of_a_screen(
    tmp_path: Path, transfer: int, color: tuple[int, int, int]
) -> None:
    nits = 203 * (_TO_2020 @ _linear(color))
    r, g, b = _pq(nits) if transfer == 16 else _hlg(nits)
    y = 0.2627 * r + 0.6780 * g + 0.0593 * b
    codes = [64 + 876 * y, 512 + 896 * (b - y) / 1.8814, 512 + 896 * (r - y) / 1.4746]
    planes = [
        np.full(96 * 64 // part, round(code)) for code, part in zip(codes, (1, 4, 4), strict=True)
    ]
    path = write_film(
        tmp_path / "a.mov", [np.concatenate(planes).astype(np.uint16).reshape(96, 96)],
        pix_fmt="yuv420p10le", source="yuv420p10le", options={"qp": "4"},
        tags={"colorspace": 9, "color_trc": transfer, "color_primaries": 9},
    )  # fmt: skip
    assert _is_near(_first(path), color)


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.webm", "libvpx-vp9", "yuva420p"),
        ("a8.webm", "libvpx", "yuva420p"),
        ("a.mov", "prores_ks", "yuva444p10le"),
        ("b.mov", "qtrle", "argb"),
        ("c.mov", "png", "rgba"),
    ],
)
def test_the_colour_stands_behind_transparent_parts_whatever_lies_there(
    tmp_path: Path, name: str, codec: str, pix_fmt: str
) -> None:
    image = np.zeros((96, 160, 4), np.uint8)
    image[..., 2] = 255  # red, not to be seen on the left
    image[:, 80:] = (255, 0, 0, 255)
    options = {"auto-alt-ref": "0"} if codec == "libvpx" else {}
    path = write_film(
        tmp_path / name, [image], codec=codec, pix_fmt=pix_fmt, source="bgra", options=options
    )
    shown = _first(path, (0, 200, 60))
    assert _is_near(shown[:, :70], (0, 200, 60))
    assert _is_near(shown[:, 90:], (0, 0, 255), 10)


# -- times ---------------------------------------------------------------------------------


def test_every_picture_begins_when_the_file_says(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.5, 0.54, 2.0]
    images = [picture(RED, 64, 36)] * 5
    found = _times(write_film(tmp_path / "a.mp4", images, times))
    assert found[:5] == times
    assert found[5] > 2.0


def test_times_begin_at_0_whatever_the_file_s_clock(tmp_path: Path) -> None:
    images = [picture(RED, 64, 36)] * 3
    assert _times(write_film(tmp_path / "a.mkv", images, [7.0, 7.04, 7.08]))[:3] == [
        0.0,
        0.04,
        0.08,
    ]


def test_a_file_without_times_has_its_own_rate(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.h264", [picture(RED, 64, 36)] * 3)
    assert _times(path) == [0.0, 0.04, 0.08, 0.12]


def test_a_file_that_is_cut_off_plays_to_there(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (20, 64, 96, 3), np.uint8)
    path = write_film(tmp_path / "a.mkv", list(noise))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 5 <= len(_times(path)) <= 15


# -- what is no video ----------------------------------------------------------------------


def _playlists(film: Path, port: int) -> dict[str, str]:
    address = f"http://127.0.0.1:{port}/a.mp4"
    return {
        "hls.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n",
        "local.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{film}\n#EXT-X-ENDLIST\n",
        "hls.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n",
        "concat.txt": f"ffconcat version 1.0\nfile '{film}'\n",
        "concat.mp4": f"ffconcat version 1.0\nfile {address}\n",
        "a.sdp": f"v=0\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "a.mpd": f"<?xml version='1.0'?><MPD><Period><AdaptationSet mimeType='video/mp4'>"
        f"<Representation id='1'><BaseURL>{address}</BaseURL><SegmentBase/></Representation>"
        f"</AdaptationSet></Period></MPD>",
    }  # fmt: skip


def test_nothing_but_the_file_is_opened_whatever_it_names(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", [picture(RED, 64, 36)] * 3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        for name, text in _playlists(film, server.getsockname()[1]).items():
            (tmp_path / name).write_text(text)
            with pytest.raises(VideoError, match="no video"):
                VideoFile(tmp_path / name)
        with pytest.raises(BlockingIOError):  # nobody came
            server.accept()


def test_a_path_that_looks_like_an_address_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    film = write_film(tmp_path / "film.mp4", [picture(RED, 64, 36)])
    (tmp_path / "concat:film.mp4|film.mp4").write_bytes(film.read_bytes())
    assert _is_near(_first(Path("concat:film.mp4|film.mp4")), RED)
    for name in ("http://127.0.0.1:9/a.mp4", "lavfi:testsrc", "file:film.mp4", "/dev/video0"):
        with pytest.raises(VideoError):
            VideoFile(Path(name))


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mkv", [], sound="aac")
    with pytest.raises(VideoError, match=r"a\.mkv"):
        VideoFile(path)


def test_pictures_too_large_for_memory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = write_film(tmp_path / "a.mp4", [picture(RED, 320, 240)])
    wide = write_film(tmp_path / "b.mp4", [picture(RED, 160, 120)], aspect=Fraction(8, 1))
    monkeypatch.setattr(video_file, "MAX_MEGAPIXELS", 0.05)
    for path in (plain, wide):
        with pytest.raises(VideoError, match=rf"{path.name}.* megapixels"):
            VideoFile(path)


def test_pictures_that_grow_beyond_memory_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = write_film(tmp_path / "a.h264", [picture(RED, 64, 48)] * 3)
    large = write_film(tmp_path / "b.h264", [picture(RED, 640, 480)] * 3)
    monkeypatch.setattr(video_file, "MAX_MEGAPIXELS", 0.05)
    small.write_bytes(small.read_bytes() + large.read_bytes())
    assert 2 <= len(_times(small)) <= 4
