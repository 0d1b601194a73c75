"""Lettering as an engraver cuts it into a postmark: single strokes of one width, drawn anew for every line.

Fonts of a computer are drawn alike: their 1 has a short flag, their 4 is closed. Cancels were engraved by many hands,
whose figures differ most where a reader errs most. So each glyph here is a few strokes in a unit box, with the forms
that engravers chose among (a long or a short flag, an open or a closed 4, a flat or a round 3), and each line chooses
once: forms, proportions, width of the strokes, slant, and whether strokes end in serifs.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from postmark_id.dates.alphabet import fold

Stroke = npt.NDArray[np.float64]
"""Points of one stroke, shape (n, 2): x from 0 left to 1 right, y from 0 at the top to 1 at the foot."""
Glyph = tuple[npt.NDArray[np.uint8], int, int, float]
FINE = 3
"""Bits of subpixel precision with which strokes are drawn."""

Forms = Callable[[random.Random], list[Stroke]]


def line(*points: tuple[float, float]) -> Stroke:
    return np.array(points, np.float64)


def arc(x: float, y: float, wide: float, tall: float, *turns: float) -> Stroke:
    """Part of an ellipse around (x, y), between two angles in degrees, clockwise from the right."""
    first, last = turns
    t = np.radians(np.linspace(first, last, max(6, round(abs(last - first) / 12))))
    return np.stack([x + wide * np.cos(t), y + tall * np.sin(t)], axis=1)


def joined(*parts: Stroke) -> Stroke:
    return np.concatenate(parts)


def loop(rng: random.Random, x: float, y: float, wide: float, tall: float) -> Stroke:
    """A closed curve, from an ellipse to a box with round corners."""
    power = rng.choice((2.0, 2.0, 2.5, 3.5))
    t = np.linspace(0, 2 * math.pi, 33)
    c, s = np.cos(t), np.sin(t)
    return np.stack(
        [x + wide * np.sign(c) * np.abs(c) ** (2 / power), y + tall * np.sign(s) * np.abs(s) ** (2 / power)], axis=1
    )


def _one(rng: random.Random) -> list[Stroke]:
    at = rng.uniform(0.5, 0.75)
    kind = rng.random()
    stem = line((at, 0), (at, 1))
    if kind < 0.12:
        return [stem]
    reach = rng.uniform(0.2, 0.75)
    drop = rng.uniform(0.05, 0.2) if kind < 0.3 else rng.uniform(0.15, 0.5)
    strokes = [joined(line((at - reach, drop)), stem)]
    if kind > 0.8:
        strokes.append(line((at - 0.3, 1), (at + 0.3, 1)))
    return strokes


def _two(rng: random.Random) -> list[Stroke]:
    bend = rng.uniform(0.22, 0.34)
    start, end = rng.uniform(170, 215), rng.uniform(370, 410)
    top = arc(0.5, bend, 0.47, bend, start, end)
    if rng.random() < 0.25:  # the neck of a swan
        waist = np.array([[0.45, 0.68], [0.18, 0.85], [0.03, 1.0]])
        return [joined(top, waist, line((1, 1)))]
    return [joined(top, line((0.03, 1), (1, 1)))]


def _three(rng: random.Random) -> list[Stroke]:
    waist = rng.uniform(0.4, 0.48)
    low = (1 - waist) / 2
    below = arc(0.45, waist + low, 0.5, low, -75, rng.uniform(130, 175))
    if rng.random() < 0.35:
        return [joined(line((0.05, 0), (0.92, 0), (0.42, waist)), below)]
    above = arc(0.45, waist / 2, 0.45, waist / 2, rng.uniform(190, 225), 440)
    return [joined(above, below) if rng.random() < 0.6 else joined(above, line((0.35, waist)), below)]


def _four(rng: random.Random) -> list[Stroke]:
    bar, stem = rng.uniform(0.58, 0.78), rng.uniform(0.6, 0.8)
    kind = rng.random()
    if kind < 0.45:
        return [line((stem, 1), (stem, 0), (0, bar), (1, bar))]
    if kind < 0.75:
        lean = rng.uniform(0.1, 0.5)
        return [line((lean, 0), (0, bar), (1, bar)), line((stem, rng.uniform(0.15, 0.5)), (stem, 1))]
    return [line((rng.uniform(0.4, 0.7), 0), (0, bar), (1, bar)), line((stem, rng.uniform(0.3, 0.55)), (stem, 1))]


def _five(rng: random.Random) -> list[Stroke]:
    waist = rng.uniform(0.38, 0.48)
    tall = (1 - waist + 0.06) / 2
    left = rng.uniform(0.05, 0.2)
    below = arc(0.42, 1 - tall, 0.53, tall, rng.uniform(-130, -100), rng.uniform(130, 170))
    return [joined(line((rng.uniform(0.8, 1.0), 0), (left, 0), (left - 0.04, waist + 0.04)), below)]


def _six(rng: random.Random) -> list[Stroke]:
    tall = rng.uniform(0.26, 0.34)
    bowl = arc(0.5, 1 - tall, 0.48, tall, 180, 540)
    kind = rng.random()
    if kind < 0.4:  # a straight back
        return [joined(line((rng.uniform(0.55, 0.85), 0), (0.06, 0.88 - tall)), bowl)]
    top = arc(0.55, 0.5, 0.53, 0.5, rng.uniform(-60, -30) + 360, 180)
    return [joined(top, bowl)]


def _seven(rng: random.Random) -> list[Stroke]:
    foot = rng.uniform(0.2, 0.5)
    bend = [(rng.uniform(0.5, 0.7), rng.uniform(0.4, 0.55))] if rng.random() < 0.35 else []
    begin = [(0.02, 0.12)] if rng.random() < 0.2 else []
    strokes = [line(*begin, (0.02, 0), (0.98, 0), *bend, (foot, 1))]
    if rng.random() < 0.12:
        strokes.append(line((0.25, 0.5), (0.85, 0.5)))
    return strokes


def _eight(rng: random.Random) -> list[Stroke]:
    waist = rng.uniform(0.42, 0.5)
    less = rng.uniform(0.36, 0.48)
    return [loop(rng, 0.5, waist / 2, less, waist / 2), loop(rng, 0.5, (1 + waist) / 2, 0.5, (1 - waist) / 2)]


def _nine(rng: random.Random) -> list[Stroke]:
    return [1.0 - stroke for stroke in _six(rng)]


def _plain(*strokes: Stroke) -> Forms:
    return lambda rng: list(strokes)


def _o(rng: random.Random) -> list[Stroke]:
    return [loop(rng, 0.5, 0.5, 0.5, 0.5)]


def _k(rng: random.Random) -> list[Stroke]:
    at = rng.uniform(0.4, 0.6)
    return [line((0, 0), (0, 1)), line((0.95, 0), (0, at)), line((0.25, at - 0.13), (1, 1))]


def _m(rng: random.Random) -> list[Stroke]:
    low, out = rng.uniform(0.5, 1.0), rng.choice((0.0, 0.0, 0.12))
    return [line((0, 1), (out, 0), (0.5, low), (1 - out, 0), (1, 1))]


def _l(rng: random.Random) -> list[Stroke]:
    """The Cyrillic one."""
    return [line((0, 1), (0.5, 0), (1, 1))] if rng.random() < 0.5 else [line((0, 1), (0.2, 0), (1, 0), (1, 1))]


def _zh(rng: random.Random) -> list[Stroke]:
    return [line((0.5, 0), (0.5, 1)), line((0, 0), (0.5, 0.5), (0, 1)), line((1, 0), (0.5, 0.5), (1, 1))]


_BOWL = joined(line((0, 0), (0.55, 0)), arc(0.55, 0.25, 0.42, 0.25, -90, 90), line((0, 0.5)))
_LOW_BOWL = joined(line((0, 0.48), (0.55, 0.48)), arc(0.55, 0.74, 0.45, 0.26, -90, 90), line((0, 1)))
_STEM = line((0, 0), (0, 1))
_C = arc(0.55, 0.5, 0.52, 0.5, 310, 50)
_S = joined(arc(0.5, 0.26, 0.45, 0.26, -30, -270), arc(0.5, 0.75, 0.48, 0.25, -90, 160))
_D = joined(line((0, 0), (0.4, 0)), arc(0.4, 0.5, 0.6, 0.5, -90, 90), line((0, 1), (0, 0)))
_U = joined(line((0, 0), (0, 0.65)), arc(0.5, 0.65, 0.5, 0.35, 180, 0), line((1, 0)))
_HOOK = joined(line((0, 0), (0, 0.3)), arc(0.4, 0.3, 0.4, 0.25, 180, 90), line((1, 0.5)))
_TAIL = line((0.9, 0.9), (1, 0.9), (1, 1.12))
_Z3 = joined(arc(0.45, 0.25, 0.5, 0.25, 200, 450), arc(0.45, 0.74, 0.55, 0.26, -90, 160))

FORMS: dict[str, Forms] = {
    "0": _o, "1": _one, "2": _two, "3": _three, "4": _four, "5": _five, "6": _six, "7": _seven, "8": _eight,
    "9": _nine, "O": _o, "K": _k, "M": _m, "Л": _l, "Ж": _zh,
    "A": _plain(line((0, 1), (0.5, 0), (1, 1)), line((0.2, 0.65), (0.8, 0.65))),
    "B": _plain(_STEM, _BOWL, _LOW_BOWL),
    "C": _plain(_C),
    "D": _plain(_D),
    "E": _plain(line((1, 0), (0, 0), (0, 1), (1, 1)), line((0, 0.5), (0.8, 0.5))),
    "F": _plain(line((1, 0), (0, 0), (0, 1)), line((0, 0.5), (0.8, 0.5))),
    "G": _plain(joined(arc(0.52, 0.5, 0.52, 0.5, 310, 90), line((1, 0.95), (1, 0.55), (0.6, 0.55)))),
    "H": _plain(_STEM, line((1, 0), (1, 1)), line((0, 0.5), (1, 0.5))),
    "I": _plain(line((0.5, 0), (0.5, 1))),
    "J": _plain(joined(line((0.8, 0), (0.8, 0.7)), arc(0.42, 0.7, 0.38, 0.3, 0, 180))),
    "L": _plain(line((0, 0), (0, 1), (0.95, 1))),
    "N": _plain(line((0, 1), (0, 0), (1, 1), (1, 0))),
    "P": _plain(_STEM, _BOWL),
    "Q": _plain(arc(0.5, 0.5, 0.5, 0.5, 0, 360), line((0.6, 0.7), (1, 1.05))),
    "R": _plain(_STEM, _BOWL, line((0.4, 0.5), (1, 1))),
    "S": _plain(_S),
    "T": _plain(line((0, 0), (1, 0)), line((0.5, 0), (0.5, 1))),
    "U": _plain(_U),
    "V": _plain(line((0, 0), (0.5, 1), (1, 0))),
    "W": _plain(line((0, 0), (0.25, 1), (0.5, 0.2), (0.75, 1), (1, 0))),
    "X": _plain(line((0, 0), (1, 1)), line((1, 0), (0, 1))),
    "Y": _plain(line((0, 0), (0.5, 0.5), (0.5, 1)), line((1, 0), (0.5, 0.5))),
    "Z": _plain(line((0, 0), (1, 0), (0, 1), (1, 1))),
    "Б": _plain(line((0.9, 0), (0, 0), (0, 1)), _LOW_BOWL),
    "Г": _plain(line((1, 0), (0, 0), (0, 1))),
    "Д": _plain(line((0.15, 0.85), (0.3, 0), (0.85, 0), (0.85, 0.85)), line((0, 1.1), (0, 0.85), (1, 0.85), (1, 1.1))),
    "З": _plain(_Z3),
    "И": _plain(line((0, 0), (0, 1), (1, 0), (1, 1))),
    "Й": _plain(line((0, 0.05), (0, 1), (1, 0.05), (1, 1)), arc(0.5, -0.2, 0.22, 0.1, 180, 0)),
    "П": _plain(line((0, 1), (0, 0), (1, 0), (1, 1))),
    "У": _plain(line((0, 0), (0.5, 0.6)), line((1, 0), (0.5, 0.6), (0.2, 1))),
    "Ф": _plain(line((0.5, 0), (0.5, 1)), arc(0.5, 0.45, 0.5, 0.28, 0, 360)),
    "Ц": _plain(line((0, 0), (0, 0.9), (0.85, 0.9), (0.85, 0)), line((0.85, 0.9), (1, 0.9), (1, 1.12))),
    "Ч": _plain(_HOOK, line((1, 0), (1, 1))),
    "Ш": _plain(line((0, 0), (0, 1), (1, 1), (1, 0)), line((0.5, 0), (0.5, 1))),
    "Щ": _plain(line((0, 0), (0, 0.9), (0.9, 0.9), (0.9, 0)), line((0.45, 0), (0.45, 0.9)), _TAIL),
    "Ъ": _plain(line((-0.2, 0.05), (0, 0), (0, 1)), _LOW_BOWL),
    "Ы": _plain(line((0, 0), (0, 1)), _LOW_BOWL * (0.7, 1), line((1, 0), (1, 1))),
    "Ь": _plain(line((0, 0), (0, 1)), _LOW_BOWL),
    "Э": _plain(arc(0.45, 0.5, 0.52, 0.5, -130, 130), line((0.3, 0.5), (0.95, 0.5))),
    "Ю": _plain(_STEM, line((0, 0.5), (0.35, 0.5)), arc(0.68, 0.5, 0.32, 0.5, 0, 360)),
    "Я": _plain((1 - _BOWL * (1, -1)) * (1, 1) - (0, 1), line((1, 0), (1, 1)), line((0.6, 0.5), (0, 1))),
    "-": _plain(line((0.1, 0.5), (0.9, 0.5))),
    "/": _plain(line((0.9, 0), (0.1, 1))),
    "'": _plain(line((0.5, 0), (0.45, 0.22))),
    "+": _plain(line((0.1, 0.55), (0.9, 0.55)), line((0.5, 0.15), (0.5, 0.95))),
    "*": _plain(*(line((0.5 + 0.4 * c, 0.5 + 0.3 * s), (0.5 - 0.4 * c, 0.5 - 0.3 * s))
                  for c, s in ((1, 0), (0.5, 0.87), (0.5, -0.87)))),
}  # fmt: skip
_WIDTHS = {"1": 0.75, "I": 0.3, "M": 1.3, "W": 1.45, "Ж": 1.45, "Ш": 1.35, "Щ": 1.4, "Ы": 1.35, "Ю": 1.45, "Ф": 1.2,
           "-": 0.7, "'": 0.4, "E": 0.9, "F": 0.85, "L": 0.85, "Г": 0.85, "J": 0.8}  # fmt: skip
_SERIFED = frozenset("ABDEFHIKLMNPRTUVXYБГДЖИЙЛПУЦШЩЫЬЯ1")
_POINTS = frozenset(".:,·•")


def _form(char: str) -> str:
    """The symbol under which a character's strokes are listed."""
    return char if char in FORMS or char in _POINTS else fold(char)


