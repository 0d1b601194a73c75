"""What shall stand on a cover: decided before anything is drawn.

Design note: a `Plan` is plain data. Random covers draw one from a scenario, samples write one by hand; both are
rendered by the same code, so a sample is nothing special.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from postmark_id.errors import UsageError
from postmark_id.models import Shape, Station
from postmark_id.synth import days
from postmark_id.synth.designs import Design
from postmark_id.synth.traps import some_day

What = Literal[
    "design", "seal", "postmark", "segment", "expedition", "crew", "loose-date", "cancel", "pictorial", "rescue"
]
GROUND: frozenset[str] = frozenset({"cancel", "pictorial", "rescue"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One mark that shall stand on a cover.

    Attributes
    ----------
    date : datetime.date or None
        None: the mark has no date.
    form : str or None
        Format of the date; None draws one that fits the mark.
    place : tuple of (str, str, bool), optional
        Post office of a ground cancel: name, second line, Western or not.
    number : int
        Of an expedition seal.
    ink : str or None
        Name of the ink; None draws one.
    design : Design or None
        Which one, of a ``"design"``.
    """

    what: What
    station: Station | None = None
    shape: Shape = Shape.CIRCLE
    date: dt.date | None = None
    form: str | None = None
    place: tuple[str, str, bool] | None = None
    number: int = 1
    ink: str | None = None
    design: Design | None = None

    @property
    def on_board(self) -> bool:
        """Whether it is struck aboard a station."""
        return self.what not in GROUND


@dataclass(frozen=True, slots=True)
class Plan:
    """Marks in the order of striking, how many traps, and words that shall be printed.

    Attributes
    ----------
    cachet : tuple of str, optional
        Lines of the cachet; drawn at random where it is not given.
    printed : tuple of str
        Lines of print elsewhere on the cover, traps.
    """

    scenario: str
    wanted: tuple[Wanted, ...]
    traps: int = 0
    cachet: tuple[str, ...] | None = None
    printed: tuple[str, ...] = ()


def repeated(designs: Sequence[Design], times: int, rng: np.random.Generator) -> list[Wanted]:
    """Each design so many times, in a new order each time, those with a place for a date with some day."""
    wanted = []
    for _ in range(times):
        for index in rng.permutation(len(designs)):
            design = designs[int(index)]
            day = dt.date(1988, 1, 1) + dt.timedelta(days=int(rng.integers(9000)))
            wanted.append(Wanted("design", design.station, design.shape, day if design.dated else None, design=design))
    return wanted


SCENARIOS: dict[str, float] = {
    "dated-seal": 0.12,
    "date-beside": 0.08,
    "seal-with-postmark": 0.22,
    "postmark-only": 0.1,
    "several-dates": 0.11,
    "crowded": 0.05,
    "undated": 0.14,
    "ground-only": 0.1,
    "negative": 0.08,
}
"""Scenarios and how often a random cover is one of them."""


def choose_scenario(rng: np.random.Generator) -> str:
    """A scenario drawn by weight."""
    share = np.asarray(list(SCENARIOS.values()))
    return list(SCENARIOS)[int(rng.choice(len(SCENARIOS), p=share / share.sum()))]


def make_plan(scenario: str, rng: np.random.Generator) -> Plan:
    """Decide what stands on a cover of the scenario.

    Raises
    ------
    UsageError
        Where there is no such scenario.
    """
    if scenario not in SCENARIOS:
        names = ", ".join(SCENARIOS)
        raise UsageError(f"there is no scenario {scenario!r}", code="unknown-scenario", hint=f"choose one of {names}")
    station = [Station.SALYUT_7, Station.MIR, Station.ISS][int(rng.choice(3, p=[0.16, 0.46, 0.38]))]
    wanted = _on_board(scenario, station, rng)
    ground: list[Wanted] = []
    count = int(rng.choice(3, p=[0.45, 0.4, 0.15])) if scenario != "ground-only" else int(rng.integers(1, 4))
    for _ in range(count if scenario != "negative" else int(rng.random() < 0.3)):
        ground.append(_cancel(station, wanted, rng))
    if rng.random() < (0.14 if scenario == "ground-only" else 0.015):
        ground.append(
            Wanted(
                "rescue", date=some_day(rng) if rng.random() < 0.5 else None, ink="red" if rng.random() < 0.7 else None
            )
        )
    traps = (
        int(rng.integers(1, 5))
        if scenario in {"negative", "ground-only"}
        else int(rng.choice(4, p=[0.35, 0.35, 0.2, 0.1]))
    )
    return Plan(scenario, tuple(ground + wanted), traps)


