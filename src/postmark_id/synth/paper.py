"""Papers: colour, grain, fibres, folds, stains, toned edges, airmail borders."""

from __future__ import annotations

import cv2
import numpy as np

from postmark_id.models import Picture
from postmark_id.synth.page import Page
from postmark_id.synth.strikes import noise

PAPERS = {
    "white": (246, 246, 244), "bright": (252, 252, 253), "cream": (243, 234, 212), "toned": (232, 219, 190),
    "kraft": (198, 165, 122), "grey": (214, 212, 208), "blue": (214, 226, 240), "pink": (244, 222, 222),
    "green": (220, 234, 220), "yellow": (246, 236, 180),
}  # fmt: skip
_WEIGHTS = (0.27, 0.15, 0.22, 0.11, 0.06, 0.06, 0.05, 0.03, 0.02, 0.03)
SIZES = ((162, 114), (162, 114), (165, 92), (220, 110), (148, 105), (190, 125), (241, 105), (229, 114), (140, 90))
"""Formats of covers and cards, millimetres."""


def make_page(rng: np.random.Generator, scale: float, difficulty: float) -> Page:
    """An empty cover of a random format and paper."""
    width, height = (float(v) + float(rng.uniform(-2, 2)) for v in SIZES[int(rng.integers(len(SIZES)))])
    shape = (round(height * scale), round(width * scale))
    name = str(rng.choice(list(PAPERS), p=np.asarray(_WEIGHTS)))
    base = np.asarray(PAPERS[name], np.float32) + rng.normal(0, 3.0, 3).astype(np.float32)
    shade = _shade(shape, scale, rng, difficulty)
    toned = np.asarray([1.0, 0.97, 0.86], np.float32)
    pixels = np.empty((*shape, 3), np.uint8)
    edge = _edges(shape, rng) if rng.random() < 0.3 else None
    for k in range(3):
        channel = shade * base[k]
        if edge is not None:
            channel *= 1 - edge * (1 - toned[k])
        pixels[:, :, k] = np.clip(channel, 0, 255)
    page = Page(width, height, scale, pixels, rng)
    if rng.random() < 0.1:
        _airmail(page)
    for _ in range(int(rng.integers(0, 3)) if rng.random() < 0.15 + 0.3 * difficulty else 0):
        _stain(page)
    for _ in range(int(rng.integers(1, 3)) if rng.random() < 0.15 + 0.25 * difficulty else 0):
        _fold(page)
    return page


def _shade(
    shape: tuple[int, int], scale: float, rng: np.random.Generator, difficulty: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Grain and clouds of the paper about 1."""
    amount = np.float32(rng.uniform(0.002, 0.008 + 0.02 * difficulty))
    tile = noise((min(shape[0], 700), min(shape[1], 700)), max(1.0, 0.12 * scale), rng)
    if rng.random() < 0.35:
        tile = tile + cv2.blur(noise(tile.shape, 1.0, rng), (max(2, round(scale * 0.8)), 1)) * np.float32(2.0)
    repeats = (-(-shape[0] // tile.shape[0]), -(-shape[1] // tile.shape[1]))
    grain = np.tile(tile, repeats)[: shape[0], : shape[1]]
    clouds = noise(shape, 25 * scale, rng) * np.float32(0.006)
    return np.asarray(1 + grain * amount + clouds, dtype=np.float32)


def _edges(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """1 at the edges of the paper, falling inwards."""
    y = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    x = np.linspace(0, 1, shape[1], dtype=np.float32)[None, :]
    near = np.minimum(np.minimum(y, 1 - y), np.minimum(x, 1 - x))
    return np.asarray(
        np.exp(-near / np.float32(rng.uniform(0.01, 0.08))) * np.float32(rng.uniform(0.3, 1.0)), np.float32
    )


def _multiply(page: Page, light: Picture, strength: tuple[float, float, float]) -> None:
    """Darken the page by a uint8 mask; strength a channel, 0..1."""
    ramp = np.arange(256)
    table = np.stack([np.round(255 - ramp * s) for s in strength], axis=1).astype(np.uint8)[None]
    factors = cv2.LUT(cv2.cvtColor(light, cv2.COLOR_GRAY2BGR), table)
    cv2.multiply(page.pixels, factors, dst=page.pixels, scale=1 / 255)


def _stain(page: Page) -> None:
    """A yellowish patch with a darker rim."""
    rng, k = page.rng, page.scale
    h, w = page.pixels.shape[:2]
    small = np.zeros((max(8, h // 8), max(8, w // 8)), np.uint8)
    centre = (int(rng.uniform(0, small.shape[1])), int(rng.uniform(0, small.shape[0])))
    axes = tuple(max(1, int(float(v) * k / 8)) for v in rng.uniform(2, 14, 2))
    cv2.ellipse(small, centre, (axes[0], axes[1]), float(rng.uniform(0, 180)), 0, 360, 120, -1)
    cv2.ellipse(small, centre, (axes[0], axes[1]), float(rng.uniform(0, 180)), 0, 360, 220, 1)
    soft = cv2.GaussianBlur(small, (0, 0), 1.2)
    mask = np.asarray(cv2.resize(soft, (w, h), interpolation=cv2.INTER_LINEAR), np.uint8)
    depth = float(rng.uniform(0.05, 0.3))
    _multiply(page, mask, (depth * 0.25, depth * 0.5, depth))


def _fold(page: Page) -> None:
    """A crease: a dark and a light line side by side."""
    rng = page.rng
    h, w = page.pixels.shape[:2]
    upright = rng.random() < 0.6
    a, b = (float(v) for v in rng.uniform(0.1, 0.9, 2))
    b = a + float(rng.normal(0, 0.02)) if rng.random() < 0.8 else b
    ends = ((int(a * w), 0), (int(b * w), h)) if upright else ((0, int(a * h)), (w, int(b * h)))
    mask = np.zeros((h, w), np.uint8)
    cv2.line(mask, ends[0], ends[1], 255, max(1, round(0.35 * page.scale)), cv2.LINE_AA)
    depth = float(rng.uniform(0.05, 0.25))
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.5, 0.2 * page.scale)), np.uint8)
    _multiply(page, soft, (depth, depth, depth))
    shift = max(1, round(0.5 * page.scale))
    lit = cv2.line(
        np.zeros((h, w), np.uint8),
        (ends[0][0] + shift, ends[0][1]),
        (ends[1][0] + shift, ends[1][1]),
        255,
        max(1, shift // 2),
    )
    page.pixels[lit > 0] = np.maximum(page.pixels[lit > 0], np.uint8(225))


def _airmail(page: Page) -> None:
    """Slanted red and blue bars along the edges."""
    rng = page.rng
    h, w = page.pixels.shape[:2]
    k = page.scale
    band, pitch = float(rng.uniform(3, 6)) * k, float(rng.uniform(8, 16)) * k
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    border = (np.minimum(np.minimum(x, w - 1 - x), np.minimum(y, h - 1 - y)) < band) & (
        np.minimum(np.minimum(x, w - 1 - x), np.minimum(y, h - 1 - y)) > 0.15 * band
    )
    phase = ((x + y * 0.8) % (2 * pitch)) / pitch
    for colour, low in (((196, 40, 52), 0.0), ((40, 70, 150), 1.0)):
        where = border & (phase > low + 0.15) & (phase < low + 0.75)
        page.pixels[where] = (page.pixels[where] * (np.asarray(colour, np.float32) / 255)).astype(np.uint8)
