"""Cancels of post offices on the ground: the marks that must not be taken for on-board marks.

Design note: they share the drawing functions of the board postmarks on purpose; what tells them apart is the lettering,
the place on the cover and, at times, the killer lines.
"""

from __future__ import annotations

import math

import numpy as np

from postmark_id.models import Kind, Point, Shape
from postmark_id.synth import motifs
from postmark_id.synth.fonts import choose_font
from postmark_id.synth.layouts import (
    DrawnMark,
    Hand,
    fill_core,
    fill_round,
    pick,
    ring_text,
    sheet_for,
    write_date_line,
)
from postmark_id.synth.outlines import draw_outline, hand_cut
from postmark_id.synth.pieces import fill_pieces
from postmark_id.synth.sheet import Sheet
from postmark_id.synth.wording import GROUND_RUSSIAN, GROUND_WESTERN, SLOGANS
from postmark_id.synth.writing import WrittenDate

HOURS = ("10-11", "14-15", "18", "A", "б", "7-", "21", "09")
HOURS_WESTERN = ("AM", "PM", "AM", "PM", "11 AM", "5 PM", "10 H", "14-15", "17")
"""What stands above a date in pieces."""


def choose_place(rng: np.random.Generator) -> tuple[str, str, bool]:
    """A post office: its name, a second line, whether it is Western."""
    western = bool(rng.random() < 0.35)
    offices = GROUND_WESTERN if western else GROUND_RUSSIAN
    name = list(offices)[int(rng.integers(len(offices)))]
    return name, pick(offices[name], rng), western


def draw_cancel(
    rng: np.random.Generator,
    scale: float,
    date: WrittenDate,
    *,
    place: tuple[str, str, bool] | None = None,
    wheels: float = 0.0,
) -> DrawnMark:
    """A round dated cancel of a post office, at times with a killer of bars, waves or a slogan beside it."""
    name, second, western = place or choose_place(rng)
    radius = float(np.clip(rng.normal(13.0, 1.8), 9.5, 18.0))
    outline = hand_cut(0, radius, rng, float(rng.choice([0.0, 0.004, 0.01])))
    killer = float(rng.uniform(25, 60)) if rng.random() < (0.6 if western else 0.15) else 0.0
    side = 2 * radius * 1.16 + 2.0
    mark = DrawnMark(Sheet(side + 2 * killer, side, scale), Kind.GROUND_CANCEL, Shape.CIRCLE, None, False, outline)
    hand = Hand(mark, choose_font(rng), rng, wheels)
    if date.fits_in_pieces and hand.chance(0.55 if western else 0.15):
        fill_pieces(hand, radius, [name, second], date, pick(HOURS_WESTERN if western else HOURS, rng))
    else:
        fill_round(hand, radius, [name, second], date, pick(("СССР", "USSR", "1", "А", "б", "AM", "PM"), rng))
    if killer:
        _killer(hand, radius, killer)
    mark.design = f"ground {mark.design}{' with killer' if killer else ''}"
    return mark


def _killer(hand: Hand, radius: float, length: float) -> None:
    """Lines to the right of the ring that cancel the stamp."""
    start = radius * 1.03
    reach = radius * hand.between(0.6, 0.9)
    rows = np.linspace(-reach, reach, int(hand.rng.integers(4, 8)))
    wave = hand.between(0.5, 1.6) if hand.chance(0.6) else 0.0
    pitch, phase = hand.between(6.0, 14.0), hand.between(0.0, 6.0)
    if hand.chance(0.25):
        for k in range(int(hand.rng.integers(1, 4))):
            text = pick(SLOGANS, hand.rng)
            hand.say(
                hand.sheet.text(
                    text, (start + length / 2, -reach / 2 + k * reach * 0.55), 2.8, hand.font, fit=length * 0.95
                )
            )
        return
    for y in rows:
        x = np.linspace(start, start + length, 60)
        line = y + wave * np.sin(2 * math.pi * x / pitch + phase)
        hand.sheet.path([(float(a), float(b)) for a, b in zip(x, line, strict=True)], hand.between(0.3, 0.6))


