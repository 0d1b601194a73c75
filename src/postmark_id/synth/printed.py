"""What is printed or stuck on a cover before it is marked: cachets, addresses, postage stamps, labels, signatures."""

from __future__ import annotations

import math

import cv2
import numpy as np

from postmark_id.geometry import regular_polygon
from postmark_id.models import Point
from postmark_id.synth import motifs, scenes
from postmark_id.synth.fonts import choose_font, choose_hand
from postmark_id.synth.outlines import rounded
from postmark_id.synth.page import Colour, Page, Placed, rectangle, vary
from postmark_id.synth.sheet import Mask, Sheet
from postmark_id.synth.strikes import noise
from postmark_id.synth.wording import ADDRESSES, CACHET_NAMES, CACHETS, PRINTED_LABELS


def random_colour(rng: np.random.Generator, light: float = 0.9) -> Colour:
    """A printing colour."""
    hue = float(rng.random()) * 6
    full = [float(np.clip(abs((hue + shift) % 6 - 3) - 1, 0, 1)) for shift in (0.0, 4.0, 2.0)]
    grey = float(rng.uniform(0.0, 0.5))
    r, g, b = (light * (grey + (1 - grey) * c) + 0.05 for c in full)
    return r, g, b


def cachet_name(rng: np.random.Generator) -> str:
    """A flight that a cachet may name; it proves nothing."""
    form = CACHET_NAMES[int(rng.integers(len(CACHET_NAMES)))]
    return form.format(n=int(rng.integers(2, 36)), m=int(rng.integers(60, 136)), k=int(rng.integers(1, 9)))


def cachet(page: Page, words: tuple[str, ...] | None = None) -> None:
    """A printed picture with words on the left half."""
    rng = page.rng
    width = page.width * float(rng.uniform(0.25, 0.45))
    height = page.height * float(rng.uniform(0.4, 0.75))
    centre = (width / 2 + float(rng.uniform(3, 9)), page.height * 0.5 + float(rng.uniform(-6, 14)))
    first = random_colour(rng)
    if rng.random() < 0.55:
        _picture(page, centre, width, height * 0.8)
    sheet = page.sheet(width, height)
    if rng.random() < 0.35:
        sheet.path(rectangle(width * 0.97, height * 0.97), float(rng.uniform(0.2, 0.8)), closed=True)
    for _ in range(int(rng.integers(1, 5))):
        where = (float(rng.uniform(-0.28, 0.28)) * width, float(rng.uniform(-0.35, 0.15)) * height)
        size = float(rng.uniform(0.1, 0.32)) * min(width, height)
        (_portrait if rng.random() < 0.2 else motifs.draw_motif)(sheet, where, size, rng)
    page.put(sheet, centre, 0.0, first)
    lines = words or tuple(
        cachet_name(rng) if rng.random() < 0.35 else CACHETS[int(k)]
        for k in rng.permutation(len(CACHETS))[: int(rng.integers(1, 4))]
    )
    second = page.sheet(width * 1.05, height)
    font = choose_font(rng)
    tall = float(rng.uniform(1.6, 3.6))
    for k, text in enumerate(lines):
        second.text(
            text, (0.0, height * 0.28 + k * tall * 1.7), tall, font, fit=width, stretch=float(rng.uniform(0.8, 1.3))
        )
    page.put(second, centre, 0.0, first if rng.random() < 0.5 else random_colour(rng, 0.5))


def _portrait(sheet: Sheet, where: Point, size: float, rng: np.random.Generator) -> None:
    """Head and shoulders in a helmet, as shapes."""
    pen = max(0.2, size * 0.06)
    sheet.circle(where, size * 0.62, pen)
    sheet.ellipse(where, (size * 0.38, size * 0.48), 0.0, pen)
    for side in (-1, 1):
        sheet.circle((where[0] + side * size * 0.15, where[1] - size * 0.08), size * 0.05)
    base = where[1] + size * 0.6
    shoulders = ((-0.9, 0.5), (-0.5, 0.0), (0.5, 0.0), (0.9, 0.5))
    sheet.path([(where[0] + size * x, base + size * y) for x, y in shoulders], pen)


