"""Which dates a cover carries: the readings of its on-board marks, weighed against the stations and each other.

A date counts as an on-board date where its mark is one: `on_board` is True, or None for a kind of mark that exists
only aboard. A red pentagon that nothing else speaks for is left out: a helicopter rescue team used one. Candidates
outside the life of the station, outside the user's own limits or on days with nobody aboard fall back; candidates
that two marks share rise. Nothing is decided here that the candidates leave open: rivals stay beside the date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from postmark_id.flights.holidays import holiday
from postmark_id.flights.moments import Zone
from postmark_id.flights.ranking import the
from postmark_id.flights.table import MOVEMENTS, ZONES, FlightTable
from postmark_id.models import DateCandidate, DateReading, EventKind, Kind, Mark, Notice, Shape, Station
from postmark_id.settings import FlightSettings

Period = tuple[dt.date | None, dt.date | None]
"""First and last day of use of a mark; None where it is not known or not over."""

_BOARD_KINDS = {Kind.STATION_SEAL, Kind.BOARD_POSTMARK, Kind.SOUVENIR_SEAL}


@dataclass(frozen=True, slots=True)
class Priors:
    """What the user says about a cover.

    Attributes
    ----------
    station : Station or None
        Where its marks were struck.
    after, before : datetime.date or None
        First and last day possible.
    expect : str or None
        Flight that it is said to belong to; checked, never used for finding the answer.
    """

    station: Station | None = None
    after: dt.date | None = None
    before: dt.date | None = None
    expect: str | None = None


@dataclass(frozen=True, slots=True)
class MarkDate:
    """The date of one on-board mark after weighing.

    Attributes
    ----------
    mark : int
        Place of the mark in the list.
    reading : DateReading
        As read, but with the chosen date first and the scores weighed.
    stations : tuple of Station
        Where the mark can have been struck, the likelier first.
    rivals : tuple of DateCandidate
        Dates that come near enough to keep the reading open, best first.
    reasons : tuple of str
        Why the date or the station is what it is, where that was not plain.
    """

    mark: int
    reading: DateReading
    stations: tuple[Station, ...]
    rivals: tuple[DateCandidate, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass
class _Weighing:
    """Candidates of one mark while they are weighed."""

    mark: int
    stations: tuple[Station, ...]
    scores: dict[dt.date, float] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    is_ruled_out: bool = False
    """Whether the user's limits rule out a date that the station allows."""


def is_rescue_pentagon(mark: Mark) -> bool:
    """Whether a mark may be the red pentagon of the helicopter rescue team, which was never aboard."""
    return mark.shape is Shape.PENTAGON and mark.ink in {"red", "pink"} and not (mark.on_board or mark.station)


def is_board(mark: Mark) -> bool:
    """Whether a mark counts as struck aboard."""
    if mark.on_board is not None:
        return mark.on_board and mark.kind is not Kind.GROUND_CANCEL
    return mark.kind in _BOARD_KINDS and not is_rescue_pentagon(mark)


def is_ground(mark: Mark) -> bool:
    """Whether a mark counts as struck on the ground."""
    return mark.on_board is False or mark.kind is Kind.GROUND_CANCEL


def stations_of(marks: Sequence[Mark], priors: Priors) -> tuple[Station, ...]:
    """Stations that the on-board marks name, or that the user names, each once."""
    named = tuple(dict.fromkeys(m.station for m in marks if is_board(m) and m.station))
    return named or ((priors.station,) if priors.station else ())