def _cancel(station: Station, aboard: list[Wanted], rng: np.random.Generator) -> Wanted:
    first, last = days.LIFE[station]
    near = [w.date for w in aboard if w.date]
    if near and rng.random() < 0.7:
        date = near[0] + dt.timedelta(days=int(rng.integers(-200, 200)))
    else:
        date = first + dt.timedelta(days=int(rng.integers((last - first).days)))
    if rng.random() < 0.25:
        date = days.choose_day(station, days.LIFE[station], rng)
    return Wanted("pictorial" if rng.random() < 0.28 else "cancel", date=date)


def _seal(station: Station, rng: np.random.Generator, date: dt.date | None = None) -> Wanted:
    likely = {Station.SALYUT_7: 0.9, Station.MIR: 0.5, Station.ISS: 0.12}[station]
    shape = Shape.PENTAGON if rng.random() < likely else Shape.OCTAGON
    return Wanted("seal", station, shape, date)


def _period(station: Station, rng: np.random.Generator) -> days.Period:
    if station is Station.MIR:
        return days.MIR_POSTMARK
    if station is Station.ISS:
        return days.ISS_OLD if rng.random() < 0.65 else days.ISS_NEW
    return days.LIFE[station]


def _dated(station: Station, date: dt.date, rng: np.random.Generator) -> Wanted:
    """A dated round mark of a station."""
    if station is Station.ISS and date.year >= 2007 and rng.random() < 0.15:
        return Wanted("segment", station, date=date)
    return Wanted("postmark", station, date=date)


def _undated(station: Station, rng: np.random.Generator) -> list[Wanted]:
    """One to three undated marks of a station, a polygon first."""
    marks = [_seal(station, rng)]
    if rng.random() < 0.35:
        marks.append(_seal(station, rng))
    if station is Station.ISS and rng.random() < 0.35:
        marks.append(Wanted("expedition", station, number=int(rng.integers(1, 73))))
    if rng.random() < 0.12:
        marks.append(Wanted("crew", station))
    return marks


def _on_board(scenario: str, station: Station, rng: np.random.Generator) -> list[Wanted]:
    """The on-board marks of a scenario."""
    if scenario in {"ground-only", "negative"}:
        return []
    if scenario == "undated":
        return _undated(station, rng)
    period = _period(station, rng) if scenario != "dated-seal" else days.LIFE[station]
    return _with_dates(scenario, station, period, rng)


def _with_dates(scenario: str, station: Station, period: days.Period, rng: np.random.Generator) -> list[Wanted]:
    """The on-board marks of a scenario that has dates."""
    date = days.choose_day(station, period, rng)
    if scenario == "dated-seal":
        return [_seal(station, rng, date)] + ([_seal(station, rng)] if rng.random() < 0.2 else [])
    if scenario == "date-beside":
        return [_seal(station, rng), Wanted("loose-date", station, Shape.OTHER, date)]
    if scenario == "several-dates":
        dates = [date] + [days.choose_day(station, period, rng) for _ in range(int(rng.integers(1, 5)))]
        first = [_seal(station, rng)] if rng.random() < 0.5 else []
        return first + [_dated(station, d, rng) for d in sorted(set(dates))]
    crowded = scenario == "crowded"
    marks = _undated(station, rng) if crowded else [_seal(station, rng)]
    if scenario == "postmark-only":
        marks = []
    marks.append(_dated(station, date, rng))
    if scenario != "postmark-only" and rng.random() < (0.6 if crowded else 0.12):
        marks.append(Wanted("segment" if station is Station.ISS else "postmark", station, date=date))
    if crowded and rng.random() < 0.5:
        marks.append(_seal(station, rng, date))
    return marks
