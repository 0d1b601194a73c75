"""What fields of a `mark.toml` may hold: periods of use, and files that are pictures by their first bytes."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")
PERIOD = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
"""A year, a month or a day."""


def period_bound(found: re.Match[str], *, end: bool) -> dt.date:
    """First or last day of a year, a month or a day; ValueError where there is no such day."""
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if day:
        return dt.date(year, month, day)
    if not end:
        return dt.date(year, month or 1, 1)
    following = dt.date(year + 1, 1, 1) if month in (0, 12) else dt.date(year, month + 1, 1)
    return following - dt.timedelta(days=1)


def looks_like_picture(path: Path) -> bool:
    """Whether a file begins like a picture of a kind that we open."""
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
    except OSError:
        return False
    return head.startswith(_SIGNATURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
