"""Regular polygons and circles by voting from edge directions.

After G. Loy and N. Barnes, "Fast shape-based road sign detection for a driver assistance system" (IROS 2004), and for
circles G. Loy and A. Zelinsky, "Fast radial symmetry for detecting points of interest" (PAMI 25, 2003): an edge pixel
on a side of a regular n-gon with apothem r knows that the centre lies at distance r on the dark side, somewhere along
a segment as long as the side. It votes along that segment with weight exp(i n theta), theta being its direction: the
sides of one n-gon agree in phase, circles and lettering cancel out. The phase at the peak gives the rotation.

The votes are cast coarse to fine: into cells of `CELL` pixels over all radii; then each peak is checked on the edges
by the share of its perimeter that is supported, side by side, so that one long straight line can't pass for a polygon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from proposed import CIRCUMRADII, Proposed, density, enlarged, polygon, without_doubles

from postmark_id.models import Picture, Shape

Floats = npt.NDArray[np.float32]
CELL = 4
RADIUS_STEP = 1.07
MOST_EDGES = 24_000
LOWEST_CONTRAST = 0.035
PEAKS_PER_RADIUS = 4
PEAKS_CHECKED = 40
MOST_PROPOSALS = 12


@dataclass(frozen=True, slots=True)
class Edges:
    """Edge pixels: where they are, the direction from dark to light in radians, and a weight 0..1; shape (n,) each."""

    xs: Floats
    ys: Floats
    theta: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Peak:
    """A place where votes agree: centre, apothem, and direction of the normal of one side, radians."""

    height: float
    x: float
    y: float
    apothem: float
    phase: float


def propose(pixels: Picture) -> list[Proposed]:
    """Vote for pentagons, octagons and circles."""
    ink, scale = density(pixels)
    pixels_of_edges = edges(ink)
    if not len(pixels_of_edges.xs):
        return []
    found: list[Proposed] = []
    for shape in (Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE):
        peaks = _vote(shape, pixels_of_edges, ink.shape[:2])
        checked = [_checked(shape, peak, pixels_of_edges) for peak in peaks]
        found += without_doubles(checked, MOST_PROPOSALS)
    return enlarged(sorted(found, key=lambda p: -p.score), scale)


def edges(ink: Floats) -> Edges:
    """Edges of ink on paper.

    Only maxima of the gradient along its own direction are kept, the strongest `MOST_EDGES` of them.
    """
    smooth = cv2.GaussianBlur(ink, (0, 0), 1.0)
    gx, gy = -cv2.Scharr(smooth, cv2.CV_32F, 1, 0) / 32, -cv2.Scharr(smooth, cv2.CV_32F, 0, 1) / 32
    size = np.hypot(gx, gy)
    size[:2], size[-2:], size[:, :2], size[:, -2:] = 0, 0, 0, 0
    ys, xs = np.nonzero(size > LOWEST_CONTRAST)
    strength, dx, dy = size[ys, xs], gx[ys, xs], gy[ys, xs]
    stepx, stepy = np.rint(dx / strength).astype(int), np.rint(dy / strength).astype(int)
    thin = (strength >= size[ys + stepy, xs + stepx]) & (strength > size[ys - stepy, xs - stepx])
    ys, xs, strength, dx, dy = ys[thin], xs[thin], strength[thin], dx[thin], dy[thin]
    if len(xs) > MOST_EDGES:
        keep = np.argpartition(strength, -MOST_EDGES)[-MOST_EDGES:]
        ys, xs, strength, dx, dy = ys[keep], xs[keep], strength[keep], dx[keep], dy[keep]
    # a faint side must not be outvoted by black print: the weight grows slowly with contrast
    weight = np.minimum(1.0, 0.4 + strength / 0.15)
    return Edges(xs.astype(np.float32), ys.astype(np.float32), np.arctan2(dy, dx), weight.astype(np.float32))


def _apothems(shape: Shape) -> Floats:
    inner = math.cos(math.pi / shape.sides) if shape.sides else 1.0
    low, high = CIRCUMRADII[0] * inner, CIRCUMRADII[1] * inner
    steps = math.ceil(math.log(high / low) / math.log(RADIUS_STEP))
    return np.geomspace(low, high, steps + 1).astype(np.float32)


def _vote(shape: Shape, of: Edges, size: tuple[int, int]) -> list[Peak]:
    """Highest peaks over all radii, best first."""
    rows, columns = size[0] // CELL + 1, size[1] // CELL + 1
    c, s = np.cos(of.theta), np.sin(of.theta)
    real = of.weight * np.cos(shape.sides * of.theta)
    imaginary = of.weight * np.sin(shape.sides * of.theta)
    peaks: list[Peak] = []
    for r in _apothems(shape):
        half = r * math.tan(math.pi / shape.sides) if shape.sides else 0.0
        along = np.arange(-half, half + 1, CELL, dtype=np.float32)[:, None]
        x = np.rint((of.xs - r * c - along * s) / CELL).astype(np.int32)
        y = np.rint((of.ys - r * s + along * c) / CELL).astype(np.int32)
        inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
        cells = (y * columns + x)[inside]
        votes = _cast(cells, np.broadcast_to(real, x.shape)[inside], rows, columns).astype(np.complex64)
        if shape.sides:
            votes += 1j * _cast(cells, np.broadcast_to(imaginary, x.shape)[inside], rows, columns)
        # a full outline gives as many votes as it has pixels
        full = 2.0 * shape.sides * half if shape.sides else 2.0 * math.pi * r
        height = np.abs(votes) / full
        peaks += [
            Peak(h, CELL * px, CELL * py, float(r), float(np.angle(votes[py, px])) / max(shape.sides, 1))
            for px, py, h in _highest(height.astype(np.float32))
        ]
    peaks.sort(key=lambda peak: -peak.height)
    return peaks[:PEAKS_CHECKED]


def _cast(cells: npt.NDArray[np.int32], weights: Floats, rows: int, columns: int) -> Floats:
    votes = np.bincount(cells, weights=weights, minlength=rows * columns).reshape(rows, columns)
    # blurred by about a cell each way: strikes are not drawn with a ruler
    return np.asarray(cv2.GaussianBlur(votes, (5, 5), 1.0) * 3.0, dtype=np.float32)


def _highest(height: Floats) -> list[tuple[int, int, float]]:
    top = (height == cv2.dilate(height, np.ones((5, 5), np.uint8))) & (height > 0)
    ys, xs = np.nonzero(top)
    order = np.argsort(-height[ys, xs])[:PEAKS_PER_RADIUS]
    return [(int(xs[i]), int(ys[i]), float(height[ys[i], xs[i]])) for i in order]


def _checked(shape: Shape, peak: Peak, of: Edges) -> Proposed:
    """Score a peak by how much of its outline has edges in place that point outward, sector by sector."""
    x, y, r, phase = peak.x, peak.y, peak.apothem, peak.phase
    n = shape.sides or 12
    turn = 2 * math.pi / n
    near = np.hypot(of.xs - x, of.ys - y) < 1.6 * r
    ex, ey, direction, w = of.xs[near], of.ys[near], of.theta[near], of.weight[near]
    bearing = np.arctan2(ey - y, ex - x)
    sector = np.rint((bearing - phase) / turn).astype(int) % n
    normal = phase + sector * turn if shape.sides else bearing
    aligned = np.cos(direction - normal) > 0.92
    distance = (ex - x) * np.cos(normal) + (ey - y) * np.sin(normal)
    side = 2 * r * math.tan(turn / 2)
    best, best_apothem = -1.0, r
    for factor in (0.96, 0.98, 1.0, 1.02, 1.04):
        on_line = aligned & (np.abs(distance - factor * r) < 1.5 + 0.02 * r)
        support = np.minimum(1.0, np.bincount(sector[on_line], w[on_line], minlength=n) / side)
        # the worst sector may be missing altogether, the others have to carry it
        score = float(np.sort(support)[1:].mean())
        if score > best:
            best, best_apothem = score, factor * r
    if not shape.sides:
        return polygon(shape, (x, y), best_apothem, 0.0, best)
    upright = 54.0 if shape is Shape.PENTAGON else 90.0
    rotation = (math.degrees(phase) + upright) % (360.0 / n)
    return polygon(shape, (x, y), best_apothem / math.cos(math.pi / n), rotation, best)
