"""Whatever a file holds, the loader gives scans or raises `ScanError` with the right code."""

import io
import os
import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from postmark_id.errors import ScanError
from postmark_id.scan import load, load_bytes
from postmark_id.settings import ScanSettings

SETTINGS = ScanSettings()
SEED = 20261121


def picture(kind: str = "JPEG", **options: object) -> bytes:
    noise = np.random.default_rng(SEED).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).save(stream, kind, **options)
    return stream.getvalue()


def refusal(data: bytes, name: str = "a.jpg", limits: ScanSettings = SETTINGS) -> ScanError:
    with pytest.raises(ScanError) as caught:
        list(load_bytes(data, name, limits))
    error = caught.value
    assert name in error.message
    assert error.hint
    assert "\n" not in error.message + error.hint
    return error


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def test_an_empty_file_is_called_empty(tmp_path):
    path = tmp_path / "a.jpg"
    path.touch()
    with pytest.raises(ScanError, match=r"file is empty \(0 bytes\)") as caught:
        list(load(path, SETTINGS))
    assert caught.value.code == "empty-file"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"Dear collector,\nthe cover is in the post.\n", "plain text"),
        ("Уважаемый коллега".encode() * 60, "plain text"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"<?xml version='1.0'?><flights/>", "XML"),
        (b"PK\x03\x04rest of it", "ZIP"),
        (b"\x1f\x8b\x08\x00", "compressed archive"),
        (b"\x00" * 5000, "zero bytes"),
        (b"\x7fELF\x02\x01", "program"),
        (bytes(range(128, 256)) * 4, "binary data"),
        (b"\x00\x00\x00\x18ftypmp42", "video"),
    ],
)
def test_what_is_no_picture_is_said_to_look_like_what_it_is(data, what):
    error = refusal(data)
    assert error.code == "not-an-image"
    assert what in error.message


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'/>",
        b"<?xml version='1.0'?>\n<svg width='9' height='9'/>",
        picture("GIF"),
        b"SIMPLE  =                    T",
        b"8BPS\x00\x01",
        picture("JPEG2000"),
        b"P6 100 100 255\n",
        b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00",
    ],
)
def test_a_picture_of_another_format_is_refused_whatever_its_name(data):
    assert refusal(data).code == "unsupported-format"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "WEBP"])
def test_a_file_that_ends_too_early_is_truncated_or_corrupt(kind):
    data = picture(kind)
    assert refusal(data[: len(data) * 2 // 3]).code in {"truncated", "corrupt"}


def test_a_truncated_jpeg_is_shown_as_far_as_it_goes_when_asked():
    data = picture()
    assert refusal(data[:-1500]).code == "truncated"
    (scan,) = load_bytes(data[:-1500], "a.jpg", ScanSettings(allow_truncated=True))
    assert [notice.code for notice in scan.notices] == ["truncated"]
    assert scan.pixels[:8].std() > 20


def test_a_damaged_png_is_corrupt():
    data = bytearray(picture("PNG"))
    data[data.index(b"IDAT") + 40] ^= 0xFF
    assert refusal(bytes(data), "a.png").code in {"corrupt", "truncated"}


def ifd(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + body + struct.pack("<I", following)


SHAPE = [(256, 3, 1, 64), (257, 3, 1, 64), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]


@pytest.mark.parametrize(
    "data",
    [
        b"II*\x00" + struct.pack("<I", 999_999),
        b"II*\x00" + struct.pack("<I", 8) + ifd([]),
        b"II*\x00"
        + struct.pack("<I", 8)
        + ifd([*SHAPE, (273, 4, 1, 4_000_000_000), (278, 3, 1, 64), (279, 4, 1, 4_000_000_000)]),
        b"II*\x00" + struct.pack("<I", 8) + ifd([*SHAPE, (273, 4, 1, 8), (278, 4, 1, 0), (279, 4, 1, 4_294_967_295)]),
        b"II*\x00" + struct.pack("<I", 8) + ifd([(256, 3, 4_000_000_000, 8)]),
    ],
)
def test_a_tiff_with_an_absurd_directory_is_refused(data):
    assert refusal(data, "a.tif").code in {"corrupt", "truncated"}


def test_a_tiff_whose_directories_form_a_loop_is_one_page():
    body = picture("TIFF")
    offset = struct.unpack_from("<I", body, 4)[0]
    count = struct.unpack_from("<H", body, offset)[0]
    looped = bytearray(body)
    struct.pack_into("<I", looped, offset + 2 + 12 * count, offset)
    assert len(list(load_bytes(bytes(looped), "a.tif", SETTINGS))) == 1


def test_a_bomb_is_refused_before_it_is_decoded():
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"never looked at") + chunk(b"IEND", b"")
    error = refusal(bomb, "bomb.png")
    assert error.code == "too-many-pixels"
    assert "--max-mpixels 900" in error.hint


@pytest.mark.parametrize(
    ("size", "code"),
    [((1, 1), "too-small"), ((3, 3), "too-small"), ((1, 20_000), "too-small"), ((40_000, 40), "too-long")],
)
def test_a_picture_without_room_for_a_mark_is_refused(size, code):
    stream = io.BytesIO()
    Image.new("L", size, 255).save(stream, "PNG")
    assert refusal(stream.getvalue(), "a.png").code == code


def test_a_jpeg_with_thousands_of_passes_is_refused():
    data = picture(progressive=True)
    scan = data[data.index(b"\xff\xda") : -2]
    assert refusal(data[:-2] + scan * 600 + b"\xff\xd9").code == "corrupt"


def test_text_that_unpacks_to_a_bomb_is_left_out_of_a_png():
    data = picture("PNG")
    text = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"x" * 90_000_000))
    large = data[:33] + text + data[33:]
    (scan,) = load_bytes(large, "a.png", SETTINGS)
    assert [notice.code for notice in scan.notices] == ["big-metadata"]
    profile = chunk(b"iCCP", b"x\x00\x00" + zlib.compress(b"x" * 90_000_000))
    (scan,) = load_bytes(data[:33] + profile + data[33:], "a.png", SETTINGS)
    assert [notice.code for notice in scan.notices][:1] == ["bad-icc"]


