"""Fit: lay an outline on the ink and say how well it is borne out.

A circle is laid on the strokes around each proposal first; seen unrolled around it, the mark shows its shape (`ring`).
The likeliest shape is then fitted, with a slight shear for oblique photographs and hand-cut rubber. What counts is how
much of the outline carries ink, not how dark the ink is, so that faint and broken strikes have their chance.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import CIRCLE_POINTS
from postmark_id.ink import Ink, Sheet, density_around, layer, main_ink
from postmark_id.marks.found import SHAPES, shares
from postmark_id.marks.propose import Proposal
from postmark_id.marks.ring import shapes_around
from postmark_id.models import Outline, Point, Quad, Shape
from postmark_id.settings import InkSettings, MarkSettings

Floats = npt.NDArray[np.float32]
Params = npt.NDArray[np.float64]
"""Columns: centre x, centre y, log radius, phase (radians), and two shears; in patch pixels."""

PATCH_RADIUS = 80.0
"""Radius that a mark has in the patch on which it is fitted, pixels."""
PATCH_REACH = 1.45
"""Half the side of the patch, in radii of the proposal."""
SAMPLES = 160
"""Points along an outline."""
COARSE_SAMPLES = 80
"""Points along it while its place is only roughly known."""
RADII = 11
"""Radii tried, from a fifth smaller to a third larger than proposed."""
WITHIN = 0.82
"""A circle of less than this, in shares of the radius that was proposed, lies on something within a mark."""
OUTSIDE = (1.08, 1.15)
"""Where strokes speak against an outline: it would be the inner one of two."""
PHASES = 12
"""Rotations tried within the symmetry of a polygon."""
SHEAR_COST = 0.5
"""What a shear takes from the support of an outline, in shares of its length for each unit."""
SAME_DEPTH = 1.08
"""The deepest of inks that count as equally deep, in shares of the faintest of them."""
FAINT = 0.75
"""Ink of less than this, in shares of the middling one, is not counted for how even an outline is."""
UPRIGHT = ((0.0, 0.0),)
"""Shears from which a regular outline is sought."""
DRAWN_OUT = tuple((s * math.cos(k * math.pi / 3), s * math.sin(k * math.pi / 3)) for s in (0.1, 0.18) for k in range(6))
"""Shears from which an outline is sought that is longer in one of six directions."""


@dataclass(frozen=True, slots=True)
class Fit:
    """An outline laid on the ink.

    Attributes
    ----------
    outline : Outline
        In full-size pixels.
    coverage : float
        Share of the outline that carries ink, 0..1.
    depth : float
        Density of ink on the plainer half of an outline, above that of the surroundings; 0 where it is not asked for,
        of what is not even doubtful.
    evenness : float
        Share of the outline whose ink is as deep as that of most, within `SAME_DEPTH`; 0 where the depth is. Print is
        even, also where other print lies across it or a part is hidden; what is struck by hand is not.
    shares : mapping of Shape to float
        How likely each shape is there, ``Shape.OTHER`` for no mark at all.
    ink : Ink
    proposal : Proposal
    """

    outline: Outline
    coverage: float
    depth: float
    evenness: float
    shares: Mapping[Shape, float]
    ink: Ink
    proposal: Proposal

    @property
    def score(self) -> float:
        """How sure it is that a mark of this shape is there, 0..1."""
        return self.shares[self.outline.shape]

    @property
    def runner_up(self) -> Shape:
        """What is likeliest else."""
        return max((s for s in self.shares if s is not self.outline.shape), key=lambda s: self.shares[s])


@dataclass(frozen=True, slots=True)
class Encircled:
    """The surroundings of a proposal, with a circle laid on the ink.

    Attributes
    ----------
    values : ndarray, shape (h, w, 3), float32
        Densities of ink; the proposed radius is `PATCH_RADIUS` pixels.
    scale : float
        Pixels of `values` for each full-size pixel.
    origin : ndarray, shape (2,)
        Full-size position of their first pixel.
    ink : Ink
        In which the outline is struck.
    strokes : ndarray, shape (h, w), float32
        Where thin strokes of that ink run, 0..1.
    proposed, circle : ndarray, shape (6,)
        Parameters of the circle that was proposed, and of the one on the ink.
    """

    values: Floats
    scale: float
    origin: npt.NDArray[np.float64]
    ink: Ink
    strokes: Floats
    proposed: Params
    circle: Params

    @property
    def centre(self) -> Point:
        """Centre of the circle to look around, in pixels of `values`."""
        x, y, *_ = self._looked_around
        return float(x), float(y)

    @property
    def axes(self) -> Floats:
        """What makes the unit circle the one to look around, shape (2, 2), in pixels of `values`."""
        unturned = self._looked_around * (1.0, 1.0, 1.0, 0.0, 1.0, 1.0)
        return _maps(unturned[None])[:, 0, :2]

    @property
    def _looked_around(self) -> Params:
        """Parameters of the circle on the ink, or of the proposed one where that is a ring of letters within a seal."""
        within = math.exp(self.circle[2] - self.proposed[2]) < WITHIN
        return self.proposed if within else self.circle

    def outline(self, shape: Shape, upright: float, params: Params) -> Outline:
        """Outline of a shape in full-size pixels."""
        return _outline(shape, upright, params, self.scale, self.origin)


def encircle(sheet: Sheet, proposal: Proposal, settings: InkSettings) -> Encircled:
    """Find the ink that a proposed mark is struck in, and lay a circle on it."""
    scale, origin, values = _patch(sheet, proposal)
    start = _start(proposal, scale, origin)
    rough = _search(_strokes(values.mean(axis=2)), proposal.shape.sides, start)
    # once the outline is roughly known, look only at the ink that it is struck in
    ink = main_ink(_sample_colours(values, rough, proposal.shape.sides), settings)
    strokes = _strokes(layer(values, ink))
    return Encircled(values, scale, origin, ink, strokes, start, _search(strokes, 0, start))


def _start(proposal: Proposal, scale: float, origin: npt.NDArray[np.float64]) -> Params:
    """Parameters of an outline where it was proposed."""
    return np.array([*((np.array(proposal.centre) - origin) * scale), math.log(PATCH_RADIUS), 0.0, 0.0, 0.0])


def fit(sheet: Sheet, proposal: Proposal, settings: MarkSettings, ink_settings: InkSettings) -> Fit:
    """Fit the shape that is likeliest at a proposed place to the ink there."""
    around = encircle(sheet, proposal, ink_settings)
    likely = shares(proposal, shapes_around(around.values, around.centre, around.axes), settings.found_weights)
    likeliest = max(SHAPES, key=lambda s: likely[s])
    shape, best = _laid(around, proposal, _decided(likeliest, likely, settings), settings)
    if shape is not likeliest:  # which was the ring within it, or is too little likelier
        likely = {**likely, shape: likely[likeliest], likeliest: likely[shape]}
    template = _template(shape.sides)
    is_asked_for = likely[shape] >= settings.least_doubtful
    depth, evenness = _inked(around.values, template, best) if is_asked_for else (0.0, 0.0)
    return Fit(
        outline=around.outline(shape, proposal.upright, best),
        coverage=_coverage(around.strokes, template, best, settings.stroke_floor),
        depth=depth,
        evenness=evenness,
        shares=likely,
        ink=around.ink,
        proposal=proposal,
    )


def _decided(likeliest: Shape, likely: Mapping[Shape, float], settings: MarkSettings) -> Shape:
    """The likeliest shape, or a circle where it is a polygon that is little likelier: most marks are round."""
    if likely[likeliest] < settings.least_polygon and likely[Shape.CIRCLE] >= likely[Shape.OTHER]:
        return Shape.CIRCLE
    return likeliest


def _laid(around: Encircled, proposal: Proposal, likeliest: Shape, settings: MarkSettings) -> tuple[Shape, Params]:
    """The likeliest shape where it fits best; a circle that the close look doubts gives way to a pentagon around it.

    A seal may have a ring of lettering that touches its sides from within. (An octagon is too near to a circle for its
    strokes to tell the two apart.)
    """
    start = _start(proposal, around.scale, around.origin)
    if likeliest.sides:
        return likeliest, _polygon(around.strokes, likeliest.sides, start, settings)
    if proposal.seen.get(likeliest, 1.0) < settings.plain_circle:
        sides = Shape.PENTAGON.sides
        pentagon = _search(around.strokes, sides, start)
        borne = float(_support(around.strokes, _template(sides), pentagon[None])[0])
        if borne >= max(settings.borne_out, float(_support(around.strokes, _template(0), around.circle[None])[0])):
            return Shape.PENTAGON, pentagon
    return likeliest, around.circle


def _polygon(strokes: Floats, sides: int, start: Params, settings: MarkSettings) -> Params:
    """The regular polygon that fits best, or one drawn out in some direction where that is borne out better."""
    regular = _search(strokes, sides, start)
    template = _template(sides)
    if _coverage(strokes, template, regular, settings.stroke_floor) >= settings.well_inked:
        return regular
    both = np.stack([regular, _search(strokes, sides, start, DRAWN_OUT)])
    best: Params = both[int(np.argmax(_support(strokes, template, both)))]
    return best


def _patch(sheet: Sheet, proposal: Proposal) -> tuple[float, npt.NDArray[np.float64], Floats]:
    """Densities around a proposal at the scale of fitting.

    Returns the patch pixels per full-size pixel, the full-size position of the patch's origin, and the densities.
    """
    radius = proposal.radius * sheet.scale
    middle = np.array([proposal.centre]) * sheet.scale
    values, edges = density_around(sheet, middle, room=PATCH_REACH * radius)
    zoom = PATCH_RADIUS / radius
    size = max(2, round(values.shape[1] * zoom)), max(2, round(values.shape[0] * zoom))
    resized = cv2.resize(values, size, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR)
    return zoom * sheet.scale, np.array(edges, dtype=np.float64) / sheet.scale, np.asarray(resized, np.float32)


def _strokes(amount: Floats) -> Floats:
    """Where thin dark strokes run, 0..1: darker than the surroundings of a few pixels, cut off at a fair strength."""
    ridge = _blur(amount, 1.2) - _blur(amount, 6.0)
    fair = max(float(np.percentile(ridge, 97.0)) * 0.5, 0.02)
    result: Floats = np.clip(ridge / fair, 0.0, 1.0).astype(np.float32)
    return result


def _blur(field: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma), dtype=np.float32)


@functools.cache
def _template(sides: int, samples: int = SAMPLES) -> Floats:
    """Points evenly spaced on the unit outline whose first corner lies in the direction of x.

    Rows x, y and 1, so that one product places them; shape (3, samples).
    """
    turn = np.arange(sides or samples) * (2 * math.pi / (sides or samples))
    corners = np.stack([np.cos(turn), np.sin(turn)])
    along = np.arange(samples) * (len(turn) / samples)
    index = along.astype(int)
    part = along - index
    points = corners[:, index] * (1 - part) + corners[:, (index + 1) % len(turn)] * part
    return np.vstack([points, np.ones(samples)]).astype(np.float32)


def _maps(params: Params) -> Floats:
    """What lays the unit outline under many parameter sets: shear after turn, then shift; shape (2, k, 3)."""
    cos, sin, radius = np.cos(params[:, 3]), np.sin(params[:, 3]), np.exp(params[:, 2])
    e1, e2 = params[:, 4], params[:, 5]
    matrix = np.empty((2, len(params), 3), dtype=np.float32)
    matrix[0, :, 0], matrix[0, :, 1] = radius * ((1 + e1) * cos + e2 * sin), radius * (e2 * cos - (1 + e1) * sin)
    matrix[1, :, 0], matrix[1, :, 1] = radius * (e2 * cos + (1 - e1) * sin), radius * ((1 - e1) * cos - e2 * sin)
    matrix[:, :, 2] = params[:, :2].T
    return matrix


def _place(template: Floats, params: Params) -> Floats:
    """Template points under many parameter sets: abscissae and ordinates, shape (2, k, samples)."""
    result: Floats = (_maps(params).reshape(-1, 3) @ template).reshape(2, len(params), -1)
    return result


def _look_up(field: Floats, places: Floats) -> Floats:
    found = cv2.remap(
        field, places[0], places[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0
    )  # fmt: skip
    return np.asarray(found, dtype=np.float32)


def _support(strokes: Floats, template: Floats, params: Params) -> npt.NDArray[np.float64]:
    """How well each parameter set is borne out: strokes on the outline, fewer of them just outside.

    Shear costs, and so does leaving the proposed radius, lest the inner one of two rings win.
    """
    rings = np.tile(params, (1 + len(OUTSIDE), 1))
    rings[len(params) :, 2] += np.repeat(np.log(OUTSIDE), len(params))
    inked = _look_up(strokes, _place(template, rings)).mean(axis=1).reshape(-1, len(params))
    on, outside = inked[0], inked[1:].max(axis=0)
    shear = np.abs(params[:, 4:]).sum(axis=1)
    off = np.maximum(np.abs(params[:, 2] - math.log(PATCH_RADIUS)) - 0.05, 0.0)
    result: npt.NDArray[np.float64] = on - 0.35 * outside - SHEAR_COST * shear - 0.3 * off
    return result


def _coverage(strokes: Floats, template: Floats, params: Params, floor: float) -> float:
    """Share of the outline with a stroke on it or within two pixels of it."""
    near = np.asarray(cv2.dilate(strokes, np.ones((5, 5), np.uint8)), dtype=np.float32)
    return float((_look_up(near, _place(template, params[None]))[0] > floor).mean())


def _inked(values: Floats, template: Floats, params: Params) -> tuple[float, float]:
    """Depth and evenness of an outline, as `Fit` has them, of the ink on it or within a pixel of it."""
    red, green, blue = cv2.split(values)
    darkest = _blur(np.maximum(np.maximum(red, green), blue), 1.0)
    near = np.asarray(cv2.dilate(darkest, np.ones((3, 3), np.uint8)), dtype=np.float32)
    on = _look_up(near, _place(template, params[None]))[0] - np.median(darkest)
    middling, deep = np.percentile(on, (50.0, 75.0))
    inked = np.sort(on[on > max(0.0, FAINT * middling)])
    alike = np.searchsorted(inked, inked * SAME_DEPTH) - np.arange(len(inked))
    return float(deep), float(alike.max(initial=0)) / len(on)


_STEPS_COARSE = np.array([4.0, 4.0, 0.04, 0.08, 0.0, 0.0])
_STEPS_FINE = np.array([1.5, 1.5, 0.015, 0.03, 0.012, 0.012])


def _search(strokes: Floats, sides: int, start: Params, shears: tuple[tuple[float, float], ...] = UPRIGHT) -> Params:
    """Best parameters near a start: a grid over radius, all phases and some shears, then refinement."""
    blurred = _blur(strokes, 2.5)
    sparse, template = _template(sides, COARSE_SAMPLES), _template(sides)
    phases = [k * 2 * math.pi / (sides * PHASES) for k in range(PHASES)] if sides else [0.0]
    radii = start[2] + np.linspace(-0.2, 0.28, RADII)
    grid = np.array([[start[0], start[1], r, p, *shear] for r in radii for p in phases for shear in shears])
    best: Params = grid[int(np.argmax(_support(blurred, sparse, grid)))]
    best = _refine(blurred, sparse, best, _STEPS_COARSE)
    return _refine(strokes, template, best, _STEPS_FINE)


def _refine(strokes: Floats, template: Floats, start: Params, steps: Params) -> Params:
    """Pattern search: try a step up and down in every parameter, move to the best, halve the steps where none helps."""
    active = np.flatnonzero(steps)
    moves = np.zeros((2 * len(active), 6))
    for row, column in enumerate(active):
        moves[2 * row, column], moves[2 * row + 1, column] = steps[column], -steps[column]
    best, score = start, float(_support(strokes, template, start[None])[0])
    size = 1.0
    for _ in range(24):
        tried = best + moves * size
        scores = _support(strokes, template, tried)
        top = int(np.argmax(scores))
        if scores[top] > score + 1e-6:
            best, score = tried[top], float(scores[top])
        else:
            size /= 2.0
            if size < 0.2:
                break
    return best


def _sample_colours(values: Floats, params: Params, sides: int) -> Floats:
    h, w = values.shape[:2]
    x, y = np.round(_place(_template(sides), params[None])[:, 0]).astype(int)
    inside = (x >= 0) & (y >= 0) & (x < w) & (y < h)
    return np.asarray(values[y[inside], x[inside]], dtype=np.float32)


def _outline(shape: Shape, upright: float, params: Params, scale: float, origin: npt.NDArray[np.float64]) -> Outline:
    """Outline in full-size pixels; its rotation is the one of the shape's symmetry nearest to the seen lettering."""
    sides = shape.sides
    corners = _place(_template(sides, sides or CIRCLE_POINTS), params[None])[:, 0].T / scale + origin
    points: tuple[Point, ...] = tuple((float(x), float(y)) for x, y in corners)
    centre = float(params[0] / scale + origin[0]), float(params[1] / scale + origin[1])
    rotation = nearest_turn(math.degrees(params[3]) + 90.0, upright, sides) if sides else upright
    return Outline(shape, centre, float(math.exp(params[2]) / scale), rotation, points)


def turned_with_date(found: Fit, line: Quad) -> Fit:
    """The same fit with its lettering taken to stand like the date that was read inside it."""
    (x1, y1), (x2, y2) = line[0], line[1]
    wanted = math.degrees(math.atan2(y2 - y1, x2 - x1))
    outline = found.outline
    sides = outline.shape.sides
    rotation = nearest_turn(outline.rotation, wanted, sides) if sides else wanted
    return replace(found, outline=replace(outline, rotation=rotation))


def nearest_turn(corner_up: float, wanted: float, sides: int) -> float:
    """Rotation of a polygon, among those that its corners or sides allow, nearest to a wanted one.

    Lettering stands upright on a corner or on a side pointing up, so half the symmetry is allowed as well.

    Parameters
    ----------
    corner_up : float
        Degrees clockwise by which some corner is turned from pointing up.
    wanted : float
        Degrees.
    sides : int
    """
    step = 180.0 / sides
    turned = corner_up + step * round((wanted - corner_up) / step)
    return (turned + 180.0) % 360.0 - 180.0
