"""Inks by colour: which ink is a mark struck in, and how much of it lies on each pixel.

An ink is a direction in density space (absorbed red, green, blue). How far a pixel lies along it says how much of the
ink may be there, how far it lies off it says how much else is.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from postmark_id.ink.flatten import Density
from postmark_id.models import Picture
from postmark_id.settings import InkSettings


@dataclass(frozen=True, slots=True)
class Ink:
    """One ink.

    Attributes
    ----------
    direction : ndarray, shape (3,), float32
        Unit vector of the density it adds to red, green and blue.
    strength : float
        Typical density of a well-inked stroke along that direction.
    name : str
        black, blue, violet, red, pink, green, or brown.
    """

    direction: npt.NDArray[np.float32]
    strength: float
    name: str


def main_ink(values: Density, settings: InkSettings) -> Ink:
    """The ink that most of the given inked pixels show.

    Parameters
    ----------
    values : ndarray, shape (n, 3)
        Densities, for example along the outline of a mark; bare pixels among them do no harm.
    """
    flat = values.reshape(-1, 3)
    amount = flat.sum(axis=1)
    threshold = max(settings.faintest_density, float(np.percentile(amount, 60)) if len(amount) else 0.0)
    inked = flat[amount >= threshold]
    if len(inked) == 0:
        return Ink(np.full(3, 3**-0.5, dtype=np.float32), settings.faintest_density, "")
    middle = np.median(inked, axis=0)
    length = float(np.linalg.norm(middle)) or 1.0
    direction = (middle / length).astype(np.float32)
    return Ink(direction, length, name_of(direction, length, settings))


def name_of(direction: npt.NDArray[np.float32], strength: float, settings: InkSettings) -> str:
    """Collector's name of an ink by the colour that it leaves of white light."""
    left = np.exp(-direction * max(strength, 0.6))
    hue, _, _ = colorsys.rgb_to_hsv(*(float(v) for v in left))
    spread = float(direction.max() - direction.min())
    if spread < settings.neutral_spread:
        return "black"
    degrees = hue * 360.0
    for limit, name in settings.hues:
        if degrees < limit:
            return "pink" if name == "red" and strength < settings.pink_strength else name
    return "red"


def layer(values: Density, ink: Ink, *, purity: float = 0.0) -> npt.NDArray[np.float32]:
    """Amount of an ink on each pixel, 0..1 (1: as strong as its typical stroke).

    Parameters
    ----------
    values : ndarray, shape (height, width, 3)
        Densities.
    ink : Ink
    purity : float
        How much of the amount each bit of another colour takes away: at 0 any ink that shares its colour counts, at
        2 the strokes of another pen or stamp across the mark are all but gone, and so is what lies below them.
    """
    along = values @ ink.direction
    if purity:
        along = along - purity * np.linalg.norm(values - along[..., None] * ink.direction, axis=2)
    amount: npt.NDArray[np.float32] = np.clip(along / max(ink.strength, 1e-3), 0.0, 1.0).astype(np.float32)
    return amount


def on_paper(amount: npt.NDArray[np.float32]) -> Picture:
    """Amounts of an ink, 0..1, as it would look dark on white paper, shape as given, uint8."""
    return np.asarray(255.0 * (1.0 - amount), dtype=np.uint8)
