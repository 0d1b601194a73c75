"""Ring: which shape runs around a place, seen unrolled.

The close look sees a mark as a picture, in which an octagon that is turned is another picture. Here the ink around the
centre of a fitted circle is unrolled, angles along and radii down, so that turning only shifts it: a circle becomes a
straight line, an octagon eight waves, a pentagon five deeper ones. What lies aslant is unrolled along the ellipse that
was fitted, lest a round mark make two waves. A small network (``data/ring.onnx``, trained on
rendered covers by ``training/ring``) tells them apart, and from what is no mark at all.
"""

from __future__ import annotations

import functools
import math

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.models import Point, Shape
from postmark_id.networks import session

Floats = npt.NDArray[np.float32]

# As training/ring/model.py lists them.
ROWS, TURNS = 64, 192
SHAPES: tuple[Shape, ...] = (Shape.OTHER, Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE)
INNER, OUTER = 0.15, 1.36
"""Least and greatest distance from the centre, in radii of the circle that was fitted."""
STEPS = 100.0
"""Densities are handed over in so many steps a unit, up to 255."""


def unrolled(values: Floats, centre: Point, axes: Floats) -> npt.NDArray[np.uint8]:
    """The ink around a centre with the angles along and the radii down.

    Parameters
    ----------
    values : ndarray, shape (h, w, 3), float32
        Densities of ink.
    centre : Point
        In pixels of `values`.
    axes : ndarray, shape (2, 2), float32
        What makes the unit circle the one that was fitted, which may be sheared, in pixels of `values`.

    Returns
    -------
    ndarray, shape (ROWS, TURNS, 3), uint8
    """
    points = _unit() @ axes.T + np.asarray(centre, dtype=np.float32)
    # the stubs don't know that one map of pairs is enough
    found = cv2.remap(values, points, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)  # type: ignore[call-overload]
    return np.asarray(np.clip(found * STEPS, 0, 255), dtype=np.uint8)


def shapes_around(values: Floats, centre: Point, axes: Floats) -> dict[Shape, float]:
    """Probability of each shape around a centre, ``Shape.OTHER`` for no mark; parameters as in `unrolled`."""
    tensor = np.ascontiguousarray(unrolled(values, centre, axes).transpose(2, 0, 1)[None], dtype=np.float32)
    raw = session("ring.onnx").run(None, {"rings": tensor})[0][0]
    shares = np.exp(raw - raw.max())
    return {shape: float(p) for shape, p in zip(SHAPES, shares / shares.sum(), strict=True)}


@functools.cache
def _unit() -> Floats:
    """Points on rings around the origin, shape (ROWS, TURNS, 2)."""
    radii = np.linspace(INNER, OUTER, ROWS)[:, None]
    turns = np.arange(TURNS) * (2 * math.pi / TURNS)
    return np.stack([radii * np.cos(turns), radii * np.sin(turns)], axis=2).astype(np.float32)