def _picture(page: Page, centre: Point, width: float, height: float) -> None:
    """A field of colour: a gradient with clouds, in a rectangle or fading out."""
    rng = page.rng
    sheet = page.sheet(width, height)
    h, w = sheet.ink.shape
    if rng.random() < 0.6:
        fade = _vignette(h, w, rng)
        page.paste(scenes.paint(h, w, rng), fade, Placed(centre, 0.0, page.scale).matrix(sheet))
        return
    angle = float(rng.uniform(0, 2 * math.pi))
    y, x = np.linspace(-0.5, 0.5, h, dtype=np.float32)[:, None], np.linspace(-0.5, 0.5, w, dtype=np.float32)[None, :]
    ramp = (
        0.5
        + x * np.float32(math.cos(angle))
        + y * np.float32(math.sin(angle))
        + noise((h, w), 60, rng) * np.float32(0.15)
    )
    mask = np.clip(ramp, 0, 1).astype(np.float32) * np.float32(rng.uniform(0.3, 1.0))
    if rng.random() < 0.5:
        mask *= np.clip(4 * (0.5 - np.abs(x)), 0, 1) * np.clip(4 * (0.5 - np.abs(y)), 0, 1)
    page.put(sheet, centre, 0.0, random_colour(rng), mask)
    if rng.random() < 0.5:
        page.put(sheet, centre, 0.0, random_colour(rng), np.clip(1 - mask * 2, 0, 1) * np.float32(0.5) * (mask > 0.02))


def _vignette(h: int, w: int, rng: np.random.Generator) -> Mask:
    """Share of a picture that shows: all of it, a soft oval, or a circle cut out."""
    y, x = np.linspace(-1, 1, h, dtype=np.float32)[:, None], np.linspace(-1, 1, w, dtype=np.float32)[None, :]
    kind = float(rng.random())
    if kind < 0.5:
        return np.full((h, w), np.float32(rng.uniform(0.6, 1.0)))
    if kind < 0.8:
        return np.clip(2.5 * (1 - np.hypot(x, y)), 0, 1).astype(np.float32)
    return (np.hypot(x * w, y * h) < min(h, w) * 0.97).astype(np.float32)


def address(page: Page) -> None:
    """Printed lines, an index grid, and an address typed or written by hand."""
    rng = page.rng
    left = page.width * float(rng.uniform(0.48, 0.6))
    top = page.height * float(rng.uniform(0.45, 0.6))
    pitch = float(rng.uniform(6.5, 9.5))
    rows = int(rng.integers(3, 6))
    length = page.width - left - float(rng.uniform(5, 12))
    colour = vary((0.25, 0.3, 0.5), rng, 0.2)
    if rng.random() < 0.65:
        sheet = page.sheet(length, pitch * rows)
        for k in range(rows):
            y = -pitch * rows / 2 + (k + 0.5) * pitch
            sheet.path([(-length / 2, y), (length / 2, y)], 0.2)
        page.put(sheet, (left + length / 2, top + pitch * rows / 2), 0.0, colour)
        label = PRINTED_LABELS[int(rng.integers(len(PRINTED_LABELS)))]
        page.write(label, (left, top - 1.5), 1.5, choose_font(rng), colour)
    if rng.random() < 0.3:
        _index(page, colour)
    if rng.random() < 0.6:
        lines = ADDRESSES[int(rng.integers(len(ADDRESSES)))]
        by_hand = rng.random() < 0.6
        font = choose_hand(rng) if by_hand else choose_font(rng)
        ink = vary((0.15, 0.2, 0.55) if rng.random() < 0.6 else (0.12, 0.12, 0.14), rng)
        height = float(rng.uniform(2.2, 3.6) if by_hand else rng.uniform(1.7, 2.4))
        turn = float(rng.normal(0, 1.5)) if by_hand else 0.0
        for k, line in enumerate(lines):
            text = line.format(a=int(rng.integers(1, 90)), b=int(rng.integers(1, 99)))
            where = (left + float(rng.uniform(0, 4)), top + (k + 0.5) * pitch - height * 0.5)
            placed, drawn = page.write(text, where, height, font, ink, turn=turn)
            if any(c.isdigit() for c in text):
                page.trap("handwriting" if by_hand else "address", placed, drawn.quad, text)


