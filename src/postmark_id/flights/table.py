"""The table of flights and events: loaded whole, frozen, and indexed by day.

The packaged data come for the greater part from Jonathan McDowell's General Catalog of Artificial Space Objects
(CC-BY 4.0); `ATTRIBUTION` goes wherever the table is shown. A user's overlay adds flights; a flight that the overlay
names replaces all packaged rows of that flight, so that a correction needs no edit of the packaged file.
"""

from __future__ import annotations

import datetime as dt
import os
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

import platformdirs

from postmark_id.flights import names
from postmark_id.flights.crews import Tour, tours
from postmark_id.flights.moments import Zone, parse_moment
from postmark_id.flights.rows import Columns, Problem, Row, parse, read_bytes, refuse
from postmark_id.flights.stays import (
    STAY_COLUMNS,
    Event,
    Stay,
    events_of_flight,
    flight_problems,
    in_order,
    stay_of,
)
from postmark_id.models import EventKind, Station
from postmark_id.settings import FlightSettings

ATTRIBUTION = (
    "Flight data: Jonathan C. McDowell, General Catalog of Artificial Space Objects (planet4589.org/space/gcat), "
    "CC-BY 4.0; other sources in data/SOURCES.md."
)
EVENT_COLUMNS = Columns(("event", "date_utc", "station", "kind"), ("flight_or_expedition", "remarks", "source"))
USER_TABLE_VARIABLE = "POSTMARK_ID_FLIGHTS"
ZONES: tuple[Zone, ...] = ("UTC", "Moscow")
MOVEMENTS = frozenset({EventKind.DOCKING, EventKind.UNDOCKING, EventKind.BERTHING, EventKind.RELEASE})
"""Events that bring a ship to a station or take it away."""
Span = tuple[dt.date, dt.date, str]
"""First day, last day, person."""


@dataclass(frozen=True, slots=True)
class Life:
    """When a station existed and when people lived on it.

    Attributes
    ----------
    launch, end : datetime.date
        Launch and reentry of the station; `end` is None while it flies.
    first_crew, last_crew : datetime.date or None
        First and last day with anybody aboard; `last_crew` is None while somebody is.
    """

    launch: dt.date
    end: dt.date | None
    first_crew: dt.date | None
    last_crew: dt.date | None

    def covers(self, date: dt.date) -> bool:
        """Whether the station flew on this day."""
        return self.launch <= date and (self.end is None or date <= self.end)


