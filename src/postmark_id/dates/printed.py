"""Lines of print outside the marks: the cachet, captions, labels. They may name a flight; dates in them don't count.

Print lies level on a cover, in letters of one height with even gaps. So dark or coloured blobs the size of letters are
chained from each to its nearest neighbour on the right, and a chain that is long enough is a line. That takes a
twentieth of a second on the working copy, where a network for finding text takes six times as long and finds no more
of the names. What is missed: white letters on dark ground, letters that run along an arc or a slope, and fancy hands.

Each line is read by our own reader, for it knows Cyrillic; a line with letters and figures is read by the second
engine as well, where there is one, so that whoever looks for names can ask for figures on which both agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.dates.reader import DateReader
from postmark_id.dates.strips import cut, normalise
from postmark_id.geometry import contains
from postmark_id.ink import Sheet
from postmark_id.models import Picture, Point, Quad
from postmark_id.settings import PrintSettings

Floats = npt.NDArray[np.float32]

_LONGEST_BLOB = 14.0
"""Touching letters make one blob, so many heights long at most."""
_LEAST_FILL = 0.15
"""Share of its box that a blob fills."""
_OVERLAP, _SHIFT, _ALIKE = 0.3, 0.4, 0.45
"""How far two neighbours may overlap and stand askew, and the lower one's height, as shares of the taller one's."""
_LEVEL = 3.0
"""A neighbour farther right but more level is preferred, up to so many times the difference."""
_FEW = 5
"""So many blobs or fewer tell no slope."""
_STEEPEST = 0.15
"""Slope of a line that still counts as level."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of print as the engines read it.

    Attributes
    ----------
    quad : Quad
        Full-size pixels.
    readings : tuple of str
        In the folded alphabet of `postmark_id.dates.alphabet`, one by each engine that was asked, our own first.
    """

    quad: Quad
    readings: tuple[str, ...]


def read_print(
    pixels: Picture, sheet: Sheet, marks: Sequence[Sequence[Point]], reader: DateReader, settings: PrintSettings
) -> list[PrintedLine]:
    """Read the lines of print on a cover that may name something: those with letters and figures.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
        The scan at full size.
    sheet : Sheet
        Its working copy.
    marks : sequence of sequence of Point
        Outlines of the marks; what stands in them is left out.
    reader : DateReader
        Whose engines are asked.
    settings : PrintSettings
    """
    quads = printed_lines(sheet, settings)
    quads = [quad for quad in quads if not any(contains(mark, _middle(quad)) for mark in marks)][: settings.most_lines]
    strips = [normalise(cut(pixels, quad, settings.strip_height, settings.strip_pad)) for quad in quads]
    first = reader.first.read(strips) if strips else []
    naming = [k for k, reading in enumerate(first) if _may_name(reading.text)][: settings.second_readings]
    second = reader.second.read([strips[k] for k in naming]) if reader.second is not None and naming else []
    others = dict(zip(naming, second, strict=False))
    return [
        PrintedLine(quads[k], (first[k].text, *((others[k].text,) if k in others else ())))
        for k in naming
        if first[k].notice is None
    ]


def printed_lines(sheet: Sheet, settings: PrintSettings) -> list[Quad]:
    """Level lines of print, the longest (in letters) first; full-size pixels."""
    blobs = _blobs(sheet.pixels, settings)
    if not len(blobs):
        return []
    lines = []
    for members in _chains(blobs, settings):
        line = _line(blobs[members], settings)
        if line is not None:
            lines.append(line)
    lines.sort(key=lambda line: -line[0])
    found = []
    for _, corners in lines:
        tl, tr, br, bl = ((float(x) / sheet.scale, float(y) / sheet.scale) for x, y in corners)
        found.append((tl, tr, br, bl))
    return found


def _blobs(pixels: Picture, settings: PrintSettings) -> Floats:
    """Blobs the size of letters or of some that touch: x, y, width, height of each, from left to right."""
    grey = pixels.min(axis=2)
    reach = np.ones((settings.stroke, settings.stroke), np.uint8)
    inked = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, reach) > settings.contrast
    _, _, stats, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8), connectivity=8)
    x, y, width, height, area = stats[1:].T
    low, high = settings.letter_heights
    fit = (height >= low) & (height <= high) & (width <= _LONGEST_BLOB * height)
    fit &= area > _LEAST_FILL * width * height
    blobs = np.stack([x, y, width, height], axis=1)[fit].astype(np.float32)
    if len(blobs) > settings.most_blobs:
        blobs = blobs[np.argsort(-blobs[:, 3], kind="stable")][: settings.most_blobs]
    return np.asarray(blobs[np.argsort(blobs[:, 0], kind="stable")], np.float32)


def _chains(blobs: Floats, settings: PrintSettings) -> list[npt.NDArray[np.intp]]:
    """Blobs that hang together, each with its nearest neighbour on the right."""
    x, y, width, height = blobs.T
    middle = y + height / 2
    taller = np.maximum(height[:, None], height[None])
    gap = x[None] - (x + width)[:, None]
    near = (gap > -_OVERLAP * taller) & (gap < settings.gap * taller) & (x[None] > x[:, None])
    aside = np.abs(middle[:, None] - middle[None])
    lower = np.minimum(height[:, None], height[None])
    near &= (aside < _SHIFT * taller) & (lower > _ALIKE * taller)
    apart = np.where(near, gap + _LEVEL * aside + (taller - lower), np.inf)
    next_one = apart.argmin(axis=1)
    chain = np.arange(len(blobs))
    # a neighbour on the right stands later in the list, so its chain is known when it is asked for
    for k in range(len(blobs) - 1, -1, -1):
        if np.isfinite(apart[k, next_one[k]]):
            chain[k] = chain[next_one[k]]
    return [np.flatnonzero(chain == end) for end in np.unique(chain)]


def _line(blobs: Floats, settings: PrintSettings) -> tuple[float, list[npt.NDArray[np.float64]]] | None:
    """Length in letter heights, and corners, of the line that some blobs make; None where they make none."""
    x, y, width, height = (column.astype(np.float64) for column in blobs.T)
    tall = float(np.quantile(height, 0.8))
    left, right = float(x.min()), float((x + width).max())
    if right - left < settings.shortest_line * tall:
        return None
    across, down = x + width / 2, y + height / 2
    slope = float(np.polyfit(across, down, 1)[0]) if len(blobs) > _FEW else 0.0
    if abs(slope) > _STEEPEST:
        return None
    middle = (left + right) / 2
    centre = np.array([middle, float(np.median(down - slope * (across - middle)))])
    along = np.array([1.0, slope]) / np.hypot(1.0, slope)
    half = along * ((right - left) / 2 + settings.margin * tall)
    up = np.array([along[1], -along[0]]) * tall / 2
    return (right - left) / tall, [centre - half + up, centre + half + up, centre + half - up, centre - half - up]


def _middle(quad: Quad) -> Point:
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4


def _may_name(text: str) -> bool:
    return any(c.isdigit() for c in text) and sum(c.isalpha() for c in text) >= 2
