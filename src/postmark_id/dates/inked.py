"""Inked: a line as one ink struck it, without paper, print, and what was struck or written across in other colours."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.dates.strips import cut, normalise
from postmark_id.ink import Ink, Sheet, density_around, layer, on_paper
from postmark_id.models import Picture, Quad
from postmark_id.settings import DateSettings

STROKES = 85.0
"""Percentile of the density in a line from which it is that of strokes."""


def compared(sheet: Sheet, quad: Quad, ink: Ink) -> tuple[float, float]:
    """How much the strokes of a line are those of an ink.

    Parameters
    ----------
    sheet : Sheet
    quad : Quad
        Full-size pixels.
    ink : Ink

    Returns
    -------
    likeness : float
        Cosine between their densities, 1 where they have one colour.
    strength : float
        How often as strong as the ink they are.
    """
    values, corners = _around(sheet, quad)
    within = cv2.fillConvexPoly(np.zeros(values.shape[:2], np.uint8), np.round(corners).astype(np.int32), 1)
    pixels = values[within > 0]
    amount = pixels.sum(axis=1)
    strokes = pixels[amount >= np.percentile(amount, STROKES)].mean(axis=0) if len(pixels) else ink.direction
    strength = max(float(np.linalg.norm(strokes)), 1e-6)
    return float(strokes @ ink.direction) / strength, strength / max(ink.strength, 1e-6)


def inked(sheet: Sheet, quad: Quad, ink: Ink, settings: DateSettings) -> Picture:
    """The strip of a line in one ink only.

    Parameters
    ----------
    sheet : Sheet
    quad : Quad
        Full-size pixels.
    ink : Ink
    settings : DateSettings

    Returns
    -------
    ndarray, shape (settings.strip_height, width), uint8
        Dark on white.
    """
    values, corners = _around(sheet, quad, 2 * settings.strip_pad + 0.1)
    tl, tr, br, bl = ((float(x), float(y)) for x, y in corners)
    amount = layer(values, ink, purity=settings.purity)
    return normalise(cut(on_paper(amount), (tl, tr, br, bl), settings.strip_height, settings.strip_pad))


def _around(sheet: Sheet, quad: Quad, pad: float = 0.0) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
    """Densities around a line, with room of a share of its height, and its corners among them."""
    corners = np.asarray(quad, dtype=np.float64) * sheet.scale
    values, edges = density_around(sheet, corners, 2.0 + pad * float(np.linalg.norm(corners[3] - corners[0])))
    return values, corners - edges
