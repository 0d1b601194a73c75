"""What a line of text may mean as the date of a postmark: scored candidates, not one guess.

The score of a candidate is the probability of all spellings that mean it, weighted by how usual the format is, by
what had to be forgiven, and by the `Window` of dates that make sense for the cover. What the reading says beside
dates keeps its share, so that scores of different readings can be compared: a clear reading of a serial number
gives nothing, a blurred date gives a low score spread over several candidates.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from postmark_id.dates.alphabet import DIGITS, fold
from postmark_id.dates.engines import Reading
from postmark_id.dates.formats import LOOKS_LIKE, YEARS, Written, figures_to_numbers, has_form_of_date, understand
from postmark_id.dates.lattice import spellings
from postmark_id.models import DateCandidate, DateReading, Place, Quad
from postmark_id.settings import DateSettings

FIGURES = frozenset(DIGITS) | frozenset(LOOKS_LIKE) | {"?"}
LEAST_FIGURES = 3
"""Figures, and letters that pass for them, in a date: the shortest is like 1.I.85."""
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Window:
    """Dates that make sense.

    Attributes
    ----------
    earliest, latest : datetime.date
        A date outside is all but impossible.
    preferred : tuple of (datetime.date, datetime.date)
        Spans, first and last day, that are likelier than the rest, such as the life of a station; empty for no
        preference.
    """

    earliest: dt.date = dt.date(1870, 1, 1)
    latest: dt.date = dt.date(2076, 12, 31)
    preferred: tuple[Span, ...] = ()

    def holds(self, day: dt.date) -> bool:
        """Whether a date lies inside."""
        return self.earliest <= day <= self.latest

    def prefers(self, day: dt.date) -> bool:
        """Whether a date lies in a preferred span, or none is named."""
        return not self.preferred or any(a <= day <= b for a, b in self.preferred)


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date that a reading may stand for.

    Attributes
    ----------
    date : datetime.date
        The first day of a range.
    score : float
        Share of the reading's probability that speaks for it, 0..1.
    text : str
        The likeliest spelling that means it.
    format : str
        Such as ``"dd.mm.yy"``; ``"MON"`` stands for a Roman numeral or a name.
    hour : int or None
    until : datetime.date or None
        Last day of a range.
    """

    date: dt.date
    score: float
    text: str = ""
    format: str = ""
    hour: int | None = None
    until: dt.date | None = None


@dataclass(slots=True)
class _Tally:
    """What speaks for one date while spellings are counted."""

    mass: float = 0.0
    best: float = 0.0
    parsed: ParsedDate | None = None


def parse(reading: Reading, window: Window | None = None, settings: DateSettings | None = None) -> list[ParsedDate]:
    """Scored dates that a reading may stand for, best first; empty where it holds no date.

    Parameters
    ----------
    reading : Reading
        Text in any case and script, with a lattice or with scores of characters where the engine gives them.
    window : Window, optional
        Dates that make sense; decides the century of two-digit years.
    settings : DateSettings, optional
    """
    window, settings = window or Window(), settings or DateSettings()
    if sum(c in FIGURES for c in fold(reading.text)) < LEAST_FIGURES:
        return []
    tallies: dict[dt.date, _Tally] = {}
    impossible = 0.0
    for text, probability in spellings(reading, settings):
        options = _dates(fold(text), window, settings)
        if not options and has_form_of_date(fold(text)):
            impossible += probability
        total = sum(p.score for p in options.values())
        squares = sum(p.score**2 for p in options.values())
        for day, option in options.items():
            # Rival meanings of one spelling share it, the usual ones far more; a lone one keeps its own weight.
            share = probability * min(1.0, total) * option.score**2 / squares
            tally = tallies.setdefault(day, _Tally())
            tally.mass += share
            if share > tally.best:
                tally.best, tally.parsed = share, option
    # A date that no calendar has was misread: the possible ones gain most of what spoke for it.
    for tally in tallies.values():
        tally.mass /= 1.0 - (1.0 - settings.impossible) * min(1.0, impossible)
    return _rank(tallies, window, settings)


