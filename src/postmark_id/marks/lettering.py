"""Lettering: upright strips of everything inside a mark that may be lettering.

Seals and postmarks are lettered along their outline, around an inner circle, and in straight lines across. As neither
layout nor drawing is known, the bands along the outline are unrolled at a few depths, read both ways around, and
straight lines are cut at a few heights; the judge of lettering makes use of what turns out to be words.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.dates.strips import cut
from postmark_id.geometry import turned_rectangle
from postmark_id.models import Outline, Picture
from postmark_id.settings import LetteringStrips


def lettering_strips(pixels: Picture, outline: Outline, settings: LetteringStrips) -> list[Picture]:
    """Cut all strips of a mark that may carry lettering.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
        The scan at full size.
    outline : Outline
        Its rotation says which way up straight lines are read.
    settings : LetteringStrips

    Returns
    -------
    list of ndarray, shape (settings.height, width, 3), uint8
    """
    strips: list[Picture] = []
    for inner, outer in settings.bands:
        band = unroll(pixels, outline, inner, outer, settings.height)
        # lettering at the foot of a mark stands the other way round, with its feet outwards
        strips += [band, np.ascontiguousarray(band[::-1, ::-1])]
    turn = math.radians(outline.rotation)
    down = -math.sin(turn), math.cos(turn)
    for offset in settings.lines:
        shift = outline.radius * offset
        centre = outline.centre[0] + down[0] * shift, outline.centre[1] + down[1] * shift
        width = 2 * outline.radius * settings.line_width * math.sqrt(max(0.1, 1.0 - offset**2))
        quad = turned_rectangle(centre, width, outline.radius * settings.line_height, outline.rotation)
        strips.append(cut(pixels, quad, settings.height, 0.0))
    return strips


def unroll(pixels: Picture, outline: Outline, inner: float, outer: float, height: int) -> Picture:
    """Unroll the band between two scaled copies of an outline, clockwise from its foot and a bit beyond it.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
    outline : Outline
    inner, outer : float
        Scales of the outline; the outer edge becomes the top of the strip.
    height : int
        Height of the strip, pixels.
    """
    around = _perimeter(outline, 720)
    centre = np.asarray(outline.centre)
    middle = centre + (around - centre) * (inner + outer) / 2
    length = float(np.linalg.norm(np.diff(middle, axis=0, append=middle[:1]), axis=1).sum())
    depth = (outer - inner) * outline.radius * (math.cos(math.pi / outline.shape.sides) if outline.shape.sides else 1.0)
    # a word that begins before the foot of the mark must not be torn, so the band overlaps itself
    turns = 1.15
    width = max(8, round(turns * length / max(depth, 1e-3) * height))
    foot = int(np.argmax((around - centre) @ _down(outline)))
    index = (foot + np.arange(width) * (turns * len(around) / width)) % len(around)
    x = np.interp(index, np.arange(len(around) + 1), np.append(around[:, 0], around[0, 0]))
    y = np.interp(index, np.arange(len(around) + 1), np.append(around[:, 1], around[0, 1]))
    scales = np.linspace(outer, inner, height)[:, None]
    map_x = centre[0] + (x[None] - centre[0]) * scales
    map_y = centre[1] + (y[None] - centre[1]) * scales
    return _sample(pixels, map_x, map_y, depth / height)


def _down(outline: Outline) -> npt.NDArray[np.float64]:
    turn = math.radians(outline.rotation)
    return np.array([-math.sin(turn), math.cos(turn)])


def _perimeter(outline: Outline, count: int) -> npt.NDArray[np.float64]:
    """Points evenly spaced along an outline, clockwise, shape (count, 2)."""
    corners = np.asarray(outline.points, dtype=np.float64)
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    at = np.concatenate([[0.0], np.cumsum(sides)])
    where = np.arange(count) * (at[-1] / count)
    closed = np.vstack([corners, corners[:1]])
    return np.stack([np.interp(where, at, closed[:, 0]), np.interp(where, at, closed[:, 1])], axis=1)


def _sample(pixels: Picture, map_x: npt.NDArray[np.float64], map_y: npt.NDArray[np.float64], step: float) -> Picture:
    """Look up pixels, from a shrunken copy of the surroundings where the strip is much coarser than the scan."""
    left, top = max(0, math.floor(map_x.min()) - 2), max(0, math.floor(map_y.min()) - 2)
    right = min(pixels.shape[1], math.ceil(map_x.max()) + 3)
    bottom = min(pixels.shape[0], math.ceil(map_y.max()) + 3)
    part = pixels[top : max(bottom, top + 2), left : max(right, left + 2)]
    factor = min(1.0, 1.0 / max(step, 1e-3))
    if factor < 0.75:
        size = max(2, round(part.shape[1] * factor)), max(2, round(part.shape[0] * factor))
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    else:
        factor = 1.0
    found = cv2.remap(
        part,
        ((map_x - left + 0.5) * factor - 0.5).astype(np.float32),
        ((map_y - top + 0.5) * factor - 0.5).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(found, dtype=np.uint8)