def _index(page: Page, colour: Colour) -> None:
    """Six dotted boxes of a Soviet postal index, at times filled in."""
    rng = page.rng
    sheet = page.sheet(48, 11)
    for k in range(6):
        x = -20 + 8 * k
        corners = [(x - 2.5, -4.0), (x + 2.5, -4.0), (x + 2.5, 4.0), (x - 2.5, 4.0)]
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
            for t in np.linspace(0, 1, 9):
                sheet.circle((a[0] + (b[0] - a[0]) * float(t), a[1] + (b[1] - a[1]) * float(t)), 0.16)
    centre = (float(rng.uniform(30, 40)), page.height - float(rng.uniform(8, 14)))
    page.put(sheet, centre, 0.0, colour)
    if rng.random() < 0.5:
        digits = "".join(str(int(v)) for v in rng.integers(0, 10, 6))
        font = choose_hand(rng)
        for k, digit in enumerate(digits):
            page.write(digit, (centre[0] - 22 + 8 * k, centre[1]), 6.0, font, (0.15, 0.2, 0.5))
        page.trap("index", Placed(centre, 0.0, page.scale), rectangle(48, 11), digits)


def signature(page: Page, centre: Point) -> None:
    """A swift stroke of a pen."""
    rng = page.rng
    width, height = float(rng.uniform(18, 45)), float(rng.uniform(7, 16))
    sheet = page.sheet(width * 1.3, height * 2)
    count = int(rng.integers(6, 14))
    x = np.sort(rng.uniform(-width / 2, width / 2, count)) + rng.normal(0, width * 0.06, count)
    y = rng.normal(0, height / 3, count) * np.linspace(1.2, 0.5, count)
    t = np.linspace(0, count - 1, 160)
    smooth = np.ones(17) / 17
    path = [np.convolve(np.pad(np.interp(t, np.arange(count), v), 8, mode="edge"), smooth, "valid") for v in (x, y)]
    sheet.path([(float(a), float(b)) for a, b in zip(*path, strict=True)], float(rng.uniform(0.3, 0.6)))
    colour = [(0.12, 0.2, 0.6), (0.12, 0.12, 0.14), (0.15, 0.4, 0.3)][int(rng.choice([0, 0, 0, 1, 1, 2]))]
    page.put(sheet, centre, float(rng.uniform(-20, 12)), vary(colour, rng))