def parse_text(text: str, window: Window | None = None, settings: DateSettings | None = None) -> list[ParsedDate]:
    """`parse` for a bare text that is taken as sure; ``?`` stands for an unread figure."""
    folded = fold(text)
    return parse(Reading(folded, 1.0, tuple((c, 1.0) for c in folded)), window, settings)


def _rank(tallies: dict[dt.date, _Tally], window: Window, settings: DateSettings) -> list[ParsedDate]:
    """Prefer likely days among rivals, without making the whole reading surer or less sure."""
    preference = {d: 1.0 if window.prefers(d) else settings.not_preferred for d in tallies}
    mass = sum(t.mass for t in tallies.values())
    weighted = sum(t.mass * preference[d] for d, t in tallies.items())
    ranked = []
    for day, tally in tallies.items():
        score = min(1.0, tally.mass * preference[day] * mass / weighted) if weighted > 0 else 0.0
        if tally.parsed is not None and score >= settings.least_score:
            p = tally.parsed
            ranked.append(ParsedDate(day, score, p.text, p.format, p.hour, p.until))
    ranked.sort(key=lambda p: (-p.score, p.date))
    return ranked[: settings.most_candidates]


def _dates(text: str, window: Window, settings: DateSettings) -> dict[dt.date, ParsedDate]:
    """Meanings of one spelling with the weight of each as its score."""
    found: dict[dt.date, ParsedDate] = {}
    for written in understand(text):
        for parsed in _calendar(written, text, window, settings):
            if parsed.date not in found or parsed.score > found[parsed.date].score:
                found[parsed.date] = parsed
    return found


def _calendar(written: Written, text: str, window: Window, settings: DateSettings) -> list[ParsedDate]:
    """Dates of the calendar that a written date may be."""
    hours = figures_to_numbers(written.hour, 0, 24) if written.hour else (None,)
    days = figures_to_numbers(written.day, 1, 31)
    years = _years(written.year, settings)
    months = written.months
    weight = written.weight / (len(days) * len(months))
    found: list[ParsedDate] = []
    for year, year_weight in years:
        for month, month_weight in months:
            for day in days:
                date = _date(year, month, day)
                if date is None:
                    continue
                score = weight * month_weight * year_weight
                until = _until(written, date)
                if written.until_day and until is None:
                    continue
                found.append(ParsedDate(date, score, text, written.format, hours[0], until))
    return _in_window(found, window, settings)


def _in_window(found: list[ParsedDate], window: Window, settings: DateSettings) -> list[ParsedDate]:
    """Let the window choose the century: where only the unusual one fits, it is not unusual."""
    inside = [p for p in found if window.holds(p.date)]
    if not inside:
        return [_scaled(p, settings.outside_window) for p in found]
    lift = max(p.score for p in found) / max(p.score for p in inside)
    return [_scaled(p, lift) for p in inside]


def _scaled(p: ParsedDate, factor: float) -> ParsedDate:
    return ParsedDate(p.date, p.score * factor, p.text, p.format, p.hour, p.until)


def _years(figures: str, settings: DateSettings) -> list[tuple[int, float]]:
    """Years that two or four figures may mean, with weights."""
    if len(figures) == 4:
        numbers = figures_to_numbers(figures, *YEARS)
        return [(n, 1.0 / len(numbers)) for n in numbers]
    years = []
    numbers = figures_to_numbers(figures, 0, 99)
    for n in numbers:
        usual, other = (1900, 2000) if n >= settings.two_digit_pivot else (2000, 1900)
        years += [(usual + n, 1.0 / len(numbers)), (other + n, settings.other_century / len(numbers))]
    return years


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _until(written: Written, first: dt.date) -> dt.date | None:
    """Last day of a range; None where there is none or it does not follow the first."""
    if not written.until_day:
        return None
    month = written.until_months[0][0] if written.until_months else first.month
    days = figures_to_numbers(written.until_day, 1, 31)
    last = _date(first.year, month, days[0]) if days else None
    return last if last is not None and last > first else None


