"""A sheet with all pictures of a mark side by side, for people who want to see what is known of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from postmark_id.models import Picture

TILE = 240
"""Side of a picture on the sheet, pixels."""
COLUMNS = 5
_CAPTION = 22
_MARGIN = 10
_PAPER = (246, 246, 244)
_INK = (40, 44, 50)


@cache
def _font() -> ImageFont.FreeTypeFont:
    data = (files("postmark_id.outputs") / "fonts" / "Roboto-Regular.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), 14)


def picture_sheet(pictures: Sequence[tuple[str, Picture]]) -> Picture:
    """Lay pictures out in rows, each with its caption below.

    Parameters
    ----------
    pictures : sequence of (caption, picture)
        At least one; RGB of any size.

    Returns
    -------
    ndarray, shape (height, width, 3), uint8
    """
    columns = min(COLUMNS, len(pictures))
    rows = -(-len(pictures) // columns)
    cell = (TILE + _MARGIN, TILE + _CAPTION + _MARGIN)
    sheet = Image.new("RGB", (columns * cell[0] + _MARGIN, rows * cell[1] + _MARGIN), _PAPER)
    draw = ImageDraw.Draw(sheet)
    for number, (caption, picture) in enumerate(pictures):
        left, top = _MARGIN + number % columns * cell[0], _MARGIN + number // columns * cell[1]
        tile = _fitted(picture)
        sheet.paste(tile, (left + (TILE - tile.width) // 2, top + (TILE - tile.height) // 2))
        draw.text((left, top + TILE + 3), _shortened(draw, caption), fill=_INK, font=_font())
    return np.asarray(sheet, np.uint8)


def _fitted(picture: Picture) -> Image.Image:
    height, width = picture.shape[:2]
    share = TILE / max(height, width)
    size = max(1, round(width * share)), max(1, round(height * share))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return Image.fromarray(np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8))


def _shortened(draw: ImageDraw.ImageDraw, caption: str) -> str:
    while draw.textlength(caption, font=_font()) > TILE and len(caption) > 4:
        caption = caption[:-2].rstrip("…") + "…"
    return caption
