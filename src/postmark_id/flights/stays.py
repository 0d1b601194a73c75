"""One row of the flight table, and the dated events that the rows of a flight mean.

A flight has one row for each port that it occupied. Between two rows of a flight at the same station lies either a
*relocation* (it came back within `RELOCATION`, or the arm or a module's own crane moved it) or a real departure and
return. `docking_utc` of a ship that the arm captures is its berthing, `undocking_utc` its release.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from postmark_id.flights.moments import Moment, parse_moment
from postmark_id.flights.rows import Columns, Problem, Row
from postmark_id.models import EventKind, Station

STAY_COLUMNS = Columns(
    ("flight", "vehicle_type", "station", "docking_utc", "undocking_utc"),
    (
        *("aliases", "crewed", "port", "launch_utc", "landing_utc"),
        *("hatch_closing_utc", "crew_up", "crew_down", "remarks", "source"),
    ),
)
VEHICLES = (
    *("soyuz", "progress", "shuttle", "module", "other", "atv", "htv", "htv-x"),
    *("cygnus", "dragon-cargo", "dragon-crew", "starliner", "dream-chaser"),
)
RELOCATION = dt.timedelta(hours=36)
"""A ship that is back at its station within this time was relocated; Progress MS-17 took 29 hours."""

_BERTHED = {"cygnus", "htv", "htv-x", "dream-chaser"}
_LANDS = {"soyuz", "shuttle", "dragon-cargo", "dragon-crew", "starliner", "dream-chaser"}
_COMPANION = re.compile(r"(?:delivered by|flown as|flown with|deorbited by) ([^;,()]+)")
_STATIONS = frozenset(Station)
_FIRST = (dt.date.min, dt.time.min)
_MOMENTS = ("launch_utc", "docking_utc", "hatch_closing_utc", "undocking_utc", "landing_utc")


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of a flight at one port; `line` is where the table says so."""

    flight: str
    station: Station
    vehicle: str
    crewed: bool = False
    aliases: tuple[str, ...] = ()
    port: str = ""
    launch: Moment | None = None
    docking: Moment | None = None
    hatch_closing: Moment | None = None
    undocking: Moment | None = None
    landing: Moment | None = None
    crew_up: tuple[str, ...] = ()
    crew_down: tuple[str, ...] = ()
    remarks: str = ""
    source: str = ""
    line: int = 0

    @property
    def companions(self) -> tuple[str, ...]:
        """Flights that carried this one: a module and the ship that brought it are one event."""
        return tuple(name.strip() for name in _COMPANION.findall(self.remarks))

    @property
    def berths(self) -> bool:
        """Captured and berthed by the arm instead of docking by itself."""
        if self.vehicle == "module":
            return "delivered by" in self.remarks
        return self.vehicle in _BERTHED or (self.vehicle == "dragon-cargo" and "IDA" not in self.port)

    @property
    def is_core(self) -> bool:
        """The first module of a station, which never docked to anything."""
        return self.vehicle == "module" and self.docking is None


@dataclass(frozen=True, slots=True)
class Event:
    """Something dated that happened at a station.

    Attributes
    ----------
    flight : str
        Flight, or expedition, that it belongs to; empty where it belongs to none.
    station : Station
    kind : EventKind
    moment : Moment
    remark : str
        What the table says about it.
    source : str
        Codes of data/SOURCES.md.
    title : str
        What happened, for events that are no movement of a ship.
    companions : tuple of str
        Other flights to which the same event belongs.
    hatch_closing : Moment or None
        When the hatches were closed before this departure, where that is known.
    """

    flight: str
    station: Station
    kind: EventKind
    moment: Moment
    remark: str = ""
    source: str = ""
    title: str = ""
    companions: tuple[str, ...] = ()
    hatch_closing: Moment | None = None

    @property
    def date(self) -> dt.date:
        """Civil day in UTC."""
        return self.moment.date

    @property
    def time(self) -> str:
        """ISO time in UTC, or only the date."""
        return self.moment.iso


