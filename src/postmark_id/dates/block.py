"""Block: whether a line beside a seal is one of several that were set together, as in a cachet, a caption or a label.

A date that was struck stands askew to whatever is printed near it, and in another ink. A row of words above or below
that runs parallel, begins, ends or is centred with the line, and has its very ink, was set with it: such a date is
print, or part of another mark, whatever its letters look like.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.dates.alphabet import fold
from postmark_id.dates.engines import Reading
from postmark_id.dates.months import SLIP_WEIGHT, month_by_name
from postmark_id.dates.strips import cut
from postmark_id.geometry import Span, beside, measured, runs, turned_rectangle, with_room
from postmark_id.ink import pieces
from postmark_id.models import Picture, Quad

Flags = npt.NDArray[np.bool_]
Vector = npt.NDArray[np.float64]

GRAIN = 20
"""Pixels of a view in the height of the figures of a line."""
LOOSE = 1.35
"""Height of a line that was laid true, in heights of its figures."""
VIEW = (8, 11)
"""How much wider than the line a view is, and how high, in heights of the figures."""
STROKE = 15
"""Strokes are thinner than this, pixels of a view."""
CONTRAST = 25.0
"""Grey levels by which a stroke is darker than what is around it, at least."""
OF_FULL = 0.4
"""Share of the contrast of the figures that a stroke of the block has, at least."""
LETTERS = (0.1, 1.9)
"""Height of what hangs together in a row, likewise in heights of the figures."""
SPECK = 0.02
"""Least area of it, in squares of them."""
ROWS = (0.45, 2.2)
"""Height of a row."""
CRACK, INKED = 0.08, 0.1
"""What may part the strokes of a row, and the ink along a level from which there is a row."""
APART = 2.0
"""Blank between two rows at most."""
BLANK = 1.2
"""Blank between two words of a row at most, in heights of the row."""
FLUSH = 0.9
"""How far the beginning, the middle or the end of two rows may lie apart."""
SAME_INK = 0.99
"""Least cosine between the inks of two rows."""
AS_DARK = 0.75
"""Least share of the darker one's strength that the other has."""
ROOM = 0.3
"""Room before and behind a row that is to be read, in its own heights; half of it above and below."""
PAPER = 0.9
"""Quantile of each channel in a row that is paper."""
PLAIN = 0.6
"""Score from which a row is read plainly."""
_WORD = re.compile(r"[^\W\d_]{3,}")


def set_with(pixels: Picture, quad: Quad) -> list[Quad]:
    """Rows above and below a line that may have been set together with it.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
        The scan at full size.
    quad : Quad
        The line, laid true.
    """
    view = _seen(pixels, quad)
    own = min(view.bands, key=lambda band: abs(sum(band) - view.tall), default=(0, 0))
    if abs(sum(own) - view.tall) > GRAIN:
        return []
    span, ink = view.span(own), view.ink(own)
    return [
        view.quad(band)
        for band in view.bands
        if band != own
        and max(band[0] - own[1], own[0] - band[1]) <= APART * GRAIN
        and _are_flush(view.span(band), span)
        and _are_alike(view.ink(band), ink)
    ]


def is_worded(row: Reading) -> bool:
    """Whether a row bears a word that is not plainly the name of a month."""
    months = (month_by_name(fold(word)) for word in _WORD.findall(row.text))
    return row.score >= PLAIN and any(not named or named[0][1] <= SLIP_WEIGHT for named in months)


