"""From the cover on the table to the picture in the file: bed, skew, oblique views, light, blur, noise, JPEG.

Design note: geometry and tone are kept apart. `view` decides where each point of the page goes and returns that map, a
3x3 homography; all labels go through it. `develop` changes only tones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.models import Picture
from postmark_id.synth import scenes
from postmark_id.synth.strikes import noise

Homography = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """A picture of the page, and the map from pixels of the page to pixels of the picture."""

    pixels: Picture
    homography: Homography
    photo: bool


def view(page: Picture, scale: float, rng: np.random.Generator, difficulty: float) -> View:
    """Lay the page on a bed and look at it.

    Parameters
    ----------
    page : ndarray, shape (h, w, 3)
    scale : float
        Pixels a millimetre.
    """
    h, w = page.shape[:2]
    photo = bool(rng.random() < 0.06 + 0.12 * difficulty)
    crop = str(rng.choice(["margin", "tight", "cut"], p=[0.5, 0.35, 0.15]))
    sides = rng.uniform(
        {"margin": 1.0, "tight": -0.6, "cut": -6.0}[crop], {"margin": 16.0, "tight": 0.3, "cut": 5.0}[crop], 4
    )
    if photo:
        sides = rng.uniform(2.0, 22.0, 4)
    left, top, right, bottom = (float(v) * scale for v in sides)
    size = (max(64, round(w + left + right)), max(64, round(h + top + bottom)))
    straight = crop == "tight" and not photo and rng.random() < 0.5
    skew = 0.0 if straight else float(rng.normal(0, 0.5 + 1.6 * difficulty))
    c, s = math.cos(math.radians(skew)), math.sin(math.radians(skew))
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)
    middle = np.array([w / 2, h / 2])
    moved = (corners - middle) @ np.array([[c, s], [-s, c]]) + middle + (left, top)
    if photo:
        moved += rng.normal(0, 0.012 + 0.02 * difficulty, (4, 2)) * (w, h)
    homography = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32)).astype(np.float64)
    seen = _bytes(cv2.warpPerspective(page, homography, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    inside = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(inside, np.round(moved * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    if inside.min() < 255:
        _lay_on_bed(seen, inside, _bed(size, scale, rng, photo), scale, rng)
    return View(np.ascontiguousarray(seen), homography, photo)


def _bytes(pixels: object) -> Picture:
    """What OpenCV gives back, with the type that it has."""
    return np.asarray(pixels, dtype=np.uint8)


def _bed(size: tuple[int, int], scale: float, rng: np.random.Generator, photo: bool) -> Picture:
    """Background under the cover."""
    w, h = size
    tones = [(250, 250, 250), (12, 12, 12), (128, 128, 128), (205, 205, 205), (60, 90, 60), (110, 70, 40)]
    weights = np.array([0.45, 0.22, 0.13, 0.12, 0.03, 0.05] if not photo else [0.15, 0.2, 0.15, 0.1, 0.15, 0.25])
    base = np.asarray(tones[int(rng.choice(len(tones), p=weights / weights.sum()))], np.float32) + rng.normal(0, 4, 3)
    small = (-(-h // 2), -(-w // 2))
    clouds = noise(small, 10 * scale, rng) * np.float32(3.0 if not photo else 9.0)
    if photo or rng.random() < 0.1:
        streaks = rng.standard_normal((max(2, h // 3), 4), dtype=np.float32)
        clouds = clouds + cv2.resize(streaks, small[::-1]) * np.float32(6.0)
    bed = np.clip(clouds[:, :, None] + base.astype(np.float32), 0, 255).astype(np.uint8)
    bed = _bytes(cv2.resize(bed, size, interpolation=cv2.INTER_LINEAR))
    if rng.random() < (0.5 if photo else 0.05):
        _clutter(bed, scale, rng)
    return bed


def _clutter(bed: Picture, scale: float, rng: np.random.Generator) -> None:
    """Other covers, cards and album leaves that lie around and reach into the picture."""
    h, w = bed.shape[:2]
    for _ in range(int(rng.integers(1, 5))):
        size = rng.uniform(50, 160, 2) * scale
        middle = np.array([float(rng.choice([0.0, 1.0])) * w, float(rng.uniform(0, 1)) * h])
        middle = (
            middle if rng.random() < 0.6 else np.array([float(rng.uniform(0, 1)) * w, float(rng.choice([0, 1])) * h])
        )
        turn = math.radians(float(rng.normal(0, 12)))
        c, s = math.cos(turn), math.sin(turn)
        corners = (np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * size) @ np.array(
            [[c, s], [-s, c]]
        ) + middle
        tone = rng.uniform(120, 250, 3) * 0.4 + float(rng.uniform(150, 245)) * 0.6
        cv2.fillConvexPoly(
            bed, np.round(corners).astype(np.int32), [float(v) for v in np.clip(tone, 0, 255)], cv2.LINE_AA
        )
        for _ in range(int(rng.integers(0, 3))):
            scene = scenes.paint(
                round(float(rng.uniform(15, 45)) * scale), round(float(rng.uniform(15, 45)) * scale), rng
            )
            x, y = (int(v) for v in middle + rng.normal(0, 0.25, 2) * size)
            x0, y0 = max(0, x), max(0, y)
            part = scene[y0 - y : y0 - y + max(0, h - y0), x0 - x : x0 - x + max(0, w - x0)]
            bed[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]] = part


def _lay_on_bed(
    seen: Picture, inside: npt.NDArray[np.uint8], bed: Picture, scale: float, rng: np.random.Generator
) -> None:
    """Fill what the cover leaves free with the bed, darker near the cover and more so on one side."""
    small = cv2.resize(inside, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = float(rng.uniform(0.3, 1.6)) * scale / 4
    offset = np.array([[1, 0, float(rng.normal(0, reach))], [0, 1, float(rng.normal(0, reach))]], np.float64)
    cast = cv2.warpAffine(small, offset, (small.shape[1], small.shape[0]))
    cast = cv2.GaussianBlur(cast, (0, 0), max(0.6, reach))
    dark = cv2.resize(cast, (bed.shape[1], bed.shape[0]), interpolation=cv2.INTER_LINEAR)
    light = cv2.LUT(dark, np.round(255 - np.arange(256) * float(rng.uniform(0.1, 0.6))).astype(np.uint8))
    shaded = cv2.multiply(bed, cv2.cvtColor(light, cv2.COLOR_GRAY2BGR), scale=1 / 255)
    cv2.copyTo(shaded, cv2.threshold(inside, 127, 255, cv2.THRESH_BINARY_INV)[1], seen)


def develop(pixels: Picture, rng: np.random.Generator, difficulty: float, *, photo: bool, jpeg: bool) -> Picture:
    """Tone, blur, noise and compression of the device and the file."""
    d = difficulty
    if photo:
        pixels = _uneven_light(pixels, rng, d)
    if rng.random() < 0.5 + 0.4 * d:
        pixels = _bytes(cv2.GaussianBlur(pixels, (0, 0), float(rng.uniform(0.3, 0.55 + 0.75 * d))))
    if rng.random() < 0.12 * d:
        pixels = _resampled(pixels, rng)
    pixels = _tones(pixels, rng, d, photo)
    if rng.random() < 0.07:
        pixels = np.repeat(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    amount = float(rng.uniform(0.3, 1.2 + 7.0 * d))
    pixels = _noisy(pixels, amount, rng)
    if rng.random() < 0.2:
        soft = cv2.GaussianBlur(pixels, (0, 0), 1.2)
        pixels = _bytes(cv2.addWeighted(pixels, 1.6, soft, -0.6, 0))
    if jpeg:
        low = 93 - 58 * d
        quality = int(np.clip(rng.uniform(low, 97), 35, 96))
        data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        pixels = _bytes(cv2.cvtColor(_bytes(cv2.imdecode(data, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB))
    return np.ascontiguousarray(pixels, dtype=np.uint8)


def _uneven_light(pixels: Picture, rng: np.random.Generator, d: float) -> Picture:
    """Light from one side and a fall towards the corners."""
    h, w = pixels.shape[:2]
    y, x = np.linspace(-1, 1, h, dtype=np.float32)[:, None], np.linspace(-1, 1, w, dtype=np.float32)[None, :]
    angle = float(rng.uniform(0, 2 * math.pi))
    slope = x * np.float32(math.cos(angle)) + y * np.float32(math.sin(angle))
    light = 1 - np.float32(0.08 + 0.22 * d) * (slope + 1) / 2 - np.float32(rng.uniform(0, 0.12)) * (x * x + y * y) / 2
    return np.clip(pixels * light[:, :, None], 0, 255).astype(np.uint8)


def _resampled(pixels: Picture, rng: np.random.Generator) -> Picture:
    """Detail lost as in a picture that was made small and large again."""
    h, w = pixels.shape[:2]
    factor = float(rng.uniform(0.6, 0.9))
    small = cv2.resize(pixels, (max(32, round(w * factor)), max(32, round(h * factor))), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR), np.uint8)


def _tones(pixels: Picture, rng: np.random.Generator, d: float, photo: bool) -> Picture:
    """Contrast, brightness, gamma and colour cast through one table a channel."""
    steps = np.linspace(0, 1, 256)
    gamma = float(np.exp(rng.normal(0, 0.04 + 0.12 * d)))
    contrast = float(np.clip(rng.normal(1.0, 0.03 + 0.13 * d), 0.6, 1.35))
    shift = float(rng.normal(0, 0.01 + 0.04 * d))
    cast = rng.normal(1, 0.008 + (0.05 if photo else 0.025) * d, 3)
    result = np.empty_like(pixels)
    for k in range(3):
        curve = ((steps**gamma - 0.6) * contrast + 0.6 + shift) * cast[k]
        result[:, :, k] = cv2.LUT(pixels[:, :, k], np.clip(curve * 255, 0, 255).astype(np.uint8))
    return result


def _noisy(pixels: Picture, amount: float, rng: np.random.Generator) -> Picture:
    """Sensor noise from one tile, shifted by chance over the picture."""
    h, w = pixels.shape[:2]
    tile = (rng.standard_normal((512, 512, 3), dtype=np.float32) * np.float32(amount)).round().astype(np.int16)
    full = np.tile(tile, (-(-h // 512), -(-w // 512), 1))[:h, :w]
    return np.asarray(cv2.add(pixels, full, dtype=cv2.CV_8U), np.uint8)
