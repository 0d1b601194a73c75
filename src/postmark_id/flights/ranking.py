"""What happened at a station around a date, in the order in which it explains a mark.

Arrivals and departures come first, for marks were struck on those days more than on all others; then what is
listed in `FlightSettings`. A day is looked up in UTC and in Moscow time, and each suggestion says which of the two
fits. Events of one flight, or of a module and the ship that brought it, are one *party*: they never compete with
each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from postmark_id.flights.stays import Event
from postmark_id.flights.table import MOVEMENTS, FlightTable
from postmark_id.models import EventKind, FlightMatch, Station
from postmark_id.settings import FlightSettings

PORT_EVENTS = MOVEMENTS | {EventKind.RELOCATION}
"""Events in which a ship comes to a port of the station or leaves it."""

_DONE = {
    EventKind.DOCKING: "docked with {station}",
    EventKind.UNDOCKING: "undocked from {station}",
    EventKind.BERTHING: "was berthed at {station}",
    EventKind.RELEASE: "was released from {station}",
    EventKind.RELOCATION: "changed its port at {station}",
    EventKind.LAUNCH: "was launched to {station}",
    EventKind.LANDING: "landed",
    EventKind.REENTRY: "burned up in the atmosphere",
}
_KIND_OF = {
    EventKind.EVA: "Spacewalk",
    EventKind.ACCIDENT: "Accident",
    EventKind.EXPERIMENT: "Experiment",
    EventKind.REENTRY: "Reentry",
    EventKind.CREW_HANDOVER: "Crew handover",
    EventKind.DOCKING: "Docking",
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A suggestion with the event behind it and the flights that it belongs to."""

    match: FlightMatch
    event: Event
    by_hatch: bool = False
    """Whether the date is that of the closing of the hatches before a departure on another day."""

    @property
    def party(self) -> frozenset[str]:
        """Names of flights that are one event together."""
        return frozenset({self.match.flight, *self.event.companions})

    def is_of(self, other: Ranked) -> bool:
        """Whether both belong to one flight, or to a module and its ship, at one station."""
        return self.event.station is other.event.station and bool(self.party & other.party)


def rank(
    date: dt.date, confidence: float, stations: Sequence[Station], table: FlightTable, settings: FlightSettings
) -> list[Ranked]:
    """Suggestions for a date, best first.

    Parameters
    ----------
    date : datetime.date
        Civil day on the mark.
    confidence : float
        Score of the date, 0..1; scales the scores of the suggestions.
    stations : sequence of Station
        Where the mark can have been struck.
    table : FlightTable
    settings : FlightSettings
    """
    found: list[Ranked] = []
    for station in stations:
        same_day = list(_same_day(date, station, table, settings))
        found += same_day
        found += _one_day_off(date, station, table, settings, {ranked.event for ranked in same_day})
    scaled = [replace(r, match=replace(r.match, score=r.match.score * confidence)) for r in found]
    return sorted(scaled, key=lambda r: (-r.match.score, r.event.moment.order, r.match.flight))


def _same_day(date: dt.date, station: Station, table: FlightTable, settings: FlightSettings) -> Iterator[Ranked]:
    in_utc = table.events_on(date, station)
    in_moscow = table.events_on(date, station, zone="Moscow")
    events = list(dict.fromkeys((*in_utc, *in_moscow)))
    handovers = [e for e in events if e.kind is EventKind.CREW_HANDOVER]
    moved_at = {e.moment for e in events if e.kind in PORT_EVENTS}
    lost = {e.flight for e in events if e.kind is EventKind.ACCIDENT}
    for event in events:
        if event in handovers and event.moment in moved_at:
            continue
        if event.kind is EventKind.LAUNCH and event.flight in lost:
            continue
        fit, zone_reason = _zone_fit(event, event in in_utc, event in in_moscow, settings)
        reasons = [sentence(event), *zone_reason, *_details(event, table)]
        reasons += [f"The same event: {h.title}." for h in handovers if h.moment == event.moment]
        yield _ranked(event, date, 0, weight(event.kind, settings) * fit, reasons)
    for event in table.hatches_closed_on(date, station):
        if event not in events:
            days = (event.date - date).days
            yield replace(_ranked(event, date, days, settings.hatch_closing, _hatch_reasons(event)), by_hatch=True)


def _hatch_reasons(event: Event) -> list[str]:
    closing = event.hatch_closing
    assert closing is not None
    at = f" at {closing.clock()}" if closing.time else ""
    return [
        f"The hatches between {event.flight} and {the(event.station)} were closed on {closing.date}{at}.",
        sentence(event),
    ]


def _zone_fit(event: Event, in_utc: bool, in_moscow: bool, settings: FlightSettings) -> tuple[float, list[str]]:
    if in_utc and in_moscow:
        return 1.0, []
    if in_moscow:
        keeps_utc = event.station is Station.ISS
        habit = f"{the(event.station)} {'keeps UTC' if keeps_utc else 'lived on Moscow time'}"
        reason = f"It was {_moscow(event)} then; {habit}."
        return settings.foreign_zone if keeps_utc else settings.one_zone, [reason]
    if event.station is Station.ISS:
        return 1.0, []
    return settings.one_zone, [f"The day fits in UTC only: for {event.station} it was {_moscow(event)}."]


