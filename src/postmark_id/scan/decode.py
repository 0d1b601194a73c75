"""One page of some bytes through Pillow, and nothing else through it.

Pillow keeps its limits in module variables and reports oddities as Python warnings, so every call stands
under one lock that sets both and restores them. Only the decoder of the format that `formats.sniff` named is
allowed. Whatever a decoder raises on hostile bytes leaves here as a `ScanError`.
"""

from __future__ import annotations

import contextlib
import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from postmark_id.errors import PostmarkError, ScanError
from postmark_id.models import Notice, Picture
from postmark_id.scan.colour import to_rgb
from postmark_id.scan.formats import PILLOW_FORMATS
from postmark_id.settings import ScanSettings

_PILLOW = threading.RLock()

_TURNS = {2: (0, True), 3: (180, False), 4: (180, True), 5: (270, True), 6: (90, False), 7: (90, True), 8: (270, False)}
"""EXIF orientation: degrees clockwise to stand upright, and whether it is mirrored left to right before."""

_REDUCED = 1
"""Bit of TIFF's NewSubfileType that marks a thumbnail of another page."""


@dataclass(frozen=True, slots=True)
class Page:
    """One decoded page."""

    pixels: Picture
    dpi: tuple[float, float] | None
    turned: int
    notices: tuple[Notice, ...]


@contextmanager
def _pillow(truncated: bool = False) -> Iterator[list[warnings.WarningMessage]]:
    """Pillow with our own cap instead of its, and its warnings in a list."""
    with _PILLOW, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        limit, lenient = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = None, truncated
        try:
            yield caught
        finally:
            Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = limit, lenient


@contextmanager
def _decoding(path: str) -> Iterator[None]:
    """Turn whatever a decoder raises into a `ScanError`: their exceptions on bad bytes have no common base."""
    try:
        yield
    except PostmarkError:
        raise
    except MemoryError as error:
        raise ScanError(
            f"{path}: not enough memory to decode it",
            code="out-of-memory",
            hint="try --jobs 1 or a lower --max-mpixels",
        ) from error
    except UnidentifiedImageError as error:
        raise ScanError(
            f"{path}: damaged, or of a rare kind that can't be decoded",
            code="corrupt",
            hint="open it in a picture program and save it as TIFF or PNG",
        ) from error
    except Exception as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        if "truncated" in reason.lower() or isinstance(error, EOFError):
            raise ScanError(
                f"{path}: file ends too early",
                code="truncated",
                hint="copy it again, or use --allow-truncated to look at what is there",
            ) from error
        raise ScanError(f"{path}: damaged ({reason})", code="corrupt", hint="copy or scan it again") from error


def _open(data: io.BytesIO, kind: str, page: int) -> Image.Image:
    data.seek(0)
    image = Image.open(data, formats=PILLOW_FORMATS.get(kind, (kind,)))
    if page:
        image.seek(page)
    return image


def register_heif(path: str) -> None:
    """Teach Pillow HEIC through the extra.

    Raises
    ------
    ScanError
        ``missing-support`` where pillow-heif is not installed.
    """
    try:
        import pillow_heif  # noqa: PLC0415  an extra, asked for only when such a file comes
    except ImportError as error:
        raise ScanError(
            f"{path}: is a HEIC picture, and support for it is not installed",
            code="missing-support",
            hint="pip install 'postmark-id[heic]'",
        ) from error
    pillow_heif.register_heif_opener()


def list_pages(data: io.BytesIO, kind: str, path: str, settings: ScanSettings) -> tuple[list[int], tuple[Notice, ...]]:
    """Pages worth decoding, without decoding any.

    Thumbnails and previews that cameras and programs hide behind the picture are left out: pages that say so
    (TIFF), and later frames of a camera's JPEG (MPO) of another size than the first.

    Returns
    -------
    pages : list of int
        At most ``settings.max_frames`` page numbers, from 0.
    notices : tuple of Notice
        ``preview-skipped``, ``too-many-frames``, ``bad-page``.
    """
    pages: list[int] = []
    notices: list[Notice] = []
    hidden = 0
    with _pillow(), _decoding(path):
        image = _open(data, kind, 0)
        first = image.size
        for page in range(1 if settings.first_frame else settings.max_frames + 1):
            try:
                image.seek(page)
            except EOFError:
                break
            except Exception:
                # What a plugin raises on bytes that are no page has no common base; the pages before it stand.
                notices.append(Notice("bad-page", f"page {page + 1} and what follows is damaged and was left out"))
                break
            if page == settings.max_frames:
                notices.append(Notice("too-many-frames", f"only the first {page} pages were looked at"))
            elif page and _is_preview(image, first):
                hidden += 1
            else:
                pages.append(page)
    if hidden:
        notices.append(Notice("preview-skipped", f"smaller previews inside the file left out: {hidden}"))
    return pages, tuple(notices)


def _is_preview(image: Image.Image, first: tuple[int, int]) -> bool:
    reduced = getattr(image, "tag_v2", {}).get(254, 0)
    return bool(isinstance(reduced, int) and reduced & _REDUCED) or (image.format == "MPO" and image.size != first)