@dataclass(frozen=True)
class FlightTable:
    """Stays and events of the stations, with an index by day in UTC and in Moscow.

    Attributes
    ----------
    stays : tuple of Stay
    events : tuple of Event
        In the order of time: those of the stays and those of the event table.
    """

    stays: tuple[Stay, ...]
    events: tuple[Event, ...]
    riddles: tuple[str, ...] = ()
    """Crew changes that do not fit together, in words."""
    _by_day: Mapping[Zone, Mapping[dt.date, tuple[Event, ...]]] = field(repr=False, default_factory=dict)
    _flights: Mapping[str, tuple[Stay, ...]] = field(repr=False, default_factory=dict)
    _tours: Mapping[Station, tuple[Tour, ...]] = field(repr=False, default_factory=dict)
    _spans: Mapping[tuple[Station, Zone], tuple[Span, ...]] = field(repr=False, default_factory=dict)
    _movements: Mapping[Station, tuple[Event, ...]] = field(repr=False, default_factory=dict)
    _names: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)
    _lives: Mapping[Station, Life] = field(repr=False, default_factory=dict)
    _hatches: Mapping[dt.date, tuple[Event, ...]] = field(repr=False, default_factory=dict)

    @classmethod
    def build(cls, stays: Iterable[Stay], others: Iterable[Event] = ()) -> FlightTable:
        """Make a table of stays and of events that are no movement of a ship."""
        flights = _by_flight(stays)
        events = [event for rows in flights.values() for event in events_of_flight(rows)]
        events = sorted([*events, *others], key=lambda e: e.moment.order)
        by_day: dict[Zone, dict[dt.date, list[Event]]] = {zone: defaultdict(list) for zone in ZONES}
        for event in events:
            for zone in ZONES:
                by_day[zone][event.moment.day(zone)].append(event)
        hatches: dict[dt.date, list[Event]] = defaultdict(list)
        for event in events:
            closing = event.hatch_closing
            for day in {closing.day(zone) for zone in ZONES} if closing else ():
                hatches[day].append(event)
        found, riddles = tours(flights.values())
        stations = {station: tuple(t for t in found if t.station is station) for station in Station}
        return cls(
            stays=tuple(stay for rows in flights.values() for stay in rows),
            events=tuple(events),
            riddles=riddles,
            _by_day={zone: {d: tuple(e) for d, e in days.items()} for zone, days in by_day.items()},
            _flights=flights,
            _tours=stations,
            _spans={(s, z): _spans(stations[s], z) for s in Station for z in ZONES},
            _movements={s: tuple(e for e in events if e.station is s and e.kind in MOVEMENTS) for s in Station},
            _names=_index_names(flights),
            _hatches={day: tuple(some) for day, some in hatches.items()},
            _lives={s: life for s in Station if (life := _life(s, flights, stations[s]))},
        )

    @classmethod
    def load(cls, *overlays: Path, settings: FlightSettings | None = None) -> FlightTable:
        """Packaged table with the flights of overlay files on top.

        Parameters
        ----------
        *overlays : Path
            CSV files with the columns of data/flights.csv; the later one wins.
        settings : FlightSettings, optional

        Raises
        ------
        TableError
            Naming file and line where an overlay can't be used; nothing is loaded then.
        """
        if not overlays:
            return _packaged_table()
        settings = settings or FlightSettings()
        stays, others = _packaged_rows()
        for path in overlays:
            own, problems = read_stays(read_bytes(path, settings.max_table_bytes))
            if problems:
                raise refuse(str(path), problems)
            replaced = {stay.flight for stay in own}
            stays = (*(stay for stay in stays if stay.flight not in replaced), *own)
        return cls.build(stays, others)

    @classmethod
    def for_user(cls, overlay: Path | None = None, *, settings: FlightSettings | None = None) -> FlightTable:
        """Packaged table with the user's own flights: the file named, or the usual one where it exists.

        Raises
        ------
        TableError
            Where the file named is missing, or one of them can't be used.
        """
        if overlay is None and not user_table().is_file():
            return cls.load()
        return cls.load(overlay or user_table(), settings=settings)

    @property
    def end(self) -> dt.date:
        """Day of the last event known; later days are beyond the table."""
        return self.events[-1].date if self.events else dt.date.min

    def events_on(self, date: dt.date, station: Station | None = None, *, zone: Zone = "UTC") -> tuple[Event, ...]:
        """Events of a civil day in a zone, in the order of time."""
        found = self._by_day[zone].get(date, ())
        return found if station is None else tuple(e for e in found if e.station is station)

    def hatches_closed_on(self, date: dt.date, station: Station) -> tuple[Event, ...]:
        """Departures whose hatches were closed on a civil day, of UTC or of Moscow time."""
        return tuple(event for event in self._hatches.get(date, ()) if event.station is station)

    def aboard(self, station: Station, date: dt.date, *, zone: Zone = "UTC") -> tuple[str, ...]:
        """Who was aboard at some time of the day, in the order of boarding; nobody is known after the table's end."""
        if date > self.end:
            return ()
        spans = self._spans[station, zone]
        return tuple(dict.fromkeys(person for first, last, person in spans if first <= date <= last))

    def tours(self, station: Station) -> tuple[Tour, ...]:
        """Times of all people aboard a station, in the order of boarding."""
        return self._tours[station]

    def life(self, station: Station) -> Life:
        """When the station existed and was crewed.

        Raises
        ------
        KeyError
            Where the table knows no flight of that station.
        """
        return self._lives[station]

    def ships(self, station: Station) -> tuple[Event, ...]:
        """Arrivals and departures of ships, not of modules, in the order of time."""
        modules = {stay.flight for stay in self.stays if stay.vehicle == "module"}
        return tuple(event for event in self._movements[station] if event.flight not in modules)

    def neighbours(self, date: dt.date, station: Station) -> tuple[Event | None, Event | None]:
        """Last arrival or departure before a day and the first one after it."""
        movements = self._movements[station]
        before = movements[: bisect_left(movements, date, key=lambda e: e.date)]
        after = movements[bisect_right(movements, date, key=lambda e: e.date) :]
        return before[-1] if before else None, after[0] if after else None

    def find(self, name: str) -> tuple[str, ...]:
        """Flights that a name can mean, in the order of time: aliases, Cyrillic, any case, blanks and dashes."""
        return self._names.get(names.key(name), ())

    def stays_of(self, flight: str) -> tuple[Stay, ...]:
        """Stays of a flight (exact name) in the order of time; empty where it is unknown."""
        return self._flights.get(flight, ())

    def events_of(self, flight: str) -> tuple[Event, ...]:
        """Events of a flight (exact name) in the order of time."""
        return tuple(event for event in self.events if event.flight == flight)

    def stations_in_use(self, date: dt.date) -> tuple[Station, ...]:
        """Stations with people aboard on a day, counting Moscow and UTC days."""
        return tuple(s for s in Station if any(self.aboard(s, date, zone=zone) for zone in ZONES))


