"""What a cover says without an on-board date: which flights its marks allow, and what its ground cancels point to.

All of this is weaker than a date of an on-board mark. It never enters `dates`, carries `FlightSettings.hint` as its
weight, and every reason calls it a hint. A ground cancel is struck where ships are launched or land, so its place,
where the lettering gives one, says which of the two to look for; a pictorial cancel may carry a docking date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from postmark_id.flights.answers import Answer
from postmark_id.flights.names import key
from postmark_id.flights.ranking import PORT_EVENTS, Ranked, by_moscow, name, rank, same_day_in, sentence
from postmark_id.flights.settling import MarkDate, Period, Priors, is_board, is_ground, is_rescue_pentagon, stations_of
from postmark_id.flights.stays import Event
from postmark_id.flights.table import FlightTable
from postmark_id.models import DateReading, EventKind, FlightMatch, Mark, Notice, Shape, Station
from postmark_id.settings import FlightSettings

_PLACES: tuple[tuple[frozenset[EventKind], tuple[str, ...]], ...] = (
    (PORT_EVENTS, ("docking", "stykovk")),
    (
        frozenset({EventKind.LANDING}),
        ("arkalyk", "dzhezkazgan", "zhezkazgan", "karaganda", "kustanay", "kostanay"),
    ),
    (
        frozenset({EventKind.LAUNCH, EventKind.ACCIDENT}),
        ("baykonur", "baikonur", "leninsk", "kennedy", "canaveral", "titusville", "kourou", "tanegashima", "wallops"),
    ),
)
"""Words in the lettering of ground cancels, as `names.key` writes them, and the events that they speak of."""
_ALIKE = 85.0
"""Likeness, 0..100, from which a word counts as found: one wrong letter in seven."""
_ANY = frozenset({EventKind.LAUNCH, EventKind.LANDING, EventKind.ACCIDENT})
_YEARLY = frozenset({EventKind.LAUNCH, EventKind.LANDING})
_OCTAGON_CAME_ON = "Progress 33"


def kinds_for(mark: Mark) -> frozenset[EventKind]:
    """Events that a ground cancel can be meant for, by the place in its lettering."""
    text = key(" ".join(mark.text))
    for kinds, words in _PLACES:
        # A scrap of lettering would be found inside any long word, so the text must hold the whole of it.
        whole = [word for word in words if len(text) >= len(word)]
        if any(fuzz.partial_ratio(word, text, score_cutoff=_ALIKE) for word in whole):
            return kinds
    return _ANY


def ground_events(mark: Mark, table: FlightTable) -> list[Event]:
    """Launches, landings or dockings on the civil day of a ground cancel, in UTC or in Moscow time."""
    assert mark.date is not None
    return _on_ground_day(mark.date.date, kinds_for(mark), table)


def _on_ground_day(date: dt.date, kinds: frozenset[EventKind], table: FlightTable) -> list[Event]:
    events = dict.fromkeys((*table.events_on(date), *table.events_on(date, zone="Moscow")))
    return [event for event in events if event.kind in kinds]


def from_ground(
    marks: Sequence[Mark], table: FlightTable, priors: Priors, settings: FlightSettings
) -> tuple[list[FlightMatch], list[Notice]]:
    """Flights that the dated ground cancels point to, and warnings where their year looks wrong."""
    stations = stations_of(marks, priors)
    found: list[FlightMatch] = []
    notices: list[Notice] = []
    for mark in marks:
        if mark.date is None or mark.date.score < settings.readable_date or not is_ground(mark):
            continue
        date, kinds = mark.date.date, kinds_for(mark)
        events = [e for e in _on_ground_day(date, kinds, table) if not stations or e.station in stations]
        for event in events:
            hint = f"Only a hint: {date} stands in a ground cancel, not in an on-board mark."
            reasons = (sentence(event), *by_moscow(event, date), hint)
            found.append(_hint(event, date, settings.hint * mark.date.score, reasons))
        elsewhere = mark.text and kinds == _ANY
        if not events and not elsewhere:
            for event in _year_off(date, kinds, stations, table):
                notices.append(_wrong_year(date, event))
                reasons = (sentence(event), "Only a hint: day and month of a ground cancel fit, the year is one off.")
                found.append(_hint(event, date, settings.hint * settings.year_off * mark.date.score, reasons))
    return found, notices


def ground_sentences(marks: Sequence[Mark], table: FlightTable) -> list[str]:
    """What the ground cancels of a cover with on-board dates are the days of; it stays a hint."""
    found = []
    for mark in marks:
        if mark.date and is_ground(mark):
            date = mark.date.date
            days = [
                name(event) + ", by Moscow time" * bool(by_moscow(event, date)) for event in ground_events(mark, table)
            ]
            found += [f"Hint: the ground cancel of {date} is the day of {', '.join(days)}."] if days else []
    return found


def _year_off(
    date: dt.date, kinds: frozenset[EventKind], stations: Sequence[Station], table: FlightTable
) -> list[Event]:
    days = [day for year in (date.year + 1, date.year - 1) if (day := same_day_in(date, year))]
    events = [event for day in days for event in _on_ground_day(day, kinds & _YEARLY, table)]
    return [event for event in events if not stations or event.station in stations]


def _wrong_year(date: dt.date, event: Event) -> Notice:
    message = f"Nothing fits {date}, but {event.date.year} does: {sentence(event)} The year may be set wrong."
    return Notice("wrong-year", message)


def _hint(event: Event, date: dt.date, score: float, reasons: tuple[str, ...]) -> FlightMatch:
    return FlightMatch(
        flight=event.flight or event.title,
        station=event.station,
        event=event.kind,
        event_time=event.time,
        date=date,
        days_off=(_nearest_day(event, date) - date).days,
        score=score,
        reasons=reasons,
    )


def _nearest_day(event: Event, date: dt.date) -> dt.date:
    return min((event.moment.day("UTC"), event.moment.day("Moscow")), key=lambda day: abs((day - date).days))


def from_marks(
    marks: Sequence[Mark], table: FlightTable, periods: Mapping[str, Period], settings: FlightSettings
) -> tuple[list[FlightMatch], list[str]]:
    """Flights and sentences that undated marks allow: stations seen together, and times of use."""
    board = [mark for mark in marks if is_board(mark)]
    stations = tuple(dict.fromkeys(mark.station for mark in board if mark.station))
    found: list[FlightMatch] = []
    story: list[str] = []
    if len(stations) > 1:
        found = [_visited(flight, stations, table, settings) for flight in visitors(stations, table)]
        named = " and ".join(stations)
        names = ", ".join(match.flight for match in found) or "no flight of the table"
        story.append(f"Marks of {named} stand on one cover; {names} visited both.")
    for mark in board:
        sentence_of_use = _use(mark, table, periods)
        if sentence_of_use and sentence_of_use not in story:
            story.append(sentence_of_use)
    return found, story


def visitors(stations: Sequence[Station], table: FlightTable) -> list[str]:
    """Crewed flights that visited all of the stations, in the order of time."""
    visited: dict[str, set[Station]] = {}
    for stay in table.stays:
        if stay.crewed and stay.docking:
            visited.setdefault(stay.flight, set()).add(stay.station)
    return [flight for flight, seen in visited.items() if seen >= set(stations)]


def _visited(flight: str, stations: Sequence[Station], table: FlightTable, settings: FlightSettings) -> FlightMatch:
    """The docking with which the last of the stations was reached."""
    arrivals = [e for e in table.events_of(flight) if e.kind is EventKind.DOCKING]
    first = {s: next(e for e in arrivals if e.station is s) for s in stations}
    event = max(first.values(), key=lambda e: e.moment.order)
    reasons = (
        f"{flight} visited {' and '.join(stations)}, and the cover carries marks of both.",
        sentence(event),
        "Only a hint: it rests on the marks alone, and on no date.",
    )
    return _hint(event, event.date, settings.hint, reasons)


def octagon_came(table: FlightTable) -> dt.date | None:
    """Day on which the octagon of Mir came aboard."""
    return next((e.date for e in table.events_of(_OCTAGON_CAME_ON) if e.kind is EventKind.DOCKING), None)


def early_octagons(
    marks: Sequence[Mark], dates: Sequence[MarkDate], table: FlightTable
) -> Iterator[tuple[int, Notice]]:
    """Dates in octagons of Mir from before there were any: place of the mark, and the notice."""
    came = octagon_came(table)
    for one in dates:
        mark = marks[one.mark]
        is_octagon = mark.station is Station.MIR and mark.shape is Shape.OCTAGON
        if came and is_octagon and one.reading.date < came:
            message = (
                f"{one.reading.date} in an octagon of Mir, which came up on {_OCTAGON_CAME_ON} on {came}: look again "
                "at the date and at the mark."
            )
            yield one.mark, Notice("mark-not-in-use", message)


def _use(mark: Mark, table: FlightTable, periods: Mapping[str, Period]) -> str:
    if mark.station is Station.MIR and mark.shape is Shape.OCTAGON and (came := octagon_came(table)):
        return f"The octagon of Mir came up on {_OCTAGON_CAME_ON}: this strike is not older than {came}."
    first, last = periods.get(mark.reference or "", (None, None))
    if first and last:
        return f"The mark {mark.reference} is known from {first} to {last}."
    if first:
        return f"The mark {mark.reference} is known from {first} on."
    return f"The mark {mark.reference} is known until {last}." if last else ""


def from_unknown(
    marks: Sequence[Mark], table: FlightTable, priors: Priors, settings: FlightSettings
) -> tuple[list[Ranked], list[Notice]]:
    """Flights for dated marks of which it is not known whether they were struck aboard, and a warning for each."""
    stations = stations_of(marks, priors)
    found: list[Ranked] = []
    notices: list[Notice] = []
    for mark, reading in _undecided(marks, settings.readable_date):
        date = reading.date
        notices.append(uncertain(date))
        where = (mark.station,) if mark.station else stations or table.stations_in_use(date)
        for ranked in rank(date, reading.score * settings.hint, where, table, settings):
            if ranked.event.kind in PORT_EVENTS and ranked.match.days_off == 0:
                reason = "Only a hint: it is not known whether the mark with this date was struck aboard."
                found.append(replace(ranked, match=replace(ranked.match, reasons=(*ranked.match.reasons, reason))))
    return found, notices


def open_days(
    marks: Sequence[Mark], answers: Sequence[Answer], table: FlightTable, settings: FlightSettings
) -> list[dt.date]:
    """Days that may be further ones aboard: of the marks they stand in nobody knows where they were struck."""
    stations = {station for answer in answers for station in answer.stations}
    known = {answer.date for answer in answers}
    return sorted(
        {
            reading.date
            for _, reading in _undecided(marks, settings.sure_date_on_event)
            if reading.date not in known and stations & set(table.stations_in_use(reading.date))
        }
    )


def _undecided(marks: Sequence[Mark], least: float) -> Iterator[tuple[Mark, DateReading]]:
    """Marks of which nobody can say whether they were struck aboard, with dates of some score."""
    for mark in marks:
        decided = is_board(mark) or is_ground(mark) or is_rescue_pentagon(mark)
        if mark.date is not None and mark.date.score >= least and not decided:
            yield mark, mark.date


def uncertain(date: dt.date) -> Notice:
    """The warning of a date in such a mark."""
    message = f"{date} stands in a mark of which it is not known whether it was struck aboard."
    return Notice("uncertain-mark", message)