def decode(data: io.BytesIO, kind: str, page: int, path: str, settings: ScanSettings, *, last: bool = False) -> Page:
    """Decode one page to upright RGB.

    Parameters
    ----------
    data : io.BytesIO
        The whole file.
    kind : str
        Its format, from `formats.sniff`.
    page : int
        From 0.
    path : str
        For messages.
    settings : ScanSettings
    last : bool
        Close `data` as soon as the page is decoded, so that its memory is free for the RGB copy.

    Raises
    ------
    ScanError
        ``too-many-pixels``, ``too-long``, ``too-small`` before decoding; ``truncated``, ``corrupt``,
        ``out-of-memory`` from it.
    """
    try:
        return _decode(data, kind, page, path, settings, last=last, truncated=False)
    except ScanError as error:
        if error.code != "truncated" or not settings.allow_truncated:
            raise
    found = _decode(data, kind, page, path, settings, last=last, truncated=True)
    notice = Notice("truncated", "file ends too early; only what is there was looked at")
    return Page(found.pixels, found.dpi, found.turned, (notice, *found.notices))


def _decode(
    data: io.BytesIO, kind: str, page: int, path: str, settings: ScanSettings, *, last: bool, truncated: bool
) -> Page:
    with _pillow(truncated) as caught, _decoding(path):
        image = _open(data, kind, page)
        check_size(image.size, path, settings)
        stored, notices = _orientation(image)
        deep = _is_deep(image, data)
        image.load()
        # Pillow turns a TIFF while loading it and then forgets the tag; what is left is still to be done.
        left, _ = _orientation(image)
        dpi = _stated_dpi(image)
        if last:
            data.close()
        pixels, changes = to_rgb(image, settings)
        del image
        notices += changes
        if deep and not any(n.code == "depth-reduced" for n in notices):
            notices += (Notice("depth-reduced", "more than 8 bits a channel; reduced to 8"),)
        if stored in _TURNS and _TURNS[stored][1]:
            notices += (Notice("mirrored", "the file asks for the picture to be shown mirrored; this was done"),)
        if caught:
            message = " ".join(str(caught[0].message).split())[:200]
            notices += (Notice("bad-metadata", f"the file's metadata is damaged: {message}"),)
        turned = _TURNS.get(stored, (0, False))[0]
        return Page(_upright(pixels, left), dpi, turned, notices)


def _millions(pixels: int) -> str:
    """To a hundredth, rounded up, so that what is over a limit never reads as the limit itself."""
    return f"{-(-pixels // 10_000) / 100:,.10g} million"


def check_size(size: tuple[int, int], path: str, settings: ScanSettings) -> None:
    """Refuse a picture that is too large to decode or too small to show a mark."""
    width, height = size
    if width * height > settings.max_mpixels * 1e6:
        raise ScanError(
            f"{path}: {width} x {height} pixels are {_millions(width * height)},"
            f" more than {settings.max_mpixels:g} million",
            code="too-many-pixels",
            hint=f"scan it at a lower resolution or allow it with --max-mpixels {-(-width * height // 1_000_000)}",
        )
    if min(width, height) < settings.min_side:
        raise ScanError(
            f"{path}: {width} x {height} pixels are too few to show a mark",
            code="too-small",
            hint=f"give it at least {settings.min_side} pixels a side, better 300 dpi",
        )
    if max(width, height) > settings.max_side:
        raise ScanError(
            f"{path}: {width} x {height} pixels: a side is longer than {settings.max_side}",
            code="too-long",
            hint="cut it into covers or scan it at a lower resolution",
        )


def _orientation(image: Image.Image) -> tuple[int, tuple[Notice, ...]]:
    """EXIF orientation 1..8; what is not one of them, or can't be read, counts as upright."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        # Pillow's EXIF parser lets struct, value, key and type errors of hostile bytes through.
        return 1, (Notice("bad-exif", "the file's EXIF is damaged and was ignored"),)
    if value == 1 or (isinstance(value, int) and value in _TURNS):
        return int(value), ()
    return 1, (Notice("bad-exif", "the file names an orientation that does not exist; taken as upright"),)


def _stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Resolution that the file itself states; Pillow makes up 72 or 1 for a JPEG or TIFF that states none."""
    dpi = image.info.get("dpi")
    if image.format in ("JPEG", "MPO", "TIFF") and image.info.get("jfif_unit") not in (1, 2):
        with contextlib.suppress(Exception):  # of an EXIF that can't be read, as in `_orientation`
            dpi = dpi if ExifTags.Base.XResolution in image.getexif() else None
    return dpi if isinstance(dpi, tuple) and len(dpi) == 2 else None


def _is_deep(image: Image.Image, data: io.BytesIO) -> bool:
    """Whether the file holds more than 8 bits a channel, which Pillow drops without a word for RGB."""
    if image.format == "PNG":
        return data.getbuffer()[24] == 16
    bits = getattr(image, "tag_v2", {}).get(258, 8)
    return max(bits if isinstance(bits, tuple) else (bits,), default=8) > 8


def _upright(pixels: Picture, orientation: int) -> Picture:
    degrees, mirrored = _TURNS.get(orientation, (0, False))
    turned = np.rot90(pixels[:, ::-1] if mirrored else pixels, k=-degrees // 90)
    return np.ascontiguousarray(turned)
