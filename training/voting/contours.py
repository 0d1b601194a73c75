"""The usual first try: threshold, contours, approxPolyDP; five corners are a pentagon, eight an octagon."""

from __future__ import annotations

import math

import cv2
import numpy as np
from training.voting.proposed import CIRCUMRADII, Proposed, density, enlarged, polygon, without_doubles

from postmark_id.models import Picture, Shape

CLOSINGS = (3, 7)
TOLERANCES = (0.02, 0.03, 0.045)
MOST_PROPOSALS = 12


def propose(pixels: Picture) -> list[Proposed]:
    """Find convex contours with five or eight corners, and round ones."""
    ink, scale = density(pixels)
    grey = (255 * ink).astype(np.uint8)
    mask = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 31, -12)
    found: list[Proposed] = []
    for closing in CLOSINGS:
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (closing,) * 2))
        for contour in cv2.findContours(closed, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[-2]:
            found += _outlines(cv2.convexHull(contour), float(cv2.contourArea(contour)))
    kept = [
        p
        for shape in (Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE)
        for p in without_doubles([f for f in found if f.outline.shape is shape], MOST_PROPOSALS)
    ]
    return enlarged(sorted(kept, key=lambda p: -p.score), scale)


def _outlines(hull: np.ndarray, area: float) -> list[Proposed]:
    hull_area = float(cv2.contourArea(hull))
    (x, y), radius = cv2.minEnclosingCircle(hull)
    if not CIRCUMRADII[0] <= radius <= CIRCUMRADII[1] or area < 0.5 * hull_area:
        return []
    length = cv2.arcLength(hull, True)
    roundness = 4 * math.pi * hull_area / length**2
    found = []
    if roundness > 0.96:
        found.append(polygon(Shape.CIRCLE, (x, y), math.sqrt(hull_area / math.pi), 0.0, roundness * area / hull_area))
    for tolerance in TOLERANCES:
        corners = cv2.approxPolyDP(hull, tolerance * length, True).reshape(-1, 2).astype(float)
        shape = {5: Shape.PENTAGON, 8: Shape.OCTAGON}.get(len(corners))
        if shape is not None:
            found.append(_regular(shape, corners))
    return [p for p in found if p.score > 0]


def _regular(shape: Shape, corners: np.ndarray) -> Proposed:
    """The regular polygon nearest to the corners; its score falls with their irregularity."""
    centre = corners.mean(axis=0)
    arms = corners - centre
    radii = np.hypot(arms[:, 0], arms[:, 1])
    step = 360.0 / shape.sides
    start = -90.0 + (step / 2 if shape.sides % 2 == 0 else 0.0)
    turns = np.degrees(np.arctan2(arms[:, 1], arms[:, 0])) - start
    mean = np.exp(1j * np.radians(turns * shape.sides)).mean()
    rotation = (math.degrees(float(np.angle(mean))) / shape.sides) % step
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    score = 1.0 - float(sides.std() / sides.mean()) - float(radii.std() / radii.mean())
    return polygon(shape, (float(centre[0]), float(centre[1])), float(radii.mean()), rotation, max(0.0, score))
