"""How rubber meets paper: a clean mask becomes the strike that is seen.

Design note: every effect takes and gives a mask of ink, float32 in 0..1, and is scaled by the pixels of a millimetre,
so that the same wear looks the same at every resolution and on a small strip. Amounts are drawn once into a `Wear`; the
function `strike` adds only the chance of where the faults lie. Wear grows continuously with difficulty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.float32]
DEFAULT_SCALE = 12.0
"""Pixels a millimetre that `strike` assumes for a bare strip."""


@dataclass(frozen=True, slots=True)
class Wear:
    """Amounts of each fault, about 0 (none) to 1 (severe); `bleed` -1 (starved) to 1 (flooded)."""

    strength: float = 0.95
    """Density of the ink where all is well, 0..1."""
    bleed: float = 0.0
    squeeze: float = 0.0
    side: float = 0.0
    dropout: float = 0.0
    speckle: float = 0.0
    blots: float = 0.0
    doubling: float = 0.0
    smear: float = 0.0
    missing: float = 0.0
    breaks: float = 0.0
    texture: float = 0.0
    fuzz: float = 0.0
    warp: float = 0.0

    @classmethod
    def at(cls, difficulty: float, rng: np.random.Generator) -> Wear:
        """Amounts for a difficulty of 0..1; every strike has its own mixture of faults."""
        d = float(np.clip(difficulty, 0.0, 1.0))

        def some(share: float, power: float = 1.0) -> float:
            """Nothing, or an amount that grows with the difficulty, in `share` of the strikes."""
            amount = float(rng.uniform(0.25, 1.0)) * d**power
            return amount if rng.random() < min(1.0, share * (0.4 + d)) else 0.0

        return cls(
            strength=float(np.clip(rng.normal(0.97 - 0.42 * d, 0.03 + 0.13 * d), 0.25, 1.0)),
            bleed=float(rng.normal(0.05, 0.1 + 0.45 * d)),
            squeeze=some(0.5),
            side=some(0.75),
            dropout=some(0.8),
            speckle=some(0.6),
            blots=some(0.3),
            doubling=some(0.25, 1.3),
            smear=some(0.18, 1.3),
            missing=some(0.4, 1.2),
            breaks=some(0.6),
            texture=float(rng.uniform(0.05, 0.3) + some(0.8) * 0.7),
            fuzz=float(rng.uniform(0.0, 0.25) + some(0.5) * 0.6),
            warp=float(rng.uniform(0.0, 0.3 + 0.7 * d)),
        )


def noise(shape: tuple[int, int], cell: float, rng: np.random.Generator) -> Mask:
    """Smooth noise about 0 with deviation near 1; `cell` is the size of its lumps in pixels."""
    h, w = shape
    small = (max(2, round(h / max(cell, 1.0)) + 2), max(2, round(w / max(cell, 1.0)) + 2))
    grid = rng.standard_normal(small, dtype=np.float32)
    if cell <= 1.0:
        return np.ascontiguousarray(grid[:h, :w])
    if cell > 12.0:
        coarse = cv2.resize(grid, (-(-w // 4) + 1, -(-h // 4) + 1), interpolation=cv2.INTER_CUBIC)
        return np.asarray(cv2.resize(coarse, (w, h), interpolation=cv2.INTER_LINEAR), dtype=np.float32) * np.float32(
            1.25
        )
    return np.asarray(cv2.resize(grid, (w, h), interpolation=cv2.INTER_CUBIC), dtype=np.float32) * np.float32(1.25)


def _step(values: Mask, low: float, high: float) -> Mask:
    """0 below `low`, 1 above `high`, a line between."""
    return np.asarray(np.clip((values - np.float32(low)) / np.float32(max(1e-6, high - low)), 0.0, 1.0), np.float32)


def _warped(mask: Mask, amount: float, scale: float, rng: np.random.Generator) -> Mask:
    """Rubber gives way: the drawing shifts by up to some 0.3 mm, smoothly."""
    h, w = mask.shape
    dx, dy = (noise((h, w), 8.0 * scale, rng) * np.float32(0.15 * amount * scale) for _ in range(2))
    dx += np.arange(w, dtype=np.float32)[None, :]
    dy += np.arange(h, dtype=np.float32)[:, None]
    return np.asarray(cv2.remap(mask, dx, dy, cv2.INTER_LINEAR), np.float32)


def _ink_spread(mask: Mask, wear: Wear, scale: float, rng: np.random.Generator) -> Mask:
    """Strokes grow or starve and get rough edges, differently over the mark."""
    sigma = max(0.35, (0.05 + 0.06 * wear.fuzz + 0.05 * max(0.0, wear.bleed)) * scale)
    soft = cv2.GaussianBlur(mask, (0, 0), sigma)
    bleed = float(np.clip(wear.bleed, -1.0, 1.3))
    level = 0.5 - (0.24 if bleed > 0 else 0.13) * bleed
    uneven = noise(mask.shape, 6.0 * scale, rng) * np.float32(0.05 + 0.1 * abs(wear.bleed))
    rough = noise(mask.shape, max(1.0, 0.22 * scale), rng) * np.float32(0.04 + 0.14 * wear.fuzz)
    edge = 0.1 + 0.22 * wear.fuzz
    near = np.clip(soft * np.float32(5.0), 0.0, 1.0)
    return _step(soft + (uneven + rough) * near, level - edge, level + edge)


def _pressure(shape: tuple[int, int], wear: Wear, scale: float, rng: np.random.Generator) -> Mask:
    """How hard each place was pressed, 0..1."""
    h, w = shape
    angle = float(rng.uniform(0, 2 * math.pi))
    y = (np.arange(h, dtype=np.float32) / max(1, h - 1) - 0.5)[:, None]
    x = (np.arange(w, dtype=np.float32) / max(1, w - 1) - 0.5)[None, :]
    slope = x * np.float32(math.cos(angle)) + y * np.float32(math.sin(angle))
    tilt = np.clip(slope * 1.6 + 0.5, -0.4, 1.2) * np.float32(0.95 * wear.side)
    lumps = noise(shape, 9.0 * scale, rng) * np.float32(0.04 + 0.16 * wear.dropout)
    return np.clip(1.0 - tilt + lumps, 0.0, 1.15).astype(np.float32)


def _holes(worn: Mask, pressure: Mask, wear: Wear, scale: float, rng: np.random.Generator) -> Mask:
    """Ink that never reached the paper: grain of the paper, patches, nicks in the rubber."""
    shape = worn.shape
    grain = noise(shape, max(1.0, 0.16 * scale), rng) + noise(shape, max(1.0, 0.5 * scale), rng) * np.float32(0.6)
    lack = np.float32(1.9) - pressure * np.float32(1.9) + np.float32(1.1 * wear.texture)
    worn = worn * _step(grain - lack + np.float32(2.6), 0.0, 1.6)
    if wear.dropout > 0.02:
        patches = noise(shape, float(rng.uniform(1.2, 4.0)) * scale, rng)
        ragged = noise(shape, max(1.0, 0.3 * scale), rng) * np.float32(0.5)
        worn = worn * (
            1 - _step(patches + ragged, 2.3 - 1.5 * wear.dropout, 2.8 - 1.3 * wear.dropout) * np.float32(0.92)
        )
    if wear.breaks > 0.02:
        nicks = noise(shape, max(1.0, float(rng.uniform(0.5, 1.1)) * scale), rng)
        worn = worn * (1 - _step(nicks, 2.5 - 1.1 * wear.breaks, 2.8 - 1.1 * wear.breaks))
    return worn


def _missing(worn: Mask, amount: float, scale: float, rng: np.random.Generator) -> Mask:
    """A side or corner that did not print."""
    h, w = worn.shape
    angle = float(rng.uniform(0, 2 * math.pi))
    y = (np.arange(h, dtype=np.float32) - h / 2)[:, None]
    x = (np.arange(w, dtype=np.float32) - w / 2)[None, :]
    along = (x * np.float32(math.cos(angle)) + y * np.float32(math.sin(angle))) / np.float32(max(h, w) / 2)
    edge = 1.0 - 0.95 * amount
    ragged = noise((h, w), 2.0 * scale, rng) * np.float32(0.08)
    return worn * (1 - _step(along + ragged, edge - 0.06, edge + 0.12))


def _doubled(worn: Mask, amount: float, scale: float, rng: np.random.Generator) -> Mask:
    """A second, weaker print a little off."""
    h, w = worn.shape
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), float(rng.normal(0, 1.6)), 1.0)
    angle = float(rng.uniform(0, 2 * math.pi))
    reach = float(rng.uniform(0.3, 0.4 + 1.3 * amount)) * scale
    matrix[:, 2] += np.array([reach * math.cos(angle), reach * math.sin(angle)])
    ghost = cv2.warpAffine(worn, matrix, (w, h), flags=cv2.INTER_LINEAR)
    return np.asarray(np.maximum(worn, ghost * np.float32(rng.uniform(0.25, 0.45 + 0.45 * amount))), np.float32)


def _smeared(worn: Mask, amount: float, scale: float, rng: np.random.Generator) -> Mask:
    """Wet ink drawn out to one side."""
    length = max(3, round(float(rng.uniform(0.5, 0.6 + 2.2 * amount)) * scale))
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    angle = float(rng.uniform(0, 2 * math.pi))
    end = (round(length + length * math.cos(angle)), round(length + length * math.sin(angle)))
    cv2.line(kernel, (length, length), end, 1.0, 1)
    drawn = cv2.filter2D(worn, -1, kernel / kernel.sum())
    return np.asarray(np.maximum(worn, drawn * np.float32(0.5 + 0.6 * amount)), np.float32)


def _specks(worn: Mask, wear: Wear, scale: float, rng: np.random.Generator) -> Mask:
    """Fine dots and blots of ink on and around the strike."""
    h, w = worn.shape
    area = h * w / (scale * scale)
    result = worn.copy()
    dots = rng.poisson(0.12 * wear.speckle * area)
    sizes = rng.uniform(0.03, 0.12, dots) * scale
    blots = rng.poisson(0.006 * wear.blots * area)
    sizes = np.concatenate([sizes, rng.uniform(0.15, 0.8, blots) * scale])
    where = rng.uniform(0, 1, (dots + blots, 2)) * (w, h)
    for (x, y), size in zip(where, sizes, strict=True):
        centre = (round(float(x) * 16), round(float(y) * 16))
        cv2.circle(result, centre, max(8, round(float(size) * 16)), float(rng.uniform(0.4, 1.0)), -1, cv2.LINE_AA, 4)
    return result


def strike(mask: Mask, wear: Wear | float, rng: np.random.Generator, *, scale: float = DEFAULT_SCALE) -> Mask:
    """Strike a clean mask once.

    Parameters
    ----------
    mask : ndarray, shape (h, w), float32
        1 where the rubber has ink, 0 elsewhere.
    wear : Wear or float
        Amounts of the faults, or a difficulty of 0..1 from which they are drawn.
    rng : numpy.random.Generator
    scale : float
        Pixels a millimetre of the mask.

    Returns
    -------
    ndarray, shape (h, w), float32
        Density of the ink on paper, 0..1.
    """
    if not isinstance(wear, Wear):
        wear = Wear.at(wear, rng)
    clean = np.ascontiguousarray(mask, dtype=np.float32)
    if wear.warp > 0.05:
        clean = _warped(clean, wear.warp, scale, rng)
    worn = _ink_spread(clean, wear, scale, rng)
    if wear.squeeze > 0.02:
        heart = np.asarray(cv2.GaussianBlur(worn, (0, 0), max(0.5, 0.18 * scale)), np.float32)
        worn = worn * (1 - np.float32(0.75 * wear.squeeze) * _step(heart, 0.5, 1.0))
    pressure = _pressure((worn.shape[0], worn.shape[1]), wear, scale, rng)
    worn = _holes(worn, pressure, wear, scale, rng)
    if wear.missing > 0.02:
        worn = _missing(worn, wear.missing, scale, rng)
    worn = worn * np.clip(pressure, 0.25, 1.0)
    if wear.doubling > 0.02:
        worn = _doubled(worn, wear.doubling, scale, rng)
    if wear.smear > 0.02:
        worn = _smeared(worn, wear.smear, scale, rng)
    worn = _specks(worn, wear, scale, rng)
    return np.asarray(np.clip(worn * np.float32(wear.strength), 0.0, 1.0), np.float32)
