"""Dates in pieces: in rows below each other, as cancels of the US and of Britain have them, or around an emblem."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from postmark_id.synth import motifs
from postmark_id.synth.fonts import choose_font
from postmark_id.synth.layouts import Hand, chord_of, ring_text
from postmark_id.synth.outlines import draw_outline
from postmark_id.synth.sheet import Lettering, hull_quad
from postmark_id.synth.writing import WrittenDate

STACKED = 0.7
"""Share of dates in pieces that stand in rows."""
LONGEST_PARTED = 12
"""Letters of a date that an emblem may part: longer ones grow too small beside it."""


def fill_pieces(hand: Hand, radius: float, phrases: list[str], date: WrittenDate, above: str) -> None:
    """Fill a round mark: ring, lettering, and a date in pieces, at times with an hour or the like above it.

    Parameters
    ----------
    hand : Hand
    radius : float
        Of the mark, millimetres.
    phrases : list of str
        For the ring.
    date : WrittenDate
        One that `fits_in_pieces`.
    above : str
        What may stand above rows.
    """
    free = radius * draw_outline(hand.sheet, hand.mark.outline, hand.rng, round_by=0.0)
    core = ring_text(hand, free, phrases)
    if hand.chance(0.3):
        hand.sheet.circle((0, 0), core, hand.between(0.2, 0.5))
        core *= 0.94
    if hand.chance(STACKED) or len(date.text) > LONGEST_PARTED:
        _stack(hand, core, date, above)
    else:
        _part(hand, core, date)


def _stack(hand: Hand, core: float, date: WrittenDate, above: str) -> None:
    """Set a date in rows: the year below the day and the month, or each of them by itself."""
    first, second, year = date.parts
    rows = (first, second, year) if hand.chance(0.5) else (_day_and_month(hand, first, second), year)
    pitch_in_heights = hand.between(1.25, 1.9)
    most = 1.7 * core / (1 + pitch_in_heights * (len(rows) - 1))
    height = float(np.clip(core * hand.between(0.2, 0.42), 1.4, min(4.2, max(most, 1.5))))
    pitch = height * pitch_in_heights
    y = hand.between(-0.1, 0.2) * core - pitch * (len(rows) - 1) / 2
    spacing, stretch = hand.between(-0.02, 0.16), hand.between(0.8, 1.25)
    usual = hand.font if hand.chance(0.5) else choose_font(hand.rng)
    fit = chord_of(core, height) * 0.85
    if hand.chance(0.6) and y - pitch > -core * 0.85:
        low = height * hand.between(0.6, 0.9)
        hand.say(hand.sheet.text(above, (0.0, y - pitch), low, usual, fit=chord_of(core, abs(y - pitch)) * 0.8))
    lines = []
    for k, row in enumerate(rows):
        font = usual if hand.chance(0.75) else choose_font(hand.rng)
        tall = height * hand.between(0.85, 1.15)
        lines.append(hand.sheet.text(row, (0.0, y + k * pitch), tall, font, stretch=stretch, spacing=spacing, fit=fit))
    _remember(hand, date, lines)
    hand.mark.date_rows = len(rows)
    hand.mark.design = "round stacked"


def _part(hand: Hand, core: float, date: WrittenDate) -> None:
    """Set a date to both sides of an emblem: day and month before it, the year behind it."""
    first, second, year = date.parts
    height = float(np.clip(core * hand.between(0.18, 0.32), 1.4, 3.6))
    y, wide = hand.between(-0.2, 0.2) * core, chord_of(core, height) * 0.95
    emblem = wide * hand.between(0.18, 0.36)
    motifs.draw_motif(hand.sheet, (0.0, y), emblem * 0.43, hand.rng)
    font = hand.font if hand.chance(0.5) else choose_font(hand.rng)
    before = f"{_day_and_month(hand, first, second)}{hand.rng.choice(['', '', '.', '-'])}"
    behind = f"{hand.rng.choice(['', '', '-'])}{year}"
    side = (wide - emblem) / 2
    x = (emblem + side) / 2
    lines = [
        hand.sheet.text(text, (at, y), height, font, spacing=0.06, fit=side * 0.96)
        for text, at in ((before, -x), (behind, x))
    ]
    _remember(hand, date, lines)
    hand.mark.design = "round parted"


def _day_and_month(hand: Hand, first: str, second: str) -> str:
    """Both as they stand beside each other; a blank parts a month from the day behind it."""
    return f"{first}{hand.rng.choice(['.', '-', ' ', '. ']) if first.isdigit() else ' '}{second}"


def _remember(hand: Hand, date: WrittenDate, lines: list[Lettering]) -> None:
    """Remember a date that was set in pieces as one."""
    letters = tuple(letter for line in lines for letter in line.letters)
    whole = hull_quad([corner for _, quad in letters for corner in quad], (0.0, 0.0), 0.0)
    text = " ".join(line.text for line in lines)
    hand.mark.date, hand.mark.date_line = replace(date, text=text), Lettering(text, whole, letters)
