"""The face of a cover while it is made: pixels, a scale in pixels a millimetre, and what was put where.

Design note: ink multiplies what is under it, so overlaps darken as they do on paper. Everything put down is described
in millimetres of the cover and kept as a `Placed`, which maps a sheet's own millimetres to pixels of the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.models import Picture, Point, Quad
from postmark_id.synth.sheet import Lettering, Mask, Sheet

Colour = tuple[float, float, float]
"""Share of red, green, blue light that full ink lets through, 0..1."""

INKS: dict[str, Colour] = {
    "black": (0.13, 0.13, 0.15),
    "blue": (0.16, 0.25, 0.62),
    "violet": (0.38, 0.18, 0.58),
    "red": (0.78, 0.14, 0.18),
    "pink": (0.9, 0.35, 0.55),
    "green": (0.12, 0.48, 0.3),
}


def vary(colour: Colour, rng: np.random.Generator, spread: float = 0.05) -> Colour:
    """A colour near another."""
    r, g, b = (float(np.clip(c + rng.normal(0, spread), 0.02, 0.97)) for c in colour)
    return r, g, b


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a sheet lies on a page.

    Attributes
    ----------
    centre : Point
        Of the sheet, in millimetres of the page.
    turn : float
        Degrees clockwise.
    scale : float
        Pixels of the page a millimetre.
    """

    centre: Point
    turn: float
    scale: float

    def pixels(self, points: Sequence[Point]) -> tuple[Point, ...]:
        """Millimetres of the sheet to pixels of the page."""
        c, s = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        cx, cy = self.centre
        k = self.scale
        return tuple(((cx + x * c - y * s) * k, (cy + x * s + y * c) * k) for x, y in points)

    def matrix(self, sheet: Sheet) -> npt.NDArray[np.float64]:
        """Affine map from pixels of the sheet to pixels of the page, shape (2, 3)."""
        h, w = sheet.ink.shape
        corners: tuple[Point, ...] = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0))
        x0, y0 = -(w - 1) / 2 / sheet.scale, -(h - 1) / 2 / sheet.scale
        (ax, ay), (bx, by), (dx, dy) = self.pixels([(x0 + x / sheet.scale, y0 + y / sheet.scale) for x, y in corners])
        return np.array([[bx - ax, dx - ax, ax], [by - ay, dy - ay, ay]])


@dataclass
class Trap:
    """Something on a cover that a reader may mistake for a mark or its date."""

    kind: str
    corners: tuple[Point, ...]
    text: str | None = None


@dataclass
class Page:
    """A cover of `width` x `height` millimetres; `pixels` is (h, w, 3) uint8 RGB."""

    width: float
    height: float
    scale: float
    pixels: Picture
    rng: np.random.Generator
    traps: list[Trap] = field(default_factory=list)
    stamps: list[Quad] = field(default_factory=list)

    @property
    def sheet_scale(self) -> float:
        """Pixels a millimetre for sheets that go on this page."""
        return float(np.clip(self.scale * 1.15, 8.0, 24.0))

    def sheet(self, width: float, height: float) -> Sheet:
        """An empty sheet of a fitting scale."""
        return Sheet(width, height, self.sheet_scale)

    def ink(self, mask: Mask, matrix: npt.NDArray[np.float64], colour: Colour) -> None:
        """Let a mask multiply what is on the page.

        Parameters
        ----------
        mask : ndarray, shape (h, w), float32
            Density of the ink, 0..1.
        matrix : ndarray, shape (2, 3)
            From pixels of the mask to pixels of the page.
        colour : Colour
        """
        place = self._place(mask, matrix)
        if place is None:
            return
        (left, top, right, bottom), local = place
        factor = math.hypot(matrix[0, 0], matrix[1, 0])
        if factor < 0.7:
            mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.4 / factor), np.float32)
        drawn = cv2.warpAffine(mask, local, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
        region = self.pixels[top:bottom, left:right]
        swallowed = drawn[:, :, None] * (1 - np.asarray(colour, np.float32))
        np.subtract(region, region * swallowed, out=region, casting="unsafe")

    def _place(
        self, mask: Mask, matrix: npt.NDArray[np.float64]
    ) -> tuple[tuple[int, int, int, int], npt.NDArray[np.float64]] | None:
        """Part of the page on which a mask falls (left, top, right, bottom), and its map into it; None if beside it."""
        h, w = mask.shape
        corners = np.array([[0, 0, 1], [w, 0, 1], [w, h, 1], [0, h, 1]], np.float64) @ matrix.T
        left, top = (max(0, int(v)) for v in np.floor(corners.min(axis=0)))
        limit = np.array([self.pixels.shape[1], self.pixels.shape[0]])
        right, bottom = (int(v) for v in np.minimum(np.ceil(corners.max(axis=0)) + 1, limit))
        if right <= left or bottom <= top:
            return None
        local = matrix.copy()
        local[:, 2] -= (left, top)
        return (left, top, right, bottom), local

    def paste(self, image: Picture | tuple[int, int, int], mask: Mask, matrix: npt.NDArray[np.float64]) -> None:
        """Lay something opaque over the page where the mask is 1.

        Parameters
        ----------
        image : ndarray, shape (h, w, 3), uint8, or one colour
        mask : ndarray, shape (h, w), float32
        matrix : ndarray, shape (2, 3)
            From pixels of the mask to pixels of the page.
        """
        place = self._place(mask, matrix)
        if place is None:
            return
        (left, top, right, bottom), local = place
        size = (right - left, bottom - top)
        share = cv2.warpAffine(mask, local, size)[:, :, None]
        if isinstance(image, tuple):
            over = np.asarray(image, np.float32)
        else:
            over = cv2.warpAffine(image, local, size, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        region = self.pixels[top:bottom, left:right]
        region[:] = (region * (1 - share) + over * share).astype(np.uint8)

    def put(self, sheet: Sheet, centre: Point, turn: float, colour: Colour, mask: Mask | None = None) -> Placed:
        """Print a sheet (or its worn `mask`) with its centre at a point, in millimetres."""
        placed = Placed(centre, turn, self.scale)
        self.ink(sheet.mask() if mask is None else mask, placed.matrix(sheet), colour)
        return placed

    def write(
        self,
        text: str,
        left_middle: Point,
        height: float,
        font: Path,
        colour: Colour,
        *,
        turn: float = 0.0,
        stretch: float = 1.0,
    ) -> tuple[Placed, Lettering]:
        """A line of print that starts at a point; gives where it lies."""
        length = height * (len(text) + 2) * 1.1 * max(1.0, stretch)
        sheet = self.sheet(length, height * 2.4)
        line = sheet.text(text, (0.0, 0.0), height, font, stretch=stretch)
        half = (line.quad[1][0] - line.quad[0][0]) / 2
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        centre = (left_middle[0] + half * c, left_middle[1] + half * s)
        return self.put(sheet, centre, turn, colour), line

    def trap(self, kind: str, placed: Placed, corners: Sequence[Point], text: str | None = None) -> None:
        """Remember a trap by corners in millimetres of its sheet."""
        self.traps.append(Trap(kind, placed.pixels(corners), text))


def rectangle(width: float, height: float) -> Quad:
    """Corners of an upright rectangle about the origin."""
    w, h = width / 2, height / 2
    return (-w, -h), (w, -h), (w, h), (-w, h)