def draw_pictorial(
    rng: np.random.Generator, scale: float, date: WrittenDate, *, place: tuple[str, str, bool] | None = None
) -> DrawnMark:
    """A special cancel with a picture: round, triangular, rectangular or without an outline."""
    name, _, _ = place or choose_place(rng)
    radius = float(np.clip(rng.normal(15.0, 2.5), 11.0, 22.0))
    form = str(rng.choice(["round", "triangle", "box", "free", "oval"], p=[0.5, 0.14, 0.14, 0.12, 0.1]))
    shape = Shape.CIRCLE if form == "round" else Shape.OTHER
    outline, core = _pictorial_outline(form, radius, rng)
    side = 2 * max(math.hypot(*p) for p in outline) * 1.1 + 2.0
    mark = DrawnMark(
        Sheet(side, side, scale), Kind.GROUND_CANCEL, shape, None, False, outline, None, f"pictorial {form}"
    )
    hand = Hand(mark, choose_font(rng), rng)
    slogan = pick(SLOGANS, rng)
    if form == "round":
        free = radius * draw_outline(mark.sheet, outline, rng, round_by=0.0)
        core = ring_text(hand, free, [slogan, name])
    else:
        if form != "free":
            draw_outline(mark.sheet, outline, rng, round_by=float(rng.choice([0.0, 2.0])))
        for y, text in ((-core * 0.78, slogan), (core * 0.8, name)):
            hand.say(hand.sheet.text(text, (0.0, y), 2.6, hand.font, fit=core * 1.15))
        core *= 0.7
    up = hand.chance(0.5)
    motifs.draw_motif(mark.sheet, (0.0, core * (0.25 if up else -0.25)), core * 0.58, rng)
    at = core * (-0.62 if up else 0.6)
    write_date_line(hand, date, (0.0, at), min(3.4, core * 0.36), core * 1.45)
    return mark


def _pictorial_outline(form: str, radius: float, rng: np.random.Generator) -> tuple[tuple[Point, ...], float]:
    """Outline in millimetres and the radius of the disc that is free for the picture."""
    if form == "triangle":
        corners = hand_cut(3, radius * 1.35, rng, 0.01)
        return corners, radius * 0.62
    if form == "box":
        w, h = radius * float(rng.uniform(0.95, 1.3)), radius * float(rng.uniform(0.8, 1.0))
        return ((-w, -h), (w, -h), (w, h), (-w, h)), min(w, h) * 0.92
    if form == "oval":
        a, b = radius * 1.25, radius * 0.9
        points = tuple((a * math.cos(t), b * math.sin(t)) for t in np.linspace(0, 2 * math.pi, 36, endpoint=False))
        return points, b * 0.85
    return hand_cut(0, radius, rng, 0.0), radius * 0.85


def draw_rescue_pentagon(rng: np.random.Generator, scale: float, date: WrittenDate | None) -> DrawnMark:
    """The pentagon of a helicopter rescue team: the right shape from the wrong place."""
    radius = float(np.clip(rng.normal(15.0, 2.0), 11.0, 20.0))
    corners = hand_cut(5, radius, rng, 0.01)
    sheet = sheet_for(radius, scale, corners)
    mark = DrawnMark(sheet, Kind.GROUND_CANCEL, Shape.PENTAGON, None, False, corners, None, "rescue team pentagon")
    hand = Hand(mark, choose_font(rng), rng)
    free = draw_outline(mark.sheet, corners, rng, round_by=float(rng.choice([0.0, 1.0])))
    phrases = [
        pick(("ПОИСКОВО-СПАСАТЕЛЬНАЯ СЛУЖБА", "ВЕРТОЛЕТНАЯ ГРУППА", "СЛУЖБА СПАСЕНИЯ", "HELICOPTER RESCUE TEAM"), rng),
        pick(("АРКАЛЫК", "ДЖЕЗКАЗГАН", "ВЕРТОЛЕТ МИ-8", "МЕСТО ПОСАДКИ", "ПСС"), rng),
    ]
    core = ring_text(hand, radius * free * math.cos(math.pi / 5), phrases)
    fill_core(hand, core, pick(("ПСС", "МИ-8", "СПАСАТЕЛИ", "АРКАЛЫК"), rng), date, [])
    return mark
