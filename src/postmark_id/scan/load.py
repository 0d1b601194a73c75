"""From a file to upright RGB: read, name the format, clean, list the pages, decode each.

Pages come one at a time, so that a file of many large pages needs the memory of one. When the last page
is decoded the bytes of the file are let go.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Collection, Iterator

from postmark_id.errors import ScanError
from postmark_id.models import Notice, Scan
from postmark_id.scan.decode import Page, decode, list_pages, register_heif
from postmark_id.scan.formats import mismatch, sniff
from postmark_id.scan.png import clean_png
from postmark_id.scan.source import read, suffix
from postmark_id.settings import ScanSettings


def load(
    path: str | os.PathLike[str], settings: ScanSettings, *, frames: Collection[int] | None = None
) -> Iterator[Scan]:
    """Load the scans of a file, a page at a time.

    Parameters
    ----------
    path : path-like
        The file is opened read-only.
    settings : ScanSettings
        Limits; see there.
    frames : collection of int, optional
        Pages wanted, from 0; all of them where it is not given.

    Yields
    ------
    Scan
        Upright uint8 RGB of shape (height, width, 3). The peak of memory is 7 bytes a pixel of the largest
        page (a file of several pages: plus its bytes), so 1 GB for A4 at 1200 dpi.

    Raises
    ------
    ScanError
        See `source.read`, `formats.sniff` and `decode.decode` for the codes.
    """
    return load_bytes(read(path, settings), os.fspath(path), settings, frames=frames)


def load_bytes(
    data: bytes, path: str, settings: ScanSettings, *, frames: Collection[int] | None = None
) -> Iterator[Scan]:
    """Load the scans of a file that was read already; see `load`.

    Parameters
    ----------
    data : bytes
        The whole file.
    path : str
        What to call it.
    settings : ScanSettings
    frames : collection of int, optional
    """
    if not data:
        raise ScanError(
            f"{path}: file is empty (0 bytes)", code="empty-file", hint="copy or scan it again, or leave it out"
        )
    kind = sniff(data, path)
    if kind == "HEIF":
        register_heif(path)
    return _pages(data, kind, path, settings, frames)


def _pages(data: bytes, kind: str, path: str, settings: ScanSettings, frames: Collection[int] | None) -> Iterator[Scan]:
    sha256 = hashlib.sha256(data).hexdigest()
    data, notices = _tamed(data, kind, path, settings)
    if mismatch(kind, suffix(path)):
        notices += (Notice("extension-mismatch", f"the name says {suffix(path)}, the content is {kind}"),)
    stream = io.BytesIO(data)
    del data
    pages, noticed = list_pages(stream, kind, path, settings)
    wanted = [page for page in pages if frames is None or page in frames]
    for page in wanted:
        found = decode(stream, kind, page, path, settings, last=page == wanted[-1])
        dpi, doubts = _believable_dpi(found, settings)
        known = (*notices, *noticed, *found.notices, *doubts)
        scan = Scan(found.pixels, path, page, sha256, dpi, found.turned, known)
        del found
        yield scan
        del scan


def _believable_dpi(page: Page, settings: ScanSettings) -> tuple[float | None, tuple[Notice, ...]]:
    """Resolution of a page where it can be true; many programs write 72 or 1 when they know none."""
    if page.dpi is None:
        return None, ()
    try:
        across, down = float(page.dpi[0]), float(page.dpi[1])
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        across = down = float("nan")
    in_range = settings.min_dpi < across <= settings.max_dpi and settings.min_dpi < down <= settings.max_dpi
    square = in_range and abs(across - down) <= 0.01 * max(across, down)
    if square and max(page.pixels.shape[:2]) / across * 25.4 <= settings.max_extent_mm:
        return round(across, 2), ()
    return None, (Notice("dpi-unknown", f"the file's resolution ({across:g} x {down:g} dpi) is not to be believed"),)


def _tamed(data: bytes, kind: str, path: str, settings: ScanSettings) -> tuple[bytes, tuple[Notice, ...]]:
    """Bytes without what would cost a decoder unbounded time or memory."""
    if kind == "JPEG" and data.count(b"\xff\xda") > settings.max_jpeg_passes:
        raise ScanError(
            f"{path}: JPEG with more than {settings.max_jpeg_passes} passes",
            code="corrupt",
            hint="open it in a picture program and save it again",
        )
    if kind == "PNG":
        return clean_png(data, path, settings)
    return data, ()
