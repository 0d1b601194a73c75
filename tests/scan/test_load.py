"""Good files of every format and mode come out as the upright RGB that they show."""

import hashlib
import io
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from postmark_id.models import Scan
from postmark_id.scan import load, load_bytes
from postmark_id.settings import ScanSettings

SETTINGS = ScanSettings()


def paper(width: int = 90, height: int = 60) -> Image.Image:
    """Cream paper with a blue mark in the upper left corner, so that every turn shows."""
    pixels = np.full((height, width, 3), (240, 230, 200), np.uint8)
    pixels[5:25, 5:35] = (30, 40, 160)
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def only(data: bytes, name: str, settings: ScanSettings = SETTINGS) -> Scan:
    (scan,) = load_bytes(data, name, settings)
    return scan


def codes(scan: Scan) -> list[str]:
    return [notice.code for notice in scan.notices]


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[274] = orientation
    return tags


@pytest.mark.parametrize(
    ("kind", "name", "options"),
    [
        ("PNG", "a.png", {}),
        ("TIFF", "a.tif", {"compression": "tiff_lzw"}),
        ("TIFF", "a.tiff", {"compression": "tiff_deflate"}),
        ("TIFF", "a.tif", {}),
        ("BMP", "a.bmp", {}),
        ("WEBP", "a.webp", {"lossless": True}),
    ],
)
def test_a_lossless_format_gives_the_same_pixels(kind, name, options):
    scan = only(encoded(paper(), kind, **options), name)
    assert np.array_equal(scan.pixels, np.asarray(paper()))
    assert scan.pixels.dtype == np.uint8
    assert codes(scan) == []


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("HEIF", "a.heic")])
def test_a_lossy_format_gives_nearly_the_same_pixels(kind, name):
    if kind == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    scan = only(encoded(paper(), kind, quality=95), name)
    assert np.abs(scan.pixels.astype(int) - np.asarray(paper())).mean() < 3


def test_a_file_is_hashed_named_and_left_alone(tmp_path):
    path = tmp_path / "обложка 1.png"
    data = encoded(paper(), "PNG", dpi=(300, 300))
    path.write_bytes(data)
    before = path.stat()
    (scan,) = load(path, SETTINGS)
    assert (scan.path, scan.sha256, scan.dpi) == (str(path), hashlib.sha256(data).hexdigest(), 300.0)
    assert path.read_bytes() == data
    assert path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("TIFF", "a.tif"), ("WEBP", "a.webp")])
def test_every_exif_orientation_is_turned_once(kind, name, orientation):
    options = {"lossless": True} if kind == "WEBP" else {}
    tags = exif(orientation)
    tagged = paper()
    tagged.getexif()[274] = orientation
    scan = only(encoded(paper(), kind, exif=tags, **options), name)
    assert np.array_equal(scan.pixels, np.asarray(ImageOps.exif_transpose(tagged)))
    assert scan.turned == {3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}.get(orientation, 0)
    assert ("mirrored" in codes(scan)) == (orientation in (2, 4, 5, 7))


def test_an_orientation_that_does_not_exist_is_upright_with_a_warning():
    scan = only(encoded(paper(), "JPEG", exif=exif(99)), "a.jpg")
    assert (scan.width, scan.height, scan.turned) == (90, 60, 0)
    assert "bad-exif" in codes(scan)


