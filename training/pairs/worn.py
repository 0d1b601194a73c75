"""Strikes of a rubber as impressions: worn, clipped, crossed by print, with an outline fitted a little wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from training.pairs.designs import SCALE, Rubber, draw, phrase, some_date
from training.pairs.pictures import chained

from postmark_id.library.impression import MIDDLE, RADIUS, SIDE, Floats, Impression, above_ground
from postmark_id.synth.fonts import choose_font
from postmark_id.synth.layouts import DrawnMark
from postmark_id.synth.sheet import Sheet
from postmark_id.synth.strikes import strike


@dataclass(frozen=True)
class Worn:
    """A strike, and the map from the rubber in its true frame (pixels of an impression) to it, shape (2, 3)."""

    impression: Impression
    matrix: Floats


def struck(rubber: Rubber, rng: np.random.Generator) -> Worn:
    """One strike, as the program might find it."""
    drawn = draw(rubber, some_date(rng) if rng.random() < 0.9 else None)
    mask = strike(drawn.sheet.mask(), float(np.clip(rng.normal(0.42, 0.18), 0.0, 0.85)), rng, scale=SCALE)
    ink, unseen = _crossed(drawn, mask, rng)
    fitted = _misfit(rng)
    whole = chained(to_frame(drawn), fitted)
    sigma = 0.4 * SCALE * drawn.radius / RADIUS
    soft = cv2.GaussianBlur(ink, (0, 0), sigma) if sigma > 0.5 else ink
    laid = above_ground(np.asarray(cv2.warpAffine(soft, whole, (SIDE, SIDE), flags=cv2.INTER_LINEAR), np.float32))
    seen = 1.0 - cv2.warpAffine(unseen, whole, (SIDE, SIDE), flags=cv2.INTER_NEAREST)
    seen = _edge(seen, rng)
    return Worn(Impression(_seen_ink(laid, rng), np.asarray(seen > 0.5, np.float32), rubber.shape), fitted)


def to_frame(drawn: DrawnMark) -> Floats:
    """From pixels of the sheet to those of an impression whose outline is fitted rightly."""
    h, w = drawn.sheet.ink.shape
    s = RADIUS / (drawn.radius * drawn.sheet.scale)
    return np.array([[s, 0, MIDDLE - s * (w - 1) / 2], [0, s, MIDDLE - s * (h - 1) / 2]], np.float32)


def _misfit(rng: np.random.Generator) -> Floats:
    """The turn at which a strike was found, and what its outline is off."""
    turn = rng.uniform(-math.pi, math.pi) if rng.random() < 0.3 else rng.normal(0, 0.15)
    wide = 0.02 if rng.random() < 0.7 else 0.05
    c, s = math.cos(turn), math.sin(turn)
    slant = np.eye(2) * math.exp(rng.normal(0, wide)) + rng.normal(0, wide * 0.5, (2, 2))
    linear = np.array([[c, -s], [s, c]]) @ slant
    shift = MIDDLE + rng.normal(0, wide, 2) * RADIUS - linear @ [MIDDLE, MIDDLE]
    return np.column_stack([linear, shift]).astype(np.float32)


def _crossed(drawn: DrawnMark, mask: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """The ink with what lies across it, and where the date hides the mark."""
    sheet, shape = drawn.sheet, mask.shape
    ink = mask
    if rng.random() < 0.4:  # print and marks of about the same ink
        other = Sheet(sheet.width, sheet.height, sheet.scale)
        for _ in range(int(rng.integers(1, 5))):
            _foreign(other, rng)
        ink = np.maximum(ink, other.mask() * np.float32(rng.uniform(0.2, 1.0)))
    if rng.random() < 0.4:  # other ink, which takes away what it crosses
        other = Sheet(sheet.width, sheet.height, sheet.scale)
        for _ in range(int(rng.integers(1, 4))):
            _foreign(other, rng)
        ink = ink * (1 - other.mask() * np.float32(rng.uniform(0.3, 1.0)))
    if rng.random() < 0.2:  # on a picture
        ink = ink + _picture(shape, rng) * np.float32(rng.uniform(0.2, 1.5))
    unseen = np.zeros(shape, np.float32)
    quads = []
    if drawn.date_line is not None and rng.random() < 0.65:
        quads.append(np.array([sheet.pixel(p) for p in drawn.date_line.quad]))
    if rng.random() < 0.12:  # a date is seen where there is none
        w, h = rng.uniform(6, 18) * SCALE, rng.uniform(2, 5) * SCALE
        x, y = rng.uniform(0.25, 0.75, 2) * shape[0]
        quads.append(
            np.array([[x - w / 2, y - h / 2], [x + w / 2, y - h / 2], [x + w / 2, y + h / 2], [x - w / 2, y + h / 2]])
        )
    for quad in quads:
        middle = quad.mean(axis=0)
        spread = (quad - middle) * rng.uniform(0.9, 1.3) + middle + rng.normal(0, 0.4 * SCALE, 2)
        cv2.fillPoly(unseen, [np.round(spread).astype(np.int32)], 1.0)
    return np.asarray(ink, np.float32), unseen


def _foreign(sheet: Sheet, rng: np.random.Generator) -> None:
    """A stroke, a line of text, or an arc of another mark."""
    half = sheet.width / 2
    x, y = (float(v) for v in rng.uniform(-half, half, 2))
    kind = int(rng.integers(4))
    if kind == 0:
        t = np.linspace(0, 1, 12)[:, None]
        a, b, c = rng.uniform(-half, half, (3, 2))
        curve = (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
        sheet.path([(float(p), float(q)) for p, q in curve], float(rng.uniform(0.3, 1.0)))
    elif kind == 1:
        turn = float(rng.normal(0, 30))
        sheet.text(phrase(rng, False), (x * 0.8, y * 0.8), float(rng.uniform(1.5, 4.0)), choose_font(rng), turn=turn)
    elif kind == 2:
        sheet.circle((x * 2, y * 2), float(rng.uniform(8, 20)), float(rng.uniform(0.3, 1.2)))
    else:
        for k in range(int(rng.integers(2, 7))):
            at = y + k * 2.5
            sheet.path([(-half, at), (half, at + float(rng.normal(0, 0.5)))], float(rng.uniform(0.15, 0.8)))


def _picture(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Tones, screens or checks of a printed picture that ends somewhere within the mark."""
    tones = cv2.resize(rng.random((int(rng.integers(3, 24)),) * 2, dtype=np.float32), shape[::-1]) - 0.35
    y, x = np.mgrid[: shape[0], : shape[1]] / SCALE
    if rng.random() < 0.4:
        step = rng.uniform(0.8, 3.0)
        tones = tones + 0.4 * np.sign(np.sin(2 * math.pi * x / step) * np.sin(2 * math.pi * y / step))
    turn, at = rng.uniform(0, 2 * math.pi), rng.normal(0, 6)
    half = shape[0] / SCALE / 2
    there = (x - half) * math.cos(turn) + (y - half) * math.sin(turn) < at
    return np.asarray(np.clip(tones, 0.0, 1.0) * there, np.float32)