@dataclass
class Engraved:
    """One engraver's letters, at one size.

    Parameters
    ----------
    rng : random.Random
        Chooses the forms.
    cap : int
        Height of a capital, pixels.
    """

    rng: random.Random
    cap: int
    wide: float = field(init=False)
    thick: int = field(init=False)
    slant: float = field(init=False)
    serif: float = field(init=False)
    steady: bool = field(init=False)
    """Whether a letter looks alike wherever it stands."""
    _cut: dict[str, Glyph] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        rng = self.rng
        self.wide = rng.uniform(0.34, 0.85)
        self.thick = max(1, round(self.cap * min(rng.choice((0.04, 0.07, 0.09, 0.12, 0.15, 0.19)), 0.27 * self.wide)))
        self.slant = rng.gauss(0.0, 0.12) if rng.random() < 0.25 else 0.0
        self.serif = self.wide * rng.uniform(0.12, 0.22) if rng.random() < 0.2 else 0.0
        self.steady = rng.random() < 0.7

    @staticmethod
    def can(text: str) -> bool:
        """Whether it has all letters of a text."""
        return all(c in FORMS or c in _POINTS or c == " " for c in map(_form, text))

    def glyph(self, char: str) -> Glyph:
        """Mask of a character, its offset from the pen (y above the baseline is negative), and its advance."""
        char = _form(char)
        if char not in self._cut or not self.steady:
            self._cut[char] = self._engraved(char)
        return self._cut[char]

    def _engraved(self, char: str) -> Glyph:
        between = self.thick + 0.14 * self.cap
        if char == " ":
            return np.zeros((1, 1), np.uint8), 0, 0, 0.45 * self.cap
        if char in _POINTS:
            strokes = self._points(char)
            width = 0.02 * self.cap
        else:
            strokes = FORMS[char](self.rng)
            width = self.wide * _WIDTHS.get(char, 1.0) * self.cap * 0.8
        scaled = [self._scaled(stroke, width) for stroke in strokes]
        if self.serif and char in _SERIFED:
            scaled += [serif for stroke in scaled for serif in self._serifs(stroke)]
        room = self.thick + round(0.35 * self.cap)
        board = np.zeros((self.cap + 2 * room, round(width) + 2 * room + self.cap // 2), np.uint8)
        for stroke in scaled:
            points = np.round((stroke + room) * 2**FINE).astype(np.int32)
            cv2.polylines(board, [points], False, 255, self.thick, cv2.LINE_AA, FINE)
        return board, -room, -room - self.cap, width + between

    def _scaled(self, stroke: Stroke, width: float) -> Stroke:
        """In pixels, with half a stroke's width kept inside the height of a capital."""
        inset = self.thick / 2
        y = inset + stroke[:, 1] * (self.cap - self.thick)
        return np.stack([stroke[:, 0] * width + self.slant * (self.cap / 2 - y), y], axis=1)

    def _serifs(self, stroke: Stroke) -> Sequence[Stroke]:
        """Short level strokes at the ends of one that goes down or up."""
        found = []
        for end, before in ((0, 1), (-1, -2)):
            ahead = stroke[end] - stroke[before]
            at_an_edge = not 0.2 * self.cap < stroke[end][1] < 0.8 * self.cap
            if len(stroke) < 6 and at_an_edge and abs(ahead[1]) > abs(ahead[0]):
                half = np.array([self.serif * self.cap, 0.0])
                found.append(np.stack([stroke[end] - half, stroke[end] + half]))
        return found

    def _points(self, char: str) -> list[Stroke]:
        size = self.rng.uniform(0.01, 0.06)
        heights = {".": (0.97,), ",": (0.97,), ":": (0.25, 0.8), "·": (0.5,), "•": (0.5,)}[char]
        return [arc(0.5, y, 1.0, size, 0, 360) for y in heights]