def user_table() -> Path:
    """File of the user's own flights: named by POSTMARK_ID_FLIGHTS, else in the user's data folder."""
    named = os.environ.get(USER_TABLE_VARIABLE)
    return Path(named) if named else platformdirs.user_data_path("postmark-id", appauthor=False) / "flights.csv"


def read_stays(data: bytes) -> tuple[tuple[Stay, ...], list[Problem]]:
    """Stays of a CSV file and everything that is wrong with it, by line."""
    rows, problems = parse(data, STAY_COLUMNS)
    stays: list[Stay] = []
    for row in rows:
        stay, bad = stay_of(row)
        problems += bad
        if stay:
            stays.append(stay)
    for flight in _by_flight(stays).values():
        problems += flight_problems(flight)
    return tuple(stays), sorted(problems, key=lambda p: p.line)


def read_events(data: bytes) -> tuple[tuple[Event, ...], list[Problem]]:
    """Events of a CSV file and everything that is wrong with it, by line."""
    rows, problems = parse(data, EVENT_COLUMNS)
    events: list[Event] = []
    for row in rows:
        try:
            events.append(_event_of(row))
        except ValueError as error:
            problems.append(Problem(row.line, str(error)))
    return tuple(events), problems


def _event_of(row: Row) -> Event:
    cells = row.cells
    return Event(
        flight=cells.get("flight_or_expedition", ""),
        station=Station(cells["station"]),
        kind=EventKind(cells["kind"]),
        moment=parse_moment(cells["date_utc"]),
        remark=cells.get("remarks", ""),
        source=cells.get("source", ""),
        title=cells["event"],
    )


@cache
def _packaged_rows() -> tuple[tuple[Stay, ...], tuple[Event, ...]]:
    folder = resources.files("postmark_id") / "data"
    stays, problems = read_stays((folder / "flights.csv").read_bytes())
    if problems:
        raise refuse("packaged flights.csv", problems)
    events, problems = read_events((folder / "events.csv").read_bytes())
    if problems:
        raise refuse("packaged events.csv", problems)
    return stays, events


@cache
def _packaged_table() -> FlightTable:
    return FlightTable.build(*_packaged_rows())


def _by_flight(stays: Iterable[Stay]) -> dict[str, tuple[Stay, ...]]:
    flights: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        flights[stay.flight].append(stay)
    return {flight: tuple(in_order(rows)) for flight, rows in flights.items()}


def _index_names(flights: Mapping[str, Sequence[Stay]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for flight, stays in flights.items():
        for key in names.keys(flight, {alias for stay in stays for alias in stay.aliases}):
            found[key].append(flight)
    return {key: tuple(flights) for key, flights in found.items()}


def _life(station: Station, flights: Mapping[str, Sequence[Stay]], tours_here: Sequence[Tour]) -> Life | None:
    core = next((s[0] for s in flights.values() if s[0].is_core and s[0].station is station), None)
    if core is None or core.launch is None:
        return None
    open_ended = any(tour.left is None for tour in tours_here)
    return Life(
        launch=core.launch.date,
        end=core.landing.date if core.landing else None,
        first_crew=min((t.boarded.date for t in tours_here), default=None),
        last_crew=None if open_ended else max((t.left.date for t in tours_here if t.left), default=None),
    )


def _spans(tours_here: Sequence[Tour], zone: Zone) -> tuple[Span, ...]:
    return tuple(
        (tour.boarded.day(zone), tour.left.day(zone) if tour.left else dt.date.max, tour.person) for tour in tours_here
    )
