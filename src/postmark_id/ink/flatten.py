"""A working copy of bounded size, and the colour of the bare paper everywhere on it.

The paper under ink can't be seen, but it changes slowly: the brightest colours of a neighbourhood of about a
centimetre, smoothed, are taken for it. On a postage stamp the "paper" then is the stamp's own light parts, which is
what a cancel across it has to be compared with.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.geometry import as_array
from postmark_id.models import Picture, Point, Scan
from postmark_id.settings import InkSettings

Density = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sheet:
    """The working copy of a scan.

    Attributes
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
        RGB at working size.
    paper : ndarray, shape (h, w, 3), float32
        Colour of the paper, much smaller than `pixels`; to be enlarged where needed.
    scale : float
        Working pixels per pixel of the full-size scan, at most 1.
    """

    pixels: Picture
    paper: npt.NDArray[np.float32]
    scale: float

    @functools.cached_property
    def bare(self) -> npt.NDArray[np.float32]:
        """Colour of the cover where nothing is, shape (3,): the median of its paper."""
        colours = self.paper.reshape(-1, 3)
        # the darkest third may be bed and stamps
        light = colours[np.argsort(colours.sum(axis=1))[len(colours) // 3 :]]
        return np.asarray(np.median(light, axis=0), dtype=np.float32)


def lay_out(scan: Scan, settings: InkSettings) -> Sheet:
    """Shrink a scan to working size and estimate its paper."""
    scale = min(1.0, settings.working_side / max(scan.width, scan.height))
    size = max(1, round(scan.width * scale)), max(1, round(scan.height * scale))
    pixels = np.ascontiguousarray(shrunk(scan.pixels, size))
    return Sheet(pixels, _paper(pixels, settings), scale)


def shrunk(pixels: Picture, size: tuple[int, int]) -> Picture:
    """A picture made smaller, quickly.

    Averages over squares of whole pixels go as far as they can, the rest of the way lies between neighbours: averages
    over fractions of pixels take eight times as long, and dates are read no better from them.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
    size : (width, height)
        As large as the picture at most.
    """
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels
    times = min(width // size[0], height // size[1])
    if times > 1:
        wide, tall = width // times, height // times
        squares = pixels[: tall * times, : wide * times]
        pixels = np.asarray(cv2.resize(squares, (wide, tall), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _paper(pixels: Picture, settings: InkSettings) -> npt.NDArray[np.float32]:
    """Light, slowly changing part of a picture, at `settings.paper_side` pixels."""
    height, width = pixels.shape[:2]
    shrink = min(1.0, settings.paper_side / max(width, height))
    small = cv2.resize(
        pixels, (max(1, round(width * shrink)), max(1, round(height * shrink))), interpolation=cv2.INTER_AREA
    )
    reach = settings.paper_reach * 2 + 1
    light = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    light = cv2.erode(light, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    return cv2.GaussianBlur(light, (0, 0), settings.paper_reach / 2).astype(np.float32)


def share_on_print(sheet: Sheet, outline: Sequence[Point], settings: InkSettings) -> float:
    """Share of an outline's inside whose ground is not the cover's paper: a postage stamp, a cachet, the scanner bed.

    Parameters
    ----------
    sheet : Sheet
    outline : sequence of Point
        Full-size pixels.
    settings : InkSettings
    """
    height, width = sheet.paper.shape[:2]
    to_paper = sheet.scale * width / sheet.pixels.shape[1]
    points = np.round(as_array(outline) * to_paper).astype(np.int32)
    left, top = np.clip(points.min(axis=0), 0, (width, height)).tolist()
    right, bottom = np.clip(points.max(axis=0) + 1, 0, (width, height)).tolist()
    inside = np.zeros((bottom - top, right - left), dtype=np.uint8)
    if not inside.size:
        return 0.0
    cv2.fillPoly(inside, [points - (left, top)], 1)
    if not inside.any():
        return 0.0
    differs = np.abs(sheet.paper[top:bottom, left:right] - sheet.bare).max(axis=2) > settings.other_paper
    return float(differs[inside > 0].mean())


def density(sheet: Sheet, box: tuple[int, int, int, int] | None = None) -> Density:
    """Optical density of a part of the sheet, shape (height, width, 3), 0 where the paper is bare.

    Parameters
    ----------
    sheet : Sheet
    box : (x, y, width, height), optional
        In working pixels, inside the sheet; everything by default.
    """
    height, width = sheet.pixels.shape[:2]
    x, y, w, h = box or (0, 0, width, height)
    sx, sy = sheet.paper.shape[1] / width, sheet.paper.shape[0] / height
    to_paper = np.array([[sx, 0, (x + 0.5) * sx - 0.5], [0, sy, (y + 0.5) * sy - 0.5]], dtype=np.float32)
    paper = cv2.warpAffine(
        sheet.paper, to_paper, (w, h), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    part = sheet.pixels[y : y + h, x : x + w].astype(np.float32)
    # 8 grey levels of ground light keep the logarithm of black ink finite and its colour quiet
    result: Density = np.log((paper + 8.0) / (part + 8.0)).astype(np.float32)
    return np.maximum(result, 0.0)


def density_around(
    sheet: Sheet, points: npt.NDArray[np.floating], room: float = 0.0
) -> tuple[Density, tuple[int, int]]:
    """Density of the upright part of the sheet that holds some points, and its left and upper edge.

    Parameters
    ----------
    sheet : Sheet
    points : ndarray, shape (n, 2)
        Working pixels; those outside the sheet are left out as far as at least two by two pixels remain.
    room : float
        Working pixels added on all sides.
    """
    height, width = sheet.pixels.shape[:2]
    left, top = (int(v) for v in np.clip(np.floor(points.min(axis=0) - room), 0, (width - 2, height - 2)))
    right, bottom = (int(v) for v in np.clip(np.ceil(points.max(axis=0) + room), (left + 2, top + 2), (width, height)))
    return density(sheet, (left, top, right - left, bottom - top)), (left, top)
