from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from tests.portrait import portrait
from vcam.images.types import Image, Plane
from vcam.sources import jpeg
from vcam.sources.jpeg import decode

END = b"\xff\xd9"
SAMPLINGS = {
    "4:4:4": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    "4:2:2": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422,
    "4:2:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    "4:1:1": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411,
}


@pytest.fixture(scope="module")
def picture() -> Image:
    return np.ascontiguousarray(portrait()[:240, :320])


@pytest.fixture(params=["simplejpeg", "OpenCV"], autouse=True)
def _decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything holds without simplejpeg too."""
    if request.param == "OpenCV":
        monkeypatch.setattr(jpeg, "simplejpeg", None)
    else:
        pytest.importorskip("simplejpeg")


def is_quick() -> bool:
    return vars(jpeg)["simplejpeg"] is not None


def encode(image: Image, sampling: str = "4:2:2") -> Plane:
    options = [cv2.IMWRITE_JPEG_QUALITY, 90, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLINGS[sampling]]
    return np.asarray(cv2.imencode(".jpg", image, options)[1], np.uint8).ravel()


def decoded(data: Plane | bytes) -> Image:
    image = decode(np.frombuffer(data, np.uint8))
    assert image is not None
    return image


def reference(data: Plane | bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def segments(data: Plane) -> list[bytes]:
    """The start, each segment of the header, and the picture's data with the end."""
    rest = data.tobytes()
    parts, rest = [rest[:2]], rest[2:]
    while rest[1] != 0xDA:  # start of scan
        length = 2 + int.from_bytes(rest[2:4], "big")
        parts, rest = [*parts, rest[:length]], rest[length:]
    return [*parts, rest]


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("size", [(320, 240), (317, 237), (1, 1)])
def test_picture_is_opencvs_but_for_interpolated_chroma(
    picture: Image, sampling: str, size: tuple[int, int]
) -> None:
    data = encode(np.asarray(cv2.resize(picture, size), np.uint8), sampling)
    image, wanted = decoded(data), reference(data)
    assert image.shape == (size[1], size[0], 3)
    assert image.dtype == np.uint8
    grey = [cv2.cvtColor(each, cv2.COLOR_BGR2GRAY) for each in (image, wanted)]
    assert cv2.absdiff(*grey).mean() < 0.5
    assert cv2.absdiff(image, wanted).mean() < 1.5


def test_each_picture_is_an_array_of_its_own(picture: Image) -> None:
    data = encode(picture)
    first, second = decoded(data), decoded(data)
    assert not np.shares_memory(first, second)
    assert first.flags.writeable


def test_huffman_tables_may_be_missing(picture: Image) -> None:
    data = encode(picture)
    without = b"".join(part for part in segments(data) if part[:2] != b"\xff\xc4")
    assert len(without) < data.size - 400
    np.testing.assert_array_equal(decoded(without), decoded(data))


@pytest.mark.parametrize("more", [bytes(5000), b"\xff" * 77, bytes(range(256))])
def test_what_follows_the_end_is_ignored(picture: Image, more: bytes) -> None:
    data = encode(picture)
    np.testing.assert_array_equal(decoded(data.tobytes() + more), decoded(data))


def test_bytes_between_picture_and_end_do_no_harm(picture: Image) -> None:
    data = encode(picture).tobytes()
    np.testing.assert_array_equal(decoded(data[:-2] + bytes(9) + data[-2:]), decoded(data))


def test_a_header_of_motion_jpeg_does_no_harm(picture: Image) -> None:
    start, jfif, *rest = segments(encode(picture))
    assert jfif[:2] == b"\xff\xe0"
    avi1 = b"\xff\xe0\x00\x10AVI1" + bytes(10)
    data = b"".join([start, avi1, *rest])
    np.testing.assert_array_equal(decoded(data), decoded(encode(picture)))


def test_a_grey_jpeg_becomes_bgr(picture: Image) -> None:
    data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))[1]
    np.testing.assert_array_equal(decoded(data.ravel()), reference(data))


def test_a_progressive_jpeg_is_decoded(picture: Image) -> None:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].ravel()
    assert cv2.absdiff(decoded(data), picture).mean() < 3


def test_a_picture_is_not_turned(picture: Image) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6  # orientation: turned by a quarter
    file = io.BytesIO()
    Pillow.fromarray(picture).save(file, "JPEG", exif=exif)
    assert decoded(file.getvalue()).shape == picture.shape


