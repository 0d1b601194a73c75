"""Columns: the rows of a date below each other, found by their ink where one of them was seen.

The network that sees rows often overlooks a lone figure or a short month above, below or between the rows of a date.
Where one row stands straight in the middle of a mark, the others of its column are bands of ink of about its height.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import Span, beside, runs, turned_rectangle
from postmark_id.ink import on_paper, pieces
from postmark_id.marks.rows import Row
from postmark_id.marks.struck import Floats, Struck
from postmark_id.models import Outline, Picture, Quad
from postmark_id.settings import LetteringStrips

Flags = npt.NDArray[np.bool_]
Vector = npt.NDArray[np.float64]

GRAIN = 28
"""Pixels of a view in the height of the row that is seen."""
ACROSS = 4.0
"""How far to both sides a view goes, in heights of it."""
REACH = 5.5
"""How far above and below it others are sought, in heights of it."""
RIM = 0.8
"""Part of the radius of a mark that is free for a date, where no lettering bends around it."""
CORE = 0.4
"""Part of it within which none does."""
STROKE = 0.5
"""What is wider than this is no stroke of a letter but dark ground, in heights of the row that is seen."""
EDGE = 0.18
"""How wide the faint edges of strokes are on both sides together, likewise."""
OF_FULL = 0.3
"""Share of the ink of the row that is seen from which a place carries ink."""
FAINTEST = 0.1
"""The least such ink."""
SPECK, TALL = 0.02, 2.2
"""Area and height, in heights, below and above which what hangs together is no letter."""
SLOPES = (0.0, -4.0, 4.0, -8.0, 8.0)
"""By how much the row may be turned that is seen, degrees."""
UPENDED = (1.0, 4.6)
"""Length of a row that may be a column taken for a row, in heights."""
UPRIGHT = (90.0, 84.0, 96.0)
"""By how much it is turned then; which way up it is, reading tells."""
LEVEL = 0.94
"""Least cosine between two rows of a column."""
WIDTH = 1.4
"""How far from the middle of a column rows are sought, in heights."""
HAIR = 0.1
"""Ink along a level of the column that is none, in heights of the row that is seen."""
CRACK = 0.1
"""What may part the strokes of one row, likewise."""
HEIGHTS = (0.55, 1.9)
"""Height of a row, likewise: lower ones are lines, higher ones are pictures."""
ASTRAY = 0.8
"""How far the middle of a row may lie off that of the one that is seen, which a column taken for a row has not."""
ALIKE = 1.5
"""The highest of rows that touch, in heights of the lowest; parts of a picture are less even."""
VALLEY = 0.5
"""Share of the ink of the fullest level of both from which two rows that touch are one."""
APART = 1.7
"""Blank between two rows at most, likewise."""
BLANKS = (1.5, 0.6)
"""The same along a row, in its own heights: other print may stand near."""
MOST = 3
"""Rows that are sought above, and below."""
WHOLE = 3
"""Rows of a column that need no better look."""
LONGEST = 4
"""Rows of a date at most, with the hour or the like above them."""
ROOM = 0.3
"""Room before and behind a row, in its own heights."""
SEEDS = 3
"""Rows of a mark whose columns are sought."""


@dataclass(frozen=True, slots=True)
class _View:
    """The ink around a row, upright as the row is, with the axis of its column in the middle.

    Attributes
    ----------
    ink : ndarray, shape (height, width)
        As it is, 0..1.
    strokes : ndarray, shape (height, width)
        Without dark ground, specks and long lines.
    levels : list of Span
        Where the rows of the column lie, from the top down.
    parted : list of Span
        The same, if bands that are too high for a row are rows that touch.
    middle, ahead : ndarray, shape (2,)
        Where the middle of the view lies, and the direction of the row; full-size pixels.
    pixel : float
        Full-size pixels for each of the view.
    """

    ink: Floats
    strokes: Floats
    levels: list[Span]
    parted: list[Span]
    middle: Vector
    ahead: Vector
    pixel: float

    def holds(self, row: Row) -> bool:
        """Whether a row is one of the column, seen as it is there."""
        off = (row.midline.mean(axis=0) - self.middle) / self.pixel
        along, down = float(off @ self.ahead), float(off @ (-self.ahead[1], self.ahead[0])) + self.ink.shape[0] // 2
        aligned = abs(float(row.ahead @ self.ahead)) > LEVEL and abs(along) < WIDTH * GRAIN
        return aligned and any(top <= down < end for top, end in self.levels)

    def around(self, boxes: Sequence[tuple[Span, Span]]) -> Quad:
        """Where some rows lie on the scan, each given by its level and its width."""
        (top, left), (end, right) = np.min(boxes, axis=0)[:, 0], np.max(boxes, axis=0)[:, 1]
        tall, wide = self.ink.shape
        along, down = (left + right - wide) / 2 * self.pixel, (top + end - tall) / 2 * self.pixel
        turn = math.degrees(math.atan2(self.ahead[1], self.ahead[0]))
        width, height = (right - left) * self.pixel, (end - top) * self.pixel
        return turned_rectangle(beside(self.middle, turn, along, down), float(width), float(height), turn)


def columns_of(
    struck: Struck, outline: Outline, rows: Sequence[Row], settings: LetteringStrips
) -> list[tuple[Quad, Picture]]:
    """Rows of a column that may be a date: where they lie, and a strip of them beside each other, the upper ones first.

    Each strip is given several times: as it is and in its strokes alone, as wide as either blank allows.

    Parameters
    ----------
    struck : Struck
    outline : Outline
    rows : sequence of Row
        Those that are seen in the mark.
    settings : LetteringStrips
    """
    free = _free(outline, rows)
    straight = [row for row in rows if not row.bent and _off_centre(row, outline) < free]
    seeds = sorted(straight, key=lambda row: (not row.dated, -row.score * row.length))[:SEEDS]
    views: list[_View] = []
    for seed in seeds:
        if not any(len(view.levels) >= WHOLE and view.holds(seed) for view in views):
            views += _views(struck, outline, seed, free)
    return [strip for view in views if len(view.levels) > 1 for strip in _strips(view, settings)]


def _views(struck: Struck, outline: Outline, seed: Row, free: float) -> list[_View]:
    """The view of a row at the first slope at which its column is whole, or at that at which it has most rows.

    Where it is whole at none, also that at which it is, if rows that seem to touch are parted.
    """
    upended = UPENDED[0] < seed.length / seed.height < UPENDED[1]
    views: list[_View] = []
    for slope in (*SLOPES, *(UPRIGHT if upended else ())):
        views.append(_seen(struck, outline, seed, free, slope))
        if len(views[-1].levels) >= WHOLE:
            return views[-1:]
    parted = (replace(view, levels=view.parted) for view in views if len(view.parted) >= WHOLE)
    return [max(views, key=lambda view: len(view.levels)), *islice(parted, 1)]


def _off_centre(row: Row, outline: Outline) -> float:
    return float(np.linalg.norm(row.midline.mean(axis=0) - outline.centre))


def _free(outline: Outline, rows: Sequence[Row]) -> float:
    """Radius around the centre in which no lettering bends, pixels."""
    bent = ((float(np.median(np.linalg.norm(row.midline - outline.centre, axis=1))), row) for row in rows if row.bent)
    rings = [radius - 0.6 * row.height for radius, row in bent]
    return min((radius for radius in rings if radius > CORE * outline.radius), default=RIM * outline.radius)


def _seen(struck: Struck, outline: Outline, seed: Row, free: float, slope: float) -> _View:
    """The view of a row at a slope; the middle of the mark lies on the axis of its column, if it lies in the row."""
    turn = math.radians(slope)
    ahead = seed.ahead @ np.array(((math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))))
    middle = seed.midline.mean(axis=0)
    aside = float((outline.centre - middle) @ ahead)
    if abs(aside) < 0.5 * seed.length:
        middle = middle + aside * ahead
    pixel = seed.height / GRAIN
    tall, wide = 2 * round(REACH * GRAIN) + 1, 2 * round(min(free / pixel, ACROSS * GRAIN)) + 1
    down = (np.arange(tall)[:, None] - tall // 2) * pixel
    along = (np.arange(wide) - wide // 2) * pixel
    x, y = middle[0] + along * ahead[0] - down * ahead[1], middle[1] + along * ahead[1] + down * ahead[0]
    ink = struck.at((x, y))
    inside = (x - outline.centre[0]) ** 2 + (y - outline.centre[1]) ** 2 <= free**2
    own = (abs(down) < seed.height / 2) & (abs(along) <= seed.length / 2)
    thin = np.where(inside, cv2.morphologyEx(ink, cv2.MORPH_TOPHAT, _square(STROKE * GRAIN)), np.float32(0.0))
    full = float(np.quantile(thin[own], 0.9)) if own.any() else 1.0
    letters = pieces(thin > max(OF_FULL * full, FAINTEST), SPECK * GRAIN**2, (0.0, TALL * GRAIN))
    around = cv2.dilate(letters.astype(np.uint8), _square(EDGE * GRAIN)).astype(np.float32)
    bands, touching = _bands(letters)
    return _View(ink, thin * around, _levels(bands, tall), _levels(touching, tall), middle, ahead, pixel)


def _square(side: float) -> Picture:
    return np.ones((round(side), round(side)), np.uint8)


def _bands(inked: Flags) -> tuple[list[Span], list[Span]]:
    """Where ink lies above and below each other in the middle of a view, and the same with high bands parted."""
    middle, reach = inked.shape[1] // 2, round(WIDTH * GRAIN)
    amount = inked[:, max(0, middle - reach) : middle + reach + 1].sum(axis=1).astype(np.float32)
    bands = runs(amount > HAIR * GRAIN, round(CRACK * GRAIN))
    even = cv2.blur(amount[:, None], (1, round(CRACK * GRAIN)))[:, 0]
    return bands, [row for band in bands for row in _rows_in(even, band)]


def _levels(bands: Sequence[Span], tall: int) -> list[Span]:
    """Where the rows of the column lie that go on from the one that is seen, from the top down."""
    low, high = (GRAIN * height for height in HEIGHTS)
    levels = [(top, end) for top, end in bands if low <= end - top <= high and top > 0 and end < tall]
    own = min(range(len(levels)), key=lambda k: abs(sum(levels[k]) - tall), default=None)
    if own is None or abs(sum(levels[own]) - tall) > 2 * ASTRAY * GRAIN:
        return []
    first = last = own
    while first > 0 and own - first < MOST and levels[first][0] - levels[first - 1][1] <= APART * GRAIN:
        first -= 1
    while last + 1 < len(levels) and last - own < MOST and levels[last + 1][0] - levels[last][1] <= APART * GRAIN:
        last += 1
    return levels[first : last + 1]


def _rows_in(amount: Floats, band: Span) -> list[Span]:
    """The rows that touch in a band; the band itself where it is one row, or what it falls into are no rows."""
    rows = _parted(amount, band)
    heights = [end - top for top, end in rows]
    return rows if max(heights) <= ALIKE * min(heights) else [band]


def _parted(amount: Floats, band: Span) -> list[Span]:
    """A band that is too high for a row, cut where it has least ink between two that touch."""
    top, end = band
    low, high = (round(GRAIN * height) for height in HEIGHTS)
    if end - top <= high:
        return [band]
    cut = top + low + int(np.argmin(amount[top + low : end - low]))
    if amount[cut] > VALLEY * min(amount[top:cut].max(), amount[cut:end].max()):
        return [band]
    return [*_parted(amount, (top, cut)), *_parted(amount, (cut, end))]


def _strips(view: _View, settings: LetteringStrips) -> Iterator[tuple[Quad, Picture]]:
    """The rows of a column beside each other, those that may be a date together, in each way."""
    for across in dict.fromkeys(tuple(_wide(view.strokes, level, blank) for level in view.levels) for blank in BLANKS):
        boxes = list(zip(view.levels, across, strict=True))
        for ink in (view.ink, view.strokes):
            rows = [_strip(ink, *box, settings) for box in boxes]
            for stack in _stacks(len(boxes)):
                yield view.around([boxes[k] for k in stack]), np.hstack([rows[k] for k in stack])


def _stacks(count: int) -> list[Sequence[int]]:
    """Which of some rows may be a date: two to four below each other, or two with an emblem between."""
    below = [range(a, b) for a in range(count) for b in range(a + 2, min(a + LONGEST, count) + 1)]
    return [*below, *((k, k + 2) for k in range(count - 2))]


def _wide(strokes: Floats, level: Span, blank: float) -> Span:
    """How wide the row at a level is: as far as its ink goes on from the middle."""
    top, bottom = level
    middle = strokes.shape[1] // 2
    inked = np.asarray((strokes[top:bottom] > 0).any(axis=0))
    words = runs(inked, round(blank * (bottom - top)))
    return min(words, key=lambda run: max(run[0] - middle, middle - run[1], 0))


def _strip(ink: Floats, level: Span, across: Span, settings: LetteringStrips) -> Picture:
    """The row at a level as a strip."""
    (top, bottom), (left, right) = level, across
    height = bottom - top
    above, before = round(settings.margin * height), round(ROOM * height)
    padded = np.pad(ink, ((above, above), (before, before)))[top : bottom + 2 * above, left : right + 2 * before]
    width = max(settings.height // 2, round(padded.shape[1] * settings.height / padded.shape[0]))
    strip = cv2.resize(padded, (width, settings.height), interpolation=cv2.INTER_AREA)
    return on_paper(np.clip(strip, 0.0, 1.0))