def settle(
    marks: Sequence[Mark], table: FlightTable, priors: Priors, settings: FlightSettings
) -> tuple[tuple[MarkDate, ...], tuple[Notice, ...]]:
    """Weigh the dates of all on-board marks.

    Returns
    -------
    dates : tuple of MarkDate
        One for every on-board mark with a date that its station allows, in the order of the marks.
    notices : tuple of Notice
        ``outside-station-life`` for dates that no station allows, ``outside-limits`` for those that the user rules
        out, ``faint-date`` for those that are hardly read.
    """
    known = stations_of(marks, priors)
    weighings: list[_Weighing] = []
    notices: list[Notice] = []
    for place, mark in enumerate(marks):
        if mark.date is None or not is_board(mark):
            continue
        own = (mark.station,) if mark.station else known if len(known) == 1 else ()
        weighing = _weigh(place, mark.date, own, table=table, priors=priors, settings=settings)
        if weighing.scores:
            weighings.append(weighing)
        else:
            notices.append(_unusable(weighing, mark.date.date, table))
    weighings = _support(weighings, settings)
    dates = []
    for weighing in weighings:
        reading = marks[weighing.mark].date
        assert reading is not None
        settled = _settled(weighing, reading, table, settings)
        if settled.reading.score < settings.readable_date and weighing.is_ruled_out:
            notices.append(_unusable(weighing, reading.date, table))
        elif settled.reading.score < settings.readable_date:
            message = f"A date was read too faintly to be used: perhaps {settled.reading.date}."
            notices.append(Notice("faint-date", message))
        else:
            dates.append(settled)
    return tuple(dates), tuple(notices)


def _weigh(
    place: int,
    reading: DateReading,
    stations: tuple[Station, ...],
    *,
    table: FlightTable,
    priors: Priors,
    settings: FlightSettings,
) -> _Weighing:
    weighing = _Weighing(place, stations)
    for candidate in reading.candidates:
        date = candidate.date
        if not any(flies(s, date, table, settings) for s in stations or tuple(Station)):
            weighing.reasons.append(f"{date} lies outside the life of {_named(stations)}.")
            continue
        if (priors.after and date < priors.after) or (priors.before and date > priors.before):
            weighing.reasons.append(f"{date} lies outside the days that you gave.")
            weighing.is_ruled_out = True
            continue
        weighing.scores[date] = max(candidate.score, weighing.scores.get(date, 0.0))
    crewed = {d for d in weighing.scores if any(aboard(s, d, table) for s in stations or tuple(Station))}
    if crewed:
        for date in weighing.scores.keys() - crewed:
            weighing.scores[date] *= settings.empty_station
    return weighing


def _named(stations: Sequence[Station]) -> str:
    return " and ".join(stations) if stations else "all stations of the table"


def flies(station: Station, date: dt.date, table: FlightTable, settings: FlightSettings) -> bool:
    """Whether a mark of a station can carry a date: in its life, and not far beyond what the table knows."""
    try:
        life = table.life(station)
    except KeyError:
        return False
    return life.covers(date) and date.year <= table.end.year + settings.years_beyond_table


def aboard(station: Station, date: dt.date, table: FlightTable) -> tuple[str, ...]:
    """Who was aboard on a civil day: of UTC for the ISS, of UTC or of Moscow for the stations that kept Moscow time."""
    zones: tuple[Zone, ...] = ("UTC",) if station is Station.ISS else ZONES
    people = (person for zone in zones for person in table.aboard(station, date, zone=zone))
    return tuple(dict.fromkeys(people))


def _unusable(weighing: _Weighing, date: dt.date, table: FlightTable) -> Notice:
    if weighing.is_ruled_out:
        return Notice("outside-limits", f"{' '.join(weighing.reasons)} The date {date} is left out.")
    lives = []
    for station in weighing.stations:
        life = table.life(station)
        until = f"to {life.end}" if life.end else f"on, and the table ends on {table.end}"
        lives.append(f"{the(station)} flew from {life.launch} {until}")
    why = "; ".join(lives) or "no station of the table flew then"
    return Notice(
        "outside-station-life", f"{date} can't be the date of an on-board mark here: {why}. It names no flight."
    )