def stay_of(row: Row) -> tuple[Stay | None, list[Problem]]:
    """Read a row; every cell that can't be understood is a problem, and then there is no stay."""
    problems: list[Problem] = []
    cells = {name: row.cells.get(name, "") for name in STAY_COLUMNS.all}
    moments: dict[str, Moment | None] = {}
    for column in _MOMENTS:
        try:
            moments[column] = parse_moment(cells[column]) if cells[column] else None
        except ValueError as error:
            problems.append(Problem(row.line, f"{column} {error}"))
    if not cells["flight"]:
        problems.append(Problem(row.line, "the flight has no name"))
    if cells["station"] not in _STATIONS:
        known = ", ".join(Station)
        problems.append(Problem(row.line, f"station {cells['station']!r} is unknown; known are {known}"))
    if cells["vehicle_type"] not in VEHICLES:
        known = ", ".join(VEHICLES)
        problems.append(Problem(row.line, f"vehicle_type {cells['vehicle_type']!r} is unknown; known are {known}"))
    if cells["crewed"] not in {"yes", "no", ""}:
        problems.append(Problem(row.line, f"crewed {cells['crewed']!r} is neither yes nor no"))
    if problems:
        return None, problems
    stay = Stay(
        flight=cells["flight"],
        station=Station(cells["station"]),
        vehicle=cells["vehicle_type"],
        crewed=cells["crewed"] == "yes",
        aliases=_names(cells["aliases"]),
        port=cells["port"],
        launch=moments["launch_utc"],
        docking=moments["docking_utc"],
        hatch_closing=moments["hatch_closing_utc"],
        undocking=moments["undocking_utc"],
        landing=moments["landing_utc"],
        crew_up=_names(cells["crew_up"]),
        crew_down=_names(cells["crew_down"]),
        remarks=cells["remarks"],
        source=cells["source"],
        line=row.line,
    )
    problems = list(_order_problems(stay))
    return (None if problems else stay), problems


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(";") if name.strip())


def _order_problems(stay: Stay) -> Iterator[Problem]:
    if not any((stay.launch, stay.docking, stay.undocking, stay.landing)):
        yield Problem(stay.line, f"{stay.flight} has no date at all")
    known = [
        (name, moment)
        for name, moment in (
            ("launch", stay.launch),
            ("docking", stay.docking),
            ("hatch closing", stay.hatch_closing),
            ("undocking", stay.undocking),
            ("landing", stay.landing),
        )
        if moment
    ]
    for (early, a), (late, b) in pairwise(known):
        if is_before(b, a):
            yield Problem(stay.line, f"{stay.flight}: {late} {b.iso} lies before {early} {a.iso}")


def is_before(a: Moment, b: Moment) -> bool:
    """Whether `a` lies surely before `b`; a moment without a time lies anywhere in its day."""
    if a.time is None or b.time is None:
        return a.date < b.date
    return a.order < b.order


def flight_problems(stays: Sequence[Stay]) -> Iterator[Problem]:
    """What is wrong between the rows of one flight: doubled or overlapping stays."""
    ordered = in_order(stays)
    for stay, later in pairwise(ordered):
        if stay.docking == later.docking:
            yield Problem(later.line, f"{stay.flight} stands twice with the same docking (line {stay.line}, too)")
        elif later.docking and (stay.undocking is None or is_before(later.docking, stay.undocking)):
            yield Problem(later.line, f"{stay.flight} docks again before it undocked (see line {stay.line})")


def in_order(stays: Iterable[Stay]) -> list[Stay]:
    """Stays of one flight in the order of time; one that never docked comes first."""
    return sorted(stays, key=lambda s: s.docking.order if s.docking else _FIRST)


def events_of_flight(stays: Sequence[Stay]) -> Iterator[Event]:
    """Launch, arrivals, relocations, departures and landing of one flight, from its rows in order."""
    first, last = stays[0], stays[-1]
    if first.launch and not first.companions:
        yield _event(first, EventKind.LAUNCH, first.launch)
    for place, stay in enumerate(stays):
        before = stays[place - 1] if place else None
        after = stays[place + 1] if place + 1 < len(stays) else None
        if stay.docking:
            if before and _is_relocation(before, stay):
                yield from _relocation(before, stay)
            else:
                yield _event(stay, EventKind.BERTHING if stay.berths else EventKind.DOCKING, stay.docking)
        if stay.undocking and not (after and _is_relocation(stay, after)):
            departure = _event(stay, EventKind.RELEASE if stay.berths else EventKind.UNDOCKING, stay.undocking)
            yield replace(departure, hatch_closing=stay.hatch_closing)
    went_down_with_station = last.docking is not None and last.undocking is None and "never undocked" in last.remarks
    if last.landing and not went_down_with_station and not last.is_core and last.vehicle != "module":
        yield _event(last, EventKind.LANDING if last.vehicle in _LANDS else EventKind.REENTRY, last.landing)


def _event(stay: Stay, kind: EventKind, moment: Moment) -> Event:
    return Event(stay.flight, stay.station, kind, moment, stay.remarks, stay.source, companions=stay.companions)


def _is_relocation(stay: Stay, later: Stay) -> bool:
    if stay.station is not later.station or stay.undocking is None or later.docking is None:
        return False
    moved = stay.vehicle == "module" or stay.berths
    return moved or later.docking.instant - stay.undocking.instant <= RELOCATION


def _relocation(stay: Stay, later: Stay) -> Iterator[Event]:
    """One event; two where leaving and coming back fall on different days."""
    assert stay.undocking is not None
    assert later.docking is not None
    if stay.undocking.date != later.docking.date:
        yield _event(stay, EventKind.RELOCATION, stay.undocking)
    yield _event(later, EventKind.RELOCATION, later.docking)
