"""Upright strips out of a scan: one for every line that may be a date.

A strip is cut by a perspective warp straight from the scan at full size, so that nothing is lost to a working copy.
Where the line is much larger than the strip, the scan is shrunk first by area averaging: a warp alone takes
single pixels and turns thin strokes into noise.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from postmark_id.geometry import with_room
from postmark_id.models import Picture, Quad

PAPER_WHITE = 255


def cut(pixels: Picture, quad: Quad, height: int = 48, pad: float = 0.12) -> Picture:
    """Cut a line of text upright out of a picture.

    Parameters
    ----------
    pixels : ndarray, shape (h, w) or (h, w, 3), uint8
    quad : Quad
        Corners in reading order; parts outside the picture become the colour of its nearest edge.
    height : int
        Height of the strip in pixels, margins included.
    pad : float
        Margin on each side as a share of the line's height; twice as much at the ends.

    Returns
    -------
    ndarray, shape (height, width) or (height, width, 3), uint8
        The width keeps the proportions of the line, within 1/2 to 24 times the height.
    """
    corners = np.asarray(with_room(quad, 2 * pad, pad), dtype=np.float64)
    long = (math.dist(corners[0], corners[1]) + math.dist(corners[3], corners[2])) / 2
    short = (math.dist(corners[0], corners[3]) + math.dist(corners[1], corners[2])) / 2
    if not np.isfinite(corners).all() or short < 1.0 or long < 1.0:
        return np.full((height, height, *pixels.shape[2:]), PAPER_WHITE, dtype=np.uint8)
    width = int(np.clip(round(height * long / short), height // 2, height * 24))
    source, corners = _near(pixels, corners, short / height)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32) - 0.5
    warp = cv2.getPerspectiveTransform((corners - 0.5).astype(np.float32), target)
    strip = cv2.warpPerspective(source, warp, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(strip, dtype=np.uint8)


def _near(pixels: Picture, corners: np.ndarray, factor: float) -> tuple[Picture, np.ndarray]:
    """Crop round the corners and shrink by area averaging where the strip is more than 1.5 times smaller."""
    h, w = pixels.shape[:2]
    low = np.floor(corners.min(axis=0)).astype(int) - 2
    high = np.ceil(corners.max(axis=0)).astype(int) + 3
    x0, y0 = int(np.clip(low[0], 0, w - 1)), int(np.clip(low[1], 0, h - 1))
    x1, y1 = int(np.clip(high[0], x0 + 1, w)), int(np.clip(high[1], y0 + 1, h))
    crop = pixels[y0:y1, x0:x1]
    moved = corners - (x0, y0)
    if factor <= 1.5:
        return np.ascontiguousarray(crop), moved
    size = (max(1, round(crop.shape[1] / factor)), max(1, round(crop.shape[0] / factor)))
    small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), moved * (size[0] / crop.shape[1], size[1] / crop.shape[0])


def normalise(strip: Picture) -> Picture:
    """Make ink dark on even white paper, whatever the colours of both.

    The channel in which ink and paper differ most is taken (red light for blue ink, green for red ink), the
    background is divided out, and the contrast is stretched between the paper and the darkest ink.

    Parameters
    ----------
    strip : ndarray, shape (h, w) or (h, w, 3), uint8

    Returns
    -------
    ndarray, shape (h, w), uint8
    """
    grey = strip if strip.ndim == 2 else _best_channel(strip)
    size = max(3, grey.shape[0] // 2 * 2 + 1)
    paper = cv2.dilate(grey, np.ones((3, 3), dtype=np.uint8))
    paper = cv2.blur(cv2.morphologyEx(paper, cv2.MORPH_CLOSE, np.ones((size // 2, size // 2), np.uint8)), (size, size))
    even = grey.astype(np.float32) / np.maximum(paper.astype(np.float32), 24.0)
    low, high = _ranked(even[::2, ::2].reshape(1, -1), (0.01, 0.90))[0].tolist()
    if high - low < 0.04:
        low = high - 0.04
    return np.asarray(np.clip((even - low) / (high - low), 0.0, 1.0) * 255.0, dtype=np.uint8)


def _best_channel(strip: Picture) -> Picture:
    dark, light = _ranked(strip[::2, ::2].reshape(-1, strip.shape[2]).T, (0.04, 0.85)).T
    return np.ascontiguousarray(strip[:, :, int(np.argmax(light - dark))])


def _ranked(rows: np.ndarray, shares: tuple[float, ...]) -> np.ndarray:
    """Quantiles of each row, shape (rows, shares), without interpolation: several times faster than `np.quantile`."""
    ordered = np.sort(rows.astype(np.float32), axis=1)
    return np.asarray(ordered[:, [round(share * (ordered.shape[1] - 1)) for share in shares]])


def turned_about(quad: Quad) -> Quad:
    """The same line read from the other side."""
    tl, tr, br, bl = quad
    return br, bl, tl, tr
