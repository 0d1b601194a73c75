"""Trueing: lay a rough date line true.

A line is proposed from a picture in which it is a few pixels high, so it lies a little aslant, too long or too high,
and a reader misses its first figure or takes in the bar below. Here the line is seen at sixteen pixels a height with
what lies around it, and a small network (``data/lines.onnx``, trained on rendered covers by ``training/lines``) says
where the true one runs, and whether there is a date at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from postmark_id.dates.strips import cut, normalise
from postmark_id.geometry import beside, measured, turned_rectangle, with_room
from postmark_id.models import Picture, Quad
from postmark_id.networks import session

ROWS, COLUMNS = 48, 192
HEIGHTS = 3.0
"""Height of a window, in heights of the rough line."""
USUAL = 5.0
"""Width of a date, in heights of its line."""
ROOM = 1.2
"""Room at the ends of a line together, in heights of it: a figure that is cut off is worse than a bit of paper."""
LOOKS = 2
"""How often a line is looked at, each time from where it was seen to lie."""
BATCH = 16
"""Lines looked at in one go."""


@dataclass(frozen=True, slots=True)
class TrueLine:
    """A line where it truly lies.

    Attributes
    ----------
    quad : Quad
        Full-size pixels, read in the direction of the rough line.
    present : float
        How likely there is a date or another line of figures, 0..1.
    struck : float
        How likely these are of a mark, not of print or handwriting, 0..1.
    """

    quad: Quad
    present: float
    struck: float


def trued(pixels: Picture, quads: Sequence[Quad]) -> list[TrueLine]:
    """Lay rough lines true, in order.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
        The scan at full size.
    quads : sequence of Quad
    """
    lines: list[TrueLine] = []
    for k in range(0, len(quads), BATCH):
        some = list(quads[k : k + BATCH])
        for _ in range(LOOKS):
            windows = np.stack([window(pixels, quad) for quad in some])[:, None]
            (seen,) = session("lines.onnx").run(None, {"windows": windows.astype(np.float32) / 127.5 - 1.0})
            some = [moved(quad, ways) for quad, ways in zip(some, seen[:, :5].tolist(), strict=True)]
        some = [with_room(quad, ROOM / 2) for quad in some]
        shares = 1.0 / (1.0 + np.exp(-seen[:, 5:]))
        lines += [TrueLine(quad, float(p), float(s)) for quad, (p, s) in zip(some, shares, strict=True)]
    return lines


def window(pixels: Picture, quad: Quad) -> Picture:
    """The surroundings of a rough line, laid along it, shape (ROWS, COLUMNS), uint8, ink dark on white."""
    (x, y), along, _, height = measured(quad)
    turn = math.degrees(math.atan2(along[1], along[0]))
    around = turned_rectangle((float(x), float(y)), HEIGHTS * height * COLUMNS / ROWS, HEIGHTS * height, turn)
    strip = normalise(cut(pixels, around, ROWS, 0.0))
    if strip.shape[1] != COLUMNS:  # a line of no size
        strip = np.full((ROWS, COLUMNS), 255, np.uint8)
    return strip


def moved(quad: Quad, ways: Sequence[float]) -> Quad:
    """Where a line lies that was seen from a rough one.

    Parameters
    ----------
    quad : Quad
        The rough line.
    ways : sequence of float
        Along it and across it in heights of it, the turn in tens of degrees, and the logarithms of the width and the
        height against `USUAL` heights and one.
    """
    along, across, turn, log_width, log_height = ways
    middle, ahead, _, height = measured(quad)
    slope = math.degrees(math.atan2(ahead[1], ahead[0]))
    return turned_rectangle(
        beside(middle, slope, height * along, height * across),
        USUAL * height * math.exp(log_width),
        height * math.exp(log_height),
        slope + 10.0 * turn,
    )
