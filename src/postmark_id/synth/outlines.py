"""Outlines of marks: polygons and circles, more or less regular, cut a little by hand, with one, two or three lines.

Design note: the outline in the label is the outermost line's middle, so a fit that follows the ink agrees with it.
"""

from __future__ import annotations

import math

import numpy as np

from postmark_id.geometry import regular_polygon
from postmark_id.models import Point, Shape
from postmark_id.synth.sheet import Sheet

LONGEST = 23.0
"""Half the length of a drawn-out polygon at most, millimetres."""


def hand_cut(sides: int, radius: float, rng: np.random.Generator, jitter: float) -> tuple[Point, ...]:
    """Corners of a polygon (36 points of a circle for 0 sides), each moved a little and the whole made a bit uneven.

    One polygon in eight is not meant to be regular in the first place: see `_uneven`.

    Parameters
    ----------
    radius : float
        Circumradius, millimetres.
    jitter : float
        Standard deviation of a corner's shift as a share of the radius.
    """
    kind = rng.random()
    squash = 1.0 + rng.normal(0.0, 0.05 if kind < 0.07 else jitter * 0.6)
    points = regular_polygon((0.0, 0.0), radius, sides, 0.0)
    if not sides:
        return tuple((x * squash, y / squash) for x, y in points)
    moved = rng.normal(0.0, jitter * radius, (sides, 2))
    if 0.07 <= kind < 0.19:
        points = _uneven(points, rng)
    return tuple((x * squash + dx, y / squash + dy) for (x, y), (dx, dy) in zip(points, moved, strict=True))


def _uneven(regular: tuple[Point, ...], rng: np.random.Generator) -> tuple[Point, ...]:
    """A polygon of other proportions that is as wide at its narrowest as a regular one.

    An octagon may be a rectangle with its corners cut off; any polygon may be drawn out in some direction.
    """
    sides = len(regular)
    narrow = abs(regular[0][1]) if sides == Shape.OCTAGON.sides else math.hypot(*regular[0]) * math.cos(math.pi / sides)
    length = float(rng.uniform(1.0, min(1.45, max(1.02, LONGEST / narrow))))
    if sides == Shape.OCTAGON.sides and rng.random() < 0.65:
        along, across, cut = narrow * length, narrow, narrow * float(rng.uniform(0.42, 0.75))
        corners = [(along - cut, across), (along, across - cut)]
        quarters = [(1, -1), (1, 1), (-1, 1), (-1, -1)]
        placed = [
            (x * right, y * down)
            for k, (right, down) in enumerate(quarters)
            for x, y in (corners if k % 2 == 0 else corners[::-1])
        ]
        return tuple(placed) if rng.random() < 0.8 else turned(tuple(placed), 90.0)
    axis = float(rng.choice([0.0, 90.0, rng.uniform(0.0, 180.0)]))
    length = 1.0 + (length - 1.0) * 0.75
    return turned(tuple((x * length, y) for x, y in turned(regular, -axis)), axis)


def turned(points: tuple[Point, ...], degrees: float) -> tuple[Point, ...]:
    """Points turned clockwise about the origin."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return tuple((x * c - y * s, x * s + y * c) for x, y in points)


def inset(points: tuple[Point, ...], share: float) -> tuple[Point, ...]:
    """Points pulled towards the origin to `share` of their distance."""
    return tuple((x * share, y * share) for x, y in points)


def rounded(points: tuple[Point, ...], radius: float, steps: int = 5) -> tuple[Point, ...]:
    """Polygon with its corners cut round by quadratic curves that start `radius` before each corner."""
    if radius <= 0:
        return points
    result: list[Point] = []
    xy = np.asarray(points, np.float64)
    for corner, before, after in zip(xy, np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0), strict=True):
        a = corner + (before - corner) * min(0.45, radius / max(1e-6, float(np.hypot(*(before - corner)))))
        b = corner + (after - corner) * min(0.45, radius / max(1e-6, float(np.hypot(*(after - corner)))))
        for t in np.linspace(0.0, 1.0, steps):
            x, y = a * (1 - t) ** 2 + corner * 2 * t * (1 - t) + b * t * t
            result.append((float(x), float(y)))
    return tuple(result)


def _evenly(points: tuple[Point, ...], step: float) -> list[Point]:
    """Points about `step` apart along a closed line."""
    closed = np.asarray([*points, points[0]], np.float64)
    lengths = np.hypot(*np.diff(closed, axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(lengths)])
    count = max(8, round(float(at[-1]) / step))
    where = np.linspace(0.0, float(at[-1]), count, endpoint=False)
    x, y = (np.interp(where, at, closed[:, k]) for k in (0, 1))
    return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]


def _rule(sheet: Sheet, line: tuple[Point, ...], width: float, pattern: str) -> None:
    """One closed line: solid, dashed, dotted or toothed."""
    if pattern == "solid":
        sheet.path(line, width, closed=True)
    elif pattern == "dashed":
        points = _evenly(line, 0.7)
        for k in range(0, len(points), 3):
            sheet.path([points[k], points[(k + 1) % len(points)], points[(k + 2) % len(points)]], width)
    elif pattern == "dotted":
        for point in _evenly(line, 2.6 * max(width, 0.4)):
            sheet.circle(point, max(width, 0.4) * 0.75)
    else:
        points = _evenly(line, 0.6)
        shares = [1.03 if k % 2 else 0.975 for k in range(len(points))]
        sheet.path([(x * s, y * s) for (x, y), s in zip(points, shares, strict=True)], min(width, 0.45), closed=True)


def draw_outline(sheet: Sheet, corners: tuple[Point, ...], rng: np.random.Generator, *, round_by: float) -> float:
    """Draw the lines of an outline in a random style; gives the share of the radius that stays free inside."""
    radius = max(math.hypot(*p) for p in corners)
    thick, thin = float(rng.uniform(0.9, 1.7)), float(rng.uniform(0.25, 0.5))
    single, gap = float(rng.uniform(0.35, 1.1)), float(rng.uniform(0.6, 1.3))
    styles = {
        "single": [single], "double": [thin, thin], "triple": [thin, thin, thin],
        "thick-thin": [thick, thin], "thin-thick": [thin, thick],
    }  # fmt: skip
    widths = styles[str(rng.choice(list(styles), p=[0.34, 0.27, 0.07, 0.2, 0.12]))]
    fancy = int(rng.integers(len(widths))) if rng.random() < 0.2 else -1
    pattern = str(rng.choice(["dashed", "dotted", "toothed"]))
    at = 0.0
    for index, width in enumerate(widths):
        if index:
            at += gap + widths[index - 1] / 2 + width / 2
        line = rounded(inset(corners, 1.0 - at / radius), round_by)
        _rule(sheet, line, width, pattern if index == fancy else "solid")
    return 1.0 - (at + widths[-1] / 2) / radius


def reverse_out(sheet: Sheet, corners: tuple[Point, ...]) -> None:
    """Make the inside solid ink and the drawing in it bare paper."""
    inside = Sheet(sheet.width, sheet.height, sheet.scale)
    inside.area(corners)
    np.copyto(sheet.ink, 255 - sheet.ink, where=inside.ink > 127)
