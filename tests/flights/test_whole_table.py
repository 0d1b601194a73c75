"""Over the whole table: a mark of an arrival or departure day names that flight."""

from __future__ import annotations

import pytest
from flight_marks import MakeMark

from postmark_id.flights.match import explain
from postmark_id.flights.stays import Event
from postmark_id.flights.table import MOVEMENTS, ZONES, FlightTable
from postmark_id.models import Outcome


def days_of(event: Event) -> list[str]:
    return sorted({event.moment.day(zone).isoformat() for zone in ZONES})


def one_party(a: Event, b: Event) -> bool:
    return bool({a.flight, *a.companions} & {b.flight, *b.companions})


def test_a_mark_of_every_arrival_and_departure_names_its_flight(
    make_mark: MakeMark, table: FlightTable, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = shared = empty = 0
    for event in (event for event in table.events if event.kind in MOVEMENTS):
        for day in days_of(event):
            story = explain([make_mark(event.station, day)], table)
            tried += 1
            first = story.flights[0]
            named = next(e for e in table.events if e.flight == first.flight and e.time == first.event_time)
            assert event.flight in {flight.flight for flight in story.flights}, (event, day)
            if not one_party(event, named):
                shared += 1
                assert story.outcome is Outcome.AMBIGUOUS, (event, day)
            elif story.outcome is Outcome.AMBIGUOUS and not story.dates[0].aboard:
                empty += 1
            elif story.outcome is not Outcome.IDENTIFIED:
                shared += 1
                others = {f.flight for f in story.flights if f.days_off == 0} - {event.flight}
                assert others, (event, day)
    with capsys.disabled():
        print(f"\n{tried} days of arrivals and departures: {shared} shared with others, {empty} with nobody aboard")
    assert tried > 1050
    assert shared < tried // 20
