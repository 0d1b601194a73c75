"""Lettering that runs round a mark, laid out straight, so that the engines of dates read it as well.

Lettering round a circle is unrolled in polar coordinates: the upper arc stands with its feet to the centre and
reads clockwise, the lower arc with its heads to the centre and reads counter-clockwise. Along the sides of a
polygon it is straight already and only cut out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import cv2
import numpy as np

from postmark_id.dates.strips import PAPER_WHITE, cut, turned_about
from postmark_id.models import Outline, Picture, Point, Quad, Shape

Heads = Literal["out", "in"]
"""Whether the heads of the letters point away from the centre or towards it."""
OVERLAP = 20.0
"""Degrees that neighbouring arcs share, so that no word is cut in both."""


def unroll(
    pixels: Picture,
    centre: Point,
    radii: tuple[float, float],
    start: float,
    sweep: float,
    *,
    heads: Heads = "out",
    height: int = 48,
) -> Picture:
    """Lay an arc of lettering out straight.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, 3), uint8
    centre : Point
    radii : tuple of float
        Inner and outer radius between which the lettering stands, pixels.
    start, sweep : float
        Degrees clockwise from the top of the mark where the arc begins, and its length. Lettering with its heads out
        is read clockwise from there, lettering with its heads in counter-clockwise.
    heads : {"out", "in"}
    height : int
        Height of the strip, pixels.

    Returns
    -------
    ndarray, shape (height, width) or (height, width, 3), uint8
        Upright; what lies outside the picture is white.
    """
    inner, outer = radii
    depth = max(outer - inner, 1.0)
    middle = (inner + outer) / 2
    width = max(height // 2, round(math.radians(abs(sweep)) * middle * height / depth))
    sign = 1.0 if heads == "out" else -1.0
    angle = np.radians(start + sign * sweep * (np.arange(width) + 0.5) / width - 90.0)
    rows = (np.arange(height) + 0.5) / height
    radius = outer - depth * rows if heads == "out" else inner + depth * rows
    x = (centre[0] + radius[:, None] * np.cos(angle)[None, :] - 0.5).astype(np.float32)
    y = (centre[1] + radius[:, None] * np.sin(angle)[None, :] - 0.5).astype(np.float32)
    source, x, y = _smaller(pixels, x, y, depth / height)
    strip = cv2.remap(source, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(PAPER_WHITE,) * 3)
    return np.asarray(strip, dtype=np.uint8)


def _smaller(pixels: Picture, x: np.ndarray, y: np.ndarray, factor: float) -> tuple[Picture, np.ndarray, np.ndarray]:
    """Crop to what is looked at, and average areas where the strip is much smaller than the scan."""
    h, w = pixels.shape[:2]
    x0, x1 = int(np.clip(x.min() - 2, 0, w - 1)), int(np.clip(x.max() + 3, 1, w))
    y0, y1 = int(np.clip(y.min() - 2, 0, h - 1)), int(np.clip(y.max() + 3, 1, h))
    crop = pixels[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
    if factor <= 1.5:
        return np.ascontiguousarray(crop), x - np.float32(x0), y - np.float32(y0)
    size = (max(1, round(crop.shape[1] / factor)), max(1, round(crop.shape[0] / factor)))
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    along, down = size[0] / crop.shape[1], size[1] / crop.shape[0]
    moved_x = (x - x0 + 0.5) * np.float32(along) - 0.5
    moved_y = (y - y0 + 0.5) * np.float32(down) - 0.5
    return np.asarray(small, dtype=np.uint8), moved_x.astype(np.float32), moved_y.astype(np.float32)


def arcs(
    pixels: Picture, outline: Outline, inner: float = 0.66, outer: float = 0.97, height: int = 48
) -> list[Picture]:
    """Strips of the lettering round a mark: four arcs with heads out, four with heads in, each 90 degrees and some.

    Parameters
    ----------
    inner, outer : float
        Where the lettering stands, as shares of the mark's radius.
    """
    low, high = inner * outline.radius, outer * outline.radius
    length = 90.0 + OVERLAP
    strips = []
    for heads, sign in (("out", 1.0), ("in", -1.0)):
        for quarter in range(4):
            middle = outline.rotation + 90.0 * quarter + (180.0 if sign < 0 else 0.0)
            side: Heads = "out" if heads == "out" else "in"
            start = middle - sign * length / 2
            strips.append(unroll(pixels, outline.centre, (low, high), start, length, heads=side, height=height))
    return strips


def edges(outline: Outline, depth: float = 0.24) -> Iterator[Quad]:
    """Lines along the inside of each side of a polygon, heads out; `strips.turned_about` gives heads in.

    Parameters
    ----------
    depth : float
        Height of the line as a share of the mark's radius.
    """
    points = outline.points
    cx, cy = outline.centre
    for (ax, ay), (bx, by) in zip(points, (*points[1:], points[0]), strict=True):
        # Inwards is from the middle of the side to the centre; corners run clockwise on the screen.
        mx, my = (ax + bx) / 2, (ay + by) / 2
        reach = math.hypot(cx - mx, cy - my) or 1.0
        share = depth * outline.radius / reach
        ix, iy = (cx - mx) * share, (cy - my) * share
        yield (ax, ay), (bx, by), (bx + ix, by + iy), (ax + ix, ay + iy)


def lettering(pixels: Picture, outline: Outline, height: int = 48) -> list[Picture]:
    """All strips in which the lettering of a mark may stand, upright: arcs of a circle, sides of a polygon."""
    if outline.shape.sides == 0 or outline.shape is Shape.OTHER:
        return arcs(pixels, outline, height=height)
    quads = [q for edge in edges(outline) for q in (edge, turned_about(edge))]
    return [cut(pixels, q, height, 0.0) for q in quads]