def _support(weighings: Sequence[_Weighing], settings: FlightSettings) -> list[_Weighing]:
    """Let marks that share a date support each other, as they do on most covers."""
    supported = []
    for one in weighings:
        scores: dict[dt.date, float] = {}
        reasons = list(one.reasons)
        for date, score in one.scores.items():
            lent = [
                other.scores[date]
                for other in weighings
                if other is not one and date in other.scores and _compatible(one.stations, other.stations)
            ]
            share = settings.support * max(lent, default=0.0)
            scores[date] = score + (1.0 - score) * share
            if lent and date == max(one.scores, key=lambda d: one.scores[d]):
                reasons.append(f"Another mark of the cover gives {date}, too.")
        supported.append(_Weighing(one.mark, one.stations, scores, reasons, one.is_ruled_out))
    return supported


def _compatible(a: Sequence[Station], b: Sequence[Station]) -> bool:
    return not a or not b or bool(set(a) & set(b))


def _settled(weighing: _Weighing, reading: DateReading, table: FlightTable, settings: FlightSettings) -> MarkDate:
    ordered = sorted(weighing.scores.items(), key=lambda item: (-item[1], item[0]))
    texts = {c.date: c.text for c in reading.alternatives} | {reading.date: reading.text}
    reasons = list(weighing.reasons)
    stations = weighing.stations
    ordered, tie = _tie_broken(ordered, stations or tuple(Station), table, settings)
    reasons += tie
    best, score = ordered[0]
    others = tuple(DateCandidate(d, s, texts[d]) for d, s in ordered[1:])
    if not stations:
        stations = tuple(s for s in Station if flies(s, best, table, settings))
        crewed = tuple(s for s in stations if aboard(s, best, table))
        if len(crewed) == 1:
            reasons.append(f"The mark names no station; on {best} only {crewed[0]} had people aboard.")
            stations = crewed
        elif crewed:
            stations = crewed
    if best != reading.date and not tie:
        reasons.append(f"{reading.date} was read with a higher score, but {best} fits better.")
    chosen = replace(reading, date=best, score=score, text=texts[best] or reading.text, alternatives=others)
    rivals = tuple(c for c in others if c.score >= settings.event_rival * score)
    return MarkDate(weighing.mark, chosen, stations, rivals, tuple(reasons))


def _tie_broken(
    ordered: list[tuple[dt.date, float]], stations: Sequence[Station], table: FlightTable, settings: FlightSettings
) -> tuple[list[tuple[dt.date, float]], list[str]]:
    """Candidates, best first, led by one on an arrival or departure where the best read one falls on a quiet day.

    Crews struck marks on such days; of all others each is unlikely. The reading is not made surer by that: the best
    read date stays a rival that keeps the answer open, and the reason says that the table has decided.
    """
    best, score = ordered[0]
    if holiday(best) or _events(best, stations, table):
        return ordered, []
    rivals = (one for one in ordered[1:] if one[1] >= settings.event_rival * score)
    chosen = next((one for one in rivals if _events(one[0], stations, table) & MOVEMENTS), None)
    if chosen is None:
        return ordered, []
    said = f"{best} was read with a higher score, but nothing is known of that day; on {chosen[0]} a ship came or went."
    return [chosen, *(one for one in ordered if one is not chosen)], [f"{said} The table decides, not the reading."]


def _events(date: dt.date, stations: Sequence[Station], table: FlightTable) -> set[EventKind]:
    """Kinds of what happened at some stations on a day, of UTC or of Moscow."""
    days = (table.events_on(date, station, zone=zone) for station in stations for zone in ZONES)
    return {event.kind for events in days for event in events}


def out_of_use(
    marks: Sequence[Mark], dates: Sequence[MarkDate], periods: Mapping[str, Period]
) -> tuple[tuple[int, Notice], ...]:
    """Dates on which the mark that carries them was not in use: place of the mark, and the notice."""
    found = []
    for date in dates:
        reference = marks[date.mark].reference
        if reference is None or reference not in periods:
            continue
        first, last = periods[reference]
        day = date.reading.date
        if first and day < first:
            limit = f"is known only from {first} on"
        elif last and day > last:
            limit = f"is known only until {last}"
        else:
            continue
        message = f"{day} in the mark {reference}, which {limit}: look again at the date and at the mark."
        found.append((date.mark, Notice("mark-not-in-use", message)))
    return tuple(found)