def _edge(seen: Floats, rng: np.random.Generator) -> Floats:
    """The scan may end within the mark."""
    if rng.random() > 0.08:
        return np.asarray(seen, np.float32)
    axis = (np.arange(SIDE) - MIDDLE) / RADIUS
    turn, at = rng.uniform(0, 2 * math.pi), rng.uniform(0.2, 1.0)
    return np.asarray(seen * (axis[None] * math.cos(turn) + axis[:, None] * math.sin(turn) < at), np.float32)


def _seen_ink(ink: Floats, rng: np.random.Generator) -> Floats:
    """As a scan of some sharpness shows it, in shares of the strength that the outline was found to have."""
    if rng.random() < 0.5:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(0.3, 1.1))), np.float32)
    strength = float(np.quantile(ink, 0.97)) * math.exp(rng.normal(0.0, 0.25)) + 0.05
    ink = ink / strength
    if rng.random() < 0.45:
        grain = rng.normal(0, rng.uniform(0.01, 0.12), ink.shape).astype(np.float32)
        ink = ink + (cv2.GaussianBlur(grain, (0, 0), 0.6) * 1.8 if rng.random() < 0.5 else grain)
    ink = np.clip(ink - rng.uniform(-0.04, 0.06), 0.0, 1.0)
    return np.asarray(ink ** np.float32(rng.uniform(0.7, 1.5)), np.float32)
