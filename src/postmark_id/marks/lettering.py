"""Lettering: upright strips of the rows inside a mark that may be lettering.

Seals and postmarks are lettered along their outline, around an inner circle, and in straight lines across, at depths
and sizes that no two designs share. So the mark is unrolled whole, round its centre and along its sides, and laid
straight; in each of these views lettering shows as a plateau of the profile across: rows in which ink and paper
alternate often, between rows in which they don't. Rings and bars alternate little and are left out. The plainest
plateaus are cut from the ink of the mark alone, without paper, stamp and other inks, and the judge of lettering makes
use of what turns out to be words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import as_array, turned_rectangle
from postmark_id.ink import Ink, Sheet, density_around, layer
from postmark_id.models import Outline, Picture, Quad
from postmark_id.settings import LetteringStrips

Floats = npt.NDArray[np.float32]
Places = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Abscissae and ordinates of the points of a view, full-size pixels, each of the shape of the view."""

ROWS = 100
"""Rows of a view for each radius of the mark."""
AROUND = 720
"""Points along an outline."""


@dataclass(frozen=True, slots=True)
class _Struck:
    """The ink of one mark around it, 0..1, and where it was taken from."""

    amount: Floats
    left: float
    top: float
    scale: float

    def at(self, places: Places) -> Floats:
        x, y = ((v - start) * self.scale for v, start in zip(places, (self.left, self.top), strict=True))
        found = cv2.remap(
            self.amount, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT, borderValue=0,
        )  # fmt: skip
        return np.asarray(found, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Band:
    """A band around the centre: along a circle or along the sides, between two depths in radii of the outline."""

    outline: Outline
    along_sides: bool

    @property
    def apothem(self) -> float:
        """Distance of the sides from the centre, in radii."""
        return math.cos(math.pi / self.outline.shape.sides) if self.outline.shape.sides else 1.0

    def unrolled(self, outer: float, inner: float, height: int, width: int, turns: float) -> Places:
        """Points of the band, clockwise from the foot of the mark, the outer edge on top."""
        centre = np.asarray(self.outline.centre)
        depth = np.linspace(outer, inner, height)[:, None]
        if self.along_sides:
            around = _perimeter(self.outline)
            foot = int(np.argmax((around - centre) @ _down(self.outline)))
            index = (foot + np.arange(width) * (turns * AROUND / width)) % AROUND
            closed = np.vstack([around, around[:1]])
            x = np.interp(index, np.arange(AROUND + 1), closed[:, 0]) - centre[0]
            y = np.interp(index, np.arange(AROUND + 1), closed[:, 1]) - centre[1]
        else:
            turn = math.radians(self.outline.rotation) + math.pi / 2 + np.arange(width) * (2 * math.pi * turns / width)
            x, y = _slant(self.outline) @ np.stack([np.cos(turn), np.sin(turn)])
        return centre[0] + depth * x[None], centre[1] + depth * y[None]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that may be lettering: how plainly it stands out, its upper and lower edge, and its view."""

    score: float
    upper: float
    lower: float
    view: int = 0


def lettering_strips(sheet: Sheet, outline: Outline, ink: Ink, settings: LetteringStrips) -> list[Picture]:
    """Cut all strips of a mark that may carry lettering.

    Parameters
    ----------
    sheet : Sheet
    outline : Outline
        Its rotation says roughly which way up straight lines are read.
    ink : Ink
        That the mark is struck in.
    settings : LetteringStrips

    Returns
    -------
    list of ndarray, shape (settings.height, width), uint8
        Dark on white.
    """
    struck = _struck(sheet, outline, ink, settings.purity)
    rows = [*_ring_strips(struck, outline, settings), *_line_strips(struck, outline, settings)]
    return _pictures(rows, settings)


def aslant_strips(sheet: Sheet, outline: Outline, ink: Ink, settings: LetteringStrips) -> list[Picture]:
    """Cut the straight rows of a mark whichever way up it stands, each both ways up; as `lettering_strips`."""
    struck = _struck(sheet, outline, ink, settings.purity)
    rows = _line_strips(struck, outline, replace(settings, slopes=round(90.0 / settings.slope_step)))
    return _pictures([*rows, *(np.ascontiguousarray(row[::-1, ::-1]) for row in rows)], settings)


def _pictures(rows: Sequence[Floats], settings: LetteringStrips) -> list[Picture]:
    return [np.asarray(255.0 * (1.0 - part), dtype=np.uint8) for row in rows for part in _parts(row, settings)]


def _parts(row: Floats, settings: LetteringStrips) -> list[Floats]:
    """Stretches of a row that lie far apart; what lies between is bare."""
    height, width = row.shape
    core = row[round(settings.margin / 2 * height) : round((1 - settings.margin / 2) * height)]
    inked = np.flatnonzero(core.mean(axis=0) > settings.bare)
    if not len(inked):
        return []
    breaks = np.flatnonzero(np.diff(inked) > settings.gap * height)
    first, last = np.append(inked[0], inked[breaks + 1]), np.append(inked[breaks], inked[-1])
    pad = round(0.3 * height)
    return [
        row[:, max(0, a - pad) : min(width, b + pad)]
        for a, b in zip(first.tolist(), last.tolist(), strict=True)
        if b - a > 0.4 * height
    ]


def _struck(sheet: Sheet, outline: Outline, ink: Ink, purity: float) -> _Struck:
    values, (left, top) = density_around(sheet, as_array(outline.points) * sheet.scale, room=4.0)
    return _Struck(layer(values, ink, purity=purity), left / sheet.scale, top / sheet.scale, sheet.scale)


def _ring_strips(struck: _Struck, outline: Outline, settings: LetteringStrips) -> list[Floats]:
    """Rows around the centre, each both ways up: lettering at the foot often stands with its feet outwards."""
    views = [_Band(outline, along_sides=False)]
    if outline.shape.sides:
        views.append(_Band(outline, along_sides=True))
    rows: list[_Row] = []
    for k, band in enumerate(views):
        outermost = 1.0 if band.along_sides else band.apothem
        unit = band.apothem if band.along_sides else 1.0
        count = round(ROWS * unit * (outermost - settings.innermost))
        view = struck.at(band.unrolled(outermost, settings.innermost, count, round(5.0 * ROWS * unit), 1.0))
        step = (outermost - settings.innermost) / count
        rows += [
            _Row(score, outermost - upper * step, outermost - lower * step, k)
            for score, upper, lower in _plateaus(_alternation(view), settings.ring_heights)
        ]
    strips = []
    for row in _plainest(rows, settings.most_rings, settings.least_share):
        band = views[row.view]
        margin = settings.margin * (row.upper - row.lower)
        outer, inner = row.upper + margin, row.lower - margin
        unit = band.apothem if band.along_sides else 1.0
        length = math.pi * (outer + inner) * unit * (1.1 if band.along_sides else 1.0)
        # a word that begins before the foot of the mark must not be torn, so the band overlaps itself
        width = round(settings.turns * length / ((outer - inner) * unit) * settings.height)
        strip = struck.at(band.unrolled(outer, inner, settings.height, max(8, width), settings.turns))
        strips += [strip, np.ascontiguousarray(strip[::-1, ::-1])]
    return strips


def straight_lines(sheet: Sheet, outline: Outline, ink: Ink, settings: LetteringStrips) -> list[Quad]:
    """Straight rows of a mark that may be lettering or a date, full-size pixels, the plainest first.

    Parameters
    ----------
    sheet : Sheet
    outline : Outline
        Its rotation says roughly which way up straight lines are read.
    ink : Ink
        That the mark is struck in.
    settings : LetteringStrips
    """
    slope, rows = _straight_rows(_struck(sheet, outline, ink, settings.purity), outline, settings)
    turn = math.radians(slope)
    lines = []
    for row in rows:
        middle = (row.upper + row.lower) / 2 * outline.radius
        centre = outline.centre[0] - middle * math.sin(turn), outline.centre[1] + middle * math.cos(turn)
        width = 2 * _half_width(row, settings) * outline.radius
        lines.append(turned_rectangle(centre, width, (row.lower - row.upper) * outline.radius, slope))
    return lines


def _half_width(row: _Row, settings: LetteringStrips) -> float:
    return settings.line_width * math.sqrt(max(0.1, 1.0 - ((row.upper + row.lower) / 2) ** 2))


def _line_strips(struck: _Struck, outline: Outline, settings: LetteringStrips) -> list[Floats]:
    slope, rows = _straight_rows(struck, outline, settings)
    strips = []
    for row in rows:
        middle, height = (row.upper + row.lower) / 2, (1 + 2 * settings.margin) * (row.lower - row.upper)
        half = _half_width(row, settings)
        width = max(8, round(2 * half / height * settings.height))
        y = np.linspace(middle - height / 2, middle + height / 2, settings.height)[:, None]
        strips.append(struck.at(_straight(outline, slope, y, np.linspace(-half, half, width)[None])))
    return strips


def _straight_rows(struck: _Struck, outline: Outline, settings: LetteringStrips) -> tuple[float, list[_Row]]:
    """The slope near the expected one at which straight rows stand out best, and these rows."""
    down = np.linspace(-settings.line_reach, settings.line_reach, round(2 * settings.line_reach * ROWS))[:, None]
    right = np.linspace(-0.6, 0.6, round(1.2 * ROWS))[None]
    inside = np.hypot(down, right) < settings.line_reach + 0.06
    slopes = outline.rotation + np.arange(-settings.slopes, settings.slopes + 1) * settings.slope_step
    profiles = []
    for slope in slopes:
        view = struck.at(_straight(outline, slope, down, right))
        changes = (np.abs(np.diff(view, axis=1)) * inside[:, 1:]).sum(axis=1)
        profiles.append(_smooth(changes / np.maximum(inside.sum(axis=1), 20)))
    sharpest = int(np.argmax([np.square(np.diff(p)).sum() for p in profiles]))
    step = 2 * settings.line_reach / len(down)
    rows = [
        _Row(score, upper * step - settings.line_reach, lower * step - settings.line_reach)
        for score, upper, lower in _plateaus(profiles[sharpest], settings.line_heights)
    ]
    return float(slopes[sharpest]), _plainest(rows, settings.most_lines, settings.least_share)


def _straight(outline: Outline, slope: float, down: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> Places:
    """Points at distances from the centre, in radii, along a slope and across it."""
    cos, sin = math.cos(math.radians(slope)), math.sin(math.radians(slope))
    (a, b), (c, d) = _slant(outline) @ np.array([[cos, -sin], [sin, cos]])
    x, y = outline.centre
    return x + right * a + down * b, y + right * c + down * d


def _alternation(view: Floats) -> Floats:
    """How often ink and paper alternate along each row; rows inked nearly throughout, such as rings, count little."""
    changes = np.abs(np.diff(view, axis=1)).mean(axis=1)
    inked = (view > 0.5).mean(axis=1)
    return _smooth(changes * np.clip((0.75 - inked) / 0.25, 0.0, 1.0))


def _smooth(profile: npt.NDArray[np.floating]) -> Floats:
    return np.convolve(profile, np.full(3, 1 / 3), "same").astype(np.float32)


def _plateaus(profile: Floats, heights: tuple[float, float]) -> list[tuple[float, int, int]]:
    """Score, first and last row of the stretches of a profile that rise above the rows on both sides."""
    sums = np.concatenate([[0.0], np.cumsum(profile)])
    found: list[tuple[float, int, int]] = []
    for height in np.unique(np.geomspace(heights[0] * ROWS, heights[1] * ROWS, 10).astype(int)):
        margin = max(2, round(height * 0.22))
        first = np.arange(margin, len(profile) - height - margin + 1)
        if not len(first):
            continue
        inside = (sums[first + height] - sums[first]) / height
        before = (sums[first] - sums[first - margin]) / margin
        behind = (sums[first + height + margin] - sums[first + height]) / margin
        scores = (inside - 0.3 * (before + behind) - 0.4 * np.maximum(before, behind)) * math.sqrt(height)
        found += [(float(s), int(a), int(a + height)) for s, a in zip(scores, first, strict=True) if s > 0]
    return found


def _plainest(rows: list[_Row], most: int, least_share: float) -> list[_Row]:
    """The rows that stand out most, without those of the same view that lie across a plainer one."""
    kept: list[_Row] = []
    for row in sorted(rows, key=lambda r: -r.score):
        if len(kept) == most or (kept and row.score < least_share * kept[0].score):
            break
        if not any(_lie_across(row, other) for other in kept):
            kept.append(row)
    return kept


def _lie_across(one: _Row, other: _Row) -> bool:
    (a, b), (c, d) = sorted((one.upper, one.lower)), sorted((other.upper, other.lower))
    return one.view == other.view and min(b, d) - max(a, c) > 0.4 * min(b - a, d - c)


def _down(outline: Outline) -> npt.NDArray[np.float64]:
    turn = math.radians(outline.rotation)
    return np.array([-math.sin(turn), math.cos(turn)])


def _slant(outline: Outline) -> npt.NDArray[np.float64]:
    """What took an upright outline of radius 1 to this one: its size, and the shear of an oblique picture; (2, 2)."""
    points = np.asarray(outline.points, dtype=np.float64) - outline.centre
    turn = np.arange(len(points)) * (2 * math.pi / len(points))
    placed = points.T @ np.stack([np.cos(turn), np.sin(turn)], axis=1) * (2 / len(points))
    first = math.atan2(placed[1, 0], placed[0, 0])
    back = np.array([[math.cos(first), math.sin(first)], [-math.sin(first), math.cos(first)]])
    result: npt.NDArray[np.float64] = placed @ back
    return result


def _perimeter(outline: Outline) -> npt.NDArray[np.float64]:
    """Points evenly spaced along an outline, clockwise, shape (AROUND, 2)."""
    corners = np.asarray(outline.points, dtype=np.float64)
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    at = np.concatenate([[0.0], np.cumsum(sides)])
    where = np.arange(AROUND) * (at[-1] / AROUND)
    closed = np.vstack([corners, corners[:1]])
    return np.stack([np.interp(where, at, closed[:, 0]), np.interp(where, at, closed[:, 1])], axis=1)
