"""Renders worn strips with known text, fast: one to four milliseconds each, on one core.

A strip is built as a mask of ink (1 where the stamp touched), worn, bent and doubled as a mask, crossed by other
lines, printed on a paper, and then cut, normalised and scaled exactly as the program does with a scan. Glyphs
are drawn one by one at one size and kept, since drawing them is what costs.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import ImageFont
from training.reader.engraved import Engraved, Glyph
from training.reader.texts import lettering as random_lettering
from training.reader.texts import text as random_text

from postmark_id.dates.alphabet import CYRILLIC, fold
from postmark_id.dates.strips import normalise
from postmark_id.synth.strikes import strike

Mask = npt.NDArray[np.float32]
CAP = 30
"""Height of a capital on the drawing board, pixels."""
BOARD = 84
"""Height of the drawing board."""
HEIGHT = 32
"""Height of a finished strip."""
STRIP = 48
"""Height at which the program cuts strips."""
HERSHEY = (0, 1, 2, 3, 4)
ENGRAVED = 0.45
"""Share of the lines in letters of an engraver."""
SLUGS = 0.65
"""Share of the numerals that are engraved as one piece."""
_NUMERAL = re.compile(r"(?<![A-ZА-Я])[IVX]+(?![A-ZА-Я])")
HELD_OUT = ("Cousine", "Carlito", "PTN", "Play", "LinBiolinum", "Jura", "RobotoCondensed", "DejaVuSerifCondensed")
"""Beginnings of the names of font files that training never sees."""


@dataclass(frozen=True)
class Typeface:
    """A font file, and whether it has Cyrillic."""

    path: str
    cyrillic: bool

    def glyph(self, char: str) -> Glyph:
        """As `Engraved.glyph`."""
        return _glyph(self.path, char)


@lru_cache(maxsize=1)
def typefaces() -> tuple[Typeface, ...]:
    """Every upright or slanted font of the machine with Latin letters."""

    def listed(language: str) -> set[str]:
        found = subprocess.run(
            ["fc-list", f":lang={language}", "file"], capture_output=True, text=True, check=True
        ).stdout
        return {line.strip().rstrip(":").strip() for line in found.splitlines() if line.strip()}

    russian = listed("ru")
    wanted = [p for p in sorted(listed("en") | russian) if p.endswith((".ttf", ".otf"))]
    return tuple(Typeface(p, p in russian) for p in wanted if "Keyboard" not in p)


def split(held_out: bool) -> list[Typeface]:
    """Fonts of training, or those kept for testing."""
    return [t for t in typefaces() if Path(t.path).name.startswith(HELD_OUT) == held_out]


@lru_cache(maxsize=512)
def _font(path: str) -> ImageFont.FreeTypeFont:
    """Font scaled so that its capitals are `CAP` high."""
    top = ImageFont.truetype(path, 100).getbbox("H", anchor="ls")[1]
    return ImageFont.truetype(path, max(8, round(100 * CAP / max(20, -top))))


@lru_cache(maxsize=60_000)
def _glyph(path: str, char: str) -> Glyph:
    """Mask of a character, its offset from the pen (x, y above the baseline is negative), and its advance."""
    font = _font(path)
    mask, offset = font.getmask2(char, mode="L", anchor="ls")
    w, h = mask.size
    pixels = np.asarray(mask, dtype=np.uint8).reshape(h, w) if w and h else np.zeros((1, 1), np.uint8)
    return pixels, int(offset[0]), int(offset[1]), float(font.getlength(char))


class Slug:
    """A numeral of a month that is engraved on a piece of its own: closer, lower and narrower than the figures.

    Parameters
    ----------
    face : Typeface or Engraved
        Of the figures.
    faces : list of Typeface
        Others, of which the numeral may be, too.
    rng : random.Random
    """

    def __init__(self, face: Typeface | Engraved, faces: list[Typeface], rng: random.Random) -> None:
        others: tuple[Typeface | Engraved, ...] = (rng.choice(faces), Engraved(rng, CAP))
        self.face = face if rng.random() < 0.4 else rng.choice(others)
        self.rng = rng

    def cut(self, numeral: str) -> tuple[npt.NDArray[np.uint8], float, float]:
        """Its mask, the mask's top above the baseline (negative), and its advance."""
        rng = self.rng
        closer = rng.uniform(0.0, 0.16) * CAP
        pen, placed = 0.0, []
        for char in numeral:
            pixels, dx, dy, advance = self.face.glyph(char)
            placed.append((pen + dx, dy, pixels))
            pen += max(0.16 * CAP, advance - closer)
        room = CAP
        board = np.zeros((2 * CAP, round(pen) + 2 * room), np.uint8)
        base = CAP + CAP // 2
        for x, y, pixels in placed:
            _paste(board, pixels, round(x) + room, round(y) + base)
        columns = np.flatnonzero(board.any(axis=0))
        first, last = int(columns.min(initial=room)), int(columns.max(initial=room)) + 1
        if rng.random() < 0.3:  # serifs that run into one bar
            thick = rng.choice((1, 2, 2, 3))
            for y in (base - CAP + thick // 2, base - 1 - thick // 2):
                cv2.line(board, (first, y), (last, y), 255, thick, cv2.LINE_AA)
        narrower, lower = rng.uniform(0.55 if set(numeral) == {"I"} else 0.75, 1.05), rng.uniform(0.75, 1.0)
        board = board[:, max(0, first - 2) : last + 2]
        size = max(4, round(board.shape[1] * narrower)), round(board.shape[0] * lower)
        board = np.asarray(cv2.resize(board, size, interpolation=cv2.INTER_AREA), np.uint8)
        lifted = rng.choice((0.0, 0.5, 1.0)) * (1 - lower) * CAP
        return board, -base * lower - lifted, size[0] + rng.uniform(0.05, 0.25) * CAP


@dataclass
class Strips:
    """Endless source of strips.

    Parameters
    ----------
    seed : int
    held_out : bool
        Draw with the fonts that training does not see.
    hard : float
        0 gives clean strikes only, 1 the full range.
    height : int
        Height of the strips.
    write : callable
        What stands on a strip, by chance.
    """

    seed: int
    held_out: bool = False
    hard: float = 1.0
    height: int = HEIGHT
    write: Callable[[random.Random], str] = random_text
    rng: random.Random = field(init=False)
    np_rng: np.random.Generator = field(init=False)
    faces: list[Typeface] = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.np_rng = np.random.default_rng(self.seed)
        self.faces = split(self.held_out)

    def __call__(self, text: str | None = None) -> tuple[npt.NDArray[np.uint8], str]:
        """One strip of shape (height, width), grey, dark on light, and its text in the folded alphabet."""
        rng = self.rng
        kind = rng.random() if text is None else 1.0
        line = self.write(rng) if text is None else text
        label = " ".join(fold(line).split())
        if kind < 0.05:
            line, label = "", ""
        words = text is None and _in_words(line)
        mask, low, high = self._ring(line) if words and rng.random() < 0.5 else self._draw(line)
        if kind > 0.95 and text is None and sum(c in "234570" for c in label) >= 3:
            mask, label = mask[::-1, ::-1], ""
        mask = self._strike(mask)
        colour = self._print(mask)
        cropped = self._crop(colour, low, high)
        grey = normalise(self._scan(cropped))
        width = max(self.height // 2, round(grey.shape[1] * self.height / grey.shape[0]))
        return np.asarray(cv2.resize(grey, (width, self.height), interpolation=cv2.INTER_AREA), np.uint8), label

    # -- the stamp -------------------------------------------------------------------------------------------

    def _draw(self, line: str) -> tuple[Mask, float, float]:
        """The clean line on a drawing board, and the left and right end of its ink."""
        rng = self.rng
        if not line:
            width = rng.randint(90, 300)
            return np.zeros((BOARD, width), np.float32), 20.0, width - 20.0
        russian = any(c in CYRILLIC + "АВЕКМНОРСТХЁ" for c in line.upper())
        if not russian and line.isascii() and rng.random() < 0.14:
            return self._draw_hershey(line)
        face: Typeface | Engraved = rng.choice([f for f in self.faces if f.cyrillic] if russian else self.faces)
        if not self.held_out and Engraved.can(line) and rng.random() < ENGRAVED:
            face = Engraved(rng, CAP)
        tracking = rng.choice((0.0, 0.0, rng.uniform(-1.5, 3.0), rng.uniform(2.0, 14.0)))
        around = _in_words(line) and rng.random() < 0.6
        fan = rng.uniform(-0.28, 0.12) if around else 0.0
        wheel = rng.random() < 0.3
        lift = rng.uniform(0.5, 3.0) if wheel else rng.choice((0.0, 0.4))
        fixed = wheel and rng.random() < 0.6
        slug = Slug(face, self.faces, rng) if (numeral := _NUMERAL.search(line)) and rng.random() < SLUGS else None
        pen, placed = 0.0, []
        for at, char in enumerate(line):
            if slug is not None and numeral is not None and numeral.start() <= at < numeral.end():
                if at == numeral.start():
                    pixels, dy, advance = slug.cut(numeral.group())
                    placed.append((pen, dy + rng.gauss(0.0, lift), pixels))
                    pen += advance + tracking
                continue
            pixels, dx, dy, advance = face.glyph(char)
            step = 0.62 * CAP if fixed and char.isdigit() else advance
            if char.isdigit() and wheel and rng.random() < 0.05:
                turned = self._half_turned(face, char)
                placed.append((pen + dx, -CAP - 8.0, turned))
            else:
                jitter = rng.gauss(0.0, lift) if char.isalnum() else 0.0
                if wheel and abs(jitter) > 0.5 and pixels.size > 1:
                    pixels = _tilted(pixels, rng.gauss(0.0, 2.5))
                if around and pixels.size > 1:
                    pixels = _fanned(pixels, fan)
                placed.append((pen + dx + rng.gauss(0, 0.3 * lift), dy + jitter, pixels))
            pen += step + tracking * (1.0 if char != " " else 0.6)
        margin = 40
        width = int(pen) + 2 * margin + 20
        board = np.zeros((BOARD, width), np.float32)
        base = (BOARD + CAP) / 2
        for x, y, pixels in placed:
            x0, y0 = max(0, round(x) + margin), max(0, round(y + base))
            x1, y1 = min(width, x0 + pixels.shape[1]), min(BOARD, y0 + pixels.shape[0])
            if x1 > x0 and y1 > y0:
                np.maximum(board[y0:y1, x0:x1], pixels[: y1 - y0, : x1 - x0] / 255.0, out=board[y0:y1, x0:x1])
        return board, float(margin), float(margin + pen - tracking)

    def _ring(self, line: str) -> tuple[Mask, float, float]:
        """A line of a ring as it looks unrolled: rings above and below, and other words that stand on their heads."""
        rng = self.rng
        parts = [self._draw(line)[0]]
        for side in (0, 1):
            parts.insert(side * len(parts), np.zeros((BOARD, rng.randint(0, 120)), np.float32))
            if rng.random() < 0.3:
                parts.insert(side * len(parts), self._draw(rng.choice("*+•"))[0])
            if rng.random() < 0.5:
                parts.insert(side * len(parts), self._draw(random_lettering(rng)[:12])[0][::-1, ::-1])
        board = np.concatenate(parts, axis=1)
        for side in (-1, 1):
            thick = rng.choice((1, 2, 2, 3, 5))
            y = BOARD / 2 + side * (CAP / 2 + rng.uniform(3, 14))
            for ring in range(rng.choice((0, 1, 1, 1, 2))):
                at = round(y + side * ring * (thick + rng.uniform(2, 6)))
                cv2.line(board, (0, at), (board.shape[1], at + rng.randint(-1, 1)), 1.0, thick, cv2.LINE_AA)
        return board, 40.0 * rng.random(), board.shape[1] - 40.0 * rng.random()

    def _draw_hershey(self, line: str) -> tuple[Mask, float, float]:
        """A line of plotted strokes, as engraved figures look."""
        rng = self.rng
        face, thick = rng.choice(HERSHEY), rng.choice((1, 2, 2, 3, 4, 5))
        line = line.upper()
        (w, h), _ = cv2.getTextSize(line, face, 1.3, thick)
        board = np.zeros((BOARD, w + 100), np.uint8)
        cv2.putText(board, line, (40, (BOARD + h) // 2), face, 1.3, 255, thick, cv2.LINE_AA)
        factor = CAP / max(8.0, h) * rng.uniform(0.9, 1.0)
        squeeze = rng.uniform(0.6, 1.05)
        middle = np.array([[factor * squeeze, 0, 0], [0, factor, BOARD / 2 * (1 - factor)]], np.float32)
        width = max(60, round(board.shape[1] * factor * squeeze))
        board = cv2.warpAffine(board, middle, (width, BOARD))
        return board.astype(np.float32) / 255.0, 40 * factor * squeeze, (40 + w) * factor * squeeze

    def _half_turned(self, face: Typeface | Engraved, char: str) -> npt.NDArray[np.uint8]:
        """A figure of a wheel that stands a little too high or low, its neighbour looking in."""
        shift = self.rng.uniform(-0.28, 0.28) * CAP
        other = str((int(char) + (1 if shift < 0 else -1)) % 10)
        window = np.zeros((CAP + 16, 40), np.uint8)
        for figure, extra in ((char, 0.0), (other, (1.25 if shift < 0 else -1.25) * CAP)):
            pixels, _, dy, _ = face.glyph(figure)
            y = round(CAP + 8 + dy + shift + extra)
            y0, y1 = max(0, y), min(window.shape[0], y + pixels.shape[0])
            w = min(40, pixels.shape[1])
            if y1 > y0:
                window[y0:y1, :w] = pixels[y0 - y : y1 - y, :w]
        return window[:, : max(4, int(np.flatnonzero(window.any(axis=0)).max(initial=8)) + 1)]

    def _strike(self, mask: Mask) -> Mask:
        """Bend the line, add what belongs to the same stamp, and wear it as a hand does."""
        rng, hard = self.rng, self.hard
        h, w = mask.shape
        if rng.random() < 0.35:
            mask = self._thicken(mask)
        mask = self._bend(mask)
        if rng.random() < 0.6:
            mask = np.maximum(mask, self._furniture(h, w))
        if rng.random() < 0.4:  # the wear of rendered covers, too: two hands err differently
            mask = strike(np.clip(mask, 0, 1), hard * rng.random(), self.np_rng, scale=CAP / rng.uniform(2.0, 4.0))
            return np.asarray(np.clip(mask, 0, 1), np.float32)
        if rng.random() < 0.8 * hard:
            mask = mask * self._blotches(h, w)
        if rng.random() < 0.3 * hard:
            mask = mask - rng.uniform(0.2, 0.7) * cv2.erode(mask, np.ones((3, 3), np.uint8))
        if rng.random() < 0.16 * hard:
            shift = np.float32([[1, 0, rng.uniform(-5, 5)], [0, 1, rng.uniform(-4, 4)]])
            mask = np.maximum(mask, rng.uniform(0.25, 0.8) * cv2.warpAffine(mask, shift, (w, h)))
        if rng.random() < 0.1 * hard:
            length = rng.randint(3, 9)
            kernel = np.eye(length, dtype=np.float32) if rng.random() < 0.5 else np.ones((1, length), np.float32)
            mask = cv2.filter2D(mask, -1, kernel / kernel.sum())
        soft = cv2.GaussianBlur(np.clip(mask, 0, 1), (0, 0), rng.uniform(0.4, 1.8))
        if rng.random() < 0.7:
            soft = soft + self.np_rng.normal(0, rng.uniform(0.03, 0.25), soft.shape).astype(np.float32) * (
                0.3 + 0.7 * soft
            )
            soft = cv2.GaussianBlur(soft, (0, 0), 0.6)
        return np.clip((soft - 0.15) * rng.uniform(1.1, 2.2), 0, 1)

    def _thicken(self, mask: Mask) -> Mask:
        size = self.rng.choice((2, 2, 3))
        kernel = cv2.getStructuringElement(self.rng.choice((cv2.MORPH_RECT, cv2.MORPH_ELLIPSE)), (size, size))
        return cv2.dilate(mask, kernel) if self.rng.random() < 0.75 else cv2.erode(mask, np.ones((2, 2), np.uint8))

    def _bend(self, mask: Mask) -> Mask:
        """Turn, shear, curve and squeeze."""
        rng = self.rng
        h, w = mask.shape
        turn = np.tan(np.radians(rng.gauss(0, 2.2)))
        shear = rng.gauss(0, 0.07)
        curve = rng.gauss(0, 7.0) if rng.random() < 0.3 else 0.0
        wave = rng.uniform(0, 1.2)
        x, y = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
        along = (x - w / 2) / max(w, 160)
        phase = rng.uniform(0, 6.28)
        map_y = (
            y
            + turn * (x - w / 2) * min(1.0, 130.0 / w)
            + curve * (4 * along**2 - 0.3)
            + wave * np.sin(along * 9 + phase)
        )
        map_x = x + shear * (y - h / 2)
        return cv2.remap(mask, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR)

    def _furniture(self, h: int, w: int) -> Mask:
        """Bars above and below, the ring cutting the ends, a frame, remains of neighbouring lettering."""
        rng = self.rng
        sheet = np.zeros((h, w), np.uint8)
        thick = rng.choice((1, 2, 2, 3, 4))
        if rng.random() < 0.4:
            for y in rng.sample((rng.randint(4, 20), h - rng.randint(4, 20)), rng.randint(1, 2)):
                cv2.line(
                    sheet,
                    (rng.randint(0, 40), y),
                    (w - rng.randint(0, 40), y + rng.randint(-3, 3)),
                    255,
                    thick,
                    cv2.LINE_AA,
                )
        if rng.random() < 0.35:
            radius = rng.randint(60, 240)
            for side in rng.sample((-1, 1), rng.randint(1, 2)):
                edge = rng.randint(8, 34) if side < 0 else w - rng.randint(8, 34)
                cv2.circle(
                    sheet, (edge - side * radius, h // 2 + rng.randint(-20, 20)), radius, 255, thick, cv2.LINE_AA
                )
        if rng.random() < 0.3:
            face = rng.choice(self.faces)
            letters = rng.choice(("ПОЧТА СССР", "POST OFFICE", "БОРТ МКС", "МОСКВА", "HOUSTON TX", "0123456789"))
            letters = letters if face.cyrillic or letters.isascii() else "POST OFFICE"
            pixels, *_ = _glyph(face.path, letters)
            top = rng.random() < 0.5
            y = -rng.randint(4, pixels.shape[0] - 4) if top else h - rng.randint(3, 14)
            x = rng.randint(-40, max(1, w - 60))
            _paste(sheet, pixels, x, y)
        return sheet.astype(np.float32) / 255.0

    def _blotches(self, h: int, w: int) -> Mask:
        """Uneven pressure: light on one side, spots without ink."""
        rng = self.rng
        worst = self.hard * rng.random() ** 1.5
        coarse = self._cloud(h, w, rng.randint(16, 60))
        pressure = np.clip(1.0 - worst * 1.3 * coarse, 0.12, 1)
        if rng.random() < 0.5:
            fine = self._cloud(h, w, rng.randint(2, 6))
            pressure = pressure * (1.0 - worst * 0.9 * (fine > rng.uniform(0.5, 0.8)))
        if rng.random() < 0.3:
            ramp = np.linspace(1.0, 1.0 - worst * 0.8, w, dtype=np.float32)
            pressure = pressure * (ramp if rng.random() < 0.5 else ramp[::-1])
        return pressure.astype(np.float32)

    def _cloud(self, h: int, w: int, grain: int) -> Mask:
        small = self.np_rng.random((h // grain + 2, w // grain + 2), dtype=np.float32)
        return cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC)

    # -- the paper -------------------------------------------------------------------------------------------

    def _print(self, mask: Mask) -> npt.NDArray[np.uint8]:
        """Strike the ink on a paper, with what else lies there; shape (height, width, 3)."""
        rng = self.rng
        h, w = mask.shape
        paper = self._paper(h, w)
        ink = self._ink()
        strength = rng.uniform(0.35, 1.0) if rng.random() < 0.7 else rng.uniform(0.15, 0.4)
        layers = [(mask, ink, strength)]
        if rng.random() < 0.25 * self.hard:
            layers.append((self._crossing(h, w), self._ink(), rng.uniform(0.2, 0.9)))
        for layer, colour, alpha in layers:
            paper = paper * (1.0 - alpha * layer[:, :, None] * (1.0 - colour))
        return np.asarray(np.clip(paper * 255.0, 0, 255), np.uint8)

    def _ink(self) -> npt.NDArray[np.float32]:
        rng = self.rng
        colour = rng.choice(((0.1, 0.1, 0.12), (0.1, 0.1, 0.12), (0.15, 0.2, 0.6), (0.4, 0.2, 0.6), (0.75, 0.12, 0.15),
                             (0.85, 0.4, 0.55), (0.1, 0.45, 0.3), (0.35, 0.25, 0.2)))  # fmt: skip
        return np.clip(np.array(colour, np.float32) + rng.uniform(-0.1, 0.15), 0.02, 0.9)

    def _paper(self, h: int, w: int) -> npt.NDArray[np.float32]:
        rng = self.rng
        tint = np.array(rng.choice(((0.97, 0.96, 0.93), (0.95, 0.92, 0.84), (0.82, 0.7, 0.55), (0.85, 0.9, 0.96),
                                    (0.99, 0.99, 0.99), (0.93, 0.85, 0.85))), np.float32)  # fmt: skip
        light = rng.uniform(0.75, 1.0)
        paper = np.broadcast_to(tint * light, (h, w, 3)).astype(np.float32)
        paper = paper * (1.0 - rng.uniform(0, 0.08) * self._cloud(h, w, rng.choice((3, 8, 40))))[:, :, None]
        if rng.random() < 0.3 * self.hard:
            paper = self._stamp(paper)
        return paper

    def _stamp(self, paper: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Print below the strike: a stamp's picture, a cachet, fine lines, often with an edge through the line."""
        rng = self.rng
        h, w, _ = paper.shape
        picture = np.stack([self._cloud(h, w, rng.randint(6, 40)) for _ in range(3)], axis=2)
        picture = np.clip(0.45 + rng.uniform(0.15, 0.5) * (picture - 0.35), 0, 1)
        picture = picture * rng.uniform(0.8, 1.4) + rng.uniform(0, 0.3)
        if rng.random() < 0.5:
            lines = np.zeros((h, w), np.uint8)
            step, slope = rng.randint(4, 14), rng.uniform(-1, 1)
            for x in range(-h, w + h, step):
                cv2.line(lines, (x, 0), (int(x + slope * h), h), 255, 1, cv2.LINE_AA)
            picture = picture * (1.0 - rng.uniform(0.1, 0.5) * lines[:, :, None] / 255.0)
        cover = np.ones((h, w), np.float32)
        if rng.random() < 0.6:
            at = rng.randint(0, w)
            cover[:, :at] = 0.0
            cover = cover[:, ::-1] if rng.random() < 0.5 else cover
        strength = rng.uniform(0.2, 0.9) * cover[:, :, None]
        return paper * (1.0 - strength) + np.clip(picture, 0, 1).astype(np.float32) * strength

    def _crossing(self, h: int, w: int) -> Mask:
        """Something across the line: handwriting, another ring, wavy bars, another line of text."""
        rng = self.rng
        sheet = np.zeros((h, w), np.uint8)
        kind = rng.random()
        thick = rng.choice((1, 2, 2, 3))
        if kind < 0.4:
            points = np.cumsum([[rng.gauss(14, 14), rng.gauss(0, 22)] for _ in range(rng.randint(6, 22))], axis=0)
            points += (rng.uniform(-20, w / 2), h / 2)
            curve = cv2.resize(points.astype(np.float32), (2, len(points) * 6), interpolation=cv2.INTER_CUBIC)
            cv2.polylines(sheet, [curve.round().astype(np.int32)], False, 255, thick, cv2.LINE_AA)
        elif kind < 0.7:
            radius = rng.randint(60, 300)
            centre = (rng.randint(0, w), h // 2 + rng.choice((-1, 1)) * rng.randint(max(1, radius - 40), radius + 40))
            for extra in rng.sample((0, 8, 14), rng.randint(1, 2)):
                cv2.circle(sheet, centre, radius + extra, 255, thick, cv2.LINE_AA)
        elif kind < 0.85:
            x = np.arange(0, w, 4)
            for k in range(rng.randint(1, 3)):
                y = h * (0.2 + 0.3 * k) + 6 * np.sin(x / rng.uniform(10, 30)) + rng.uniform(-0.3, 0.3) * x
                cv2.polylines(sheet, [np.stack([x, y], 1).astype(np.int32)], False, 255, thick, cv2.LINE_AA)
        else:
            face = rng.choice(self.faces)
            pixels, *_ = _glyph(face.path, rng.choice(("POSTAGE", "MAIL 1984", "AIR", "COVER", "7314")))
            _paste(sheet, pixels, rng.randint(-30, w), rng.randint(-10, h - 10))
        return sheet.astype(np.float32) / 255.0

    # -- the scan --------------------------------------------------------------------------------------------

    def _crop(self, colour: npt.NDArray[np.uint8], low: float, high: float) -> npt.NDArray[np.uint8]:
        """Cut the line out as an imprecise box does."""
        rng = self.rng
        share = min(0.95, max(0.36, rng.gauss(0.66, 0.13)))
        height = CAP / share
        middle = BOARD / 2 + rng.gauss(0, 0.28) * (height - CAP) / 2
        top = int(np.clip(round(middle - height / 2), 0, BOARD - 8))
        bottom = int(np.clip(round(middle + height / 2), top + 8, BOARD))
        left = low - rng.uniform(-0.08, 0.9) * CAP
        right = high + rng.uniform(-0.08, 0.9) * CAP
        x0, x1 = int(max(0, left)), int(min(colour.shape[1], max(right, left + 20)))
        return colour[top:bottom, x0:x1]

    def _scan(self, crop: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Lower the resolution, compress, and bring to the height of a strip; stretch along the line."""
        rng = self.rng
        if rng.random() < 0.75:
            cap = rng.uniform(7.5, 26.0) if rng.random() < 0.6 else rng.uniform(14.0, 34.0)
            factor = min(1.0, cap / CAP)
            size = (max(6, round(crop.shape[1] * factor)), max(6, round(crop.shape[0] * factor)))
            crop = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
            if rng.random() < 0.3:
                noise = self.np_rng.normal(0, rng.uniform(1, 9), crop.shape)
                crop = np.clip(crop + noise, 0, 255).astype(np.uint8)
            crop = _developed(crop, rng)
        stretch = rng.choice((1.0, rng.uniform(0.7, 1.35), rng.uniform(0.6, 1.0)))
        width = int(np.clip(crop.shape[1] * STRIP / crop.shape[0] * stretch, 24, 900))
        how = cv2.INTER_AREA if crop.shape[0] > STRIP else rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC))
        return np.asarray(cv2.resize(crop, (width, STRIP), interpolation=how), np.uint8)


def coarse(strip: npt.NDArray[np.uint8], rng: random.Random) -> npt.NDArray[np.uint8]:
    """A strip of colour as a photograph of the whole cover shows it: letters of a few pixels, sharpened, compressed."""
    height, width = strip.shape[:2]
    factor = rng.uniform(11.0, 24.0) / height
    small = cv2.resize(strip, (max(8, round(width * factor)), round(height * factor)), interpolation=cv2.INTER_AREA)
    return cv2.resize(_developed(small, rng), (width, height), interpolation=cv2.INTER_LINEAR)


def _developed(crop: npt.NDArray[np.uint8], rng: random.Random) -> npt.NDArray[np.uint8]:
    """What the program of a telephone or a scanner does to a picture: sharper edges with a rim of light, JPEG."""
    if rng.random() < 0.25:
        soft = cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.7, 1.6))
        amount = rng.uniform(0.3, 1.5)
        crop = cv2.addWeighted(crop, 1.0 + amount, soft, -amount, 0.0)
    if rng.random() < 0.6:
        _, data = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(35, 92)])
        crop = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.asarray(crop, np.uint8)


def _in_words(line: str) -> bool:
    """Whether a line may run around a mark: figures alone seldom do."""
    return bool(line) and (sum(c.isalpha() for c in line) >= 4 or not any(c.isdigit() for c in line))


def _tilted(pixels: npt.NDArray[np.uint8], degrees: float) -> npt.NDArray[np.uint8]:
    h, w = pixels.shape
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1.0)
    return cv2.warpAffine(pixels, turn, (w, h))


def _fanned(pixels: npt.NDArray[np.uint8], share: float) -> npt.NDArray[np.uint8]:
    """A letter of a ring as it looks unrolled: narrower towards its head (or its foot, where `share` is positive)."""
    h, w = pixels.shape
    inset = abs(share) * w / 2
    wide, narrow = [[0, 0], [w, 0]], [[inset, 0], [w - inset, 0]]
    top, foot = (narrow, wide) if share < 0 else (wide, narrow)
    corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    lean = cv2.getPerspectiveTransform(corners, np.float32([*top, [foot[1][0], h], [foot[0][0], h]]))
    return cv2.warpPerspective(pixels, lean, (w, h))


def _paste(sheet: npt.NDArray[np.uint8], pixels: npt.NDArray[np.uint8], x: int, y: int) -> None:
    h, w = sheet.shape
    x0, y0, x1, y1 = max(0, x), max(0, y), min(w, x + pixels.shape[1]), min(h, y + pixels.shape[0])
    if x1 > x0 and y1 > y0:
        np.maximum(sheet[y0:y1, x0:x1], pixels[y0 - y : y1 - y, x0 - x : x1 - x], out=sheet[y0:y1, x0:x1])
