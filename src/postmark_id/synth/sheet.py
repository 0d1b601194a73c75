"""A sheet on which one design is drawn, in millimetres, before it is inked.

Design note: coordinates are millimetres from the centre of the sheet, x right, y down, so that a design does not know
at which resolution it is drawn. The sheet keeps no colours: 1 is ink, 0 is none. Lines of text are remembered with
their quads, because the truth about a date must come from where it was drawn, not from a formula beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.models import Point, Quad
from postmark_id.synth.fonts import Glyph, glyph, kept_size

Mask = npt.NDArray[np.float32]
_SHIFT = 4
_ONE = 1 << _SHIFT


@dataclass(frozen=True, slots=True)
class Lettering:
    """A line of text on a sheet.

    Attributes
    ----------
    text : str
    quad : Quad
        Corners of the line in reading order, millimetres; for an arc the hull of its letters.
    letters : tuple of (str, Quad)
        Each letter that has ink, with its own quad.
    """

    text: str
    quad: Quad
    letters: tuple[tuple[str, Quad], ...]


@dataclass
class Sheet:
    """Drawing surface of `width` x `height` millimetres at `scale` pixels a millimetre."""

    width: float
    height: float
    scale: float
    ink: npt.NDArray[np.uint8] = field(init=False)

    def __post_init__(self) -> None:
        self.ink = np.zeros((math.ceil(self.height * self.scale), math.ceil(self.width * self.scale)), np.uint8)

    def mask(self) -> Mask:
        """The drawing, shape (h, w), float32 in 0..1."""
        return self.ink.astype(np.float32) / np.float32(255)

    def pixel(self, point: Point) -> Point:
        """Millimetres to pixels of the sheet."""
        h, w = self.ink.shape
        return point[0] * self.scale + (w - 1) / 2, point[1] * self.scale + (h - 1) / 2

    def _fixed(self, points: Sequence[Point]) -> npt.NDArray[np.int32]:
        pixels = np.asarray([self.pixel(p) for p in points], np.float64)
        return np.round(pixels * _ONE).astype(np.int32).reshape(-1, 1, 2)

    def _pen(self, width: float) -> int:
        return max(1, round(width * self.scale))

    def path(self, points: Sequence[Point], width: float, *, closed: bool = False, ink: int = 255) -> None:
        """A line through points, `width` millimetres thick."""
        cv2.polylines(self.ink, [self._fixed(points)], closed, ink, self._pen(width), cv2.LINE_AA, _SHIFT)

    def area(self, points: Sequence[Point], *, ink: int = 255) -> None:
        """A filled polygon."""
        cv2.fillPoly(self.ink, [self._fixed(points)], ink, cv2.LINE_AA, _SHIFT)

    def circle(self, centre: Point, radius: float, width: float = 0.0, *, ink: int = 255) -> None:
        """A ring of the given line width, or a disc where it is 0."""
        x, y = self.pixel(centre)
        pen = self._pen(width) if width > 0 else -1
        where = (round(x * _ONE), round(y * _ONE))
        cv2.circle(self.ink, where, max(1, round(radius * self.scale * _ONE)), ink, pen, cv2.LINE_AA, _SHIFT)

    def ellipse(self, centre: Point, axes: Point, turn: float, width: float, *, ink: int = 255) -> None:
        """An ellipse with half axes in millimetres, turned clockwise by degrees."""
        x, y = self.pixel(centre)
        where = (round(x * _ONE), round(y * _ONE))
        size = (max(1, round(axes[0] * self.scale * _ONE)), max(1, round(axes[1] * self.scale * _ONE)))
        pen = self._pen(width) if width > 0 else -1
        cv2.ellipse(self.ink, where, size, turn, 0, 360, ink, pen, cv2.LINE_AA, _SHIFT)

    def _stamp(self, letter: Glyph, matrix: npt.NDArray[np.float64], erase: bool) -> Quad:
        """Put a glyph on the sheet through an affine map from glyph pixels to sheet pixels."""
        mask = letter.mask
        h, w = mask.shape
        corners = np.array([[0, 0, 1], [w, 0, 1], [w, h, 1], [0, h, 1]], np.float64) @ matrix.T
        xs, ys = corners[:, 0].tolist(), corners[:, 1].tolist()
        left, top = max(int(min(xs)) - 1, 0), max(int(min(ys)) - 1, 0)
        right, bottom = min(int(max(xs)) + 3, self.ink.shape[1]), min(int(max(ys)) + 3, self.ink.shape[0])
        if right > left and bottom > top:
            local = matrix.copy()
            local[:, 2] -= (left, top)
            drawn = cv2.warpAffine(mask, local, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
            region = self.ink[top:bottom, left:right]
            if erase:
                np.minimum(region, 255 - drawn, out=region)
            else:
                np.maximum(region, drawn, out=region)
        x0, y0, x1, y1 = letter.inked
        tight = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]], np.float64) @ matrix.T
        sheet_h, sheet_w = self.ink.shape
        tight = (tight - ((sheet_w - 1) / 2, (sheet_h - 1) / 2)) / self.scale
        tl, tr, br, bl = ((x, y) for x, y in tight.tolist())
        return tl, tr, br, bl

    def text(
        self,
        text: str,
        centre: Point,
        height: float,
        font: Path,
        *,
        turn: float = 0.0,
        stretch: float = 1.0,
        spacing: float = 0.0,
        fit: float | None = None,
        slips: Sequence[float] | None = None,
        erase: bool = False,
    ) -> Lettering:
        """A straight line of text, centred on `centre`.

        Parameters
        ----------
        height : float
            Height of figures, millimetres.
        turn : float
            Degrees clockwise.
        stretch, spacing : float
            Widening of letters; extra space between them as a share of the height.
        fit : float, optional
            Longest the line may be, millimetres; letters are narrowed, then made smaller.
        slips : sequence of float, optional
            Shift of each letter across the line, as a share of the height (figures of date wheels).
        erase : bool
            Cut the letters out of ink instead of adding ink.
        """
        pixels = kept_size(height * self.scale)
        glyphs = [glyph(font, c, pixels) for c in text]
        gap = spacing * pixels
        shrink = height * self.scale / pixels
        length = (sum(g.advance for g in glyphs) + gap * max(0, len(glyphs) - 1)) * stretch * shrink
        if fit is not None and length > fit * self.scale:
            over = fit * self.scale / length
            narrowed = max(over, 0.7)
            stretch *= narrowed
            shrink *= over / narrowed
            length = fit * self.scale
        cx, cy = self.pixel(centre)
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        pen = -length / 2
        letters: list[tuple[str, Quad]] = []
        corners: list[Point] = []
        for index, (letter, drawn) in enumerate(zip(text, glyphs, strict=True)):
            if drawn.mask.size:
                a, b = stretch * shrink, shrink
                slip = (slips[index] if slips else 0.0) * pixels * shrink
                x = pen + drawn.left * a
                y = pixels * shrink / 2 + drawn.top * b + slip
                matrix = np.array(
                    [[a * cos, -b * sin, cx + x * cos - y * sin], [a * sin, b * cos, cy + x * sin + y * cos]]
                )
                letters.append((letter, self._stamp(drawn, matrix, erase)))
                corners.extend(letters[-1][1])
            pen += (drawn.advance + gap) * stretch * shrink
        return Lettering(text, hull_quad(corners, centre, turn), tuple(letters))

    def arc(
        self,
        text: str,
        centre: Point,
        radius: float,
        height: float,
        font: Path,
        *,
        middle: float = 0.0,
        inward: bool = False,
        spacing: float = 0.05,
        stretch: float = 1.0,
        widest: float = 300.0,
        erase: bool = False,
    ) -> Lettering:
        """Text along a circle.

        Parameters
        ----------
        radius : float
            From the centre to the middle of the letters, millimetres.
        middle : float
            Where the middle of the text stands, degrees clockwise from the top.
        inward : bool
            Feet of the letters outside (a text at the bottom that reads from left to right).
        widest : float
            Largest angle the text may span, degrees; letters get smaller to fit.
        """
        step = 180.0 / math.pi / radius / self.scale
        for _ in range(6):
            pixels = kept_size(height * self.scale)
            shrink = height * self.scale / pixels
            glyphs = [glyph(font, c, pixels) for c in text]
            total = sum((g.advance * stretch + spacing * pixels) * shrink * step for g in glyphs)
            if total <= widest:
                break
            height *= max(0.5, widest / total * 0.99)
        direction = -1.0 if inward else 1.0
        angle = middle - direction * total / 2
        cx, cy = self.pixel(centre)
        letters: list[tuple[str, Quad]] = []
        corners: list[Point] = []
        a, b = stretch * shrink, shrink
        for letter, drawn in zip(text, glyphs, strict=True):
            span = (drawn.advance * stretch + spacing * pixels) * shrink * step
            at = angle + direction * span / 2
            angle += direction * span
            if not drawn.mask.size:
                continue
            turn = math.radians(at + (180.0 if inward else 0.0))
            theta = math.radians(at - 90.0)
            r = radius * self.scale
            gx, gy = cx + r * math.cos(theta), cy + r * math.sin(theta)
            cos, sin = math.cos(turn), math.sin(turn)
            x, y = (drawn.left - drawn.advance / 2) * a, pixels * shrink / 2 + drawn.top * b
            matrix = np.array([[a * cos, -b * sin, gx + x * cos - y * sin], [a * sin, b * cos, gy + x * sin + y * cos]])
            letters.append((letter, self._stamp(drawn, matrix, erase)))
            corners.extend(letters[-1][1])
        turn_of_line = middle + (180.0 if inward else 0.0)
        return Lettering(text, hull_quad(corners, centre, turn_of_line), tuple(letters))


def hull_quad(corners: Sequence[Point], centre: Point, turn: float) -> Quad:
    """Smallest rectangle turned by `turn` degrees that holds all corners, in reading order."""
    if not corners:
        return (centre, centre, centre, centre)
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    u = [x * cos + y * sin for x, y in corners]
    v = [-x * sin + y * cos for x, y in corners]
    box = ((min(u), min(v)), (max(u), min(v)), (max(u), max(v)), (min(u), max(v)))
    tl, tr, br, bl = ((a * cos - b * sin, a * sin + b * cos) for a, b in box)
    return tl, tr, br, bl
