"""Pictures in the middle of a mark: stations, globes, orbits, stars, rockets, emblems of random geometry.

Design note: no motif of a real mark is known in detail, so each function draws a family, not a picture: counts,
proportions and line widths are random. All fit into a disc of the given radius.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from postmark_id.models import Point
from postmark_id.synth.sheet import Sheet

Motif = Callable[[Sheet, Point, float, np.random.Generator], None]


def _pen(size: float, rng: np.random.Generator) -> float:
    return float(np.clip(rng.uniform(0.03, 0.08) * size, 0.18, 0.6))


def _at(centre: Point, x: float, y: float, turn: float) -> Point:
    c, s = math.cos(turn), math.sin(turn)
    return centre[0] + x * c - y * s, centre[1] + x * s + y * c


def _box(sheet: Sheet, c: Point, sides: tuple[float, float, float, float], turn: float, pen: float) -> None:
    """A turned box with its sides at x0, y0, x1, y1 from `c`; filled where the pen is 0."""
    x0, y0, x1, y1 = sides
    corners = [_at(c, x, y, turn) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    if pen > 0:
        sheet.path(corners, pen, closed=True)
    else:
        sheet.area(corners)


def star(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator, points: int | None = None) -> None:
    """A star with 4 to 8 points, filled or in outline."""
    count = points or int(rng.choice([4, 5, 5, 5, 6, 8]))
    inner = size * float(rng.uniform(0.3, 0.5))
    corners = [_at(centre, 0.0, -(size if k % 2 == 0 else inner), math.pi * k / count) for k in range(2 * count)]
    if rng.random() < 0.7:
        sheet.area(corners)
    else:
        sheet.path(corners, _pen(size, rng), closed=True)


def rays(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator, count: int | None = None) -> None:
    """A star of thin rays, as in the ISS postmarks."""
    n = count or int(rng.choice([4, 6, 8]))
    pen = float(np.clip(size * 0.18, 0.18, 0.5))
    for k in range(n):
        angle = 2 * math.pi * k / n
        sheet.path([_at(centre, 0.0, -size * 0.12, angle), _at(centre, 0.0, -size, angle)], pen)
    if rng.random() < 0.4:
        sheet.circle(centre, size * 0.3)


def globe(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator) -> None:
    """A globe with meridians and parallels, at times with an orbit."""
    pen = _pen(size, rng)
    r = size * float(rng.uniform(0.6, 0.95))
    turn = float(rng.uniform(-30, 30))
    sheet.circle(centre, r, pen)
    for share in np.linspace(0, 1, int(rng.integers(2, 5)))[:-1]:
        sheet.ellipse(centre, (r * float(share) + 0.05, r), turn, pen)
    for y in np.linspace(-0.6, 0.6, int(rng.integers(1, 5))):
        half = r * math.sqrt(max(0.0, 1 - float(y) ** 2))
        sheet.path(
            [_at(centre, -half, float(y) * r, math.radians(turn)), _at(centre, half, float(y) * r, math.radians(turn))],
            pen,
        )
    if rng.random() < 0.5:
        sheet.ellipse(centre, (size, size * float(rng.uniform(0.2, 0.5))), float(rng.uniform(-50, 50)), pen)


def orbits(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator) -> None:
    """Crossing orbits with a body in the middle and satellites."""
    pen = _pen(size, rng)
    base = float(rng.uniform(0, 180))
    count = int(rng.integers(1, 4))
    for k in range(count):
        turn = base + 180.0 * k / count
        flat = float(rng.uniform(0.25, 0.5))
        sheet.ellipse(centre, (size, size * flat), turn, pen)
        t = float(rng.uniform(0, 2 * math.pi))
        sheet.circle(_at(centre, size * math.cos(t), size * flat * math.sin(t), math.radians(turn)), size * 0.09)
    if rng.random() < 0.7:
        sheet.circle(centre, size * float(rng.uniform(0.15, 0.3)))
    else:
        star(sheet, centre, size * 0.3, rng)


def station(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator) -> None:
    """A station of cylinders, boxes and solar panels."""
    pen = _pen(size, rng)
    turn = math.radians(float(rng.uniform(-40, 40)))
    width = size * float(rng.uniform(0.1, 0.2))
    x = -size * float(rng.uniform(0.6, 0.95))
    end = -x * float(rng.uniform(0.7, 1.0))
    while x < end:
        length = size * float(rng.uniform(0.2, 0.5))
        half = width * float(rng.uniform(0.5, 1.2))
        stop = min(end, x + length)
        _box(sheet, centre, (x, -half, stop, half), turn, pen if rng.random() < 0.75 else 0.0)
        if rng.random() < 0.7:
            _panels(sheet, centre, ((x + stop) / 2, half), size, turn=turn, rng=rng)
        x = stop
    for _ in range(int(rng.integers(0, 3))):
        at = float(rng.uniform(-0.5, 0.5)) * size
        side = float(rng.choice([-1, 1]))
        _box(sheet, centre, (at, side * width, at + width * 1.2, side * size * 0.5), turn, pen)


def _panels(
    sheet: Sheet, c: Point, root: tuple[float, float], size: float, *, turn: float, rng: np.random.Generator
) -> None:
    """A pair of solar panels, ribbed or solid, whose arms leave a body at +-root from `c`."""
    x, y = root
    pen = _pen(size, rng)
    reach = size * float(rng.uniform(0.4, 0.75))
    half = size * float(rng.uniform(0.06, 0.14))
    solid = rng.random() < 0.25
    for side in (-1.0, 1.0):
        _box(sheet, c, (x - half, side * (y + size * 0.06), x + half, side * reach), turn, 0.0 if solid else pen)
        sheet.path([_at(c, x, side * y, turn), _at(c, x, side * reach, turn)], pen)
        if not solid:
            for t in np.linspace(y + size * 0.1, reach, int(rng.integers(2, 7))):
                sheet.path(
                    [_at(c, x - half, side * float(t), turn), _at(c, x + half, side * float(t), turn)], pen * 0.7
                )


def rocket(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator) -> None:
    """A rocket or a ship with a trail."""
    turn = math.radians(float(rng.uniform(-60, 60)))
    half = size * float(rng.uniform(0.1, 0.22))
    body = [(0.0, -size), (half, -size * 0.5), (half, size * 0.35), (half * 2.2, size * 0.6), (-half * 2.2, size * 0.6),
            (-half, size * 0.35), (-half, -size * 0.5)]  # fmt: skip
    corners = [_at(centre, x, y, turn) for x, y in body]
    if rng.random() < 0.5:
        sheet.area(corners)
    else:
        sheet.path(corners, _pen(size, rng), closed=True)
        sheet.circle(_at(centre, 0.0, -size * 0.3, turn), half * 0.5, _pen(size, rng))
    for k in range(int(rng.integers(0, 4))):
        x = (k - 1) * half
        sheet.path([_at(centre, x, size * 0.65, turn), _at(centre, x * 1.8, size, turn)], _pen(size, rng))


def docking(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator) -> None:
    """Two ships nose to nose."""
    turn = float(rng.uniform(-35, 35))
    half = size * 0.5
    for side in (-1.0, 1.0):
        where = _at(centre, side * half, 0.0, math.radians(turn))
        pen = _pen(size, rng)
        width = size * float(rng.uniform(0.1, 0.2))
        angle = math.radians(turn)
        _box(sheet, where, (-half * 0.7, -width, half * 0.8, width), angle, pen)
        sheet.circle(_at(where, -side * half * 0.5, 0.0, angle), width * 1.1, pen)
        _panels(sheet, where, (side * half * 0.2, width), size, turn=angle, rng=rng)


def emblem(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator) -> None:
    """Random geometry: discs, polygons, swooshes, hatching."""
    for _ in range(int(rng.integers(2, 6))):
        pen = _pen(size, rng)
        kind = int(rng.integers(0, 5))
        x, y = (float(v) * size for v in rng.uniform(-0.45, 0.45, 2))
        where = (centre[0] + x, centre[1] + y)
        r = size * float(rng.uniform(0.15, 0.5))
        if kind == 0:
            sheet.circle(where, r, pen if rng.random() < 0.7 else 0.0)
        elif kind == 1:
            n = int(rng.integers(3, 8))
            corners = [_at(where, 0.0, -r, 2 * math.pi * k / n) for k in range(n)]
            sheet.path(corners, pen, closed=True)
        elif kind == 2:
            t = np.linspace(0, 1, 24)
            a, b, c = (rng.uniform(-0.9, 0.9, 2) * size for _ in range(3))
            curve = np.outer((1 - t) ** 2, a) + np.outer(2 * t * (1 - t), b) + np.outer(t**2, c)
            sheet.path([(centre[0] + float(p), centre[1] + float(q)) for p, q in curve * 0.7], pen * 1.4)
        elif kind == 3:
            star(sheet, where, r * 0.6, rng)
        else:
            turn = float(rng.uniform(0, math.pi))
            for k in np.linspace(-r, r, int(rng.integers(3, 8))):
                half = math.sqrt(max(0.0, r * r - float(k) ** 2))
                sheet.path([_at(where, float(k), -half, turn), _at(where, float(k), half, turn)], pen * 0.7)


def landscape(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator) -> None:
    """Horizon of the Earth with stars above."""
    pen = _pen(size, rng)
    depth = size * float(rng.uniform(1.0, 2.0))
    t = np.linspace(-0.8, 0.8, 30) * size
    for k in range(int(rng.integers(1, 4))):
        y = np.sqrt(np.maximum(0.0, depth**2 - t**2))
        base = size * (0.35 + 0.15 * k)
        sheet.path(
            [(centre[0] + float(a), centre[1] + base + depth - float(b)) for a, b in zip(t, y, strict=True)], pen
        )
    for _ in range(int(rng.integers(2, 7))):
        x, y0 = (float(v) for v in rng.uniform((-0.7, -0.8), (0.7, 0.1)))
        star(sheet, (centre[0] + x * size, centre[1] + y0 * size), size * 0.1, rng)
    if rng.random() < 0.5:
        station(sheet, (centre[0], centre[1] - size * 0.25), size * 0.5, rng)


MOTIFS: tuple[Motif, ...] = (star, rays, globe, orbits, station, station, rocket, docking, emblem, landscape)


def draw_motif(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator) -> str:
    """Draw one motif chosen at random; gives its name."""
    motif = MOTIFS[int(rng.integers(len(MOTIFS)))]
    motif(sheet, centre, size, rng)
    return motif.__name__
