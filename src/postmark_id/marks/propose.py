"""Propose: where marks and date lines may be.

A small network (``data/proposer.onnx``, trained on rendered covers by ``training/detector``) marks the centres of
pentagons, octagons, circles and date lines as peaks of heat maps, with sizes and angles beside them. The threshold is
low on purpose: a false proposal costs a fit, a missed one costs the answer. docs/decisions/0002 compares it with
voting and contours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import turned_rectangle
from postmark_id.ink import Sheet
from postmark_id.models import Point, Quad, Shape
from postmark_id.networks import session
from postmark_id.settings import MarkSettings

Maps = npt.NDArray[np.float32]
Peak = tuple[int, int, float]
"""Column, row and height of a peak."""

STRIDE = 8
SHAPES = (Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE)
DATE_CHANNEL = 3
# Channels behind the four heat maps, as training/detector/model.py lists them. The direction of a polygon's corners
# helps the network to learn its shape; the fit finds it more exactly.
MARK_DX, MARK_DY, MARK_LOG_RADIUS, MARK_COS, MARK_SIN, _COS_N, _SIN_N, MARK_GROUND = range(4, 12)
DATE_DX, DATE_DY, DATE_LOG_WIDTH, DATE_LOG_HEIGHT, DATE_COS_2, DATE_SIN_2 = range(12, 18)
SAME_LINE = 0.25
"""Intersection over union from which two lines are taken for the same."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """A place where a date of a mark may stand, in full-size pixels.

    On the whole cover only the slope of the line is seen; the close look tells which way round its figures stand, too.
    """

    quad: Quad
    score: float

    @property
    def centre(self) -> Point:
        """Middle of the line."""
        return sum(x for x, _ in self.quad) / 4, sum(y for _, y in self.quad) / 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place where a mark may be, in full-size pixels.

    Attributes
    ----------
    shape : Shape
    centre : Point
    radius : float
        Circumradius, pixels.
    upright : float
        Degrees clockwise by which the lettering seems turned.
    score : float
        Height of the peak, 0..1.
    rivals : tuple of (Shape, float)
        Other shapes proposed at the same place, with their scores.
    ground : float
        How much the surroundings look like those of a ground cancel, 0..1.
    seen : mapping of Shape to float
        Probability of each shape in the close look, ``Shape.OTHER`` for no mark at all; empty before that look.
    lines : tuple of DateLine
        What may be the date line inside the mark, as the close look saw it, the likeliest first.
    """

    shape: Shape
    centre: Point
    radius: float
    upright: float
    score: float
    rivals: tuple[tuple[Shape, float], ...] = ()
    ground: float = 0.5
    seen: Mapping[Shape, float] = field(default_factory=dict)
    lines: tuple[DateLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposals:
    """All that the network saw on a sheet."""

    marks: tuple[Proposal, ...]
    dates: tuple[DateLine, ...]


def propose(sheet: Sheet, settings: MarkSettings) -> Proposals:
    """Find candidate marks and date lines on a sheet."""
    height, width = sheet.pixels.shape[:2]
    scale = settings.proposing_side / max(height, width)
    # never enlarge beyond twice: there is nothing more to see
    scale = min(scale, 2.0)
    size = max(32, round(width * scale)), max(32, round(height * scale))
    small = cv2.resize(sheet.pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    padded = cv2.copyMakeBorder(small, 0, -size[1] % 32, 0, -size[0] % 32, cv2.BORDER_REPLICATE)
    tensor = np.ascontiguousarray(padded.transpose(2, 0, 1)[None], dtype=np.float32) / 255.0
    maps = session("proposer.onnx").run(None, {"picture": tensor})[0][0]
    return decode(maps, scale * sheet.scale, settings)


def decode(maps: Maps, scale: float, settings: MarkSettings) -> Proposals:
    """Turn the network's maps into proposals.

    Parameters
    ----------
    maps : ndarray, shape (18, h, w)
        Raw output.
    scale : float
        Network input pixels per full-size pixel.
    settings : MarkSettings
    """
    heat = 1.0 / (1.0 + np.exp(-maps[: DATE_CHANNEL + 1]))
    to_full = STRIDE / scale
    marks = [
        _proposal(maps, k, peak, to_full)
        for k in range(len(SHAPES))
        for peak in peaks(heat[k], settings.lowest_proposal)
    ]
    dates = [_date_line(maps, peak, to_full) for peak in peaks(heat[DATE_CHANNEL], settings.lowest_date_line)]
    return Proposals(_without_doubles(marks)[: settings.most_proposals], tuple(dates))


def peaks(heat: Maps, lowest: float) -> list[Peak]:
    """Column, row and height of each cell that is not lower than its neighbours, the highest first."""
    highest = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    ys, xs = np.nonzero((heat == highest) & (heat >= lowest))
    found = [(int(x), int(y), float(heat[y, x])) for x, y in zip(xs, ys, strict=True)]
    return sorted(found, key=lambda peak: -peak[2])


def _proposal(maps: Maps, k: int, peak: Peak, to_full: float) -> Proposal:
    x, y, score = peak
    at = maps[:, y, x]
    return Proposal(
        shape=SHAPES[k],
        centre=((x + float(at[MARK_DX]) + 0.5) * to_full, (y + float(at[MARK_DY]) + 0.5) * to_full),
        radius=math.exp(min(float(at[MARK_LOG_RADIUS]), 6.0)) * to_full,
        upright=math.degrees(math.atan2(at[MARK_SIN], at[MARK_COS])),
        score=score,
        ground=float(1.0 / (1.0 + np.exp(-at[MARK_GROUND]))),
    )


def _date_line(maps: Maps, peak: Peak, to_full: float) -> DateLine:
    x, y, score = peak
    at = maps[:, y, x]
    centre = (x + float(at[DATE_DX]) + 0.5) * to_full, (y + float(at[DATE_DY]) + 0.5) * to_full
    width = math.exp(min(float(at[DATE_LOG_WIDTH]), 6.0)) * to_full
    height = math.exp(min(float(at[DATE_LOG_HEIGHT]), 6.0)) * to_full
    angle = math.degrees(math.atan2(at[DATE_SIN_2], at[DATE_COS_2])) / 2
    return DateLine(turned_rectangle(centre, width, height, angle), score)


def _without_doubles(marks: list[Proposal]) -> tuple[Proposal, ...]:
    """Keep the highest of several proposals for one place, and remember the others' shapes as rivals."""
    kept: list[tuple[Proposal, list[tuple[Shape, float]]]] = []
    for mark in sorted(marks, key=lambda m: -m.score):
        for other, rivals in kept:
            distance = math.dist(mark.centre, other.centre)
            ratio = mark.radius / other.radius
            if distance < 0.3 * other.radius and 0.66 < ratio < 1.5:
                if mark.shape != other.shape:
                    rivals.append((mark.shape, mark.score))
                break
        else:
            kept.append((mark, []))
    return tuple(Proposal(m.shape, m.centre, m.radius, m.upright, m.score, tuple(r), m.ground) for m, r in kept)