def postage_stamp(page: Page, corner: Point, size: tuple[float, float]) -> Placed:
    """A perforated stamp with a picture, its value and its country.

    Parameters
    ----------
    corner : Point
        Upper left corner, millimetres.
    size : tuple of float
        Width and height, millimetres.
    """
    rng = page.rng
    w, h = size
    centre = (corner[0] + w / 2, corner[1] + h / 2)
    turn = float(rng.normal(0, 1.2))
    placed = Placed(centre, turn, page.scale)
    body = page.sheet(w + 2, h + 2)
    body.area(rectangle(w, h))
    step = float(rng.uniform(1.1, 1.6))
    if rng.random() < 0.85:
        for x in np.arange(-w / 2, w / 2 + 0.1, step):
            body.circle((float(x), -h / 2), step * 0.28, ink=0)
            body.circle((float(x), h / 2), step * 0.28, ink=0)
        for y in np.arange(-h / 2, h / 2 + 0.1, step):
            body.circle((-w / 2, float(y)), step * 0.28, ink=0)
            body.circle((w / 2, float(y)), step * 0.28, ink=0)
    mask = body.mask()
    shadow = cv2.GaussianBlur(mask, (0, 0), 0.25 * body.scale)
    page.put(body, (centre[0] + 0.2, centre[1] + 0.25), turn, (0.75, 0.75, 0.75), np.clip(shadow, 0, 1))
    page.paste((248, 246, 238), mask, placed.matrix(body))
    inner = page.sheet(w - 2.4, h - 2.4)
    shape = (inner.ink.shape[0], inner.ink.shape[1])
    colours = [random_colour(rng) for _ in range(3)]
    painted = rng.random() < 0.6
    if painted:
        page.paste(scenes.paint(*shape, rng), np.ones(shape, np.float32), placed.matrix(inner))
    else:
        page.put(inner, centre, turn, colours[0], _field(shape, rng))
    _frame(inner, w - 2.4, h - 2.4, rng)
    for _ in range(int(rng.integers(0, 2)) if painted else int(rng.integers(1, 4))):
        where = (float(rng.uniform(-0.2, 0.2)) * w, float(rng.uniform(-0.2, 0.2)) * h)
        motifs.draw_motif(inner, where, float(rng.uniform(0.15, 0.4)) * min(w, h), rng)
    font = choose_font(rng)
    figure = int(rng.choice([1, 2, 3, 4, 5, 6, 10, 15, 20, 25, 32, 45, 50, 150]))
    value = f"{figure}{rng.choice(['к', 'k', 'p', 'c', 'F', ''])}"
    land = str(
        rng.choice(
            ["ПОЧТА СССР", "РОССИЯ", "RUSSIA 1996", "USA", "ПОЧТА СССР 1988", "РОССИЯ 2011", "DEUTSCHLAND", "QAZAQSTAN"]
        )
    )
    inner.text(value, (w * 0.26, -h * 0.34), min(3.4, h * 0.12), font)
    inner.text(land, (0.0, h * 0.38), min(1.7, h * 0.07), font, fit=w * 0.8)
    page.put(inner, centre, turn, colours[1])
    tl, tr, br, bl = placed.pixels(rectangle(w, h))
    page.stamps.append((tl, tr, br, bl))
    return placed


def _field(shape: tuple[int, int], rng: np.random.Generator) -> Mask:
    """A coloured ground that fades in some direction."""
    h, w = shape
    angle = float(rng.uniform(0, 2 * math.pi))
    y, x = np.linspace(-0.5, 0.5, h, dtype=np.float32)[:, None], np.linspace(-0.5, 0.5, w, dtype=np.float32)[None, :]
    ramp = (
        0.6
        + x * np.float32(math.cos(angle))
        + y * np.float32(math.sin(angle))
        + noise(shape, 30, rng) * np.float32(0.15)
    )
    return np.asarray(np.clip(ramp, 0, 1) * np.float32(rng.uniform(0.3, 0.95)), np.float32)


def _frame(sheet: Sheet, w: float, h: float, rng: np.random.Generator) -> None:
    """A frame inside a stamp: a rectangle, a circle or a polygon like that of a seal."""
    pen = float(rng.uniform(0.15, 0.5))
    kind = float(rng.random())
    if kind < 0.45:
        sheet.path(rectangle(w * 0.96, h * 0.96), pen, closed=True)
    elif kind < 0.6:
        sheet.circle((0.0, 0.0), min(w, h) * 0.42, pen)
    elif kind < 0.75:
        sides = int(rng.choice([5, 6, 8]))
        sheet.path(rounded(regular_polygon((0.0, 0.0), min(w, h) * 0.45, sides, 0.0), 0.3), pen, closed=True)