def test_broken_exif_does_not_stop_a_scan():
    data = encoded(paper(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7f garbage")
    assert only(data, "a.jpg").width == 90


@pytest.mark.parametrize(
    ("dpi", "expected"),
    [
        ((300, 300), 300),
        ((1200, 1200), 1200),
        ((1, 1), None),
        ((72, 72), None),
        ((300, 150), None),
        ((60000, 60000), None),
    ],
)
def test_a_resolution_is_believed_only_where_it_can_be_true(dpi, expected):
    scan = only(encoded(paper(), "JPEG", dpi=dpi), "a.jpg")
    assert scan.dpi == expected
    assert ("dpi-unknown" in codes(scan)) == (expected is None)


def test_a_resolution_of_zero_or_none_divides_nothing():
    tags = Image.Exif()
    tags[282], tags[283], tags[296] = Fraction(0), Fraction(0), 2
    assert only(encoded(paper(), "TIFF", exif=tags), "a.tif").dpi is None
    assert only(encoded(paper(), "PNG"), "a.png").notices == ()


@pytest.mark.parametrize("top", [255, 1023, 4095, 16383, 65535])
@pytest.mark.parametrize(("kind", "name"), [("TIFF", "a.tif"), ("PNG", "a.png")])
def test_sixteen_bit_grey_is_scaled_by_its_range(kind, name, top):
    ramp = np.linspace(0, top, 80).astype(np.uint16)
    image = Image.fromarray(np.tile(ramp, (40, 1)))
    scan = only(encoded(image, kind), name)
    assert np.abs(scan.pixels[0, :, 0].astype(float) - np.linspace(0, 255, 80)).max() <= 1
    assert "depth-reduced" in codes(scan)


def test_sixteen_bit_grey_that_counts_from_white_is_not_a_negative():
    image = Image.fromarray(np.full((40, 40), 60000, np.uint16))
    scan = only(encoded(image, "TIFF", tiffinfo={262: 0}), "a.tif")
    assert scan.pixels.max() < 30


def test_float_pixels_that_are_no_numbers_become_black():
    values = np.linspace(0, 1, 40 * 40, dtype=np.float32).reshape(40, 40)
    values[:5] = np.nan
    scan = only(encoded(Image.fromarray(values), "TIFF"), "a.tif")
    assert scan.pixels[0, 0, 0] == 0
    assert scan.pixels[-1, -1, 0] == 255
    hollow = only(encoded(Image.fromarray(np.full((40, 40), np.nan, np.float32)), "TIFF"), "a.tif")
    assert hollow.pixels.max() == 0


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_not_inverted(kind):
    scan = only(encoded(paper().convert("CMYK"), kind), "a.jpg" if kind == "JPEG" else "a.tif")
    assert np.abs(scan.pixels.astype(int) - np.asarray(paper())).mean() < 6
    assert "cmyk" in codes(scan)


def test_lab_keeps_paper_light_and_ink_blue():
    lab = ImageCms.profileToProfile(
        paper(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    scan = only(encoded(lab, "TIFF"), "a.tif")
    assert np.abs(scan.pixels.astype(int) - np.asarray(paper())).mean() < 4


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_paper_is_white(mode):
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((10, 20, 120, 255), (10, 10, 30, 30))
    options = {}
    if mode == "P":
        image = image.convert("RGB").quantize(4)
        options = {"transparency": image.getpixel((50, 50))}
    elif mode == "LA":
        image = image.convert("LA")
    scan = only(encoded(image, "PNG", **options), "a.png")
    assert scan.pixels[50, 50].tolist() == [255, 255, 255]
    assert scan.pixels[20, 20].max() < 200


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_fewer_colours_come_out_as_rgb(mode):
    scan = only(encoded(paper().convert(mode), "PNG"), "a.png")
    assert scan.pixels.shape == (60, 90, 3)
    assert scan.pixels[15, 15].mean() + 60 < scan.pixels[50, 70].mean()


@pytest.mark.parametrize("profile", [b"not a profile at all", b"x" * 5_000_000])
def test_a_broken_or_huge_profile_is_ignored_with_a_warning(profile):
    scan = only(encoded(paper(), "TIFF", icc_profile=profile), "a.tif")
    assert np.array_equal(scan.pixels, np.asarray(paper()))
    assert "bad-icc" in codes(scan)


def test_the_usual_profile_changes_nothing():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    scan = only(encoded(paper(), "PNG", icc_profile=profile), "a.png")
    assert np.array_equal(scan.pixels, np.asarray(paper()))
    assert scan.notices == ()


def test_every_page_is_a_scan_up_to_the_limit_and_previews_are_left_out():
    pages = [paper(90, 60 + k) for k in range(4)]
    data = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert [(s.frame, s.height) for s in load_bytes(data, "a.tif", SETTINGS)] == [(0, 60), (1, 61), (2, 62), (3, 63)]
    assert [s.frame for s in load_bytes(data, "a.tif", SETTINGS, frames=(0, 2))] == [0, 2]
    few = list(load_bytes(data, "a.tif", ScanSettings(max_frames=2)))
    assert [s.frame for s in few] == [0, 1]
    assert "too-many-frames" in codes(few[0])

    first = only(data, "a.tif", ScanSettings(first_frame=True))
    assert (first.frame, codes(first)) == (0, [])

    thumb = paper(45, 40)
    thumb.encoderinfo = {"tiffinfo": {254: 1}}
    data = encoded(pages[0], "TIFF", save_all=True, append_images=[thumb])
    assert codes(only(data, "a.tif")) == ["preview-skipped"]


def test_an_animated_picture_is_one_scan_a_frame():
    frames = [paper(), ImageOps.mirror(paper())]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    front, back = load_bytes(data, "a.webp", SETTINGS)
    assert np.array_equal(front.pixels, back.pixels[:, ::-1])


def test_a_name_with_the_wrong_suffix_is_read_by_its_content_with_a_warning():
    scan = only(encoded(paper(), "JPEG"), "a.png")
    assert codes(scan) == ["extension-mismatch"]
    assert codes(only(encoded(paper(), "JPEG"), "a.scan")) == []


def test_a_picture_is_the_same_in_one_band_or_in_many(monkeypatch):
    data = encoded(paper(), "TIFF")
    monkeypatch.setattr("postmark_id.scan.colour.BAND_PIXELS", 100)
    assert np.array_equal(only(data, "a.tif").pixels, np.asarray(paper()))


BUILD = "import sys;from PIL import Image;Image.new('RGB',(6000,5000),(240,230,200)).save(sys.argv[1])"
MEASURE = """
import resource, sys
from postmark_id.scan import load
from postmark_id.settings import ScanSettings
unit = 1 if sys.platform == "darwin" else 1024
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
(scan,) = load(sys.argv[1], ScanSettings())
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before) / (scan.width * scan.height))
"""


def test_a_large_scan_needs_seven_bytes_a_pixel(tmp_path):
    pytest.importorskip("resource")
    path = str(tmp_path / "a.tif")
    subprocess.run([sys.executable, "-c", BUILD, path], check=True, timeout=60)
    found = subprocess.run([sys.executable, "-c", MEASURE, path], check=True, timeout=60, capture_output=True)
    # 4 bytes a pixel decoded and 3 of its RGB copy, and the bands on top.
    assert float(found.stdout) < 7 + 2
