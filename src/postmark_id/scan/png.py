"""A PNG without what nobody needs and what could hurt: checked chunk by chunk before a decoder sees it.

Pillow does not compare the checksums of pixel data, so a damaged file would come out as noise, and it refuses a whole
picture for a text chunk that unpacks to more than it likes. Text is never read here, so it goes; a colour profile goes
when it is damaged or unpacks beyond measure; a pixel chunk with a wrong checksum refuses the picture.
"""

from __future__ import annotations

import struct
import zlib

from postmark_id.errors import ScanError
from postmark_id.models import Notice
from postmark_id.settings import ScanSettings

_SIGNATURE = 8
_TEXT = (b"tEXt", b"zTXt", b"iTXt")
_CRITICAL = (b"IHDR", b"PLTE", b"IDAT", b"fdAT", b"fcTL")
_PROFILE_LIMIT = 1 << 20
"""What Pillow unpacks of a profile, bytes."""


def clean_png(data: bytes, path: str, settings: ScanSettings) -> tuple[bytes, tuple[Notice, ...]]:
    """Leave out text, huge EXIF and unusable profiles.

    Parameters
    ----------
    data : bytes
        A PNG, perhaps damaged.
    path : str
        For messages.
    settings : ScanSettings

    Returns
    -------
    data : bytes
        The same object where nothing was left out.
    notices : tuple of Notice
        ``big-metadata``, ``bad-icc``, ``truncated`` (a wrong checksum under `allow_truncated`).

    Raises
    ------
    ScanError
        ``corrupt`` where a chunk that the pixels need has a wrong checksum.
    """
    view = memoryview(data)
    kept, notices = [view[:_SIGNATURE]], []
    dropped, start = 0, _SIGNATURE
    while start + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, start)
        end = start + 12 + length
        chunk = view[start:end]
        if name in _CRITICAL and end <= len(data) and not _is_whole(chunk):
            if not settings.allow_truncated:
                raise ScanError(f"{path}: damaged (wrong checksum)", code="corrupt", hint="copy or scan it again")
            notices.append(Notice("truncated", "pixels are damaged; what can be read was looked at"))
        if name in _TEXT or (name == b"eXIf" and length > settings.max_metadata_bytes):
            dropped += len(chunk)
        elif name == b"iCCP" and not _is_usable_profile(chunk):
            notices.append(Notice("bad-icc", "colour profile is broken or too large and was ignored"))
            dropped += len(chunk)
        else:
            kept.append(chunk)
        start = end
    if not dropped:
        return data, tuple(notices)
    if dropped > settings.max_metadata_bytes:
        notices.append(Notice("big-metadata", f"{dropped / 1e3:,.0f} kB of text inside the file left out"))
    return b"".join([*kept, view[start:]]), tuple(notices)


def _is_whole(chunk: memoryview) -> bool:
    return zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")


def _is_usable_profile(chunk: memoryview) -> bool:
    body = bytes(chunk[8:-4])
    packed = body[body.find(b"\x00") + 2 :]
    try:
        unpacking = zlib.decompressobj()
        unpacking.decompress(packed, _PROFILE_LIMIT)
    except zlib.error:
        return False
    return not unpacking.unconsumed_tail
