"""Builders of the bad files of the table of faults, a row each: number, name, builder, expected code.

Everything is made at run time; a builder takes the path to write to. An expected code that begins with ``W:`` is a
warning of a scan that is processed, any other the error of one that is not; the empty code is a plain scan.
"""

import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

Builder = Callable[[Path], None]


def cover(mode="RGB", size=(80, 60)):
    ramp = np.linspace(60, 250, size[0] * size[1], dtype=np.uint8).reshape(size[1], size[0])
    return Image.fromarray(np.dstack([ramp, ramp, ramp[::-1]])).convert(mode)


def encoded(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def content(data):
    return lambda path: path.write_bytes(data)


def saved(image, kind, **options):
    return content(encoded(image, kind, **options))


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb():
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(30_000 * (30_000 // 8 + 1)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def deep_colour():
    """A PNG of 16 bits a channel, which Pillow can read and not write."""
    rows = b"".join(b"\0" + np.linspace(0, 65535, 80 * 3, dtype=">u2").tobytes() for _ in range(60))
    header = struct.pack(">IIBBBBB", 80, 60, 16, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def damaged_png():
    data = bytearray(encoded(cover(), "PNG"))
    data[data.index(b"IDAT") + 30] ^= 0xFF
    return bytes(data)


def text_bomb():
    data = encoded(cover(), "PNG")
    return data[:33] + chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(90_000_000))) + data[33:]


def many_passes():
    data = encoded(cover(), "JPEG", progressive=True)
    return data[:-2] + data[data.index(b"\xff\xda") : -2] * 2000 + b"\xff\xd9"


def looped_tiff():
    data = bytearray(encoded(cover(), "TIFF"))
    offset = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, offset)[0]
    struct.pack_into("<I", data, offset + 2 + 12 * count, offset)
    return bytes(data)


def exif(orientation):
    tags = Image.Exif()
    tags[274] = orientation
    return tags


def floats(value):
    return Image.fromarray(np.full((60, 80), value, np.float32))


JPEG = encoded(cover(), "JPEG", quality=90)
ABSURD_TIFF = b"II*\x00" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 256, 3, 4_000_000_000, 8) + bytes(4)

ROWS: list[tuple[int, str, Builder, str]] = [
    (1, "empty.jpg", content(b""), "empty-file"),
    (2, "letter.jpg", content(b"Dear collector,\n"), "not-an-image"),
    (2, "page.png", content(b"<!doctype html><html></html>"), "not-an-image"),
    (3, "really-jpeg.png", content(JPEG), "W:extension-mismatch"),
    (4, "really-eps.jpg", content(b"%!PS-Adobe-3.0 EPSF-3.0\n"), "unsupported-format"),
    (4, "really-pdf.jpg", content(b"%PDF-1.4\n"), "unsupported-format"),
    (4, "really-gif.jpg", saved(cover("P"), "GIF"), "unsupported-format"),
    (4, "really-svg.png", content(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "unsupported-format"),
    (5, "truncated.jpg", content(JPEG[: len(JPEG) // 2]), "truncated"),
    (6, "crc.png", content(damaged_png()), "corrupt"),
    (6, "ifd.tif", content(ABSURD_TIFF), "corrupt"),
    (6, "loop.tif", content(looped_tiff()), ""),
    (7, "bomb.png", content(bomb()), "too-many-pixels"),
    (9, "dot.png", saved(cover(size=(1, 1)), "PNG"), "too-small"),
    (9, "thread.png", saved(Image.new("RGB", (1, 20_000)), "PNG"), "too-small"),
    (10, "white.png", saved(Image.new("RGB", (80, 60), "white"), "PNG"), ""),
    (10, "black.png", saved(Image.new("RGB", (80, 60), "black"), "PNG"), ""),
    (10, "hollow.tif", saved(floats(np.nan), "TIFF"), "W:depth-reduced"),
    (11, "deep.tif", saved(Image.fromarray(np.full((60, 80), 40_000, np.uint16)), "TIFF"), "W:depth-reduced"),
    (12, "deep-colour.png", content(deep_colour()), "W:depth-reduced"),
    (13, "cmyk.jpg", saved(cover("CMYK"), "JPEG"), "W:cmyk"),
    (14, "glass.png", saved(Image.new("RGBA", (80, 60), (0, 0, 0, 0)), "PNG"), ""),
    (15, "icc.tif", saved(cover(), "TIFF", icc_profile=b"no profile"), "W:bad-icc"),
    (16, "turned.jpg", saved(cover(), "JPEG", exif=exif(6)), ""),
    (16, "turned-99.jpg", saved(cover(), "JPEG", exif=exif(99)), "W:bad-exif"),
    (17, "dpi-1.jpg", saved(cover(), "JPEG", dpi=(1, 1)), "W:dpi-unknown"),
    (17, "dpi-odd.png", saved(cover(), "PNG", dpi=(300, 150)), "W:dpi-unknown"),
    (19, "text.png", content(text_bomb()), "W:big-metadata"),
    (20, "passes.jpg", content(many_passes()), "corrupt"),
    (27, "two words 'and\" quotes.jpg", content(JPEG), ""),
    (27, "line\nend.jpg", content(JPEG), ""),
    (27, "-rf.jpg", content(JPEG), ""),
    (27, "🚀 Союз \u202egpj.jpg", content(JPEG), ""),
    (28, os.fsdecode(b"bytes-\xff\xfe.jpg"), content(JPEG), ""),
    (66, '=HYPERLINK("http:x").jpg', content(JPEG), ""),
    (67, "<script>alert(1)<.jpg", content(JPEG), ""),
    (70, "'); DROP TABLE scans;--.jpg", content(JPEG), ""),
    (71, "$(touch pwned);`id`.jpg", content(JPEG), ""),
    (72, "\x1b[31mred.jpg", content(JPEG), ""),
]