@dataclass(frozen=True, slots=True)
class Line:
    """Candidates from one strip by one engine in one direction."""

    candidates: Sequence[ParsedDate]
    engine: str = ""
    weight: float = 1.0
    """How far it counts beside the others, 0..1."""
    quad: Quad | None = None
    text: str = field(default="", compare=False)
    """All that was read on the strip."""


def combine(lines: Sequence[Line], settings: DateSettings | None = None, place: Place = "inside") -> DateReading | None:
    """One reading out of several strips, engines and directions of the same date; None where none holds a date.

    Each line votes with the scores of its candidates. Votes for one date add up as independent evidence
    would (noisy or), the best line in full and the others by half, since engines that look at the same strip
    err together; then rival dates share what they claim above one.
    """
    settings = settings or DateSettings()
    votes: dict[dt.date, list[tuple[float, ParsedDate, Line]]] = {}
    for line in lines:
        for parsed in line.candidates:
            votes.setdefault(parsed.date, []).append((parsed.score * line.weight, parsed, line))
    if not votes:
        return None
    evidence: dict[dt.date, float] = {}
    for day, cast in votes.items():
        cast.sort(key=lambda v: -v[0])
        against = 1.0
        for k, (score, _, _) in enumerate(cast):
            against *= 1.0 - score * (1.0 if k == 0 else 0.5)
        evidence[day] = 1.0 - against
    claimed = max(1.0, sum(evidence.values()))
    ranked = sorted(evidence, key=lambda d: (-evidence[d], d))[: settings.most_candidates]
    _, best, line = votes[ranked[0]][0]
    sureness = {d: calibrated(evidence[d] / claimed, settings) for d in ranked}
    alternatives = (DateCandidate(d, round(sureness[d], 4), votes[d][0][1].text) for d in ranked[1:])
    return DateReading(
        date=best.date,
        score=round(sureness[ranked[0]], 4),
        text=best.text,
        place=place,
        alternatives=tuple(alternatives),
        hour=best.hour,
        until=best.until,
        engine=line.engine,
        quad=line.quad,
    )


def narrowed(reading: DateReading, spans: Sequence[Span], settings: DateSettings | None = None) -> DateReading:
    """The likeliest candidate of a reading that lies in spans of days, from what is known of the mark besides.

    Candidates outside fall away, and what they claimed goes to the others only in part: the better one must still have
    been read. Where too little is left, the reading stays as it is, for what is known besides may be wrong.
    """
    settings = settings or DateSettings()
    first = reading.candidates[0]
    inside = [c for c in reading.candidates if any(a <= c.date <= b for a, b in spans)]
    left = sum(c.score for c in inside)
    claimed = sum(c.score for c in reading.candidates)
    if first in inside or left < settings.least_left * claimed:
        return reading
    lift = math.sqrt(claimed / left)
    best, *others = (replace(c, score=round(c.score * lift, 4)) for c in inside)
    return replace(reading, date=best.date, score=best.score, text=best.text, alternatives=tuple(others), until=None)


def in_life(reading: DateReading, life: Sequence[Span], settings: DateSettings | None = None) -> DateReading | None:
    """A reading `narrowed` to the days on which people lived on the station of its mark.

    None where a line beside the mark bears another day all the same: it belongs to something else.
    """
    likely = narrowed(reading, life, settings)
    lived = any(a <= likely.date <= b for a, b in life)
    return likely if lived or likely.place == "inside" else None


def weighed(reading: DateReading, weight: float) -> DateReading:
    """A reading of which each candidate counts so much less."""
    others = tuple(replace(c, score=weight * c.score) for c in reading.alternatives)
    return replace(reading, score=weight * reading.score, alternatives=others)


def calibrated(score: float, settings: DateSettings) -> float:
    """Map a raw score to the share of rendered held-out lines with such a score that were read right."""
    raw, right = zip(*settings.calibration, strict=True)
    return float(np.interp(score, raw, right))
