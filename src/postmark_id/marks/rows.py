"""Rows of lettering: where letters stand in a row within a mark, along a ring or a line, and which way they are read.

A small network (``data/rows.onnx``, trained on rendered covers by ``training/rows``) sees the ink of one mark from
above, whichever way up it stands, and says of each place whether letters or the figures of a date run through it, in
which direction, how high they are and how far off their middle runs. Places that continue each other are one row; a
straight line or a circle around the mark's centre is laid through them, whichever lies nearer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import contains, turned_rectangle
from postmark_id.marks.struck import Floats, Places, Struck
from postmark_id.models import Outline, Picture, Point, Quad
from postmark_id.networks import session
from postmark_id.settings import LetteringStrips

Points = npt.NDArray[np.float64]
"""Shape (n, 2)."""
Complexes = npt.NDArray[np.complex128]

# As training/rows/model.py lists them.
SIDE, RADIUS, STRIDE = 160, 74.0, 4
LETTERS, FIGURES, COS_2, SIN_2, COS, SIN, LOG_HEIGHT, ASIDE = range(8)
BATCH = 8
"""Marks looked at in one go."""

BLANK = 0.8
"""Greatest distance of two cells of a row along it, in heights of the letters: a word and the next are one row."""
ASIDE_MOST = 0.35
"""Greatest distance across it."""
TURN_LEAST = 0.9
"""Least cosine of the angle between their directions."""
HEIGHT_MOST = 0.25
"""Greatest logarithm of the ratio of their heights."""
IN_LINE, AS_HIGH = 0.8, 0.35
"""Greatest distance of a row from the line that another one lies in, in heights of its letters, and greatest logarithm
of the ratio of their heights."""
KNOWN_WAY = 0.2
"""How surely two directions must be known for opposite ones to part a row."""
FEWEST = 3
"""Cells that make a row at least."""
ALL_BUT = 0.8
"""Share of its cells that must lie on one circle or line for a row not to be parted."""
DIRECTIONS = 100.0
"""Weight of directions against places for the slope of a line: that of cells 10 pixels away from its middle."""
LONGER_STEPS = 7
"""Points along what a bent row is lengthened by."""
ALL_AROUND, TURNS = 0.93, 1.15
"""Share of a turn from which a row runs all around, and how far it is followed then."""


@dataclass(frozen=True, slots=True)
class Row:
    """Letters or figures in a row.

    Attributes
    ----------
    midline : ndarray, shape (n, 2)
        Points along the middle of the letters, in reading order, full-size pixels.
    height : float
        Of the letters, pixels.
    score : float
        How plainly the row is seen where it is plainest, 0..1.
    dated : bool
        Whether it looks like the figures of a date.
    bent : bool
        Whether it runs along a ring.
    """

    midline: Points
    height: float
    score: float
    dated: bool
    bent: bool

    @property
    def length(self) -> float:
        """From end to end along the midline, pixels."""
        return float(np.linalg.norm(np.diff(self.midline, axis=0), axis=1).sum())

    @property
    def ahead(self) -> npt.NDArray[np.float64]:
        """Unit vector from the first end to the last."""
        ahead: npt.NDArray[np.float64] = self.midline[-1] - self.midline[0]
        ahead /= max(float(np.linalg.norm(ahead)), 1e-6)
        return ahead

    def turned_like(self, other: Row) -> Row:
        """The same row read from the end from which the other is: of a few figures nobody knows the way."""
        return self if float(self.ahead @ other.ahead) >= 0.0 else replace(self, midline=self.midline[::-1])

    def within(self, polygon: Sequence[Point]) -> float:
        """The share of its midline that lies inside a polygon, 0..1."""
        return float(np.mean([contains(polygon, (x, y)) for x, y in self.midline.tolist()]))

    @property
    def quad(self) -> Quad:
        """Corners of a straight row in reading order."""
        (x, y), (dx, dy) = self.midline[[0, -1]].mean(axis=0).tolist(), (self.midline[-1] - self.midline[0]).tolist()
        return turned_rectangle((x, y), math.hypot(dx, dy), self.height, math.degrees(math.atan2(dy, dx)))

    def goes_on_in(self, other: Row) -> bool:
        """Whether both are straight and the other lies ahead in the same line, however far."""
        if self.bent or other.bent or abs(math.log(self.height / other.height)) > AS_HIGH:
            return False
        ahead = self.ahead
        ends = other.midline[[0, -1]] - self.midline[-1]
        aside = np.abs(ends @ (-ahead[1], ahead[0])).max()
        along = ends @ ahead
        return bool(0.0 < along[0] < along[1] and aside < IN_LINE * self.height)

    def longer(self, by: float, centre: Point) -> Row:
        """The row with so much more at both ends, in heights of its letters; a bent one goes on around the centre."""
        reach, ends = by * self.height, self.midline[[0, -1]]
        if not self.bent:
            first, last = ends + reach * np.stack([-self.ahead, self.ahead])
            return replace(self, midline=np.stack([first, *self.midline, last]))
        spokes = (self.midline - centre) @ (1, 1j)
        turns = np.unwrap(np.angle(spokes))
        free = max(0.0, math.pi - abs(turns[-1] - turns[0]) / 2)
        on = np.sign(turns[-1] - turns[0]) * min(reach / abs(spokes[0]), free) * np.linspace(0.0, 1.0, LONGER_STEPS)[1:]
        more = np.concatenate([spokes[0] * np.exp(-1j * on[::-1]), spokes, spokes[-1] * np.exp(1j * on)])
        return replace(self, midline=np.stack([more.real, more.imag], axis=1) + centre)

    def unrolled(self, height: int, margin: float, room: float) -> Places:
        """Points of a strip along the row.

        Parameters
        ----------
        height : int
            Of the strip, pixels.
        margin : float
            Above and below the letters, in heights of them.
        room : float
            Before and behind them, likewise.
        """
        steps = np.linalg.norm(np.diff(self.midline, axis=0), axis=1)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        deep = (1.0 + 2.0 * margin) * self.height
        width = max(height // 2, round((along[-1] + 2 * room * self.height) / deep * height))
        t = np.linspace(-room * self.height, along[-1] + room * self.height, width)
        middle = np.stack([_continued(t, along, self.midline[:, k]) for k in (0, 1)], axis=1)
        ahead = np.gradient(middle, axis=0)
        ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
        off = np.linspace(-deep / 2, deep / 2, height)[:, None]
        return middle[:, 0] - off * ahead[:, 1], middle[:, 1] + off * ahead[:, 0]


def spanned(first: Row, last: Row) -> Quad:
    """Corners of two straight rows of one line and what lies between them, in reading order."""
    return first.quad[0], last.quad[1], last.quad[2], first.quad[3]


def _continued(
    t: npt.NDArray[np.float64], along: npt.NDArray[np.float64], values: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Values between the known ones, and straight on beyond them."""
    found: npt.NDArray[np.float64] = np.interp(t, along, values)
    first = (values[1] - values[0]) / max(along[1] - along[0], 1e-9)
    last = (values[-1] - values[-2]) / max(along[-1] - along[-2], 1e-9)
    found += np.minimum(t - along[0], 0.0) * first + np.maximum(t - along[-1], 0.0) * last
    return found


