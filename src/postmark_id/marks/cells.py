"""Cells: the places of a view of a mark where letters stand, and the rings and lines that they stand on.

Cells that continue each other are one row. The circle or the straight line through it is sought among all that it may
be; on an oblique photograph, a circle is drawn out and lies a little beside the centre. Where the letters of a ring
begin to be read the other way round, as those of its lower half often are, another row begins.

Points and directions are complex numbers, x + iy, y down, in pixels of the view from its centre.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Complexes = npt.NDArray[np.complex128]
Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

STRIDE = 4
"""Distance of two cells that touch, pixels of the view."""
BLANK = 0.8
"""Greatest distance of two cells of a row along it, in heights of the letters: a word and the next are one row."""
ASIDE_MOST = 0.35
"""Greatest distance across it."""
TURN_LEAST = 0.9
"""Least cosine of the angle between their directions."""
HEIGHT_MOST = 0.25
"""Greatest logarithm of the ratio of their heights."""
KNOWN_WAY = 0.2
"""How surely two directions must be known for opposite ones to part a row."""
CHANGE = 30.0
"""Cells that must surely be read the other way round than those before them on a ring for the ring to be parted there,
half of them on each side."""
FEWEST = 3
"""Cells that make a row at least."""
ALL_BUT = 0.8
"""Share of its cells that must lie on one ring or line for a row not to be parted."""
DIRECTIONS = 100.0
"""Weight of directions against places for the slope of a line: that of cells 10 pixels away from its middle."""
SPREAD, ASTRAY = 2.0, 4.0
"""How far cells lie off their ring, and a ring off a circle around the centre; pixels of the view."""
ALL_AROUND, TURNS = 0.93, 1.15
"""Share of a turn from which a row runs all around, and how far it is followed then."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Places of the view where letters stand.

    Attributes
    ----------
    middle : ndarray, shape (n,)
        The nearest point of the midline.
    ahead, way : ndarray, shape (n,)
        Direction of reading, and how surely it is that and not the opposite one, 0..1.
    height : ndarray, shape (n,)
        Of the letters.
    share : ndarray, shape (n,)
        How likely letters stand there.
    dated : ndarray, shape (n,)
        Whether they are rather the figures of a date.
    """

    middle: Complexes
    ahead: Complexes
    way: Reals
    height: Reals
    share: Reals
    dated: Flags

    def some(self, which: Flags) -> Cells:
        """Those that are marked."""
        return Cells(
            self.middle[which], self.ahead[which], self.way[which],
            self.height[which], self.share[which], self.dated[which],
        )  # fmt: skip


def continuing(cells: Cells, plain: float) -> list[Flags]:
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


def in_line(cells: Cells) -> Iterator[Cells]:
    """Cells parted into those of one circle or line each: print across a mark may touch its letters."""
    while len(cells.middle) >= FEWEST:
        reach = float(np.median(cells.height)) * ASIDE_MOST
        radii, apart = np.abs(cells.middle), cells.middle[None] - cells.middle[:, None]
        on_ring = np.abs(radii[None] - radii[:, None]) < reach
        on_line = np.abs((apart * cells.ahead[:, None].conj()).imag) < reach
        near_ring = np.abs(radii - Ring.through(cells.middle).radius(np.angle(cells.middle))) < reach
        among = max((near_ring, *on_ring, *on_line), key=np.count_nonzero)
        if np.count_nonzero(among) >= ALL_BUT * len(among):
            yield cells
            return
        yield cells.some(among)
        cells = cells.some(~among)


def one_way(cells: Cells) -> list[Cells]:
    """Cells of a ring parted where its letters begin to be read the other way round, as where its lower half ends."""
    turns = np.angle(cells.middle)
    order = np.argsort((turns - _beginning(turns)[0]) % (2 * math.pi))
    clockwise = (cells.way * np.real(1j * cells.middle / np.abs(cells.middle) * cells.ahead.conj()))[order]
    # the likeliest ways, each change of which has its price (Viterbi)
    gained, changed = np.zeros(2), np.zeros((len(order), 2), dtype=bool)
    for k, share in enumerate(clockwise):
        changed[k] = gained[::-1] - CHANGE > gained
        gained = np.where(changed[k], gained[::-1] - CHANGE, gained) + np.array([share, -share])
    ways = np.empty(len(order), dtype=np.intp)
    way = int(gained.argmax())
    for k in range(len(order) - 1, -1, -1):
        ways[k] = way
        way = 1 - way if changed[k, way] else way
    runs = np.split(order, np.flatnonzero(np.diff(ways)) + 1)
    return [cells.some(np.isin(np.arange(len(order)), run)) for run in runs]


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle around the centre of a mark, or one that is a little shifted and drawn out, as on oblique photographs.

    Attributes
    ----------
    shares : ndarray, shape (5,)
        Radius in pixels of the view: its mean, and its shares that come and go once and twice in a turn.
    off : float
        How far the points lie off it through which it is laid, and it off a true circle.
    """

    shares: Reals
    off: float

    @classmethod
    def through(cls, middle: Complexes) -> Ring:
        """The likeliest ring through some points: the fewer there are, the nearer it is to a true circle."""
        radii, turns = np.abs(middle), cls._waves(np.angle(middle))
        mean = float(np.median(radii))
        doubt = np.diag([0.0] + [(SPREAD / ASTRAY) ** 2] * (turns.shape[1] - 1))
        shares = np.linalg.solve(turns.T @ turns + doubt, turns.T @ (radii - mean))
        apart = np.sum((radii - mean - turns @ shares) ** 2) + shares @ doubt @ shares
        shares[0] += mean
        return cls(np.asarray(shares, np.float64), float(np.sqrt(apart / len(middle))))

    def radius(self, turns: Reals) -> Reals:
        """Its radius at some turns, radians."""
        found: Reals = self._waves(turns) @ self.shares
        return found

    def along(self, middle: Complexes) -> Complexes:
        """Where it passes some points, clockwise."""
        start, span = _beginning(np.angle(middle))
        if span > ALL_AROUND * 2 * math.pi:  # a word that stands across the beginning must not be torn
            span = TURNS * 2 * math.pi
        mean = float(self.shares[0])
        half = STRIDE / 2 / max(mean, 1.0)
        t = np.linspace(start - half, start + span + half, max(3, round(mean * span / 2)))
        return np.asarray(self.radius(t) * np.exp(1j * t), np.complex128)

    @staticmethod
    def _waves(turns: npt.NDArray[np.floating]) -> Reals:
        once, twice = turns, 2 * turns
        return np.stack([np.ones_like(turns), np.cos(once), np.sin(once), np.cos(twice), np.sin(twice)], axis=1)


def line_through(cells: Cells) -> tuple[float, Complexes]:
    """How far cells lie off a straight line, and that line where they are."""
    centre = cells.middle.mean()
    # of squared complex numbers, those of one slope add up whichever way they point
    spread = np.sum((cells.middle - centre) ** 2) + DIRECTIONS * np.sum(cells.ahead**2)
    axis = np.exp(0.5j * np.angle(spread))
    off = (cells.middle - centre) * axis.conj()
    ends = np.linspace(off.real.min() - STRIDE / 2, off.real.max() + STRIDE / 2, 3)
    return float(np.sqrt(np.mean(off.imag**2))), centre + ends * axis


def _beginning(turns: Reals) -> tuple[float, float]:
    """Where points around a centre begin, behind the widest gap between them, and how far they reach; radians."""
    ordered = np.sort(turns)
    gaps = np.diff(np.append(ordered, ordered[0] + 2 * math.pi))
    widest = int(np.argmax(gaps))
    return float(ordered[(widest + 1) % len(ordered)]), 2 * math.pi - float(gaps[widest])
