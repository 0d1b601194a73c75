"""What a file is, by its content; its name is never believed.

Only the formats of `PILLOW_FORMATS` are ever given to a decoder, and each only to its own: Pillow would
otherwise open an EPS that is named ``cover.jpg`` and start Ghostscript on it.
"""

from __future__ import annotations

import re

from postmark_id.errors import ScanError

SUFFIXES = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png", ".apng"),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "HEIF": (".heic", ".heif", ".hif"),
}
"""Formats that are read and the suffixes that people give them."""

PILLOW_FORMATS = {"JPEG": ("JPEG", "MPO"), "HEIF": ("HEIF",)}
"""The decoders that a format may meet; every other format meets only the one of its name."""

_SUPPORTED = (
    (rb"\xff\xd8\xff", "JPEG"),
    (rb"\x89PNG\r\n\x1a\n", "PNG"),
    (rb"(?:II[*+]\x00|MM\x00[*+]).{4}(?!CR)", "TIFF"),
    (rb"RIFF....WEBP", "WEBP"),
    (rb"BM.{4}\x00{4}", "BMP"),
    (rb"....ftyp(?:he[iv][cmsx]|(?:mif1|msf1).{4,40}hei[cx])", "HEIF"),
)
_OTHER_PICTURES = (
    (rb"%PDF-", "a PDF document"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "a PostScript file"),
    (rb"GIF8[79]a", "a GIF picture"),
    (rb"8BPS", "a Photoshop file"),
    (rb"SIMPLE  =", "a FITS picture"),
    (rb"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (rb"\xff\x0a|\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (rb"....ftypavi[fs]", "an AVIF picture"),
    (rb"....ftypcrx |FUJIFILMCCD-RAW|IIRO|IIU\x00", "a camera's raw picture"),
    (rb"AT&TFORM", "a DjVu document"),
    (rb"gimp xcf", "a GIMP file"),
    (rb"\x00\x00[\x01\x02]\x00[\x01-\x40]", "a Windows icon"),
    (rb"P[1-7]\s", "a portable pixmap"),
    (
        rb"(?is)(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?<svg\b",
        "an SVG drawing",
    ),
)
_NO_PICTURES = (
    (rb"PK\x03\x04", "a ZIP archive or an office document"),
    (rb"Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ", "a compressed archive"),
    (rb"\x7fELF|MZ|\xcf\xfa\xed\xfe", "a program"),
    (rb"....ftyp|RIFF....AVI |\x1aE\xdf\xa3", "a video"),
    (rb"ID3|OggS|fLaC|RIFF....WAVE", "a sound"),
    (rb"SQLite format 3", "a database"),
    (rb"(?is)(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)\b", "a web page"),
    (rb"(?is)(?:\xef\xbb\xbf)?\s*<\?xml", "an XML file"),
)


def sniff(data: bytes, path: str) -> str:
    """Name the format of some bytes.

    Parameters
    ----------
    data : bytes
        The whole file, or at least its first kilobyte.
    path : str
        For the message only.

    Returns
    -------
    str
        A key of `SUFFIXES`.

    Raises
    ------
    ScanError
        ``unsupported-format`` for a picture or document of another kind, ``not-an-image`` for anything else.
    """
    head = data[:1024]
    if supported := _match(_SUPPORTED, head):
        return supported
    if picture := _match(_OTHER_PICTURES, head):
        raise ScanError(
            f"{path}: is {picture}, which is not supported",
            code="unsupported-format",
            hint="save it as TIFF, PNG or JPEG",
        )
    raise ScanError(
        f"{path}: is not a picture but looks like {_match(_NO_PICTURES, head) or _plain(head)}",
        code="not-an-image",
        hint="postmark-id reads JPEG, PNG, TIFF, WebP, BMP and HEIC",
    )


def _match(table: tuple[tuple[bytes, str], ...], head: bytes) -> str | None:
    return next((name for pattern, name in table if re.match(pattern, head, re.DOTALL)), None)


def _plain(head: bytes) -> str:
    if not head.strip(b"\x00"):
        return "a file of zero bytes, as a broken download leaves it"
    try:
        text = head.decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return "binary data of an unknown kind"
        text = head[: error.start].decode("utf-8")
    return (
        "plain text" if text.isprintable() or not re.search(r"[^\x07-\x0d\x1b\x20-\U0010ffff]", text) else "binary data"
    )


def mismatch(found: str, suffix: str) -> bool:
    """Whether a suffix promises another format than the one found; an unknown suffix promises nothing."""
    return suffix not in SUFFIXES[found] and any(suffix in suffixes for suffixes in SUFFIXES.values())