def by_moscow(event: Event, date: dt.date) -> list[str]:
    """That an event falls on a day in Moscow only; nothing where it does in UTC, too, or in neither."""
    in_moscow = event.moment.day("UTC") != date == event.moment.day("Moscow")
    return [f"It was {_moscow(event)} then."] if in_moscow else []


def _moscow(event: Event) -> str:
    return f"{event.moment.clock('Moscow')} on {event.moment.day('Moscow')}"


def _details(event: Event, table: FlightTable) -> Iterator[str]:
    stays = table.stays_of(event.flight)
    if not stays:
        return
    if event.companions and event.kind in PORT_EVENTS:
        yield f"{event.flight} belongs to {', '.join(event.companions)}."
    if event.moment in {stays[0].launch, stays[0].docking} and stays[0].crew_up:
        yield f"Crew up: {', '.join(stays[0].crew_up)}."
    if event.moment in {stays[-1].undocking, stays[-1].landing} and stays[-1].crew_down:
        yield f"Crew down: {', '.join(stays[-1].crew_down)}."
    if event.kind is EventKind.LAUNCH and stays[0].docking is None and "never docked" in stays[0].remarks:
        yield f"It {stays[0].remarks}."


def _one_day_off(
    date: dt.date, station: Station, table: FlightTable, settings: FlightSettings, known: set[Event]
) -> Iterator[Ranked]:
    for days in (1, -1):
        try:
            day = date + dt.timedelta(days)
        except OverflowError:
            continue
        nearby = (*table.events_on(day, station), *table.events_on(day, station, zone="Moscow"))
        for event in dict.fromkeys(nearby):
            if event.kind in PORT_EVENTS and event not in known:
                known.add(event)
                side = "the day after" if days > 0 else "the day before"
                reasons = [
                    sentence(event),
                    f"That is {side} the date of the mark; marks set a day early or late are known.",
                ]
                yield _ranked(event, date, days, settings.day_off * weight(event.kind, settings), reasons)


def other_years(
    date: dt.date, confidence: float, stations: Sequence[Station], table: FlightTable, settings: FlightSettings
) -> list[Ranked]:
    """Arrivals and departures on the same day and month one year off; for dates that fit nothing."""
    found = []
    for years in (1, -1):
        shifted = same_day_in(date, date.year + years)
        if shifted is None:
            continue
        for ranked in rank(shifted, confidence, stations, table, settings):
            if ranked.match.days_off == 0 and ranked.event.kind in MOVEMENTS:
                side = "later" if years > 0 else "earlier"
                match = replace(
                    ranked.match,
                    date=date,
                    days_off=(shifted - date).days,
                    score=ranked.match.score * settings.year_off,
                    reasons=(*ranked.match.reasons, f"Day and month fit exactly, one year {side}."),
                )
                found.append(replace(ranked, match=match))
    return found


def same_day_in(date: dt.date, year: int) -> dt.date | None:
    """The same day and month in another year; None where it has no 29 February or is no year."""
    try:
        return date.replace(year=year)
    except ValueError:
        return None


def leaders(ranked: Sequence[Ranked], share: float) -> list[Ranked]:
    """The best suggestion and the best ones of other parties that come within a share of its score."""
    chosen: list[Ranked] = []
    for one in ranked:
        close = not chosen or one.match.score >= share * chosen[0].match.score
        if close and not any(one.is_of(other) for other in chosen):
            chosen.append(one)
    return chosen


def weight(kind: EventKind, settings: FlightSettings) -> float:
    """How well an event of a kind explains that a mark was struck on its day."""
    if kind in MOVEMENTS:
        return settings.movement
    return {
        EventKind.RELOCATION: settings.relocation,
        EventKind.ACCIDENT: settings.accident,
        EventKind.LAUNCH: settings.launch_or_landing,
        EventKind.LANDING: settings.launch_or_landing,
        EventKind.EVA: settings.other_event,
        EventKind.EXPERIMENT: settings.other_event,
    }.get(kind, settings.minor_event)


def sentence(event: Event, on: dt.date | None = None) -> str:
    """One plain sentence on an event, with its time and, unless it is the day `on`, with its date."""
    when = "" if event.date == on else f" on {event.date}"
    when += f" at {event.moment.clock()}" if event.moment.time else ""
    if event.title:
        plain = event.kind in {EventKind.CREW_HANDOVER, EventKind.EVA}
        remark = f" ({event.remark})" if event.remark and not plain else ""
        return f"{_KIND_OF.get(event.kind, 'Event')}{when}: {event.title}{remark}."
    return f"{event.flight} {_DONE[event.kind].format(station=the(event.station))}{when}."


def the(station: Station) -> str:
    """A station as it stands in a sentence."""
    return station.spoken


def name(event: Event) -> str:
    """An event in a few words: ``Soyuz TM-25 (docking, 1997-02-12)``."""
    return f"{event.flight or event.title} ({event.kind}, {event.date})"


def matches(ranked: Iterable[Ranked]) -> tuple[FlightMatch, ...]:
    """The suggestions without the events behind them."""
    return tuple(one.match for one in ranked)


def _ranked(event: Event, date: dt.date, days_off: int, score: float, reasons: Sequence[str]) -> Ranked:
    match = FlightMatch(
        flight=event.flight or event.title,
        station=event.station,
        event=event.kind,
        event_time=event.time,
        date=date,
        days_off=days_off,
        score=score,
        reasons=tuple(reasons),
    )
    return Ranked(match, event)
