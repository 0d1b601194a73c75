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
from training.voting.proposed import CIRCUMRADII, Proposed, density, enlarged, polygon

from postmark_id.models import Picture, Shape

Floats = npt.NDArray[np.float32]
CELL = 4
RADIUS_STEP = 1.07
MOST_EDGES = 24_000
LOWEST_CONTRAST = 0.035
SMOOTHING = 1.0
DIRECTION_REACH = 2.5
PEAKS_PER_RADIUS = 8
PEAKS_CHECKED = 50
FITTING_TOLERANCES = (0.08, 0.05, 0.03, 0.02)
LEAST_ALIGNED = 0.93
COVER_STEP = 3.0
SECTORS_OF_CIRCLE = 12
POLYGON_COUNTS = 1.2
SIZE_COUNTS = 0.5


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
        found += checked
    return enlarged(_without_rivals(found), scale)


def edges(ink: Floats) -> Edges:
    """Edges of ink on paper.

    Only maxima of the gradient along its own direction are kept, the strongest `MOST_EDGES` of them.
    """
    smooth = cv2.GaussianBlur(ink, (0, 0), SMOOTHING)
    gx, gy = -cv2.Scharr(smooth, cv2.CV_32F, 1, 0) / 32, -cv2.Scharr(smooth, cv2.CV_32F, 0, 1) / 32
    size = np.hypot(gx, gy)
    gx, gy = _along_lines(gx, gy, size)
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


def _along_lines(gx: Floats, gy: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Turn gradients to the direction that prevails around them, from the structure tensor.

    The two edges of a stroke point against each other but have the same tensor, so the direction of a faint, grainy
    line is taken from all of it; the gradient itself only says which side is lighter.
    """
    double = cv2.GaussianBlur(cv2.merge([gx * gx - gy * gy, 2 * gx * gy]), (0, 0), DIRECTION_REACH)
    angle = np.arctan2(double[..., 1], double[..., 0]) / 2
    x, y = np.cos(angle), np.sin(angle)
    outward = np.where(gx * x + gy * y < 0, -size, size)
    return outward * x, outward * y


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
    kept: list[Peak] = []
    for peak in sorted(peaks, key=lambda peak: -peak.height):
        if not any(_same(peak, other) for other in kept):
            kept.append(peak)
        if len(kept) == PEAKS_CHECKED:
            break
    return kept


def _same(a: Peak, b: Peak) -> bool:
    return math.hypot(a.x - b.x, a.y - b.y) <= 2.5 * CELL and 0.87 < a.apothem / b.apothem < 1.15


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
    """Fit the outline to the edges near it, and score it by the share of its length that has edges, side by side."""
    n = shape.sides or SECTORS_OF_CIRCLE
    turn = 2 * math.pi / n
    near = (np.abs(of.xs - peak.x) < 1.6 * peak.apothem) & (np.abs(of.ys - peak.y) < 1.6 * peak.apothem)
    xs, ys, theta = of.xs[near], of.ys[near], of.theta[near]
    x, y, apothem, phase = peak.x, peak.y, peak.apothem, peak.phase
    for tolerance in FITTING_TOLERANCES:
        bearing = np.arctan2(ys - y, xs - x)
        sector = np.rint((bearing - phase) / turn).astype(int) % n
        normal = phase + sector * turn if shape.sides else bearing
        nx, ny = np.cos(normal), np.sin(normal)
        off = (xs - x) * nx + (ys - y) * ny - apothem
        along = (ys - y) * nx - (xs - x) * ny
        on_line = (np.cos(theta - normal) > LEAST_ALIGNED) & (np.abs(off) < max(1.5, tolerance * apothem))
        if on_line.sum() < 4 * n:
            break
        # where an edge lies off its side: centre, apothem and rotation are a little wrong
        columns = [nx, ny, np.ones_like(nx)] + ([-along] if shape.sides else [])
        system = np.stack([column[on_line] for column in columns], axis=1)
        step = np.linalg.lstsq(system, off[on_line], rcond=None)[0]
        x, y, apothem = x + float(step[0]), y + float(step[1]), apothem + float(step[2])
        phase += float(step[3]) if shape.sides else 0.0
    covered = _coverage(sector[on_line], along[on_line] if shape.sides else None, bearing[on_line], n, apothem)
    # the worst sector may be missing altogether, the others have to carry it
    score = float(np.sort(covered)[1:].mean())
    if not shape.sides:
        return polygon(shape, (x, y), apothem, 0.0, score)
    upright = 54.0 if shape is Shape.PENTAGON else 90.0
    rotation = (math.degrees(phase) + upright) % (360.0 / n)
    return polygon(shape, (x, y), apothem / math.cos(math.pi / n), rotation, score)


def _coverage(
    sector: npt.NDArray[np.int_], along: Floats | None, bearing: Floats, sectors: int, apothem: float
) -> npt.NDArray[np.float64]:
    """Share of each sector's length that has an edge, in steps of about `COVER_STEP` pixels."""
    side = 2 * apothem * math.tan(math.pi / sectors)
    steps = max(4, round(side / COVER_STEP))
    within = along / side + 0.5 if along is not None else (bearing * sectors / (2 * math.pi) + 0.5) % 1.0
    step = np.clip((within * steps).astype(int), 0, steps - 1)
    hit = np.zeros((sectors, steps), dtype=bool)
    hit[sector, step] = True
    return np.asarray(hit.mean(axis=1))


def _without_rivals(found: list[Proposed]) -> list[Proposed]:
    """One proposal for each outline, best score first.

    An octagon is nearly a circle, and inside a polygon there often is a ring: a polygon is preferred. Of concentric
    outlines the largest is the mark's edge, so size counts in favour, too.
    """

    def preference(p: Proposed) -> float:
        return p.score * p.outline.radius**SIZE_COUNTS * (POLYGON_COUNTS if p.outline.shape.sides else 1.0)

    kept: list[Proposed] = []
    for p in sorted(found, key=lambda p: -preference(p)):
        if not any(_concentric(p, other) for other in kept):
            kept.append(p)
    return sorted(kept, key=lambda p: -p.score)


def _concentric(a: Proposed, b: Proposed) -> bool:
    larger, smaller = max(a.outline.radius, b.outline.radius), min(a.outline.radius, b.outline.radius)
    return math.dist(a.outline.centre, b.outline.centre) < 0.3 * larger and larger < 2.2 * smaller
