"""Seals and postmarks of stations: a random grammar of designs around what is described of the real ones.

Design note: a mark is drawn upright on a `Sheet` in millimetres and knows where each of its letters stands. The grammar
fixes only what the descriptions fix (shape, station, whether a date is inside); outline, layout, wording, typeface,
motif and size are random, because nothing downstream may learn one particular drawing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from postmark_id.geometry import regular_polygon
from postmark_id.models import Kind, Point, Shape, Station
from postmark_id.synth import motifs
from postmark_id.synth.fonts import choose_font
from postmark_id.synth.outlines import draw_outline, hand_cut, inset, turned
from postmark_id.synth.sheet import Lettering, Sheet
from postmark_id.synth.wording import (
    CREW_PHRASES,
    POSTMARK_PHRASES,
    SEGMENT_PHRASES,
    STATION_NAMES,
    STATION_PHRASES,
)
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


def _sheet(radius: float, scale: float) -> Sheet:
    side = 2 * radius * 1.16 + 2.0
    return Sheet(side, side, scale)


def write_date_line(hand: Hand, date: WrittenDate, centre: Point, height: float, fit: float) -> None:
    """Set the date on the mark, as type or on wheels that may stand a little askew."""
    rng = hand.rng
    font = hand.font if hand.chance(0.35) else choose_font(rng)
    on_wheels = hand.chance(0.5)
    spread = hand.between(0.01, 0.05 + 0.06 * hand.wheels) if on_wheels else 0.0
    slips = [float(v) for v in rng.normal(0.0, spread, len(date.text))] if on_wheels else None
    stretch = hand.between(0.8, 1.25)
    spacing = hand.between(-0.02, 0.22)
    digits = [k for k, c in enumerate(date.text) if c.isdigit()]
    half_turned = on_wheels and bool(digits) and hand.chance(0.16 * hand.wheels)
    if half_turned and slips is not None:
        index = int(rng.choice(digits))
        slip = hand.between(0.15, 0.42) * float(rng.choice([-1, 1]))
        slips[index] = slip
        _show_next_figure(hand, date.text, index, slip, centre, height, font, stretch, spacing, fit)
    line = hand.sheet.text(date.text, centre, height, font, stretch=stretch, spacing=spacing, fit=fit, slips=slips)
    hand.mark.date, hand.mark.date_line = date, line


def _show_next_figure(
    hand: Hand, text: str, index: int, slip: float, centre: Point, height: float, font: Path,
    stretch: float, spacing: float, fit: float,
) -> None:  # fmt: skip
    """Let the neighbour of a half-turned figure peep into the window of the date."""
    step = 1 if slip < 0 else -1
    neighbour = str((int(text[index]) + step) % 10)
    other = text[:index] + neighbour + text[index + 1 :]
    scratch = Sheet(hand.sheet.width, hand.sheet.height, hand.sheet.scale)
    slips = [9.0] * len(text)
    slips[index] = slip + 1.3 * step
    scratch.text(other, centre, height, font, stretch=stretch, spacing=spacing, fit=fit, slips=slips)
    _, y = scratch.pixel(centre)
    window = height * 0.75 * scratch.scale
    scratch.ink[: max(0, int(y - window))] = 0
    scratch.ink[int(y + window) :] = 0
    np.maximum(hand.sheet.ink, scratch.ink, out=hand.sheet.ink)


def _chord(radius: float, y: float) -> float:
    return 2.0 * math.sqrt(max(0.01, radius * radius - y * y))


def _ring_text(hand: Hand, radius: float, phrases: list[str]) -> float:
    """Lettering on arcs just inside `radius`; gives the radius that stays free."""
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
    options = {"spacing": spacing, "stretch": stretch}
    hand.say(hand.sheet.arc(upper, (0, 0), at, height, hand.font, widest=widest, **options))
    if lower:
        hand.say(
            hand.sheet.arc(
                lower, (0, 0), at, height, hand.font, middle=180.0, inward=hand.chance(0.85), widest=widest, **options
            )
        )
        if hand.chance(0.6):
            size = height * hand.between(0.35, 0.6)
            for x in (-at, at):
                (motifs.star if hand.chance(0.6) else motifs.rays)(hand.sheet, (x, 0.0), size, hand.rng)
    return at - height * 0.75


def _edge_text(hand: Hand, sides: int, apothem: float, phrases: list[str], tilt: float) -> float:
    """Lettering along the sides of a polygon; gives the radius that stays free."""
    height = float(np.clip(apothem * hand.between(0.14, 0.22), 1.3, 3.4))
    at = apothem - height * hand.between(0.75, 1.0)
    words = " ".join(phrases).replace("•", " ").split()
    step = 360.0 / sides
    first = tilt + (step / 2 if sides == 5 else 0.0)
    slots = sorted((((first + step * k + 180) % 360) - 180 for k in range(sides)), key=lambda a: abs(a))
    chosen = sorted(slots[: len(words)])
    width = 2 * at * math.tan(math.pi / sides) * 0.9
    for word, angle in zip(words, chosen, strict=False):
        flipped = abs(angle) > 100
        theta = math.radians(angle - 90.0)
        where = (at * math.cos(theta), at * math.sin(theta))
        turn = angle + (180.0 if flipped else 0.0)
        hand.say(hand.sheet.text(word, where, height, hand.font, turn=turn, fit=width))
    return at - height * 0.8


def _core(hand: Hand, radius: float, name: str, date: WrittenDate | None, extra: list[str]) -> None:
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
        chord = _chord(radius, abs(middle) + depth * 0.3) * 0.95
        if row == "motif":
            motifs.draw_motif(hand.sheet, (0.0, middle), max(0.8, min(depth / 2, chord / 2) * 0.9), rng)
        elif row == "date" and date is not None:
            height = min(depth * hand.between(0.55, 0.8), radius * 0.42, 5.0)
            write_date_line(hand, date, (0.0, middle), max(height, 1.5), chord)
            if hand.chance(0.4):
                for side in (-1.0, 1.0):
                    line = middle + side * max(height, 1.5) * hand.between(0.75, 0.95)
                    half = _chord(radius, line) * 0.47
                    hand.sheet.path([(-half, line), (half, line)], hand.between(0.2, 0.45))
        else:
            text = name if row == "name" else pick(tuple(extra), rng)
            height = min(depth * hand.between(0.45, 0.75), 6.0)
            hand.say(
                hand.sheet.text(text, (0.0, middle), max(height, 1.2), hand.font, fit=chord,
                                stretch=hand.between(0.85, 1.3))
            )  # fmt: skip


def _references(station: Station | None, shape: Shape, dated: bool) -> tuple[Kind, str | None]:
    """Kind and library id of an on-board polygon."""
    known = {
        (Station.SALYUT_7, Shape.PENTAGON): (Kind.STATION_SEAL, "salyut7-pentagon"),
        (Station.MIR, Shape.PENTAGON): (Kind.STATION_SEAL, "mir-pentagon"),
        (Station.MIR, Shape.OCTAGON): (Kind.SOUVENIR_SEAL, "mir-octagon"),
        (Station.ISS, Shape.OCTAGON): (Kind.SOUVENIR_SEAL, "iss-octagon"),
    }
    if station is None:
        return Kind.UNKNOWN, None
    kind, reference = known.get((station, shape), (Kind.STATION_SEAL, None))
    return kind, None if dated else reference


def draw_seal(
    station: Station,
    shape: Shape,
    rng: np.random.Generator,
    scale: float,
    *,
    date: WrittenDate | None = None,
    wheels: float = 0.0,
) -> DrawnMark:
    """A pentagon or octagon of a station, with or without a date inside.

    Parameters
    ----------
    scale : float
        Pixels a millimetre of the sheet.
    wheels : float
        How badly date wheels may be set, 0..1.
    """
    sides = shape.sides
    radius = float(np.clip(rng.normal(16.0, 2.8), 10.5, 22.5))
    corners = hand_cut(sides, radius, rng, float(rng.choice([0.0, 0.006, 0.012, 0.02])))
    down = sides == 5 and rng.random() < 0.18
    tilt = 180.0 if down else (22.5 if sides == 8 and rng.random() < 0.1 else 0.0)
    corners = turned(corners, tilt)
    kind, reference = _references(station, shape, date is not None)
    mark = DrawnMark(_sheet(radius, scale), kind, shape, station, True, corners, reference)
    hand = Hand(mark, choose_font(rng), rng, wheels)
    free = draw_outline(mark.sheet, corners, rng, round_by=float(rng.choice([0.0, 0.0, 0.6, 1.5, 3.0])))
    apothem = radius * free * math.cos(math.pi / sides) * 0.98
    phrases = [pick(STATION_PHRASES[station], rng) for _ in range(2)]
    phrases = phrases if phrases[0] != phrases[1] else phrases[:1]
    name = pick(STATION_NAMES[station], rng)
    layout = str(rng.choice(["arc", "edges", "stack"], p=[0.45, 0.27, 0.28]))
    core = apothem
    if layout == "arc":
        core = _ring_text(hand, apothem, phrases)
    elif layout == "edges":
        core = _edge_text(hand, sides, apothem, phrases, tilt)
    if layout != "stack" and hand.chance(0.45):
        width = hand.between(0.2, 0.5)
        if hand.chance(0.6):
            mark.sheet.circle((0, 0), core, width)
        else:
            mark.sheet.path(inset(corners, core / (radius * math.cos(math.pi / sides))), width, closed=True)
        core *= 0.93
    _core(hand, core, name, date, phrases if layout == "stack" else list(STATION_PHRASES[station]))
    mark.design = f"{shape.value} {layout}{' point-down' if down else ''}{' dated' if date else ''}"
    return mark


def draw_postmark(
    station: Station,
    rng: np.random.Generator,
    scale: float,
    date: WrittenDate,
    *,
    wheels: float = 0.0,
    new: bool = False,
) -> DrawnMark:
    """A round dated postmark of a station; for the ISS the old (8-rayed stars) or the `new` one (6-rayed)."""
    iss = station is Station.ISS
    radius = float(np.clip(rng.normal(12.5 if new else 13.5, 1.6), 9.5, 18.0))
    reference = {Station.MIR: "mir-postmark", Station.ISS: "iss-postmark-new" if new else "iss-postmark-old"}.get(
        station
    )
    phrases = [pick(POSTMARK_PHRASES[station], rng) for _ in range(2)]
    mark = _round(radius, rng, scale, Kind.BOARD_POSTMARK, station, True, reference)
    name = pick(STATION_NAMES[station], rng)
    rayed = (6 if new else 8) if iss and rng.random() < 0.75 else None
    _fill_round(Hand(mark, choose_font(rng), rng, wheels), radius, phrases, date, name, rays=rayed)
    return mark


def draw_segment_seal(rng: np.random.Generator, scale: float, date: WrittenDate, *, wheels: float = 0.0) -> DrawnMark:
    """The round dated seal of the Russian segment of the ISS."""
    radius = float(np.clip(rng.normal(15.0, 2.0), 11.0, 20.0))
    mark = _round(radius, rng, scale, Kind.STATION_SEAL, Station.ISS, True, "iss-segment-seal")
    phrases = [pick(SEGMENT_PHRASES, rng) for _ in range(2)]
    _fill_round(Hand(mark, choose_font(rng), rng, wheels), radius, phrases, date, pick(STATION_NAMES["ISS"], rng))
    return mark


def draw_expedition_seal(rng: np.random.Generator, scale: float, number: int) -> DrawnMark:
    """The round undated seal of an ISS expedition."""
    radius = float(np.clip(rng.normal(16.0, 2.5), 11.0, 22.0))
    mark = _round(radius, rng, scale, Kind.SOUVENIR_SEAL, Station.ISS, True, "iss-expedition-seal")
    hand = Hand(mark, choose_font(rng), rng)
    free = radius * draw_outline(mark.sheet, mark.outline, rng, round_by=0.0)
    title = pick(
        (f"EXPEDITION {number}", f"ЭКСПЕДИЦИЯ {number}", f"ЭКСПЕДИЦИЯ МКС-{number}", f"EXPEDITION-{number}"), rng
    )
    core = _ring_text(hand, free, [title, pick(STATION_PHRASES["ISS"], rng)])
    _core(hand, core, pick((f"МКС-{number}", f"ISS-{number}", *STATION_NAMES["ISS"]), rng), None, [])
    mark.design = "round expedition seal"
    return mark


def draw_crew_stamp(station: Station, rng: np.random.Generator, scale: float) -> DrawnMark:
    """A personal stamp of a crew: square, oval-like or round, emblem and call sign, undated."""
    square = rng.random() < 0.5
    radius = float(rng.uniform(10.0, 17.0))
    if square:
        corners = turned(regular_polygon((0.0, 0.0), radius * 1.15, 4, 0.0), 0.0)
        mark = DrawnMark(_sheet(radius * 1.15, scale), Kind.UNKNOWN, Shape.OTHER, station, True, corners)
    else:
        mark = _round(radius, rng, scale, Kind.UNKNOWN, station, True, None)
    hand = Hand(mark, choose_font(rng), rng)
    free = radius * draw_outline(mark.sheet, mark.outline, rng, round_by=float(rng.choice([0.0, 2.0]))) * 0.8
    _core(hand, free, pick(CREW_PHRASES, rng), None, list(STATION_NAMES[station]))
    mark.design = "crew stamp"
    return mark


def _round(
    radius: float,
    rng: np.random.Generator,
    scale: float,
    kind: Kind,
    station: Station | None,
    on_board: bool,
    reference: str | None,
) -> DrawnMark:
    outline = hand_cut(0, radius, rng, float(rng.choice([0.0, 0.004, 0.01])))
    return DrawnMark(_sheet(radius, scale), kind, Shape.CIRCLE, station, on_board, outline, reference)


def _fill_round(
    hand: Hand, radius: float, phrases: list[str], date: WrittenDate, name: str, *, rays: int | None = None
) -> None:
    """Ring, lettering, date, bars of a round dated mark."""
    sheet, mark = hand.sheet, hand.mark
    free = radius * draw_outline(sheet, mark.outline, hand.rng, round_by=0.0)
    style = str(hand.rng.choice(["bridge", "ring", "open", "stack"], p=[0.26, 0.3, 0.29, 0.15]))
    if style == "stack":
        _core(hand, free * 0.95, name, date, phrases)
    else:
        core = _ring_text(hand, free, phrases if hand.chance(0.85) else [*phrases[:1], name])
        if style == "ring":
            sheet.circle((0, 0), core, hand.between(0.2, 0.5))
            core *= 0.94
        _round_date(hand, core, free, date, name, style)
        if rays:
            for x in (-1.0, 1.0):
                angle = math.radians(hand.between(-6, 6))
                at = (core + free) / 2
                motifs.rays(
                    sheet, (x * at * math.cos(angle), at * math.sin(angle)), (free - core) * 0.4, hand.rng, rays
                )
    mark.design = f"round {style}" + (f" {rays}-rayed stars" if rays else "")


def _round_date(hand: Hand, core: float, free: float, date: WrittenDate, name: str, style: str) -> None:
    """Date across the middle of a round mark, between bars or in a bridge where the style says so."""
    at = hand.between(-0.15, 0.25) * core if hand.chance(0.4) else 0.0
    height = float(np.clip(core * hand.between(0.24, 0.46), 1.5, 4.6))
    reach = free if style == "bridge" else core
    width = _chord(reach, abs(at) + height * 0.5) * 0.94
    write_date_line(hand, date, (0.0, at), height, width)
    if style == "bridge" or hand.chance(0.25):
        for side in (-1.0, 1.0):
            line = at + side * height * hand.between(0.75, 1.0)
            half = _chord(reach, line) / 2
            hand.sheet.path([(-half, line), (half, line)], hand.between(0.2, 0.5))
    for side in (-1.0, 1.0):
        room = core * 0.9 - height * 0.9 - side * at
        middle = at + side * (height * 0.9 + room / 2)
        chord = _chord(core, middle) * 0.85
        if room < 1.6 or hand.chance(0.3):
            continue
        if hand.chance(0.5):
            text = name if side < 0 else pick(("БОРТ", name, "КОСМОС", "ПОЧТА", "А", "1", "Б"), hand.rng)
            hand.say(hand.sheet.text(text, (0.0, middle), min(room * 0.6, 3.5), hand.font, fit=chord))
        else:
            motifs.draw_motif(hand.sheet, (0.0, middle), min(room / 2, chord / 2) * 0.85, hand.rng)


def draw_loose_date(rng: np.random.Generator, scale: float, date: WrittenDate, *, wheels: float = 0.0) -> DrawnMark:
    """A date stamp without a ring of its own, to stand beside a seal."""
    height = float(rng.uniform(2.8, 5.0))
    width = height * (len(date.text) + 2) * 1.05
    sheet = Sheet(width + 2, height * 2.6 + 2, scale)
    half = (width / 2, height * 0.8)
    outline = ((-half[0], -half[1]), half[0:1] + (-half[1],), half, (-half[0], half[1]))
    mark = DrawnMark(sheet, Kind.BOARD_POSTMARK, Shape.OTHER, None, True, outline, None, "loose date")
    write_date_line(Hand(mark, choose_font(rng), rng, wheels), date, (0.0, 0.0), height, width)
    return mark
