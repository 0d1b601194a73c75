"""Which day a mark says, and what that day means.

Design note: dates come from the packaged table of flights, so that the truth about flights is the table's own. Most
marked days are dockings and undockings; the rest are other events, holidays and days on which nothing happened.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from postmark_id.flights.table import FlightTable
from postmark_id.models import EventKind, Outcome, Station

COMINGS_AND_GOINGS = frozenset({EventKind.DOCKING, EventKind.UNDOCKING, EventKind.BERTHING, EventKind.RELEASE})
PORT_EVENTS = COMINGS_AND_GOINGS | {EventKind.RELOCATION}
"""On these days a ship docked or undocked, if only to change its port."""

LIFE = {
    Station.SALYUT_7: (dt.date(1982, 5, 14), dt.date(1986, 6, 25)),
    Station.MIR: (dt.date(1986, 3, 15), dt.date(2000, 6, 15)),
    Station.ISS: (dt.date(2000, 11, 2), dt.date(2025, 6, 30)),
}
"""Days on which somebody could mark covers aboard."""
MIR_POSTMARK = (dt.date(1989, 1, 1), dt.date(1999, 8, 27))
ISS_OLD = (dt.date(2000, 11, 2), dt.date(2020, 12, 7))
ISS_NEW = (dt.date(2021, 1, 1), dt.date(2025, 6, 30))

Period = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one date means: events as the label lists them, and the outcome a perfect reader gives."""

    flights: tuple[dict[str, str], ...]
    outcome: Outcome


def choose_day(station: Station, period: Period, rng: np.random.Generator) -> dt.date:
    """A day within a period: mostly one on which a ship came or left."""
    table = FlightTable.load()
    first, last = period
    draw = float(rng.random())
    if draw < 0.82:
        wanted = COMINGS_AND_GOINGS if draw < 0.72 else frozenset(EventKind) - COMINGS_AND_GOINGS
        zone = "Moscow" if station is not Station.ISS and rng.random() < 0.6 else "UTC"
        days = sorted(
            {
                e.moment.day("Moscow" if zone == "Moscow" else "UTC")
                for e in table.events
                if e.station is station and e.kind in wanted
            }
        )
        days = [d for d in days if first <= d <= last]
        if days:
            return days[int(rng.integers(len(days)))]
    day = first + dt.timedelta(days=int(rng.integers((last - first).days + 1)))
    if draw > 0.94:
        holiday = day.replace(month=4, day=12)
        return holiday if first <= holiday <= last else day
    return day


def meaning(date: dt.date, station: Station | None) -> Meaning:
    """What the table says about a date of an on-board mark.

    Events of the very day, in UTC or in Moscow, go before those a day off. More than one flight is ambiguous.
    """
    table = FlightTable.load()
    for offsets in ((0,), (-1, 1)):
        found: dict[tuple[str, str], dict[str, str]] = {}
        for offset in offsets:
            day = date + dt.timedelta(days=offset)
            for zone in ("UTC", "Moscow"):
                for event in table.events_on(day, station, zone="Moscow" if zone == "Moscow" else "UTC"):
                    if event.kind in PORT_EVENTS:
                        row = {"flight": event.flight, "event": event.kind.value, "date": date.isoformat()}
                        found[(event.flight, event.kind.value)] = row
        if found:
            flights = {name for name, _ in found}
            return Meaning(tuple(found.values()), Outcome.IDENTIFIED if len(flights) == 1 else Outcome.AMBIGUOUS)
    return Meaning((), Outcome.NO_EVENT)


def conclude(marks: list[dict[str, Any]]) -> tuple[list[dict[str, str]], Outcome]:
    """Flights and outcome of a cover from its labelled marks: only legible dates of on-board marks count."""
    aboard = [m for m in marks if m["on_board"]]
    if not aboard:
        return [], Outcome.NO_MARK
    stations = {m["station"] for m in aboard if m["station"]}
    only = Station(next(iter(stations))) if len(stations) == 1 else None
    dated = [m for m in aboard if m["date"] is not None and m["date"]["legible"]]
    if not dated:
        return [], Outcome.DATE_UNREAD
    meanings: dict[str, Meaning] = {}
    for mark in dated:
        station = Station(mark["station"]) if mark["station"] else only
        day = mark["date"]["date"]
        meanings.setdefault(day, meaning(dt.date.fromisoformat(day), station))
    flights = [dict(row) for found in meanings.values() for row in found.flights]
    outcomes = {found.outcome for found in meanings.values()}
    for worst in (Outcome.AMBIGUOUS, Outcome.NO_EVENT):
        if worst in outcomes:
            return flights, worst
    return flights, Outcome.IDENTIFIED
