"""Impressions: a struck mark brought to one size and one position, with nothing left but its own ink.

The fitted outline says how a mark lies on the scan, oblique views included; undoing that leaves a square picture in
which every strike of a mark looks alike, up to its wear. What is not the mark's own (paper, other inks, the
date, what lies beyond the edge of the scan) is taken out or marked as unseen, so that nobody compares it.

On disk an impression is a PNG that people can look at: ink is dark, paper is white, and what is unseen is pink.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from postmark_id.errors import LibraryError
from postmark_id.geometry import as_array
from postmark_id.ink import Ink, Sheet, density_around, main_ink
from postmark_id.models import Outline, Picture, Quad, Shape
from postmark_id.settings import InkSettings

Floats = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]

SIDE = 160
"""Side of an impression, pixels."""
RADIUS = 66.0
"""Radius that a mark has in it, pixels."""
MIDDLE = (SIDE - 1) / 2
_UNSEEN = (255, 205, 205)
_OTHER_INK = 1.5
"""How strongly colour that is not the ink's own speaks against its ink on a pixel."""
_DATE_MARGIN = 1.1
_BROADEST = 23
"""Width up to which a dark place may be a stroke or a picture of the mark, pixels; what is broader lies under it."""
_FINER = 2
"""Marks are first drawn so many times larger, so that fine lines survive."""


@dataclass(frozen=True, slots=True)
class Impression:
    """One mark, or the average of several strikes, of which only the ink is left.

    Attributes
    ----------
    ink : ndarray, shape (SIDE, SIDE), float32
        0 for paper, 1 for a stroke of usual strength.
    seen : ndarray, shape (SIDE, SIDE), float32
        1 where the mark can be judged, 0 where it can't.
    shape : Shape
    """

    ink: Floats
    seen: Floats
    shape: Shape


def frame(outline: Outline) -> Matrix:
    """Map from the unit frame of a mark (its lettering upright, y down) to full-size pixels, shape (2, 3)."""
    angle = math.radians(outline.rotation)
    upright = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return np.column_stack([outline.slant @ upright, np.mean(outline.points, axis=0)])


def ink_of(sheet: Sheet, outline: Outline, settings: InkSettings) -> Ink:
    """The ink that the outline of a mark is struck in."""
    corners = as_array(outline.points) * sheet.scale
    ahead = np.roll(corners, -1, axis=0)
    part = np.linspace(0.0, 1.0, 24, endpoint=False, dtype=np.float32)[None, :, None]
    points = np.round(corners[:, None] * (1 - part) + ahead[:, None] * part).astype(int).reshape(-1, 2)
    height, width = sheet.pixels.shape[:2]
    inside = (points >= 0).all(axis=1) & (points[:, 0] < width) & (points[:, 1] < height)
    points = points[inside]
    if not len(points):
        return main_ink(np.zeros((0, 3), np.float32), settings)
    values, (left, top) = density_around(sheet, points, room=1.0)
    return main_ink(values[points[:, 1] - top, points[:, 0] - left], settings)


def rectify(sheet: Sheet, outline: Outline, ink: Ink, hidden: Sequence[Quad] = ()) -> Impression:
    """Bring a mark to one size and position, and leave only its ink.

    Parameters
    ----------
    sheet : Sheet
    outline : Outline
        In full-size pixels; its rotation says where the lettering stands upright.
    ink : Ink
        What the mark is struck in.
    hidden : sequence of Quad
        Places to leave out, such as the date; full-size pixels.
    """
    to_sheet = frame(outline)
    to_sheet[:, 2] = to_sheet[:, 2] * sheet.scale
    to_sheet[:, :2] *= sheet.scale
    reach = SIDE / (2 * RADIUS)
    corners = np.array([[x, y, 1.0] for x in (-reach, reach) for y in (-reach, reach)]) @ to_sheet.T
    values, (left, top) = density_around(sheet, corners)
    # pixels of the finer picture to pixels of the part of the sheet
    size = RADIUS * _FINER
    middle = (SIDE * _FINER - 1) / 2
    whole = np.vstack([to_sheet - [[0, 0, left], [0, 0, top]], [0, 0, 1]])
    back = whole @ np.array([[1 / size, 0, -middle / size], [0, 1 / size, -middle / size], [0, 0, 1]])
    zoom = size / (outline.radius * sheet.scale)
    if zoom < 0.8:
        values = np.asarray(cv2.GaussianBlur(values, (0, 0), 0.4 / zoom), np.float32)
    there = _drawn(np.ones(values.shape[:2], np.float32), back)
    seen = (there > 0.5).astype(np.float32)
    to_frame = np.linalg.inv(np.vstack([frame(outline), [0, 0, 1]]))
    for quad in hidden:
        flat = np.column_stack([as_array(quad), np.ones(4)]) @ to_frame[:2].T * RADIUS + MIDDLE
        spread = flat.mean(axis=0) + (flat - flat.mean(axis=0)) * _DATE_MARGIN
        cv2.fillPoly(seen, [np.round(spread).astype(np.int32)], 0.0)
    return Impression(_own_ink(above_ground(_drawn(values, back)), ink), seen, outline.shape)


def above_ground(values: Floats) -> Floats:
    """What was put on stamps and other broad dark ground, without the ground: densities add up, so they can be parted.

    Parameters
    ----------
    values : ndarray, shape (SIDE, SIDE) or (SIDE, SIDE, 3), float32
        Densities.
    """
    broad = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_BROADEST, _BROADEST))
    ground = cv2.morphologyEx(values, cv2.MORPH_OPEN, broad, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(values - ground, np.float32)


def _drawn(values: Floats, back: Matrix) -> Floats:
    side = (SIDE * _FINER, SIDE * _FINER)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    large = cv2.warpAffine(values, back[:2].astype(np.float32), side, flags=flags, borderValue=(0, 0, 0))
    return np.asarray(cv2.resize(large, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _own_ink(values: Floats, ink: Ink) -> Floats:
    """Amount of one ink, 0..1; colour that it can't have speaks for another ink."""
    along = values @ ink.direction
    rest = np.linalg.norm(values - along[..., None] * ink.direction, axis=2)
    return np.asarray(np.clip((along - _OTHER_INK * rest) / max(ink.strength, 1e-3), 0.0, 1.0), np.float32)


def to_picture(impression: Impression) -> Picture:
    """As people see it, shape (SIDE, SIDE, 3): ink dark, paper white, the unseen pink."""
    grey = np.round((1.0 - np.clip(impression.ink, 0.0, 1.0)) * 255.0).astype(np.uint8)
    picture = np.dstack([grey, grey, grey])
    picture[impression.seen <= 0.5] = _UNSEEN
    return picture


def to_png(impression: Impression) -> bytes:
    """The bytes of its file."""
    stream = io.BytesIO()
    Image.fromarray(to_picture(impression)).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def from_picture(picture: Picture, shape: Shape, name: str) -> Impression:
    """Read an impression from the picture that `to_picture` made.

    Raises
    ------
    LibraryError
        If it has another size.
    """
    if picture.shape != (SIDE, SIDE, 3):
        raise LibraryError(
            f"{name}: is no learned picture of {SIDE} x {SIDE} pixels",
            code="bad-impression",
            hint="learn the mark again with `postmark-id marks learn`",
        )
    seen = picture[..., 0] == picture[..., 1]
    ink = 1.0 - picture[..., 0].astype(np.float32) / 255.0
    return Impression(np.where(seen, ink, 0.0).astype(np.float32), seen.astype(np.float32), shape)
