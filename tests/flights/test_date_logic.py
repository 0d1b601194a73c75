"""The logic of days, years and zones on tables of one flight, so that nothing else can explain a date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from flight_marks import SEEDED, build_mark
from hypothesis import assume, example, given
from hypothesis import strategies as st

from postmark_id.flights.match import FlightStory, Priors, explain
from postmark_id.flights.moments import Moment
from postmark_id.flights.stays import Stay
from postmark_id.flights.table import FlightTable
from postmark_id.models import EventKind, Outcome, Station

DAY = dt.timedelta(days=1)
LAUNCHED, ENDED = dt.date(1986, 2, 20), dt.date(2001, 3, 23)
times = st.datetimes(dt.datetime(1987, 6, 1), dt.datetime(1999, 6, 1)).map(lambda t: t.replace(second=0, microsecond=0))
evenings = st.builds(
    lambda date, minutes: dt.datetime.combine(date, dt.time(19)) + dt.timedelta(minutes=minutes),
    st.dates(dt.date(1987, 6, 1), dt.date(1999, 6, 1)),
    st.integers(0, 299),
)


@dataclass(frozen=True)
class World:
    """A station with a crew that never leaves, and one ship that docks and undocks."""

    table: FlightTable
    docking: Moment

    def struck(self, date: dt.date, **more: object) -> FlightStory:
        return explain([build_mark("Mir", date.isoformat())], self.table, **more)


def world(docking: dt.datetime, *, station: Station = Station.MIR, hatch: dt.timedelta | None = None) -> World:
    """Crew from the first day on; the ship stays for a hundred days."""
    arrival, left = Moment(docking.date(), docking.time()), docking + 100 * DAY
    closed = left - hatch if hatch is not None else None
    stays = [
        Stay("Core", station, "module", launch=Moment(LAUNCHED), landing=Moment(ENDED)),
        Stay("Crew", station, "soyuz", True, docking=Moment(LAUNCHED + DAY), crew_up=("Somebody",)),
        Stay(
            "Ship",
            station,
            "progress",
            docking=arrival,
            hatch_closing=Moment(closed.date(), closed.time()) if closed else None,
            undocking=Moment(left.date(), left.time()),
        ),
        Stay("Last", station, "progress", launch=Moment(ENDED)),
    ]
    return World(FlightTable.build(stays), arrival)


def codes(story: FlightStory) -> set[str]:
    return {warning.code for warning in story.warnings}


# Time zones


@SEEDED
@given(evenings)
@example(dt.datetime(1988, 2, 28, 22, 0))
@example(dt.datetime(1992, 2, 29, 23, 59))
@example(dt.datetime(1995, 12, 31, 21, 0))
@example(dt.datetime(1987, 7, 1, 20, 0))
def test_an_arrival_is_named_on_its_day_in_utc_and_on_its_day_in_moscow(time: dt.datetime) -> None:
    one = world(time)
    days = {one.docking.day("UTC"), one.docking.day("Moscow")}
    for date in days:
        story = one.struck(date)
        assert story.outcome is Outcome.IDENTIFIED
        assert (story.flights[0].flight, story.flights[0].days_off) == ("Ship", 0)
        assert any("Moscow" in reason for reason in story.flights[0].reasons) is (len(days) == 2)


@SEEDED
@given(times)
def test_the_day_beside_is_open_and_a_day_farther_is_quiet(time: dt.datetime) -> None:
    one = world(time)
    first, last = one.docking.day("UTC"), one.docking.day("Moscow")
    for date in (first - DAY, last + DAY):
        story = one.struck(date)
        assert story.outcome is Outcome.AMBIGUOUS
        assert abs(story.flights[0].days_off) == 1
    for date in (first - 2 * DAY, last + 2 * DAY):
        story = one.struck(date)
        assert story.outcome is Outcome.NO_EVENT
        assert story.flights == ()


# Years


@SEEDED
@given(times, st.sampled_from([-1, 1]))
def test_a_year_off_is_told_and_never_identified(time: dt.datetime, years: int) -> None:
    one = world(time)
    date = one.docking.day("UTC")
    assume((date.month, date.day) != (2, 29))
    story = one.struck(date.replace(year=date.year + years))
    assert story.outcome is Outcome.NO_EVENT
    assert "wrong-year" in codes(story)
    assert story.flights[0].flight == "Ship"
    assert abs(story.flights[0].days_off) in {365, 366}


@SEEDED
@given(times, st.sampled_from([-2, 2]))
def test_two_years_off_is_no_year_off(time: dt.datetime, years: int) -> None:
    one = world(time)
    date = one.docking.day("UTC")
    assume((date.month, date.day) != (2, 29))
    assert "wrong-year" not in codes(one.struck(date.replace(year=date.year + years)))


@SEEDED
@given(times, st.integers(1, 4000))
@example(dt.datetime(1990, 1, 1), 1)
def test_no_flight_is_named_outside_the_life_of_the_station_or_the_days_given(time: dt.datetime, days: int) -> None:
    one = world(time)
    for date in (LAUNCHED - days * DAY, ENDED + days * DAY):
        story = one.struck(date)
        assert (story.outcome, story.flights, story.dates) == (Outcome.DATE_UNREAD, (), ())
        assert codes(story) == {"outside-station-life"}
    day = one.docking.day("UTC")
    for priors in (Priors(after=day + days * DAY), Priors(before=day - days * DAY)):
        story = one.struck(day, priors=priors)
        assert (story.outcome, story.flights) == (Outcome.DATE_UNREAD, ())
        assert codes(story) == {"outside-limits"}
    story = one.struck(day, priors=Priors(after=day, before=day))
    assert story.outcome is Outcome.IDENTIFIED


# Leap days


@pytest.mark.parametrize("year", [1988, 1992, 1996])
def test_a_leap_day_is_a_day_like_others(year: int) -> None:
    one = world(dt.datetime(year, 2, 29, 12))
    assert one.struck(dt.date(year, 2, 29)).outcome is Outcome.IDENTIFIED
    for beside in (dt.date(year, 2, 28), dt.date(year, 3, 1)):
        assert one.struck(beside).outcome is Outcome.AMBIGUOUS
    for other in (dt.date(year + 1, 2, 28), dt.date(year + 1, 3, 1), dt.date(year - 1, 2, 28)):
        story = one.struck(other)
        assert story.outcome is Outcome.NO_EVENT
        assert "wrong-year" not in codes(story)


@pytest.mark.parametrize("year", [1987, 1989, 1990])
def test_a_leap_day_of_the_year_beside_is_not_the_first_of_march(year: int) -> None:
    one = world(dt.datetime(year, 3, 1, 12))
    for leap in (y for y in (year - 1, year + 1) if y % 4 == 0):
        story = one.struck(dt.date(leap, 2, 29))
        assert story.outcome is Outcome.NO_EVENT
        assert "wrong-year" not in codes(story)


# Closing of the hatches


@SEEDED
@given(evenings, st.integers(2, 40))
def test_the_day_on_which_the_hatches_were_closed_means_the_ship_that_left(time: dt.datetime, hours: int) -> None:
    one = world(time, hatch=dt.timedelta(hours=hours))
    (departure,) = (e for e in one.table.events if e.kind is EventKind.UNDOCKING)
    assert departure.hatch_closing is not None
    for date in {departure.hatch_closing.day("UTC"), departure.hatch_closing.day("Moscow")}:
        story = one.struck(date)
        first = story.flights[0]
        assert (first.flight, first.event) == ("Ship", EventKind.UNDOCKING)
        if date in {departure.moment.day("UTC"), departure.moment.day("Moscow")}:
            assert first.days_off == 0
            continue
        assert any("hatches" in reason and str(departure.hatch_closing.date) in reason for reason in first.reasons)
        assert first.days_off == (departure.date - date).days
        within_a_day = first.days_off == 1
        assert story.outcome is (Outcome.IDENTIFIED if within_a_day else Outcome.NO_EVENT)


def test_hatches_closed_stand_between_a_docking_and_a_launch() -> None:
    left = dt.datetime(1990, 4, 11, 12)
    first = world(left - 100 * DAY, hatch=DAY)
    stays = [*first.table.stays]
    launched = Stay(
        "Next", Station.MIR, "progress", launch=Moment(dt.date(1990, 4, 10)), docking=Moment(dt.date(1990, 5, 1))
    )
    with_launch = World(FlightTable.build([*stays, launched]), first.docking)
    assert [f.flight for f in with_launch.struck(dt.date(1990, 4, 10)).flights[:2]] == ["Ship", "Next"]
    docked = Stay("Next", Station.MIR, "progress", docking=Moment(dt.date(1990, 4, 10)))
    with_docking = World(FlightTable.build([*stays, docked]), first.docking)
    assert [f.flight for f in with_docking.struck(dt.date(1990, 4, 10)).flights[:2]] == ["Next", "Ship"]