@dataclass(frozen=True, slots=True)
class _View:
    """What lies around a line, upright as the line is, which runs through the middle.

    Attributes
    ----------
    picture : ndarray, shape (tall, wide, 3), uint8
    inked : ndarray of bool, shape (tall, wide)
        Strokes like those of the line.
    bands : list of Span
        Where rows lie above and below the figures of the line, and these, from the top down.
    middle : ndarray, shape (2,)
        Of the line, full-size pixels.
    turn : float
        Of the line, degrees.
    pixel : float
        Full-size pixels for each of the view.
    """

    picture: Picture
    inked: Flags
    bands: list[Span]
    middle: Vector
    turn: float
    pixel: float

    @property
    def tall(self) -> int:
        """Height, pixels."""
        return int(self.picture.shape[0])

    def span(self, band: Span) -> Span:
        """From where to where a row goes on from its middle."""
        top, end = band
        middle = self.picture.shape[1] // 2
        words = runs(np.asarray(self.inked[top:end].any(axis=0)), round(BLANK * (end - top)))
        return min(words, key=lambda run: max(run[0] - middle, middle - run[1]))

    def ink(self, band: Span) -> Vector:
        """What the ink of a row takes away from the paper, in each channel."""
        row = np.s_[slice(*band), slice(*self.span(band))]
        strokes = self.picture[row][self.inked[row]].astype(np.float64)
        darkness = strokes.min(axis=1)
        paper = np.quantile(self.picture[row].reshape(-1, strokes.shape[1]), PAPER, axis=0)
        return np.asarray(paper - strokes[darkness <= np.median(darkness)].mean(axis=0))

    def quad(self, band: Span) -> Quad:
        """Where a row lies on the scan, with room around it."""
        (top, end), (left, right) = band, self.span(band)
        tall, wide = self.inked.shape
        along, down = (left + right - wide) / 2 * self.pixel, (top + end - tall) / 2 * self.pixel
        width, height = (right - left) * self.pixel, (end - top) * self.pixel
        row = turned_rectangle(beside(self.middle, self.turn, along, down), width, height, self.turn)
        return with_room(row, ROOM, ROOM / 2)


def _seen(pixels: Picture, quad: Quad) -> _View:
    """The view of a line."""
    middle, ahead, width, loose = measured(quad)
    height = loose / LOOSE
    turn = math.degrees(math.atan2(ahead[1], ahead[0]))
    across, down = width + VIEW[0] * height, VIEW[1] * height
    around = turned_rectangle((float(middle[0]), float(middle[1])), across, down, turn)
    picture = cut(pixels, around, VIEW[1] * GRAIN, 0)
    tall, wide = picture.shape[:2]
    half = round((width / height / 2 - ROOM) * GRAIN)
    figures = slice(max(0, wide // 2 - half), wide // 2 + half + 1)
    inked = _inked(picture, figures)
    low, high = (GRAIN * share for share in ROWS)
    bands = runs(inked[:, figures].sum(axis=1) > INKED * GRAIN, round(CRACK * GRAIN))
    whole = [(top, end) for top, end in bands if low <= end - top <= high and top > 0 and end < tall]
    return _View(picture, inked, whole, middle, turn, height / GRAIN)


def _inked(picture: Picture, figures: slice) -> Flags:
    """Where a view carries strokes like those of the line in its middle, without specks and long lines."""
    hat = cv2.morphologyEx(picture.min(axis=2), cv2.MORPH_BLACKHAT, np.ones((STROKE, STROKE), np.uint8))
    middle, half = picture.shape[0] // 2, round(0.4 * GRAIN)
    own = hat[middle - half : middle + half, figures]
    full = float(np.quantile(own, 0.9)) if own.size else 255.0
    low, high = (GRAIN * share for share in LETTERS)
    return pieces(hat > max(CONTRAST, OF_FULL * full), SPECK * GRAIN**2, (low, high))


def _are_flush(one: Span, other: Span) -> bool:
    apart = abs(one[0] - other[0]), abs(one[1] - other[1]), abs(sum(one) - sum(other)) / 2
    return min(apart) <= FLUSH * GRAIN


def _are_alike(one: Vector, other: Vector) -> bool:
    lengths = float(np.linalg.norm(one)), float(np.linalg.norm(other))
    return float(one @ other) >= SAME_INK * lengths[0] * lengths[1] and min(lengths) >= AS_DARK * max(lengths)
