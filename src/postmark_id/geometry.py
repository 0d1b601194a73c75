"""Points, polygons and turned rectangles; nothing here knows of covers.

All points are ``(x, y)`` with y down; angles are degrees clockwise on the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.models import Point, Quad

CIRCLE_POINTS = 36
Span = tuple[int, int]
"""Where something begins, and where it has ended."""


def regular_polygon(centre: Point, radius: float, sides: int, rotation: float) -> tuple[Point, ...]:
    """Corners of a regular polygon; at rotation 0 a pentagon points up and an octagon stands on a side.

    Parameters
    ----------
    centre : Point
    radius : float
        Centre to corner, pixels.
    sides : int
        0 gives `CIRCLE_POINTS` points of a circle.
    rotation : float
        Degrees clockwise.
    """
    count = sides or CIRCLE_POINTS
    start = -90.0 + rotation + (180.0 / sides if sides and sides % 2 == 0 else 0.0)
    return tuple(
        (
            centre[0] + radius * math.cos(math.radians(start + 360.0 * k / count)),
            centre[1] + radius * math.sin(math.radians(start + 360.0 * k / count)),
        )
        for k in range(count)
    )


def turned_rectangle(centre: Point, width: float, height: float, rotation: float) -> Quad:
    """Corners of a rectangle turned clockwise about its centre, in reading order."""
    c, s = math.cos(math.radians(rotation)), math.sin(math.radians(rotation))
    w, h = width / 2, height / 2
    half = ((-w, -h), (w, -h), (w, h), (-w, h))
    tl, tr, br, bl = ((centre[0] + x * c - y * s, centre[1] + x * s + y * c) for x, y in half)
    return tl, tr, br, bl


def beside(point: npt.NDArray[np.float64], rotation: float, along: float, down: float) -> Point:
    """The point that lies so far ahead of another, and to the right of it, for one who looks along a direction."""
    c, s = math.cos(math.radians(rotation)), math.sin(math.radians(rotation))
    return float(point[0] + along * c - down * s), float(point[1] + along * s + down * c)


def measured(quad: Quad) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], float, float]:
    """Middle, direction (of length 1), width and height of a line of text."""
    corners = np.asarray(quad, dtype=np.float64)
    along = (corners[1] + corners[2] - corners[0] - corners[3]) / 2
    down = (corners[2] + corners[3] - corners[0] - corners[1]) / 2
    width = float(np.linalg.norm(along))
    return corners.mean(axis=0), along / max(width, 1e-6), width, float(np.linalg.norm(down))


def with_room(quad: Quad, ends: float, sides: float = 0.0) -> Quad:
    """A line of text with room before and behind it (`ends`) and above and below (`sides`), in its own heights."""
    tl, tr, br, bl = (np.asarray(corner, dtype=np.float64) for corner in quad)
    down, along = (bl - tl + br - tr) / 2, (tr - tl + br - bl) / 2
    up = down * sides
    ahead = along * (ends * float(np.linalg.norm(bl - tl)) / (float(np.linalg.norm(tr - tl)) or 1.0))
    a, b, c, d = ((float(x), float(y)) for x, y in (tl - up - ahead, tr - up + ahead, br + up + ahead, bl + up - ahead))
    return a, b, c, d


def widened(quad: Quad, margin: float) -> Quad:
    """A line of text with the same margin on all four sides.

    Parameters
    ----------
    quad : Quad
        Near enough to a parallelogram, as turned lines are; returned as it is where it has no area.
    margin : float
        Pixels between each side and the new one.
    """
    tl, tr, br, bl = (np.asarray(corner, dtype=np.float64) for corner in quad)
    along, down = (tr - tl) + (br - bl), (bl - tl) + (br - tr)
    long, short = math.hypot(*along), math.hypot(*down)
    area = abs(along[0] * down[1] - along[1] * down[0])
    if not area:
        return quad
    # Moving a side by `margin` shifts its ends along its neighbours by margin / sin(corner).
    along, down = along * (margin * short / area), down * (margin * long / area)
    a, b, c, d = (
        (float(x), float(y)) for x, y in (tl - along - down, tr + along - down, br + along + down, bl - along + down)
    )
    return a, b, c, d


def iou(a: Sequence[Point], b: Sequence[Point]) -> float:
    """Intersection over union of two convex polygons, 0..1."""
    one, other = as_array(a), as_array(b)
    common, _ = cv2.intersectConvexConvex(one, other)
    union = cv2.contourArea(one) + cv2.contourArea(other) - common
    return min(1.0, common / union) if union > 0 else 0.0


def angle_between(a: float, b: float, period: float = 360.0) -> float:
    """Smallest difference of two angles in degrees, up to a symmetry `period`; 0..period/2."""
    d = abs(a - b) % period
    return min(d, period - d)


def as_array(points: Sequence[Point]) -> npt.NDArray[np.float32]:
    """Points as an array of shape (n, 2), float32, for OpenCV."""
    return np.asarray(points, dtype=np.float32).reshape(-1, 2)


def contains(polygon: Sequence[Point], point: Point) -> bool:
    """Whether a point lies inside a convex or simple polygon (even-odd rule)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def runs(flags: npt.NDArray[np.bool_], gap: int) -> list[Span]:
    """Begin and end of each run of flags, those parted by a gap at most joined."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))).tolist()
    found = list(zip(edges[::2], edges[1::2], strict=True))
    cuts = [k for k, (one, other) in enumerate(pairwise(found), start=1) if other[0] - one[1] > gap]
    return [(found[a][0], found[b - 1][1]) for a, b in pairwise([0, *cuts, len(found)])] if found else []
