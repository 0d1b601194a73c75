"""What the dates of a cover tell together, a sentence each.

Which ship carried a cover is nowhere written on it: that part is inferred from arrivals and departures around its
dates, and every such sentence says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from postmark_id.flights.answers import Answer
from postmark_id.flights.holidays import holiday
from postmark_id.flights.ranking import name, sentence
from postmark_id.flights.settling import aboard
from postmark_id.flights.stays import Event
from postmark_id.flights.table import FlightTable
from postmark_id.models import EventKind, Outcome, Station

_ARRIVALS = {EventKind.DOCKING, EventKind.BERTHING}
_DEPARTURES = {EventKind.UNDOCKING, EventKind.RELEASE}
_STAYS_OPEN = " stays open. "
_RETURNS = {"soyuz", "shuttle", "dragon-cargo", "dragon-crew", "starliner"}


def tell(answers: Sequence[Answer], table: FlightTable) -> Iterator[str]:
    """Sentences on all dates, oldest first, then on the way of the cover."""
    for answer in answers:
        yield from _tell_date(answer, table)
    yield from _tell_way(answers, table)


def stays_open(date: dt.date, why: str) -> str:
    """The sentence on a date that a person has to decide."""
    return f"{date}{_STAYS_OPEN}{why}"


def left_open(story: Sequence[str]) -> list[str]:
    """Those sentences of a story that say which dates stay open, and why."""
    return [told for told in story if _STAYS_OPEN in told]


def _tell_date(answer: Answer, table: FlightTable) -> Iterator[str]:
    if answer.outcome is Outcome.IDENTIFIED:
        yield f"{answer.date}: {sentence(answer.leading[0].event, answer.date)}"
    elif answer.outcome is Outcome.AMBIGUOUS:
        yield stays_open(answer.date, answer.open_because)
    else:
        others = " ".join(sentence(one.event, answer.date) for one in answer.ranked if one.match.days_off == 0)
        yield f"{answer.date}: no ship came or went within a day. {others}".rstrip()
    if what := holiday(answer.date):
        yield f"{answer.date} is {what}."


def _tell_way(answers: Sequence[Answer], table: FlightTable) -> Iterator[str]:
    stations = {station for answer in answers for station in answer.stations}
    if len(stations) != 1 or any(answer.outcome is Outcome.AMBIGUOUS for answer in answers):
        return
    station = stations.pop()
    if not all(aboard(station, answer.date, table) for answer in answers):
        return
    first, last = answers[0], answers[-1]
    if up := _up(first, station, table):
        yield up
    between = [name(a.leading[0].event) for a in answers[1:-1] if a.outcome is Outcome.IDENTIFIED]
    if between:
        yield f"Stamped again on the days of {', '.join(between)}."
    if down := _down(last, station, table):
        yield down


def _up(first: Answer, station: Station, table: FlightTable) -> str:
    arrived = [e for e in table.ships(station) if e.kind in _ARRIVALS and e.moment.day("UTC") <= first.date]
    own = [one.event for one in first.leading if one.event.kind in _ARRIVALS]
    if own:
        return f"Inferred: it came up on {own[0].flight}, which arrived on the first date, or on an earlier ship."
    if arrived:
        return f"Inferred: it came up on {arrived[-1].flight} (arrived {arrived[-1].date}) or on an earlier ship."
    return ""


def _down(last: Answer, station: Station, table: FlightTable) -> str:
    own = [one.event for one in last.leading if one.event.kind in _DEPARTURES and _returns(one.event, table)]
    if own:
        return f"Inferred: it came down on {own[0].flight}, which left on the last date."
    left = [e for e in table.ships(station) if e.kind in _DEPARTURES and e.date > last.date and _returns(e, table)]
    if left:
        return f"Inferred: it came down on {left[0].flight} (left {left[0].date}) or on a later ship."
    return ""


def _returns(event: Event, table: FlightTable) -> bool:
    stays = table.stays_of(event.flight)
    return bool(stays) and stays[0].vehicle in _RETURNS
