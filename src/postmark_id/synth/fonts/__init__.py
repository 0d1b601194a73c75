"""Typefaces for lettering on marks and covers.

Design note: the fonts are subsets (Latin, Cyrillic, figures, punctuation) made by ``training/subset_fonts.py``, each
under its open licence (see ``LICENCES.md`` beside them). `glyph` is the only place where an outline font becomes
pixels; everything above it works with those masks. Training may widen the choice with the environment variable
``POSTMARK_ID_SYNTH_FONTS``, a folder of further fonts; rendering that must be reproducible anywhere (samples, tests)
runs without the variable.
"""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

ENVIRONMENT = "POSTMARK_ID_SYNTH_FONTS"

_HERE = Path(str(resources.files(__package__)))

FONTS: tuple[Path, ...] = tuple(sorted(_HERE.glob("cover-*.ttf")))
"""Fonts for lettering, in the package."""
HANDS: tuple[Path, ...] = tuple(sorted(_HERE.glob("hand-*.ttf")))
"""Fonts that look like handwriting, in the package."""

NEEDED = "0123456789.-:/№ АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяABCXYZabcxyz"
"""Letters that every font must have."""


@lru_cache(maxsize=4)
def _extra(folder: str) -> tuple[Path, ...]:
    found = sorted(p for p in Path(folder).rglob("*") if p.suffix.lower() in {".ttf", ".otf"})
    return tuple(p for p in found if covers(p, NEEDED))


def extra_font_paths() -> tuple[Path, ...]:
    """Further fonts with Cyrillic letters from the folder in ``POSTMARK_ID_SYNTH_FONTS``; none where it is unset."""
    folder = os.environ.get(ENVIRONMENT)
    return _extra(folder) if folder else ()


def covers(path: Path, letters: str) -> bool:
    """Whether a font draws every one of `letters` (spaces aside) with something of its own."""
    try:
        font = ImageFont.truetype(str(path), 24)
        missing = font.getmask("\U0010fffd")
        blank = (missing.size, bytes(missing))
        for letter in set(letters) - {" "}:
            mask = font.getmask(letter)
            if mask.size[0] * mask.size[1] == 0 or (mask.size, bytes(mask)) == blank:
                return False
    except (OSError, ValueError):
        return False
    return True


def choose_font(rng: np.random.Generator) -> Path:
    """A font for lettering, drawn at random."""
    pool = FONTS + extra_font_paths()
    return pool[int(rng.integers(len(pool)))]


def choose_hand(rng: np.random.Generator) -> Path:
    """A font for handwriting, drawn at random."""
    pool = HANDS or FONTS
    return pool[int(rng.integers(len(pool)))]


@lru_cache(maxsize=512)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


@lru_cache(maxsize=64)
def cap_share(path: Path) -> float:
    """Height of a figure as a share of the font size."""
    box = _font(path, 200).getbbox("0", anchor="ls")
    return float(box[3] - box[1]) / 200.0


class Glyph(NamedTuple):
    """One letter as a mask; a space has an empty one.

    Attributes
    ----------
    mask : ndarray, shape (h, w), uint8
        255 where there is ink.
    left, top : float
        Offset of the mask from the pen position on the base line, x right, y down.
    advance : float
        Step of the pen to the next letter, pixels.
    inked : tuple of float
        Left, top, right, bottom of the ink within the mask.
    """

    mask: npt.NDArray[np.uint8]
    left: float
    top: float
    advance: float
    inked: tuple[float, float, float, float]


SIZES = (8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 62, 76, 94, 116, 144, 200)
"""Heights at which letters are kept, pixels; others are scaled down from the next larger one, which saves time."""


def kept_size(height: float) -> int:
    """The kept height from which a letter of a height in pixels is scaled."""
    return next((s for s in SIZES if s >= height * 0.97), SIZES[-1])


@lru_cache(maxsize=16384)
def glyph(path: Path, letter: str, height: int) -> Glyph:
    """One letter as a mask.

    Parameters
    ----------
    path : Path
        Font file.
    letter : str
        One character.
    height : int
        Height of a figure in pixels.
    """
    font = _font(path, max(4, round(height / cap_share(path))))
    left, top, right, bottom = (int(v) for v in font.getbbox(letter, anchor="ls"))
    advance = float(font.getlength(letter))
    if right <= left or bottom <= top:
        return Glyph(np.zeros((0, 0), np.uint8), 0.0, 0.0, advance, (0.0, 0.0, 0.0, 0.0))
    image = Image.new("L", (right - left + 2, bottom - top + 2), 0)
    ImageDraw.Draw(image).text((1 - left, 1 - top), letter, fill=255, font=font, anchor="ls")
    mask = np.asarray(image, dtype=np.uint8)
    inked = np.argwhere(mask > 40)
    if not len(inked):
        return Glyph(np.zeros((0, 0), np.uint8), 0.0, 0.0, advance, (0.0, 0.0, 0.0, 0.0))
    (y0, x0), (y1, x1) = inked.min(axis=0), inked.max(axis=0) + 1
    return Glyph(mask, float(left - 1), float(top - 1), advance, (float(x0), float(y0), float(x1), float(y1)))
