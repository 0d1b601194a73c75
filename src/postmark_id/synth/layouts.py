"""Layouts inside a mark: lettering on arcs and along edges, stacks of rows, dates on wheels.

Design note: seals, postmarks and ground cancels share these on purpose. What a mark says and where its date stands is
recorded while it is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from postmark_id.models import Kind, Point, Shape, Station
from postmark_id.synth import motifs
from postmark_id.synth.fonts import choose_font
from postmark_id.synth.outlines import draw_outline
from postmark_id.synth.sheet import Lettering, Sheet
from postmark_id.synth.writing import WrittenDate


@dataclass
class DrawnMark:
    """A mark on its sheet, before it is inked.

    Attributes
    ----------
    outline : tuple of Point
        Corners, or 36 points of a circle; millimetres from the centre of the sheet.
    lettering : list of Lettering
        All lines but the date.
    date, date_line
        What the date says and where it stands; None where the mark has none.
    date_rows : int
        How many rows below each other the date takes up.
    """

    sheet: Sheet
    kind: Kind
    shape: Shape
    station: Station | None
    on_board: bool
    outline: tuple[Point, ...]
    reference: str | None = None
    design: str = ""
    lettering: list[Lettering] = field(default_factory=list)
    date: WrittenDate | None = None
    date_line: Lettering | None = None
    date_rows: int = 1

    @property
    def radius(self) -> float:
        """Greatest distance of the outline from the centre, millimetres."""
        return max(math.hypot(*p) for p in self.outline)


@dataclass(frozen=True, slots=True)
class Hand:
    """What the drawing functions share: the sheet, the typefaces, chance."""

    mark: DrawnMark
    font: Path
    rng: np.random.Generator
    wheels: float = 0.0
    """How badly the wheels of the date may be set, 0..1."""

    @property
    def sheet(self) -> Sheet:
        """Sheet of the mark."""
        return self.mark.sheet

    def say(self, line: Lettering) -> None:
        """Remember a line of lettering."""
        self.mark.lettering.append(line)

    def chance(self, share: float) -> bool:
        """True in `share` of the cases."""
        return bool(self.rng.random() < share)

    def between(self, low: float, high: float) -> float:
        """A number drawn evenly."""
        return float(self.rng.uniform(low, high))


def pick(options: tuple[str, ...], rng: np.random.Generator) -> str:
    """One of the options."""
    return options[int(rng.integers(len(options)))]


def sheet_for(radius: float, scale: float, corners: Sequence[Point] = ()) -> Sheet:
    """A sheet with room for a mark of a radius in millimetres, for corners further out, and for ink around them."""
    side = 2 * max([radius * 1.16 + 1.0, *(max(abs(x), abs(y)) + 1.5 for x, y in corners)])
    return Sheet(side, side, scale)


@dataclass(frozen=True, slots=True)
class _Type:
    """How a date is set: figures of a height in a font, no longer than `fit` millimetres."""

    font: Path
    height: float
    fit: float
    stretch: float
    spacing: float

    def put(self, sheet: Sheet, text: str, centre: Point, slips: list[float] | None) -> Lettering:
        """Set a text with its middle at `centre`."""
        return sheet.text(
            text, centre, self.height, self.font, stretch=self.stretch, spacing=self.spacing, fit=self.fit, slips=slips
        )


def write_date_line(hand: Hand, date: WrittenDate, centre: Point, height: float, fit: float) -> None:
    """Set the date on the mark, as type or on wheels that may stand a little askew."""
    rng = hand.rng
    font = hand.font if hand.chance(0.35) else choose_font(rng)
    setting = _Type(font, height, fit, hand.between(0.8, 1.25), hand.between(-0.02, 0.22))
    slips = None
    if hand.chance(0.5):
        slips = [float(v) for v in rng.normal(0.0, hand.between(0.01, 0.05 + 0.06 * hand.wheels), len(date.text))]
        digits = [k for k, c in enumerate(date.text) if c.isdigit()]
        if digits and hand.chance(0.16 * hand.wheels):
            index = int(rng.choice(digits))
            slips[index] = hand.between(0.15, 0.42) * float(rng.choice([-1, 1]))
            _show_next_figure(hand.sheet, setting, date.text, centre, index=index, slip=slips[index])
    hand.mark.date, hand.mark.date_line = date, setting.put(hand.sheet, date.text, centre, slips)


def _show_next_figure(sheet: Sheet, setting: _Type, text: str, centre: Point, *, index: int, slip: float) -> None:
    """Let the neighbour of a half-turned figure peep into the window of the date."""
    step = 1 if slip < 0 else -1
    neighbour = str((int(text[index]) + step) % 10)
    scratch = Sheet(sheet.width, sheet.height, sheet.scale)
    far = [9.0] * len(text)
    far[index] = slip + 1.3 * step
    setting.put(scratch, text[:index] + neighbour + text[index + 1 :], centre, far)
    _, y = scratch.pixel(centre)
    window = setting.height * 0.75 * scratch.scale
    scratch.ink[: max(0, int(y - window))] = 0
    scratch.ink[int(y + window) :] = 0
    np.maximum(sheet.ink, scratch.ink, out=sheet.ink)


def chord_of(radius: float, y: float) -> float:
    """How wide a disc is at a distance from its middle."""
    return 2.0 * math.sqrt(max(0.01, radius * radius - y * y))


def ring_text(hand: Hand, radius: float, phrases: list[str], *, stars: bool = True) -> float:
    """Lettering on arcs just inside `radius`, at times with `stars` between; gives the radius that stays free."""
    height = float(np.clip(radius * hand.between(0.14, 0.24), 1.3, 3.6))
    at = radius - height * hand.between(0.75, 1.0)
    spacing = hand.between(0.0, 0.35)
    stretch = hand.between(0.75, 1.2)
    upper = phrases[0]
    lower = phrases[1] if len(phrases) > 1 else ""
    widest = 165.0 if lower else 250.0
    if lower and hand.chance(0.12):
        around = f"{upper} {hand.rng.choice(['•', '*', '-'])} {lower} •"
        hand.say(
            hand.sheet.arc(around, (0, 0), at, height, hand.font, middle=hand.between(-180, 180), widest=352.0,
                           spacing=spacing, stretch=stretch)
        )  # fmt: skip
        return at - height * 0.8
    arc = partial(hand.sheet.arc, spacing=spacing, stretch=stretch, widest=widest)
    hand.say(arc(upper, (0, 0), at, height, hand.font))
    if lower:
        hand.say(arc(lower, (0, 0), at, height, hand.font, middle=180.0, inward=hand.chance(0.85)))
        if stars and hand.chance(0.6):
            size = height * hand.between(0.35, 0.6)
            for x in (-at, at):
                (motifs.star if hand.chance(0.6) else motifs.rays)(hand.sheet, (x, 0.0), size, hand.rng)
    return at - height * 0.75


def edge_text(hand: Hand, sides: int, apothem: float, phrases: list[str], tilt: float) -> float:
    """Lettering along the sides of a polygon; gives the radius that stays free."""
    height = float(np.clip(apothem * hand.between(0.14, 0.22), 1.3, 3.4))
    at = apothem - height * hand.between(0.75, 1.0)
    words = " ".join(phrases).replace("•", " ").split()
    step = 360.0 / sides
    first = tilt + (step / 2 if sides == 5 else 0.0)
    slots = sorted((((first + step * k + 180) % 360) - 180 for k in range(sides)), key=abs)
    chosen = sorted(slots[: len(words)])
    width = 2 * at * math.tan(math.pi / sides) * 0.9
    for word, angle in zip(words, chosen, strict=False):
        flipped = abs(angle) > 100
        theta = math.radians(angle - 90.0)
        where = (at * math.cos(theta), at * math.sin(theta))
        turn = angle + (180.0 if flipped else 0.0)
        hand.say(hand.sheet.text(word, where, height, hand.font, turn=turn, fit=width))
    return at - height * 0.8


def fill_core(hand: Hand, radius: float, name: str, date: WrittenDate | None, extra: list[str]) -> None:
    """Fill the middle: name, motif, date, in one of several stacks."""
    rng = hand.rng
    rows: list[str] = ["date"] if date else []
    if hand.chance(0.8) or not date:
        rows.insert(0 if hand.chance(0.6) else len(rows), "name")
    if hand.chance(0.65 if date else 0.75):
        rows.insert(0 if hand.chance(0.7) else len(rows), "motif")
    if extra and hand.chance(0.35):
        rows.append("extra")
    weights = {"date": 1.0, "name": hand.between(0.8, 1.5), "motif": hand.between(1.6, 3.0), "extra": 0.6}
    total = sum(weights[r] for r in rows)
    reach = radius * 0.88
    y = -reach
    for row in rows:
        depth = 2 * reach * weights[row] / total
        middle = y + depth / 2
        y += depth
        chord = chord_of(radius, abs(middle) + depth * 0.3) * 0.95
        if row == "motif":
            motifs.draw_motif(hand.sheet, (0.0, middle), max(0.8, min(depth / 2, chord / 2) * 0.9), rng)
        elif row == "date" and date is not None:
            height = min(depth * hand.between(0.55, 0.8), radius * 0.42, 5.0)
            write_date_line(hand, date, (0.0, middle), max(height, 1.5), chord)
            if hand.chance(0.4):
                for side in (-1.0, 1.0):
                    line = middle + side * max(height, 1.5) * hand.between(0.75, 0.95)
                    half = chord_of(radius, line) * 0.47
                    hand.sheet.path([(-half, line), (half, line)], hand.between(0.2, 0.45))
        else:
            text = name if row == "name" else pick(tuple(extra), rng)
            height = min(depth * hand.between(0.45, 0.75), 6.0)
            hand.say(
                hand.sheet.text(text, (0.0, middle), max(height, 1.2), hand.font, fit=chord,
                                stretch=hand.between(0.85, 1.3))
            )  # fmt: skip


def fill_round(
    hand: Hand, radius: float, phrases: list[str], date: WrittenDate, name: str, *, rays: int | None = None
) -> None:
    """Ring, lettering, date, bars of a round dated mark."""
    sheet, mark = hand.sheet, hand.mark
    free = radius * draw_outline(sheet, mark.outline, hand.rng, round_by=0.0)
    style = str(hand.rng.choice(["bridge", "ring", "open", "stack"], p=[0.26, 0.3, 0.29, 0.15]))
    if style == "stack":
        fill_core(hand, free * 0.95, name, date, phrases)
    else:
        bridge = style == "bridge"
        words = phrases if hand.chance(0.85) else [*phrases[:1], name]
        core = ring_text(hand, free, words, stars=not bridge and not rays)
        if style == "ring":
            sheet.circle((0, 0), core, hand.between(0.2, 0.5))
            core *= 0.94
        _round_date(hand, core, free if bridge and not rays else core, date, name=name, barred=bridge)
        if rays:
            for x in (-1.0, 1.0):
                angle = math.radians(hand.between(-6, 6))
                at = (core + free) / 2
                motifs.rays(
                    sheet, (x * at * math.cos(angle), at * math.sin(angle)), (free - core) * 0.4, hand.rng, rays
                )
    mark.design = f"round {style}" + (f" {rays}-rayed stars" if rays else "")


def _round_date(hand: Hand, core: float, reach: float, date: WrittenDate, *, name: str, barred: bool) -> None:
    """Date across the middle of a round mark, as far as the radius `reach`, between bars where it is `barred`."""
    at = hand.between(-0.15, 0.25) * core if hand.chance(0.4) else 0.0
    height = float(np.clip(core * hand.between(0.24, 0.46), 1.5, 4.6))
    width = chord_of(reach, abs(at) + height * 0.5) * 0.94
    write_date_line(hand, date, (0.0, at), height, width)
    if barred or hand.chance(0.25):
        for side in (-1.0, 1.0):
            line = at + side * height * hand.between(0.75, 1.0)
            half = chord_of(reach, line) / 2
            hand.sheet.path([(-half, line), (half, line)], hand.between(0.2, 0.5))
    for side in (-1.0, 1.0):
        room = core * 0.9 - height * 0.9 - side * at
        middle = at + side * (height * 0.9 + room / 2)
        chord = chord_of(core, middle) * 0.85
        if room < 1.6 or hand.chance(0.3):
            continue
        if hand.chance(0.5):
            text = name if side < 0 else pick(("БОРТ", name, "КОСМОС", "ПОЧТА", "А", "1", "Б"), hand.rng)
            hand.say(hand.sheet.text(text, (0.0, middle), min(room * 0.6, 3.5), hand.font, fit=chord))
        else:
            motifs.draw_motif(hand.sheet, (0.0, middle), min(room / 2, chord / 2) * 0.85, hand.rng)
