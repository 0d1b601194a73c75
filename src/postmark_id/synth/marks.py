"""Seals and postmarks of stations: a random grammar of designs around what is described of the real ones.

Design note: a mark is drawn upright on a `Sheet` in millimetres and knows where each of its letters stands. The grammar
fixes only what the descriptions fix (shape, station, whether a date is inside); outline, layout, wording, typeface,
motif and size are random, because nothing downstream may learn one particular drawing.
"""

from __future__ import annotations

import math

import numpy as np

from postmark_id.geometry import regular_polygon
from postmark_id.models import Kind, Shape, Station
from postmark_id.synth.fonts import choose_font
from postmark_id.synth.layouts import (
    DrawnMark,
    Hand,
    edge_text,
    fill_core,
    fill_round,
    pick,
    ring_text,
    sheet_for,
    write_date_line,
)
from postmark_id.synth.outlines import draw_outline, hand_cut, inset, reverse_out, turned
from postmark_id.synth.sheet import Sheet
from postmark_id.synth.wording import (
    CREW_PHRASES,
    POSTMARK_PHRASES,
    SEGMENT_PHRASES,
    STATION_NAMES,
    STATION_PHRASES,
)
from postmark_id.synth.writing import WrittenDate


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
    corners = hand_cut(
        sides, radius, rng, float(rng.choice([0.0, 0.006, 0.012, 0.02, 0.035], p=[0.24, 0.24, 0.24, 0.2, 0.08]))
    )
    down = sides == 5 and rng.random() < 0.18
    tilt = 180.0 if down else (22.5 if sides == 8 and rng.random() < 0.1 else 0.0)
    corners = turned(corners, tilt)
    kind, reference = _references(station, shape, date is not None)
    mark = DrawnMark(sheet_for(radius, scale, corners), kind, shape, station, True, corners, reference)
    hand = Hand(mark, choose_font(rng), rng, wheels)
    free = draw_outline(mark.sheet, corners, rng, round_by=float(rng.choice([0.0, 0.0, 0.6, 1.5, 3.0])))
    apothem = radius * free * math.cos(math.pi / sides) * 0.98
    phrases = [pick(STATION_PHRASES[station], rng) for _ in range(2)]
    phrases = phrases if phrases[0] != phrases[1] else phrases[:1]
    name = pick(STATION_NAMES[station], rng)
    layout = str(rng.choice(["arc", "edges", "stack"], p=[0.45, 0.27, 0.28]))
    core = apothem
    if layout == "arc":
        core = ring_text(hand, apothem, phrases)
    elif layout == "edges":
        core = edge_text(hand, sides, apothem, phrases, tilt)
    if layout != "stack" and hand.chance(0.45):
        width = hand.between(0.2, 0.5)
        if hand.chance(0.6):
            mark.sheet.circle((0, 0), core, width)
        else:
            mark.sheet.path(inset(corners, core / (radius * math.cos(math.pi / sides))), width, closed=True)
        core *= 0.93
    fill_core(hand, core, name, date, phrases if layout == "stack" else list(STATION_PHRASES[station]))
    if hand.chance(0.08):
        reverse_out(mark.sheet, corners)
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
    mark = round_mark(radius, rng, scale, Kind.BOARD_POSTMARK, station, reference=reference)
    name = pick(STATION_NAMES[station], rng)
    rayed = (6 if new else 8) if iss and rng.random() < 0.75 else None
    fill_round(Hand(mark, choose_font(rng), rng, wheels), radius, phrases, date, name, rays=rayed)
    return mark


def draw_segment_seal(rng: np.random.Generator, scale: float, date: WrittenDate, *, wheels: float = 0.0) -> DrawnMark:
    """The round dated seal of the Russian segment of the ISS."""
    radius = float(np.clip(rng.normal(15.0, 2.0), 11.0, 20.0))
    mark = round_mark(radius, rng, scale, Kind.STATION_SEAL, Station.ISS, reference="iss-segment-seal")
    phrases = [pick(SEGMENT_PHRASES, rng) for _ in range(2)]
    fill_round(Hand(mark, choose_font(rng), rng, wheels), radius, phrases, date, pick(STATION_NAMES["ISS"], rng))
    return mark


def draw_expedition_seal(rng: np.random.Generator, scale: float, number: int) -> DrawnMark:
    """The round undated seal of an ISS expedition."""
    radius = float(np.clip(rng.normal(16.0, 2.5), 11.0, 22.0))
    mark = round_mark(radius, rng, scale, Kind.SOUVENIR_SEAL, Station.ISS, reference="iss-expedition-seal")
    hand = Hand(mark, choose_font(rng), rng)
    free = radius * draw_outline(mark.sheet, mark.outline, rng, round_by=0.0)
    title = pick(
        (f"EXPEDITION {number}", f"ЭКСПЕДИЦИЯ {number}", f"ЭКСПЕДИЦИЯ МКС-{number}", f"EXPEDITION-{number}"), rng
    )
    core = ring_text(hand, free, [title, pick(STATION_PHRASES["ISS"], rng)])
    fill_core(hand, core, pick((f"МКС-{number}", f"ISS-{number}", *STATION_NAMES["ISS"]), rng), None, [])
    mark.design = "round expedition seal"
    return mark


def draw_crew_stamp(station: Station, rng: np.random.Generator, scale: float) -> DrawnMark:
    """A personal stamp of a crew: square, oval-like or round, emblem and call sign, undated."""
    square = rng.random() < 0.5
    radius = float(rng.uniform(10.0, 17.0))
    if square:
        corners = turned(regular_polygon((0.0, 0.0), radius * 1.15, 4, 0.0), 0.0)
        mark = DrawnMark(sheet_for(radius * 1.15, scale), Kind.UNKNOWN, Shape.OTHER, station, True, corners)
    else:
        mark = round_mark(radius, rng, scale, Kind.UNKNOWN, station, reference=None)
    hand = Hand(mark, choose_font(rng), rng)
    free = radius * draw_outline(mark.sheet, mark.outline, rng, round_by=float(rng.choice([0.0, 2.0]))) * 0.8
    fill_core(hand, free, pick(CREW_PHRASES, rng), None, list(STATION_NAMES[station]))
    mark.design = "crew stamp"
    return mark


def round_mark(
    radius: float, rng: np.random.Generator, scale: float, kind: Kind, station: Station, *, reference: str | None = None
) -> DrawnMark:
    """An empty round mark of a station."""
    outline = hand_cut(0, radius, rng, float(rng.choice([0.0, 0.004, 0.01])))
    return DrawnMark(sheet_for(radius, scale), kind, Shape.CIRCLE, station, True, outline, reference)


def draw_loose_date(rng: np.random.Generator, scale: float, date: WrittenDate, *, wheels: float = 0.0) -> DrawnMark:
    """A date stamp without a ring of its own, to stand beside a seal."""
    height = float(rng.uniform(2.8, 5.0))
    width = height * (len(date.text) + 2) * 1.05
    sheet = Sheet(width + 2, height * 2.6 + 2, scale)
    half = (width / 2, height * 0.8)
    outline = ((-half[0], -half[1]), (half[0], -half[1]), half, (-half[0], half[1]))
    mark = DrawnMark(sheet, Kind.BOARD_POSTMARK, Shape.OTHER, None, True, outline, None, "loose date")
    write_date_line(Hand(mark, choose_font(rng), rng, wheels), date, (0.0, 0.0), height, width)
    return mark
