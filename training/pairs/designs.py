"""Rubbers to learn from: random marks of many parts, each with chance of its own, so that near twins can be made.

They are drawn more widely than the marks on rendered covers: what tells two marks apart must not be learned of one
grammar. A rubber is a seed and, for each part, which variation of it is taken; a twin differs in one variation.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field, replace

import numpy as np

from postmark_id.models import Kind, Point, Shape, Station
from postmark_id.synth import motifs, wording
from postmark_id.synth.fonts import choose_font
from postmark_id.synth.layouts import DrawnMark, Hand, edge_text, ring_text, sheet_for, write_date_line
from postmark_id.synth.outlines import draw_outline, hand_cut, inset, reverse_out
from postmark_id.synth.sheet import Sheet
from postmark_id.synth.writing import BOARD, WrittenDate, write_date

SHAPES = (Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE)
SCALE = 6.0
"""Pixels a millimetre."""
BODY, UPPER, LOWER, RING, CORE, NAME, MOTIF, EXTRA, TYPE, BETWEEN = range(10)
TWIN_PARTS = (UPPER, LOWER, LOWER, NAME, MOTIF, MOTIF, MOTIF, EXTRA, BETWEEN, TYPE)
PHRASES = tuple(
    phrase
    for table in (wording.STATION_PHRASES, wording.POSTMARK_PHRASES, wording.GROUND_RUSSIAN, wording.GROUND_WESTERN)
    for phrases in table.values()
    for phrase in phrases
)
NAMES = tuple(name for names in wording.STATION_NAMES.values() for name in names) + wording.CREW_PHRASES
LETTERS = ("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ", "ABCDEFGHIJKLMNOPRSTUVWYZ", "0123456789")


@dataclass(frozen=True)
class Rubber:
    """A mark that always looks the same, but for its date."""

    shape: Shape
    seed: int
    taken: dict[int, int] = field(default_factory=dict)
    """Which variation of a part, 0 where it is not told."""

    def chance(self, part: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, 8118, part, self.taken.get(part, 0)])


def twin(rubber: Rubber, rng: np.random.Generator) -> Rubber:
    """The same but for one part, seldom two."""
    count = 1 if rng.random() < 0.85 else 2
    parts = {int(p) for p in rng.choice(TWIN_PARTS, count)} & set(parts_of(rubber)) or {MOTIF}
    return replace(rubber, taken=rubber.taken | {part: int(rng.integers(1, 1 << 20)) for part in parts})


def parts_of(rubber: Rubber) -> list[int]:
    """What a twin may differ in so that it shows."""
    plan = Layout.of(rubber)
    parts = {NAME: "name" in plan.rows, MOTIF: "motif" in plan.rows, EXTRA: "extra" in plan.rows}
    parts |= {UPPER: plan.style != "stack", LOWER: plan.style in ("ring", "edges"), BETWEEN: plan.style == "ring"}
    return [part for part, there in parts.items() if there] + [TYPE]


@dataclass(frozen=True)
class Layout:
    """Where lettering runs, and the rows in the middle, from above."""

    style: str
    rows: tuple[str, ...]

    @classmethod
    def of(cls, rubber: Rubber) -> Layout:
        rng = rubber.chance(CORE)
        style = str(rng.choice(["ring", "one arc", "edges", "stack"], p=[0.6, 0.1, 0.15, 0.15]))
        if rubber.shape is Shape.CIRCLE and style == "edges":
            style = "ring"
        rows = [
            r for r, share in (("motif", 0.8), ("name", 0.75), ("date", 0.55), ("extra", 0.2)) if rng.random() < share
        ]
        if not {"motif", "name"} & set(rows):
            rows.append("motif")
        return cls(style, tuple(str(row) for row in rng.permutation(rows)))


def phrase(rng: np.random.Generator, few: bool) -> str:
    """Words as marks bear them, or made up of letters."""
    pool = NAMES if few else PHRASES
    words = pool[int(rng.integers(len(pool)))].split(" ")
    if rng.random() < 0.35:
        which = LETTERS[int(rng.choice(3, p=[0.55, 0.35, 0.1]))]
        count = 1 if few else int(rng.integers(1, 4))
        words = ["".join(rng.choice(list(which), int(rng.integers(3, 10)))) for _ in range(count)]
    return " ".join(words)


def line(rubber: Rubber, part: int, few: bool = False) -> str:
    """The lettering of a part; of a variation that is odd only a word is another one."""
    number = rubber.taken.get(part, 0)
    if number % 2 == 0:
        return phrase(rubber.chance(part), few)
    words = phrase(replace(rubber, taken={}).chance(part), few).split(" ")
    rng = rubber.chance(part)
    k = int(rng.integers(len(words)))
    words[k] = phrase(rng, True).split(" ")[0]
    return " ".join(words)


def draw(rubber: Rubber, date: WrittenDate | None, scale: float = SCALE) -> DrawnMark:
    """Draw a rubber on its sheet, with a date where it has a place for one."""
    rng = rubber.chance(BODY)
    radius = float(rng.uniform(11.0, 19.0))
    corners = hand_cut(rubber.shape.sides, radius, rng, float(rng.choice([0.0, 0.006, 0.015])))
    sheet = sheet_for(radius, scale)
    mark = DrawnMark(sheet, Kind.STATION_SEAL, rubber.shape, Station.MIR, True, corners)
    free = radius * draw_outline(sheet, corners, rng, round_by=float(rng.choice([0.0, 0.0, 1.5])))
    free *= math.cos(math.pi / rubber.shape.sides) * 0.98 if rubber.shape.sides else 1.0
    core = _around(rubber, mark, free, choose_font(rubber.chance(TYPE)))
    _middle(rubber, mark, core, date)
    if rng.random() < 0.03:
        reverse_out(sheet, corners)
    return mark


def _around(rubber: Rubber, mark: DrawnMark, free: float, font: object) -> float:
    """Lettering along the outline; gives the radius that stays free."""
    layout, sheet = Layout.of(rubber), mark.sheet
    if layout.style == "stack":
        return free
    hand = Hand(mark, font, rubber.chance(RING))  # type: ignore[arg-type]
    upper, lower = line(rubber, UPPER), line(rubber, LOWER)
    if layout.style == "edges":
        core = edge_text(hand, rubber.shape.sides, free, [upper, lower], 0.0)
    else:
        core = ring_text(hand, free, [upper, lower] if layout.style == "ring" else [upper], stars=False)
        between = rubber.chance(BETWEEN)
        if layout.style == "ring" and between.random() < 0.6:
            at, size = (free + core) / 2, (free - core) * float(between.uniform(0.2, 0.42))
            drawn = motifs.star if between.random() < 0.5 else motifs.rays
            for x in (-at, at):
                drawn(sheet, (x, 0.0), size, between)
    ring = rubber.chance(RING)
    ring.random(50)
    if ring.random() < 0.35:
        pen = float(ring.uniform(0.2, 0.6))
        if ring.random() < 0.6 or not rubber.shape.sides:
            sheet.circle((0.0, 0.0), core, pen)
        else:
            sheet.path(
                inset(mark.outline, core / (mark.radius * math.cos(math.pi / rubber.shape.sides))), pen, closed=True
            )
        core *= 0.93
    return core


def _middle(rubber: Rubber, mark: DrawnMark, core: float, date: WrittenDate | None) -> None:
    """The rows in the middle."""
    rows, rng = Layout.of(rubber).rows, rubber.chance(CORE)
    rng.random(20)
    weights = {"motif": rng.uniform(1.6, 3.2), "name": rng.uniform(0.8, 1.4), "date": 1.0, "extra": 0.6}
    total = sum(weights[row] for row in rows)
    reach, barred = core * 0.9, rng.random() < 0.3
    y = -reach
    font = choose_font(rubber.chance(TYPE))
    for row in rows:
        depth = 2 * reach * weights[row] / total
        middle = y + depth / 2
        y += depth
        chord = 1.9 * math.sqrt(max(0.01, core**2 - (abs(middle) + depth * 0.3) ** 2))
        size = max(0.8, min(depth / 2, chord / 2) * 0.9)
        if row == "motif":
            picture(mark.sheet, (0.0, middle), size, rubber.chance(MOTIF))
        elif row == "date" and date is not None:
            height = max(1.5, min(depth * 0.7, 4.5))
            write_date_line(Hand(mark, font, rubber.chance(EXTRA), 0.4), date, (0.0, middle), height, chord)
            for side in (-1.0, 1.0) if barred else ():
                half = chord / 2
                mark.sheet.path([(-half, middle + side * height * 0.8), (half, middle + side * height * 0.8)], 0.3)
        elif row != "date":
            text = line(rubber, NAME if row == "name" else EXTRA, few=row == "name")
            mark.sheet.text(text, (0.0, middle), max(1.2, min(depth * 0.65, 6.0)), font, fit=chord)


def picture(sheet: Sheet, centre: Point, size: float, rng: np.random.Generator) -> None:
    """A motif, two of them, letters, or polygons in each other."""
    kind = rng.random()
    if kind < 0.65:
        motifs.draw_motif(sheet, centre, size, rng)
    elif kind < 0.8:
        motifs.draw_motif(sheet, centre, size, rng)
        x, y = rng.uniform(-0.6, 0.6, 2) * size
        motifs.draw_motif(sheet, (centre[0] + float(x), centre[1] + float(y)), size * float(rng.uniform(0.3, 0.6)), rng)
    elif kind < 0.9:
        sheet.text(
            phrase(rng, True)[:4], centre, size * 1.3, choose_font(rng), fit=2 * size, turn=float(rng.uniform(-20, 20))
        )
    else:
        for _ in range(int(rng.integers(1, 4))):
            sides, reach = int(rng.integers(3, 9)), size * float(rng.uniform(0.3, 1.0))
            turn = rng.uniform(0, math.pi)
            t = turn + np.arange(sides) * 2 * math.pi / sides * float(rng.choice([1, 1, 2 if sides == 5 else 1]))
            points = [(centre[0] + reach * math.cos(a), centre[1] + reach * math.sin(a)) for a in t]
            sheet.path(points, float(rng.uniform(0.2, 0.7)), closed=True)


def some_date(rng: np.random.Generator) -> WrittenDate:
    """Any day, written in any way."""
    day = dt.date(1982, 1, 1) + dt.timedelta(days=int(rng.integers(14000)))
    formats = list(BOARD)
    return write_date(day, formats[int(rng.integers(len(formats)))], rng)