def seen_from_above(struck: Struck, outline: Outline, side: int = SIDE, radius: float = RADIUS) -> Picture:
    """The ink of a mark as the network sees it, shape (side, side), uint8, ink high.

    Parameters
    ----------
    struck : Struck
    outline : Outline
    side : int
        Of the view, pixels.
    radius : float
        Of the mark in the view, pixels.
    """
    shrink = radius / (outline.radius * struck.scale)
    amount = struck.amount
    if shrink < 1.0:  # area averages, then the rest of the way
        size = max(1, round(amount.shape[1] * shrink)), max(1, round(amount.shape[0] * shrink))
        amount = np.asarray(cv2.resize(amount, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
    tall, wide = (struck.scale * kept / taken for kept, taken in zip(amount.shape, struck.amount.shape, strict=True))
    reach = (np.arange(side) - side / 2 + 0.5) * outline.radius / radius
    x = (outline.centre[0] - struck.left + reach) * wide - 0.5
    y = (outline.centre[1] - struck.top + reach) * tall - 0.5
    xs, ys = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    found = cv2.remap(amount, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(np.clip(found * 255.0, 0, 255), dtype=np.uint8)


def rows_of(struck: Sequence[Struck], outlines: Sequence[Outline], settings: LetteringStrips) -> list[list[Row]]:
    """The rows of each mark, the plainest first."""
    found: list[list[Row]] = []
    for k in range(0, len(struck), BATCH):
        some = list(zip(struck[k : k + BATCH], outlines[k : k + BATCH], strict=True))
        views = np.stack([seen_from_above(*one) for one in some])[:, None]
        (maps,) = session("rows.onnx").run(None, {"views": views.astype(np.float32) / 255.0})
        found += [decode(m, outline, settings) for m, (_, outline) in zip(maps, some, strict=True)]
    return found


def decode(maps: Floats, outline: Outline, settings: LetteringStrips) -> list[Row]:
    """The rows of one mark, the plainest first.

    Parameters
    ----------
    maps : ndarray, shape (8, SIDE / STRIDE, SIDE / STRIDE)
        Raw answer of the network.
    outline : Outline
    settings : LetteringStrips
    """
    letters, figures = 1.0 / (1.0 + np.exp(-maps[:2].astype(np.float64)))
    y, x = np.nonzero(letters + figures >= settings.least_row)
    if not len(x):
        return []
    at = maps[:, y, x].astype(np.float64)
    slope = np.exp(0.5j * np.angle(at[COS_2] + 1j * at[SIN_2]))
    way = np.real(slope.conj() * (at[COS] + 1j * at[SIN]))
    ahead = np.where(way < 0, -slope, slope)
    height = np.exp(np.clip(at[LOG_HEIGHT], 0.0, 4.5))
    aside = 1j * ahead * np.clip(at[ASIDE], -1.0, 1.0) * height
    cells = _Cells(
        middle=(x + 0.5 + 1j * (y + 0.5)) * STRIDE - (1 + 1j) * SIDE / 2 + aside,
        ahead=ahead,
        way=np.abs(way).clip(0.0, 1.0),
        height=height,
        share=(letters + figures)[y, x].clip(0.0, 1.0),
        dated=(figures > letters)[y, x],
    )
    parts = (part for whole in _continuing(cells, settings.plain_row) for part in _in_line(cells.some(whole)))
    rows = [_row(part, outline) for part in parts]
    words = (
        row
        for row in rows
        if row.score >= settings.plain_row
        and row.length >= row.height * (settings.least_figures if row.dated else settings.least_length)
    )
    return sorted(words, key=lambda row: -row.score * row.length)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Places of the view where letters stand. Points and directions are complex numbers, x + iy, y down.

    Attributes
    ----------
    middle : ndarray, shape (n,)
        The nearest point of the midline, from the centre of the mark, pixels of the view.
    ahead, way : ndarray, shape (n,)
        Direction of reading, and how surely it is that and not the opposite one, 0..1.
    height : ndarray, shape (n,)
        Of the letters, pixels.
    share : ndarray, shape (n,)
        How likely letters stand there.
    dated : ndarray, shape (n,)
        Whether they are rather the figures of a date.
    """

    middle: Complexes
    ahead: Complexes
    way: npt.NDArray[np.float64]
    height: npt.NDArray[np.float64]
    share: npt.NDArray[np.float64]
    dated: npt.NDArray[np.bool_]

    def some(self, which: npt.NDArray[np.bool_]) -> _Cells:
        return _Cells(
            self.middle[which], self.ahead[which], self.way[which],
            self.height[which], self.share[which], self.dated[which],
        )  # fmt: skip


def _continuing(cells: _Cells, plain: float) -> list[npt.NDArray[np.bool_]]:
    """Cells that continue each other, directly or by others between, with the fainter ones next to them."""
    apart = cells.middle[None] - cells.middle[:, None]
    turned = np.real(cells.ahead[None] * cells.ahead[:, None].conj())
    ahead = cells.ahead[:, None] + cells.ahead[None] * np.sign(turned)
    off = apart * ahead.conj() / np.maximum(np.abs(ahead), 1e-6)
    height = np.sqrt(cells.height[None] * cells.height[:, None])
    both_known = np.minimum(cells.way[None], cells.way[:, None]) > KNOWN_WAY
    linked = (
        (np.abs(off.real) < np.maximum(BLANK * height, 1.6 * STRIDE))
        & (np.abs(off.imag) < ASIDE_MOST * height)
        & (np.abs(turned) > TURN_LEAST)
        & ~(both_known & (turned < 0))
        & (np.abs(np.log(cells.height[None] / cells.height[:, None])) < HEIGHT_MOST)
        & (cells.dated[None] == cells.dated[:, None])
    )
    core = cells.share >= plain
    among_core = linked & core & core[:, None]
    first = np.arange(len(linked))
    while True:
        nearer = np.minimum(np.where(among_core, first[None], len(first)).min(axis=1), first)
        if (nearer == first).all():
            break
        first = nearer[nearer]
    rows = [core & (first == k) for k in np.unique(first[core])]
    # the fainter ones end a row and never join two: at the ends of words all grows faint
    return [row | (~core & linked[row].any(axis=0)) for row in rows]


def _in_line(cells: _Cells) -> Iterator[_Cells]:
    """Cells parted into those of one circle or line each: print across a mark may touch its letters."""
    while len(cells.middle) >= FEWEST:
        reach = float(np.median(cells.height)) * ASIDE_MOST
        radii, apart = np.abs(cells.middle), cells.middle[None] - cells.middle[:, None]
        on_ring = np.abs(radii[None] - radii[:, None]) < reach
        on_line = np.abs((apart * cells.ahead[:, None].conj()).imag) < reach
        among = max((*on_ring, *on_line), key=np.count_nonzero)
        if np.count_nonzero(among) >= ALL_BUT * len(among):
            yield cells
            return
        yield cells.some(among)
        cells = cells.some(~among)


def _row(cells: _Cells, outline: Outline) -> Row:
    """The row through some cells: along a circle around the centre, or along a line, whichever lies nearer to them."""
    (off_ring, ring), (off_line, line) = _around(cells.middle), _along(cells)
    midline = ring if off_ring < off_line else line
    nearest = np.abs(cells.middle[:, None] - midline[None]).argmin(axis=1)
    agrees = np.sign(np.real(np.gradient(midline)[nearest] * cells.ahead.conj()))
    if (cells.way * agrees).sum() < 0:
        midline = midline[::-1]
    scale = outline.radius / RADIUS
    return Row(
        midline=np.stack([midline.real, midline.imag], axis=1) * scale + np.asarray(outline.centre),
        height=float(np.median(cells.height)) * scale,
        score=float(cells.share.max()),
        dated=bool(cells.dated.all()),
        bent=off_ring < off_line,
    )


def _around(middle: Complexes) -> tuple[float, Complexes]:
    """How far cells lie off a circle around the centre, and that circle where they are, clockwise."""
    radius = float(np.median(np.abs(middle)))
    turns = np.sort(np.angle(middle))
    gaps = np.diff(np.append(turns, turns[0] + 2 * math.pi))
    widest = int(np.argmax(gaps))
    start, span = float(turns[(widest + 1) % len(turns)]), 2 * math.pi - float(gaps[widest])
    if span > ALL_AROUND * 2 * math.pi:  # a word that stands across the beginning must not be torn
        span = TURNS * 2 * math.pi
    half = STRIDE / 2 / max(radius, 1.0)
    t = np.linspace(start - half, start + span + half, max(3, round(radius * span / 2)))
    return float(np.sqrt(np.mean((np.abs(middle) - radius) ** 2))), radius * np.exp(1j * t)


def _along(cells: _Cells) -> tuple[float, Complexes]:
    """How far cells lie off a straight line, and that line where they are."""
    centre = cells.middle.mean()
    # of squared complex numbers, those of one slope add up whichever way they point
    spread = np.sum((cells.middle - centre) ** 2) + DIRECTIONS * np.sum(cells.ahead**2)
    axis = np.exp(0.5j * np.angle(spread))
    off = (cells.middle - centre) * axis.conj()
    ends = np.linspace(off.real.min() - STRIDE / 2, off.real.max() + STRIDE / 2, 3)
    return float(np.sqrt(np.mean(off.imag**2))), centre + ends * axis