def test_heic_without_the_extra_names_the_package(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    error = refusal(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64, "a.heic")
    assert error.code == "missing-support"
    assert "postmark-id[heic]" in error.hint


def test_places_that_are_no_files_are_refused_without_waiting(tmp_path):
    def code(path):
        with pytest.raises(ScanError) as caught:
            list(load(path, SETTINGS))
        return caught.value.code

    fifo, broken, loop = tmp_path / "fifo.jpg", tmp_path / "broken.jpg", tmp_path / "loop.jpg"
    os.mkfifo(fifo)
    broken.symlink_to(tmp_path / "gone")
    loop.symlink_to(loop)
    assert code(fifo) == "not-a-file"
    assert code("/dev/null") == "not-a-file"
    assert code(tmp_path) == "is-a-directory"
    assert {code(broken), code(loop), code(tmp_path / "none.jpg")} == {"vanished"}


def test_a_file_without_permission_says_so(tmp_path, monkeypatch):
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ScanError) as caught:
        list(load(tmp_path / "a.jpg", SETTINGS))
    assert caught.value.code == "permission"


def test_a_file_above_the_byte_limit_is_not_read(tmp_path):
    path = tmp_path / "a.tif"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(ScanError) as caught:
        list(load(path, SETTINGS))
    assert caught.value.code == "file-too-large"


def test_a_name_of_undecodable_bytes_is_read(tmp_path):
    name = os.fsencode(tmp_path) + b"/cover-\xff\xfe.jpg"
    with open(name, "wb") as file:  # noqa: PTH123  pathlib has no bytes
        file.write(picture())
    (scan,) = load(os.fsdecode(name), SETTINGS)
    assert scan.path.endswith("cover-\udcff\udcfe.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "WEBP", "HEIF"])
def test_random_damage_gives_scans_or_scan_errors_and_nothing_else(kind):
    if kind == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    rng = np.random.default_rng(SEED)
    whole = picture(kind)
    for _ in range(120):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 64)):
            data[rng.integers(len(data))] = rng.integers(256)
        if rng.random() < 0.3:
            del data[rng.integers(len(data)) :]
        with suppress(ScanError):
            for scan in load_bytes(bytes(data), "a", ScanSettings(max_mpixels=2)):
                assert scan.pixels.shape == (scan.height, scan.width, 3)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00\x08\x00\x00\x00", b"RIFF\x20\x00\x00\x00WEBP", b"BM"]
    ),
    st.binary(max_size=300),
)
def test_arbitrary_bytes_raise_only_scan_errors(head, rest):
    with suppress(ScanError):
        list(load_bytes(head + rest, "a", SETTINGS))
