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
from postmark_id.marks.cells import STRIDE, Cells, Complexes, Ring, continuing, in_line, line_through, one_way
from postmark_id.marks.struck import Floats, Places, Struck
from postmark_id.models import Outline, Picture, Point, Quad
from postmark_id.networks import session
from postmark_id.settings import LetteringStrips

Points = npt.NDArray[np.float64]
"""Shape (n, 2)."""

# As training/rows/model.py lists them.
SIDE, RADIUS = 160, 74.0
LETTERS, FIGURES, COS_2, SIN_2, COS, SIN, LOG_HEIGHT, ASIDE = range(8)
BATCH = 8
"""Marks looked at in one go."""

IN_LINE, AS_HIGH = 0.8, 0.35
"""Greatest distance of a row from the line that another one lies in, in heights of its letters, and greatest logarithm
of the ratio of their heights."""
LONGER_STEPS = 7
"""Points along what a bent row is lengthened by."""


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

    def longer(self, by: float, outline: Outline) -> Row:
        """The row with so much more at both ends, in heights of its letters; a bent one goes on around its mark."""
        reach, ends = by * self.height, self.midline[[0, -1]]
        if not self.bent:
            first, last = ends + reach * np.stack([-self.ahead, self.ahead])
            return replace(self, midline=np.stack([first, *self.midline, last]))
        slant = outline.slant / outline.radius
        spokes = np.linalg.solve(slant, (self.midline - outline.centre).T).T @ (1, 1j)
        turns = np.unwrap(np.angle(spokes))
        free = max(0.0, math.pi - abs(turns[-1] - turns[0]) / 2)
        on = np.sign(turns[-1] - turns[0]) * min(reach / abs(spokes[0]), free) * np.linspace(0.0, 1.0, LONGER_STEPS)[1:]
        more = np.concatenate([spokes[0] * np.exp(-1j * on[::-1]), spokes, spokes[-1] * np.exp(1j * on)])
        return replace(self, midline=_placed(more, slant, outline.centre))

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
    """The ink of a mark as the network sees it, round where it is seen aslant; shape (side, side), uint8, ink high.

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
    reach = (np.arange(side) - side / 2 + 0.5) / radius
    x, y = np.tensordot(outline.slant, np.meshgrid(reach, reach), axes=1)
    xs = (outline.centre[0] - struck.left + x) * wide - 0.5
    ys = (outline.centre[1] - struck.top + y) * tall - 0.5
    places = xs.astype(np.float32), ys.astype(np.float32)
    found = cv2.remap(amount, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
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
    cells = Cells(
        middle=(x + 0.5 + 1j * (y + 0.5)) * STRIDE - (1 + 1j) * SIDE / 2 + aside,
        ahead=ahead,
        way=np.abs(way).clip(0.0, 1.0),
        height=height,
        share=(letters + figures)[y, x].clip(0.0, 1.0),
        dated=(figures > letters)[y, x],
    )
    parts = (part for whole in continuing(cells, settings.plain_row) for part in in_line(cells.some(whole)))
    rows = [row for part in parts for row in _rows(part, outline)]
    words = (
        row
        for row in rows
        if row.score >= settings.plain_row
        and row.length >= row.height * (settings.least_figures if row.dated else settings.least_length)
    )
    return sorted(words, key=lambda row: -row.score * row.length)


def _rows(cells: Cells, outline: Outline) -> Iterator[Row]:
    """The rows through some cells: along a ring around the centre, or along a line, whichever lies nearer to them."""
    ring, (off_line, line) = Ring.through(cells.middle), line_through(cells)
    if ring.off >= off_line:
        yield _row(cells, line, outline, bent=False)
        return
    for part in one_way(cells):
        yield _row(part, ring.along(part.middle), outline, bent=True)


def _row(cells: Cells, midline: Complexes, outline: Outline, *, bent: bool) -> Row:
    """The row through some cells, given its midline."""
    nearest = np.abs(cells.middle[:, None] - midline[None]).argmin(axis=1)
    agrees = np.sign(np.real(np.gradient(midline)[nearest] * cells.ahead.conj()))
    if (cells.way * agrees).sum() < 0:
        midline = midline[::-1]
    return Row(
        midline=_placed(midline, outline.slant / RADIUS, outline.centre),
        height=float(np.median(cells.height)) * outline.radius / RADIUS,
        score=float(cells.share.max()),
        dated=bool(cells.dated.all()),
        bent=bent,
    )


def _placed(midline: Complexes, slant: npt.NDArray[np.float64], centre: Point) -> Points:
    """Points around the origin as they lie on a mark that is seen aslant."""
    points: Points = np.stack([midline.real, midline.imag], axis=1) @ slant.T + centre
    return points
