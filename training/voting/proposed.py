"""What every proposer gives: outlines with scores, best first.

A proposer is a function ``propose(pixels) -> list[Proposed]``; pixels are RGB uint8 of any size, outlines are in their
pixels. `compare.py` measures all of them with the same code.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import regular_polygon
from postmark_id.models import Outline, Picture, Point, Shape

LONG_SIDE = 900
"""Pixels of the long side at which the classical proposers work."""
CIRCUMRADII = (30.0, 130.0)
"""Circumradii looked for at that size: marks of 20 to 45 mm on covers of 110 to 240 mm."""

DARK_BED = 40.0
"""Grey levels added to the paper, so that the grain of a black scanner bed doesn't count as ink."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """An outline where a mark may be, with a score that orders proposals of one proposer."""

    outline: Outline
    score: float


def polygon(shape: Shape, centre: Point, circumradius: float, rotation: float, score: float) -> Proposed:
    """A regular outline with its score."""
    points = regular_polygon(centre, circumradius, shape.sides, rotation)
    return Proposed(Outline(shape, centre, circumradius, rotation, points), score)


def density(pixels: Picture) -> tuple[npt.NDArray[np.float32], float]:
    """Darkness against the paper around it, and the scale by which the picture was shrunk.

    The darkest of the three channels is taken, so that red, blue and black strikes are alike; the paper is what a wide
    closing leaves of it.
    """
    scale = LONG_SIDE / max(pixels.shape[:2])
    size = max(8, round(pixels.shape[1] * scale)), max(8, round(pixels.shape[0] * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    dark = small.min(axis=2)
    paper = cv2.GaussianBlur(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), (0, 0), 8)
    ink = (paper.astype(np.float32) - dark) / (paper.astype(np.float32) + DARK_BED)
    return np.clip(ink, 0.0, 1.0), scale


def enlarged(found: list[Proposed], scale: float) -> list[Proposed]:
    """Proposals of the shrunk picture in pixels of the full one."""
    return [
        polygon(
            p.outline.shape,
            (p.outline.centre[0] / scale, p.outline.centre[1] / scale),
            p.outline.radius / scale,
            p.outline.rotation,
            p.score,
        )
        for p in found
    ]


def without_doubles(found: list[Proposed], most: int) -> list[Proposed]:
    """The best proposals of each place: centres closer than half a radius are one place for one shape."""
    kept: list[Proposed] = []
    for p in sorted(found, key=lambda p: -p.score):
        near = (
            np.hypot(p.outline.centre[0] - k.outline.centre[0], p.outline.centre[1] - k.outline.centre[1])
            < 0.5 * max(p.outline.radius, k.outline.radius)
            for k in kept
            if k.outline.shape is p.outline.shape
        )
        if not any(near):
            kept.append(p)
        if len(kept) == most:
            break
    return kept