@pytest.mark.parametrize("part", [0, 1, 2, 20, 200, 0.1, 0.5, 0.9])
def test_a_jpeg_that_ends_too_soon_is_broken(picture: Image, part: float) -> None:
    data = encode(picture)
    cut = data[: round(part * data.size) if isinstance(part, float) else part]
    assert decode(cut) is None


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("behind", [b"", bytes(64), bytes(1), b"\xff"])
def test_a_jpeg_without_its_end_is_whole(picture: Image, sampling: str, behind: bytes) -> None:
    for height in range(225, 241):  # the last byte is another one each time
        data = encode(picture[:height], sampling)
        np.testing.assert_array_equal(decoded(data.tobytes()[:-2] + behind), decoded(data))


def test_tables_and_end_may_be_missing_both(picture: Image) -> None:
    data = encode(picture)
    without = b"".join(part for part in segments(data) if part[:2] != b"\xff\xc4")
    np.testing.assert_array_equal(decoded(without[:-2]), decoded(data))


def test_a_last_byte_that_a_zero_belongs_to_is_kept() -> None:
    random, tried = np.random.default_rng(3), 0
    for _ in range(2000):
        noise = random.integers(0, 256, (8, 8, 3), np.uint8)
        data = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 100])[1].tobytes()
        if data[:-2].endswith(b"\xff\0"):
            tried += 1
            np.testing.assert_array_equal(decoded(data[:-2] + bytes(20)), decoded(data))
    assert tried > 0


def test_what_an_earlier_picture_left_behind_one_without_end_does_no_harm(picture: Image) -> None:
    data = encode(picture).tobytes()
    rest = data[1000:-2]
    np.testing.assert_array_equal(decoded(data[:-2] + rest), decoded(data))


@pytest.mark.parametrize("interval", [0, 5])
@pytest.mark.parametrize("ending", [b"", bytes(50), END])
def test_a_jpeg_with_missing_rows_is_broken(picture: Image, interval: int, ending: bytes) -> None:
    options = [cv2.IMWRITE_JPEG_QUALITY, 90, cv2.IMWRITE_JPEG_RST_INTERVAL, interval]
    data = cv2.imencode(".jpg", picture, options)[1].tobytes()
    header = data.index(b"\xff\xda") + 14
    for end in np.linspace(header, len(data) - 400, 60).astype(int):
        assert decode(np.frombuffer(data[:end] + ending, np.uint8)) is None or (
            ending == END and not is_quick()  # OpenCV alone cannot tell
        )


def test_a_jpeg_that_lacks_its_last_bytes_is_broken(picture: Image) -> None:
    data = encode(picture).tobytes()
    if not is_quick():
        pytest.skip("OpenCV takes it for whole within the last block")
    for lacking in range(3, 40):
        assert decode(np.frombuffer(data[:-lacking], np.uint8)) is None


def test_an_end_in_the_header_is_none(picture: Image) -> None:
    """As in the small picture that some cameras put there."""
    start, *rest = segments(encode(picture))
    thumbnail = encode(np.asarray(cv2.resize(picture, (32, 24)), np.uint8)).tobytes()
    header = b"\xff\xe1" + (2 + len(thumbnail)).to_bytes(2, "big") + thumbnail
    data = b"".join([start, header, *rest])
    assert decode(np.frombuffer(data[: len(data) // 2], np.uint8)) is None
    np.testing.assert_array_equal(decoded(data[:-2]), decoded(encode(picture)))


def test_an_evenly_grey_picture_is_not_taken_for_a_cut_one() -> None:
    if not is_quick():
        pytest.skip("OpenCV cannot tell")
    data = encode(np.full((240, 320, 3), 128, np.uint8)).tobytes()
    for whole in (data, data[:-2], data[:-2] + bytes(9)):
        assert (decoded(whole) == 128).all()


@pytest.mark.parametrize("data", [bytes(4000), b"\xff\xd9" * 200, b"\xff\xd8\xff\xd9"])
def test_what_is_no_jpeg_is_broken(data: bytes) -> None:
    assert decode(np.frombuffer(data, np.uint8)) is None


def test_damage_within_never_raises(picture: Image) -> None:
    data, random = encode(picture), np.random.default_rng(1)
    broken = 0
    size = data.tobytes().index(b"\xff\xc0") + 5  # bytes 5 to 8 of that segment
    for _ in range(200):
        damaged = data.copy()
        damaged[random.integers(2, data.size, 8)] = random.integers(0, 256, 8)
        damaged[size : size + 4] = data[size : size + 4]  # no picture of a gigabyte
        image = decode(damaged)
        broken += image is None
        assert image is None or image.ndim == 3
    assert broken < 200


def test_what_the_quick_decoder_refuses_is_left_to_opencv(picture: Image) -> None:
    data = cv2.imencode(".png", picture)[1].tobytes() + b"\xff\xd9"
    np.testing.assert_array_equal(decoded(data), picture)
