"""Alone: whether a loose date stands by itself, as it does when it was struck, or in print.

A seal without a date may have one struck beside it. Addresses, captions and serial numbers hold dates as well, and
some stand as near; but there words stand in the same line. So the line is followed both ways until it comes to a mark,
and the reader says whether there is more in it than the date. `dates.block` looks at the rows above and below.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from postmark_id.dates.alphabet import fold
from postmark_id.dates.engines import Reading
from postmark_id.dates.grammar import ParsedDate
from postmark_id.dates.months import month_by_name
from postmark_id.geometry import beside, contains, measured, turned_rectangle
from postmark_id.models import DateReading, Point, Quad

REACH = 5.0
"""How far a line is followed at both ends, in its own heights."""
STEP = 0.5
_WORD = re.compile(r"[^\W\d_]{4,}")
_SERIAL = re.compile(r"^\W*N[OG0]?[ .]*\d")
"""A number sign, as it comes out of the reader, before figures."""

_OF_YEAR = re.compile(r"\d{4}\W*Г(?!\w)|\d{4}\W*ГОД")
"""Russian captions write ``27 июля 1982 г.``; no mark does."""


def followed(quad: Quad, outlines: Sequence[Sequence[Point]]) -> Quad:
    """A line with what stands before and behind it, as far as the next mark.

    Parameters
    ----------
    quad : Quad
    outlines : sequence of polygons
        The marks of the cover.
    """
    middle, along, width, height = measured(quad)
    room = []
    for way in (-1.0, 1.0):
        far = 0.0
        while far < REACH and not _in_mark(middle + way * along * (width / 2 + (far + STEP) * height), outlines):
            far += STEP
        room.append(far * height)
    turn = math.degrees(math.atan2(along[1], along[0]))
    return turned_rectangle(beside(middle, turn, (room[1] - room[0]) / 2, 0.0), width + sum(room), height, turn)


def in_print(line: Reading) -> bool:
    """Whether a date is part of something printed.

    Parameters
    ----------
    line : Reading
        Of the line that was `followed`.
    """
    words = [word for word in _WORD.findall(line.text) if not month_by_name(fold(word))]
    return bool(words or _SERIAL.match(line.text) or _OF_YEAR.search(line.text))


def completed(date: DateReading, candidates: Sequence[ParsedDate]) -> DateReading:
    """The date with both figures of its day, where the line that was `followed` shows one more before it.

    Parameters
    ----------
    date : DateReading
    candidates : sequence of ParsedDate
        What the whole line may mean.
    """
    for other in candidates:
        same_month = (other.date.year, other.date.month) == (date.date.year, date.date.month)
        if same_month and date.date.day < 10 <= other.date.day and other.date.day % 10 == date.date.day:
            return replace(date, date=other.date, text=other.text, hour=other.hour, alternatives=date.candidates)
    return date


def _in_mark(point: np.ndarray, outlines: Sequence[Sequence[Point]]) -> bool:
    return any(contains(outline, (float(point[0]), float(point[1]))) for outline in outlines)
