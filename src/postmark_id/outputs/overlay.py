"""The annotated picture: every mark outlined by its kind, its date boxed, and a caption that says what it is.

Lines have a light casing, so that they show on dark ink as well as on kraft paper. A caption stands where it covers the
least of the marks and of other captions. Everything is drawn on a bounded copy.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from postmark_id.errors import OutputError
from postmark_id.geometry import widened
from postmark_id.models import Picture, SideName
from postmark_id.outputs.atomic import write_bytes
from postmark_id.outputs.contract import Document
from postmark_id.outputs.words import day, mark_look, mark_name
from postmark_id.settings import OverlaySettings

Colour = tuple[int, int, int]
Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""

COLOURS: dict[str, Colour] = {
    "station-seal": (0, 122, 204),
    "board-postmark": (214, 40, 96),
    "souvenir-seal": (128, 74, 204),
    "ground-cancel": (112, 120, 130),
    "unknown": (217, 130, 0),
}
"""Outline of each kind of mark, RGB; the page uses the same."""

DATE_COLOUR: Colour = (0, 150, 110)
_DATE_MARGIN = 4.0
"""Between the figures of a date and its box, in thousandths of the picture: room for the line and its casing."""
_CASING: Colour = (255, 255, 255)
_PLATE = (20, 24, 30, 232)
_TEXT = (255, 255, 255, 255)
_FAINT = (190, 198, 208, 255)
_SUBPIXEL = 4
_SMOOTH = 4
"""Captions are drawn so many times larger and reduced: Pillow does not smooth its shapes."""


def annotate(pixels: Picture, document: Document, settings: OverlaySettings, side: SideName = "front") -> Picture:
    """Draw what was found onto a copy of the scan.

    Parameters
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
        The upright scan at full size, as the document's coordinates mean it.
    document : Document
        Of the contract.
    settings : OverlaySettings
    side : {"front", "back"}
        Side of the cover that the scan shows; marks of the other one are left out, and keep their numbers.

    Returns
    -------
    ndarray, shape (h, w, 3), uint8
        Longest side at most ``settings.max_side``.
    """
    picture, scale = _working_copy(pixels, settings)
    numbered = [(k, m) for k, m in enumerate(document["marks"], start=1) if m.get("side", "front") == side]
    marks = [mark for _, mark in numbered]
    outlines = [np.asarray(mark["outline"], np.float64).reshape(-1, 2) * scale for mark in marks]
    unit = max(picture.shape[:2]) / 1000.0
    for mark, outline in zip(marks, outlines, strict=True):
        _trace(picture, outline, COLOURS[mark_look(mark)], unit, heavy=True)
        quad = (mark["date"] or {}).get("quad")
        if quad:
            tl, tr, br, bl = ((x * scale, y * scale) for x, y in quad)
            box = np.asarray(widened((tl, tr, br, bl), _DATE_MARGIN * unit))
            _trace(picture, box, DATE_COLOUR, unit, heavy=False)
    canvas = Image.fromarray(picture).convert("RGBA")
    taken: list[Rectangle] = []
    obstacles = [_bounds(outline) for outline in outlines]
    for (number, mark), outline in zip(numbered, outlines, strict=True):
        plate = _plate(number, mark, max(13.0, 17.0 * unit))
        left, top = _place(plate.size, _bounds(outline), obstacles, taken, canvas.size)
        taken.append((left, top, left + plate.width, top + plate.height))
        canvas.alpha_composite(plate, (left, top))
    return np.asarray(canvas.convert("RGB"))


def encode(picture: Picture, suffix: str, settings: OverlaySettings) -> bytes:
    """Bytes of a picture as PNG, JPEG or WebP, by the suffix of its file.

    Raises
    ------
    OutputError
        For another suffix.
    """
    kind = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}.get(suffix.lower())
    if kind is None:
        raise OutputError(
            f"{suffix or 'no suffix'}: an annotated picture is not written in this format",
            code="overlay-format",
            hint="name it .png, .jpg or .webp",
        )
    stream = io.BytesIO()
    options = {"optimize": True, "compress_level": 6} if kind == "PNG" else {"quality": settings.jpeg_quality}
    Image.fromarray(picture).save(stream, kind, **options)
    return stream.getvalue()


def save_overlay(
    path: str | os.PathLike[str],
    pixels: Picture,
    document: Document,
    settings: OverlaySettings,
    *,
    side: SideName = "front",
    overwrite: bool = False,
) -> None:
    """Annotate a scan and write the picture; see `annotate` and `encode`.

    Raises
    ------
    OverwriteError, OutputError
    """
    picture = annotate(pixels, document, settings, side)
    write_bytes(path, encode(picture, Path(path).suffix, settings), overwrite=overwrite)


def _working_copy(pixels: Picture, settings: OverlaySettings) -> tuple[Picture, float]:
    longest = max(pixels.shape[:2])
    scale = min(settings.max_side / longest, max(1.0, min(2.0, settings.min_side / longest)))
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    copy = pixels.copy() if scale == 1 else cv2.resize(pixels, size, interpolation=how)
    return np.ascontiguousarray(copy, dtype=np.uint8), scale


def _trace(picture: Picture, points: npt.NDArray[np.float64], colour: Colour, unit: float, *, heavy: bool) -> None:
    """A closed smooth line with a casing."""
    fixed = [np.rint(points * 2**_SUBPIXEL).astype(np.int32).reshape(-1, 1, 2)]
    width = max(2, round((2.6 if heavy else 1.6) * unit))
    for tint, thickness in ((_CASING, width + 2 * max(1, round(1.2 * unit))), (colour, width)):
        cv2.polylines(picture, fixed, True, tint, thickness, cv2.LINE_AA, _SUBPIXEL)


def _bounds(points: npt.NDArray[np.float64]) -> Rectangle:
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    data = files("postmark_id.outputs").joinpath(f"fonts/Roboto-{weight}.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


def caption(mark: Document) -> tuple[str, str]:
    """What a caption says: the mark, and its date with the score."""
    first = mark_name(mark).capitalize() + (f" · {mark['station']}" if mark["station"] else "")
    date = mark["date"]
    second = f"{day(date['date'])} · {date['score']:.2f}" if date else f"score {mark['score']:.2f}"
    return first, second


def _plate(number: int, mark: Document, size: float) -> Image.Image:
    """Caption on a dark plate with a stripe in the colour of the mark's kind."""
    first, second = caption(mark)
    big = round(size * _SMOOTH)
    bold, regular = _font("Bold", big), _font("Regular", round(big * 0.92))
    title = f"{number}  {first}"
    padding, stripe, line = round(big * 0.55), round(big * 0.28), round(big * 1.28)
    width = round(max(bold.getlength(title), regular.getlength(second))) + 2 * padding + stripe
    height = 2 * line + round(1.1 * padding)
    plate = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(plate)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), round(big * 0.32), fill=(*COLOURS[mark_look(mark)], 255))
    draw.rounded_rectangle((stripe, 0, width - 1, height - 1), round(big * 0.32), fill=_PLATE)
    draw.rectangle((stripe, 0, stripe + round(big * 0.32), height - 1), fill=_PLATE)
    middle = (height - 2 * line) // 2
    draw.text((stripe + padding, middle + line // 2), title, _TEXT, bold, anchor="lm")
    draw.text((stripe + padding, middle + line + line // 2), second, _FAINT, regular, anchor="lm")
    return plate.resize((width // _SMOOTH, height // _SMOOTH), Image.Resampling.LANCZOS)


def _place(
    size: tuple[int, int],
    own: Rectangle,
    obstacles: Sequence[Rectangle],
    taken: Sequence[Rectangle],
    canvas: tuple[int, int],
) -> tuple[int, int]:
    """Left top corner of a caption: of the places around its mark, the one that covers least."""
    width, height = size
    gap = height * 0.18
    left, top, right, bottom = own
    columns = (left, right - width, (left + right - width) / 2)
    places = [(x, y) for y in (top - height - gap, bottom + gap) for x in columns]
    places += [(x, (top + bottom - height) / 2) for x in (right + gap, left - width - gap)]
    places.append((left + gap, top + gap))

    def cost(place: tuple[float, float]) -> float:
        x, y = _kept_inside(place, size, canvas)
        area = (x, y, x + width, y + height)
        moved = abs(x - place[0]) + abs(y - place[1])
        return moved + 4 * sum(_overlap(area, other) for other in taken) + sum(_overlap(area, o) for o in obstacles)

    x, y = _kept_inside(min(places, key=cost), size, canvas)
    return round(x), round(y)


def _kept_inside(place: tuple[float, float], size: tuple[int, int], canvas: tuple[int, int]) -> tuple[float, float]:
    return (
        max(0.0, min(place[0], canvas[0] - size[0])),
        max(0.0, min(place[1], canvas[1] - size[1])),
    )


def _overlap(a: Rectangle, b: Rectangle) -> float:
    """Area that two rectangles share, pixels squared."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height)
