"""Straighten: look again at a date line along the slopes that the ink itself shows.

A proposed date line is right in place but rough in slope and height. Seen along its true direction, the ink of a line
of figures, and of the bars above and below it, gathers in few rows; seen along any other it smears. The directions
with the sharpest profiles across are taken (the criterion of Postl's skew detection, US patent 4723297), and in each
a few heights are tried: the reader tells a line of figures from half of one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import turned_rectangle
from postmark_id.ink import Sheet, density
from postmark_id.models import Quad
from postmark_id.settings import StraightenSettings

Floats = npt.NDArray[np.float32]

LINE = 14.0
"""Height that a line has where its profile is taken, pixels."""
ROWS = 16
"""Rows of the profile on each side of the middle."""


@dataclass(frozen=True, slots=True)
class _Window:
    """Ink around the middle of a line: place of each pixel from the middle, at `LINE` pixels a line, and its ink."""

    x: Floats
    y: Floats
    ink: Floats
    reach: float


def straightened(sheet: Sheet, quad: Quad, settings: StraightenSettings) -> list[Quad]:
    """Lines to try instead of a proposed one: its own slope and the sharpest ones, each a bit higher and lower.

    Parameters
    ----------
    sheet : Sheet
    quad : Quad
        Proposed line, full-size pixels; its centre and size are roughly right.
    settings : StraightenSettings

    Returns
    -------
    list of Quad
        Full-size pixels, read from left to right as far as that can be.
    """
    corners = np.asarray(quad, dtype=np.float64)
    (cx, cy) = corners.mean(axis=0)
    width = float(np.linalg.norm(corners[1] - corners[0]))
    height = float(np.linalg.norm(corners[3] - corners[0]))
    own = math.degrees(math.atan2(corners[1, 1] - corners[0, 1], corners[1, 0] - corners[0, 0]))
    window = _window(sheet, np.array([cx, cy]) * sheet.scale, width * sheet.scale, height * sheet.scale)
    lines = []
    for slope in (own, *(_sharpest(window, settings) if window is not None else ())):
        turn = math.radians(slope)
        for shift in settings.shifts:
            middle = cx - shift * height * math.sin(turn), cy + shift * height * math.cos(turn)
            lines.append(turned_rectangle(middle, width * settings.widen, height * settings.heighten, slope))
    return lines


def widen(quad: Quad, settings: StraightenSettings) -> Quad:
    """The same line with room for figures at its ends that the proposal cut off."""
    corners = np.asarray(quad, dtype=np.float64)
    centre = corners.mean(axis=0)
    along, down = (corners[1] - corners[0]) / 2 * settings.widen, (corners[3] - corners[0]) / 2 * settings.heighten
    tl, tr, br, bl = (
        (float(x), float(y))
        for x, y in (centre - along - down, centre + along - down, centre + along + down, centre - along + down)
    )
    return tl, tr, br, bl


def _sharpest(window: _Window, settings: StraightenSettings) -> list[float]:
    """Slopes of -90 to 90 degrees with the sharpest profiles, best first."""
    slopes = np.arange(-90.0, 90.0, settings.step)
    profiles = np.stack([_profile(window, slope) for slope in slopes])
    sharpness = np.square(np.diff(profiles, axis=1)).sum(axis=1)
    peaks = np.flatnonzero((sharpness >= np.roll(sharpness, 1)) & (sharpness >= np.roll(sharpness, -1)))
    return [float(slopes[k]) for k in sorted(peaks.tolist(), key=lambda k: -sharpness[k])[: settings.most]]


def _window(sheet: Sheet, centre: npt.NDArray[np.float64], width: float, height: float) -> _Window | None:
    half = math.ceil(0.62 * width) + 2
    rows, columns = sheet.pixels.shape[:2]
    left, top = max(0, int(centre[0]) - half), max(0, int(centre[1]) - half)
    right, bottom = min(columns, int(centre[0]) + half), min(rows, int(centre[1]) + half)
    if right - left < 4 or bottom - top < 4 or height < 1.0:
        return None
    zoom = LINE / height
    amount = density(sheet, (left, top, right - left, bottom - top)).mean(axis=2)
    size = max(4, round(amount.shape[1] * zoom)), max(4, round(amount.shape[0] * zoom))
    amount = np.asarray(cv2.resize(amount, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
    amount = np.minimum(amount, np.percentile(amount, 95.0)).astype(np.float32)
    amount -= np.asarray(cv2.GaussianBlur(amount, (0, 0), 12.0), dtype=np.float32)
    ys, xs = np.mgrid[: amount.shape[0], : amount.shape[1]]
    return _Window(
        x=(xs - (centre[0] - left) * zoom).astype(np.float32).ravel(),
        y=(ys - (centre[1] - top) * zoom).astype(np.float32).ravel(),
        ink=amount.ravel(),
        reach=0.55 * width * zoom,
    )


def _profile(window: _Window, slope: float) -> Floats:
    """Mean ink of each row across a line of a slope, smoothed, shape (2 * ROWS + 1,)."""
    cos, sin = math.cos(math.radians(slope)), math.sin(math.radians(slope))
    along = window.x * cos + window.y * sin
    across = window.y * cos - window.x * sin
    near = (np.abs(along) < window.reach) & (np.abs(across) < ROWS)
    rows = np.round(across[near]).astype(np.intp) + ROWS
    ink = np.bincount(rows, window.ink[near], 2 * ROWS + 1)
    count = np.bincount(rows, minlength=2 * ROWS + 1)
    mean = ink / np.maximum(count, 1)
    return np.convolve(mean, [0.25, 0.5, 0.25], "same").astype(np.float32)
