"""From marks and dates to flights: reasons, doubts, warnings, expectations."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from flight_marks import SEEDED, MakeMark
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmark_id.flights.match import FlightStory, Priors, explain, near
from postmark_id.flights.settling import Period
from postmark_id.flights.story import left_open
from postmark_id.flights.table import FlightTable
from postmark_id.models import EventKind, Kind, Outcome, Shape, Station
from postmark_id.settings import FlightSettings

day = dt.date.fromisoformat
FIXTURES = settings(SEEDED, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def codes(story: FlightStory) -> set[str]:
    return {warning.code for warning in story.warnings}


def first(story: FlightStory) -> tuple[str, EventKind]:
    return story.flights[0].flight, story.flights[0].event


# Which dates count


def test_a_cover_without_marks_has_no_mark(table: FlightTable) -> None:
    story = explain([], table)
    assert story.outcome is Outcome.NO_MARK
    assert story.flights == ()
    assert story.expectation is None


def test_an_undated_seal_leaves_the_date_unread(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", kind=Kind.STATION_SEAL, shape=Shape.PENTAGON)], table)
    assert story.outcome is Outcome.DATE_UNREAD
    assert "may be on the reverse" in " ".join(story.story)


def test_a_board_postmark_counts_even_where_nobody_said_it_was_aboard(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1997-02-12", on_board=None)], table)
    assert story.outcome is Outcome.IDENTIFIED


def test_the_date_of_a_ground_cancel_never_enters_the_dates(make_mark: MakeMark, table: FlightTable) -> None:
    ground = make_mark(None, "1997-02-12", kind=Kind.GROUND_CANCEL, on_board=False, text=("HOUSTON DOCKING MISSION",))
    story = explain([ground], table)
    assert story.dates == ()
    assert story.outcome is Outcome.NO_MARK
    assert codes(story) == {"ground-cancel-only"}
    assert first(story) == ("Soyuz TM-25", EventKind.DOCKING)
    assert story.flights[0].score < 0.5
    assert "Only a hint" in " ".join(story.flights[0].reasons)


def test_a_ground_cancel_beside_a_board_date_only_adds_to_the_story(make_mark: MakeMark, table: FlightTable) -> None:
    ground = make_mark(None, "1997-02-10", kind=Kind.GROUND_CANCEL, on_board=False, text=("БАЙКОНУР",))
    story = explain([make_mark("Mir", "1997-02-12"), ground], table)
    assert story.outcome is Outcome.IDENTIFIED
    assert len(story.dates) == 1
    assert "Hint: the ground cancel of 1997-02-10 is the day of Soyuz TM-25 (launch, 1997-02-10)." in story.story


def test_the_place_of_a_ground_cancel_says_what_to_look_for(make_mark: MakeMark, table: FlightTable) -> None:
    def ground(place: str) -> FlightStory:
        mark = make_mark(None, "1991-10-10", kind=Kind.GROUND_CANCEL, on_board=False, text=(place,))
        return explain([mark], table)

    assert first(ground("АРКАЛЫК")) == ("Soyuz TM-12", EventKind.LANDING)
    assert first(ground("АРКАЛЬ1К ПОЧТАМТ СССР")) == ("Soyuz TM-12", EventKind.LANDING)
    assert ground("БАЙКОНУР").flights == ()
    assert ground("CCCP БАЙК0НУР ПОЧТА").flights == ()
    assert first(ground("DOC")) == ("Soyuz TM-12", EventKind.LANDING)
    assert first(ground("")) == first(ground("МОСКВА")) == ("Soyuz TM-12", EventKind.LANDING)


def test_a_city_far_from_the_pads_gets_no_wrong_year(make_mark: MakeMark, table: FlightTable) -> None:
    def ground(place: str) -> set[str]:
        mark = make_mark(None, "1991-03-17", kind=Kind.GROUND_CANCEL, on_board=False, text=(place,))
        return codes(explain([mark], table))

    assert "wrong-year" in ground("ЛЕНИНСК")
    assert "wrong-year" not in ground("МОСКВА")


def test_the_red_pentagon_of_the_rescuers_names_nothing(make_mark: MakeMark, table: FlightTable) -> None:
    red = make_mark(None, "1990-08-09", kind=Kind.STATION_SEAL, shape=Shape.PENTAGON, ink="red", on_board=None)
    story = explain([red], table)
    assert story.outcome is Outcome.NO_MARK
    assert story.dates == ()
    assert story.flights == ()
    assert codes(story) == {"red-pentagon"}


def test_a_red_pentagon_that_names_mir_is_a_seal_of_mir(make_mark: MakeMark, table: FlightTable) -> None:
    red = make_mark("Mir", "1990-08-09", kind=Kind.STATION_SEAL, shape=Shape.PENTAGON, ink="red", on_board=None)
    story = explain([red], table)
    assert story.outcome is Outcome.IDENTIFIED
    assert codes(story) == set()


def test_a_date_in_an_unknown_mark_beside_a_seal_is_only_a_hint(make_mark: MakeMark, table: FlightTable) -> None:
    seal = make_mark("Mir", kind=Kind.STATION_SEAL, shape=Shape.OCTAGON)
    unknown = make_mark(None, "1997-02-12", kind=Kind.UNKNOWN, on_board=None)
    story = explain([seal, unknown], table)
    assert story.outcome is Outcome.AMBIGUOUS
    assert story.dates == ()
    assert first(story) == ("Soyuz TM-25", EventKind.DOCKING)
    assert codes(story) == {"uncertain-mark"}
    faint = make_mark(None, "1997-02-12", kind=Kind.UNKNOWN, on_board=None, score=0.1)
    assert explain([seal, faint], table).outcome is Outcome.DATE_UNREAD


@pytest.mark.parametrize(
    ("day", "score", "open_"),
    [("1990-02-01", 0.9, True), ("1990-02-01", 0.4, False), ("1997-02-12", 0.9, False), ("2004-02-01", 0.9, False)],
)
def test_an_unknown_mark_that_may_bear_one_more_date_leaves_an_answer_open(
    make_mark: MakeMark, table: FlightTable, day: str, score: float, open_: bool
) -> None:
    board = make_mark("Mir", "1997-02-12")
    unknown = make_mark(None, day, kind=Kind.UNKNOWN, on_board=None, score=score)
    story = explain([board, unknown], table)
    assert first(story) == ("Soyuz TM-25", EventKind.DOCKING)
    assert story.outcome is (Outcome.AMBIGUOUS if open_ else Outcome.IDENTIFIED)
    assert ("uncertain-mark" in codes(story)) is open_
    assert bool(left_open(story.story)) is open_


def test_a_dated_mark_of_which_nothing_is_known_is_warned_of_without_any_ship(
    make_mark: MakeMark, table: FlightTable
) -> None:
    story = explain([make_mark(None, "1990-02-01", kind=Kind.UNKNOWN, on_board=None)], table)
    assert story.outcome is Outcome.NO_MARK
    assert codes(story) == {"uncertain-mark"}
    assert "1990-02-01" in story.warnings[0].message


def test_a_hint_that_fits_by_moscow_time_only_says_so(make_mark: MakeMark, table: FlightTable) -> None:
    ground = make_mark(None, "1989-09-06", kind=Kind.GROUND_CANCEL, on_board=False, text=("ЛЕНИНСК",))
    reasons = explain([ground], table).flights[0].reasons
    assert "It was 01:38 Moscow time on 1989-09-06 then." in reasons
    told = explain([make_mark("Mir", "1989-09-08"), ground], table).story
    assert (
        "Hint: the ground cancel of 1989-09-06 is the day of Soyuz TM-8 (launch, 1989-09-05), by Moscow time." in told
    )
    early = replace(ground, date=replace(ground.date, date=day("1989-09-05"))) if ground.date else ground
    assert not any("Moscow" in reason for reason in explain([early], table).flights[0].reasons)


# Candidates of a reading


def test_two_close_readings_stay_open(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1996-08-19", score=0.6, alternatives=(("1996-09-19", 0.55),))], table)
    assert story.outcome is Outcome.AMBIGUOUS
    assert {("Soyuz TM-24", day("1996-08-19")), ("STS-79", day("1996-09-19"))} <= {
        (flight.flight, flight.date) for flight in story.flights
    }


def test_the_table_decides_between_unequal_readings_and_says_so(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1997-02-12", score=0.82, alternatives=(("1997-02-17", 0.48),))], table)
    assert story.outcome is Outcome.IDENTIFIED
    assert "the table decides" in " ".join(story.flights[0].reasons)


def test_the_table_breaks_a_tie_says_so_and_leaves_it_open(make_mark: MakeMark, table: FlightTable) -> None:
    mark = make_mark("Mir", "1997-02-17", score=0.5, alternatives=(("1997-02-12", 0.48),))
    story = explain([mark], table)
    assert story.outcome is Outcome.AMBIGUOUS
    assert first(story) == ("Soyuz TM-25", EventKind.DOCKING)
    (date,) = story.dates
    assert (date.reading.date, date.reading.score) == (day("1997-02-12"), 0.48)
    assert [(one.date, one.score) for one in date.reading.alternatives] == [(day("1997-02-17"), 0.5)]
    assert "The table decides, not the reading." in " ".join((*story.story, *story.flights[0].reasons))
    assert mark.date is not None
    assert mark.date.date == day("1997-02-17"), "what was read stays with its mark"


@pytest.mark.parametrize(
    ("read", "other", "score"),
    [
        ("1997-02-17", "1997-02-12", 0.1),  # hardly read
        ("1997-02-17", "1997-02-18", 0.48),  # as quiet a day
        ("1997-04-12", "1997-02-12", 0.48),  # Cosmonautics Day
        ("1997-04-29", "1997-02-12", 0.48),  # a spacewalk
        ("1996-09-19", "1997-02-12", 0.48),  # another ship
    ],
)
def test_there_is_no_tie_to_break_where_a_day_has_its_own_reason_or_the_other_none(
    make_mark: MakeMark, table: FlightTable, read: str, other: str, score: float
) -> None:
    story = explain([make_mark("Mir", read, score=0.5, alternatives=((other, score),))], table)
    assert story.dates[0].reading.date == day(read)
    assert story.outcome is Outcome.AMBIGUOUS


def test_readings_of_one_meaning_are_no_doubt(make_mark: MakeMark, table: FlightTable) -> None:
    reading = make_mark("Mir", "1997-02-12", score=0.8, alternatives=(("1997-02-13", 0.7),))
    assert explain([reading], table).outcome is Outcome.IDENTIFIED


def test_a_weak_reading_is_never_identified(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1997-02-12", score=0.4)], table)
    assert story.outcome is Outcome.AMBIGUOUS
    assert "score of 0.40 only" in " ".join(story.flights[0].reasons)


def test_a_weak_reading_of_a_quiet_day_is_not_a_sure_date(make_mark: MakeMark, table: FlightTable) -> None:
    assert explain([make_mark("Mir", "1990-03-20", score=0.8)], table).outcome is Outcome.AMBIGUOUS
    assert explain([make_mark("Mir", "1990-03-20", score=0.9)], table).outcome is Outcome.NO_EVENT


def test_a_date_that_is_hardly_read_counts_as_unread(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1997-02-12", score=0.1)], table)
    assert story.outcome is Outcome.DATE_UNREAD
    assert codes(story) == {"faint-date"}
    assert story.flights == ()


def test_readings_outside_the_life_of_the_station_are_dropped_with_a_reason(
    make_mark: MakeMark, table: FlightTable
) -> None:
    story = explain([make_mark("Mir", "2067-02-12", score=0.6, alternatives=(("1997-02-12", 0.55),))], table)
    assert story.dates[0].reading.date == day("1997-02-12")
    assert "2067-02-12 lies outside the life of Mir." in story.flights[0].reasons


def test_a_second_mark_with_the_same_date_supports_the_first(make_mark: MakeMark, table: FlightTable) -> None:
    doubtful = make_mark("Mir", "1997-02-17", score=0.5, alternatives=(("1997-02-12", 0.45),))
    clear = make_mark("Mir", "1997-02-12", score=0.9)
    story = explain([doubtful, clear], table)
    assert story.outcome is Outcome.IDENTIFIED
    assert [date.reading.date for date in story.dates] == [day("1997-02-12")] * 2
    assert "Another mark of the cover gives 1997-02-12, too." in story.flights[0].reasons


def test_two_marks_that_leave_the_same_question_open_do_not_settle_it(make_mark: MakeMark, table: FlightTable) -> None:
    marks = [make_mark("Mir", "1996-08-19", score=0.6, alternatives=(("1996-09-19", 0.55),)) for _ in range(2)]
    assert explain(marks, table).outcome is Outcome.AMBIGUOUS


def test_two_marks_one_figure_apart_may_be_one_date_misread(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1997-02-12"), make_mark("Mir", "1997-02-17")], table)
    assert "marks-disagree" in codes(story)
    assert story.outcome is Outcome.AMBIGUOUS


def test_the_limits_of_the_user_hold(make_mark: MakeMark, table: FlightTable) -> None:
    mark = make_mark("Mir", "1996-08-19", score=0.9, alternatives=(("1997-08-19", 0.3), ("1997-02-12", 0.2)))
    story = explain([mark], table, priors=Priors(after=day("1997-01-01"), before=day("1997-06-01")))
    assert story.dates[0].reading.date == day("1997-02-12")
    assert "lies outside the days that you gave" in " ".join(story.flights[0].reasons)


def test_a_date_that_the_user_rules_out_is_left_out_with_a_warning(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1996-08-19")], table, priors=Priors(after=day("1997-01-01")))
    assert story.outcome is Outcome.DATE_UNREAD
    assert codes(story) == {"outside-limits"}


def test_a_date_that_is_left_out_is_not_called_unread(make_mark: MakeMark, table: FlightTable) -> None:
    limits = Priors(after=day("2000-01-01"), expect="Soyuz TM-24")
    story = explain([make_mark("Mir", "1996-08-19")], table, priors=limits)
    assert not any("No on-board date was read" in told for told in story.story)
    assert story.expectation is not None
    assert story.expectation.reason == "No date of an on-board mark can be used."


# Days, zones, stations


def test_two_ships_on_one_day_leave_it_open(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1995-07-04")], table)
    assert story.outcome is Outcome.AMBIGUOUS
    assert [flight.flight for flight in story.flights[:2]] == ["STS-71", "Soyuz TM-21"]


def test_events_of_one_flight_do_not_compete(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1997-03-02")], table)
    assert story.outcome is Outcome.IDENTIFIED
    assert [flight.event for flight in story.flights] == [EventKind.UNDOCKING, EventKind.LANDING]


def test_a_module_and_the_ship_that_brought_it_do_not_compete(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("ISS", "1998-12-07")], table)
    assert story.outcome is Outcome.IDENTIFIED
    assert first(story) == ("STS-88", EventKind.DOCKING)
    assert "Unity" in {flight.flight for flight in story.flights}


def test_the_moscow_day_names_the_flight_for_mir(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1987-02-08")], table)
    assert story.outcome is Outcome.IDENTIFIED
    assert first(story) == ("Soyuz TM-2", EventKind.DOCKING)
    assert story.flights[0].days_off == 0
    assert any("Moscow time" in reason for reason in story.flights[0].reasons)


def test_a_launch_that_was_lost_is_told_as_the_accident_it_was(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("ISS", "2014-10-28")], table)
    assert ("Cygnus CRS Orb-3", EventKind.ACCIDENT) in {(f.flight, f.event) for f in story.flights}
    assert ("Cygnus CRS Orb-3", EventKind.LAUNCH) not in {(f.flight, f.event) for f in story.flights}


def test_one_day_off_is_a_suggestion_and_no_more(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1997-02-13")], table)
    assert story.outcome is Outcome.AMBIGUOUS
    assert first(story) == ("Soyuz TM-25", EventKind.DOCKING)
    assert story.flights[0].days_off == -1


def test_a_year_that_is_one_off_is_told_and_nothing_more(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1996-02-12")], table)
    assert story.outcome is Outcome.NO_EVENT
    assert {"wrong-year", "no-event"} <= codes(story)
    assert story.flights[0].days_off == 366
    assert story.flights[0].score < 0.25


def test_a_quiet_day_names_both_neighbours(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1990-03-20")], table)
    assert story.outcome is Outcome.NO_EVENT
    message = next(warning.message for warning in story.warnings if warning.code == "no-event")
    assert "between Progress M-3 (docking, 1990-03-03) and Progress M-3 (undocking, 1990-04-27)" in message


def test_a_holiday_is_told(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("ISS", "2011-04-12")], table)
    assert "2011-04-12 is Cosmonautics Day, the anniversary of Gagarin's flight of 1961." in story.story


def test_a_mark_without_station_is_decided_by_the_day_where_one_station_was_in_use(
    make_mark: MakeMark, table: FlightTable
) -> None:
    story = explain([make_mark(None, "1997-02-12")], table)
    assert story.outcome is Outcome.IDENTIFIED
    assert "only Mir had people aboard" in " ".join(story.flights[0].reasons)


def test_a_mark_without_station_stays_open_where_two_were_in_use(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark(None, "1999-06-03")], table)
    assert story.outcome is Outcome.AMBIGUOUS
    assert "Mir or the ISS can be meant" in " ".join(story.flights[0].reasons)


def test_another_mark_or_the_user_names_the_station(make_mark: MakeMark, table: FlightTable) -> None:
    seal = make_mark("ISS", kind=Kind.STATION_SEAL, shape=Shape.OCTAGON)
    assert explain([make_mark(None, "1999-06-03"), seal], table).outcome is Outcome.IDENTIFIED
    story = explain([make_mark(None, "1999-06-03")], table, priors=Priors(station=Station.ISS))
    assert story.outcome is Outcome.IDENTIFIED


def test_the_crew_of_the_iss_is_that_of_the_utc_day(make_mark: MakeMark, table: FlightTable) -> None:
    left = explain([make_mark("ISS", "2012-11-19")], table).dates[0].aboard
    assert "Hoshide" not in left  # Soyuz TMA-05M undocked on 18 November at 22:26 UTC
    assert "Hoshide" in explain([make_mark("ISS", "2012-11-18")], table).dates[0].aboard


# Warnings


def test_days_with_nobody_aboard_are_doubted(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1987-01-18")], table)
    assert "nobody-aboard" in codes(story)
    assert first(story) == ("Progress 27", EventKind.DOCKING)
    assert story.outcome is Outcome.AMBIGUOUS


@pytest.mark.parametrize(
    ("reference", "date", "period", "out"),
    [
        ("iss-postmark-old", "2021-04-09", (None, day("2020-12-31")), True),
        ("iss-postmark-new", "2018-06-08", (day("2021-01-01"), None), True),
        ("iss-postmark-new", "2021-04-09", (day("2021-01-01"), None), False),
        ("iss-postmark-old", "2018-06-08", (None, None), False),
    ],
)
def test_a_mark_out_of_use_is_doubted_unless_its_date_is_read_surely(
    make_mark: MakeMark, table: FlightTable, *, reference: str, date: str, period: Period, out: bool
) -> None:
    for score, outcome in ((0.88, Outcome.AMBIGUOUS if out else Outcome.IDENTIFIED), (0.95, Outcome.IDENTIFIED)):
        mark = make_mark("ISS", date, reference=reference, score=score)
        story = explain([mark], table, periods={reference: period})
        assert ("mark-not-in-use" in codes(story)) is out
        assert story.outcome is outcome


def test_marks_of_two_stations_are_doubted_unless_one_flight_visited_both(
    make_mark: MakeMark, table: FlightTable
) -> None:
    odd = explain([make_mark("Mir", "1999-02-22"), make_mark("ISS", "2001-04-30")], table)
    assert "two-stations" in codes(odd)
    assert odd.outcome is Outcome.AMBIGUOUS
    t15 = explain([make_mark("Mir", "1986-05-05"), make_mark("Salyut-7", "1986-05-06")], table)
    assert "two-stations" in codes(t15)
    assert t15.outcome is Outcome.IDENTIFIED
    assert {flight.flight for flight in t15.flights[:2]} == {"Soyuz T-15"}


def test_the_octagon_of_mir_is_not_older_than_its_ship(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", kind=Kind.SOUVENIR_SEAL, shape=Shape.OCTAGON)], table)
    assert "not older than 1987-11-23" in " ".join(story.story)


def test_undated_marks_tell_their_time_of_use(make_mark: MakeMark, table: FlightTable) -> None:
    mark = make_mark("ISS", reference="iss-postmark-new")
    story = explain([mark], table, periods={"iss-postmark-new": (day("2021-01-01"), None)})
    assert "The mark iss-postmark-new is known from 2021-01-01 on." in story.story


def test_dates_beyond_the_table_are_not_identified(make_mark: MakeMark, table: FlightTable) -> None:
    soon = table.end + dt.timedelta(days=300)
    story = explain([make_mark("ISS", soon.isoformat())], table)
    assert "beyond-table" in codes(story)
    assert story.outcome is Outcome.NO_EVENT
    far = explain([make_mark("ISS", "2099-01-01")], table)
    assert "outside-station-life" in codes(far)
    assert far.dates == ()


def test_a_mark_whose_place_alone_speaks_for_it_says_so_once(make_mark: MakeMark, table: FlightTable) -> None:
    mark = replace(make_mark("Mir", "1997-02-12", text=("SPACE POST",)), aboard_sure=False)
    story = explain([mark], table, priors=Priors(expect="Soyuz TM-25"))
    (warning,) = story.warnings
    assert warning.message.endswith("nothing in its lettering tells where it was struck.")
    assert left_open(story.story) == ["1997-02-12 stays open. The warning uncertain-mark says why."]
    assert story.expectation is not None
    assert story.expectation.reason.endswith("UTC. But it stays open. The warning uncertain-mark says why.")


def test_who_was_aboard_stands_with_the_date_and_not_in_the_story(make_mark: MakeMark, table: FlightTable) -> None:
    story = explain([make_mark("Mir", "1997-02-12")], table)
    assert "Lazutkin" in story.dates[0].aboard
    assert not any("Lazutkin" in told for told in story.story)


# Where a careful collector would hesitate


CAREFUL: dict[str, tuple[list[dict[str, object]], Priors]] = {
    "a dated mark of Mir beside an undated octagon of the ISS": (
        [{"date": "1997-02-12"}, {"station": "ISS", "kind": Kind.STATION_SEAL, "shape": Shape.OCTAGON}], Priors(),
    ),
    "a dated mark of the ISS beside an undated octagon of Mir": (
        [{"station": "ISS", "date": "2015-01-12"}, {"kind": Kind.STATION_SEAL, "shape": Shape.OCTAGON}], Priors(),
    ),
    "a mark without a station, whose date only the other station knows": (
        [{"station": None, "date": "1997-02-12"}, {"station": "ISS", "kind": Kind.STATION_SEAL}], Priors(),
    ),
    "another station than the user says": ([{"station": "ISS", "date": "2015-01-12"}], Priors(station=Station.MIR)),
    "an octagon of Mir from before there were any": (
        [{"date": "1987-02-08", "kind": Kind.SOUVENIR_SEAL, "shape": Shape.OCTAGON}], Priors(),
    ),
    "a second reading that is a docking, too": (
        [{"date": "1996-08-19", "score": 0.66, "alternatives": (("1996-09-19", 0.30),)}], Priors(),
    ),
    "a year one off beside the right one": ([{"date": "1997-02-12"}, {"date": "1996-02-12"}], Priors()),
    "a year wheel ten years back": ([{"date": "1997-02-12"}, {"date": "1987-02-12"}], Priors()),
    "a year one off": ([{"date": "1998-02-12"}], Priors()),
    "a day on which nobody was aboard": ([{"date": "1989-08-25"}], Priors()),
    "two ships on one day": ([{"date": "1995-07-04"}], Priors()),
    "marks of two stations": ([{"date": "1996-08-19"}, {"station": "ISS", "date": "2001-04-30"}], Priors()),
    "limits that leave a poor reading": (
        [{"date": "1996-08-19", "score": 0.6, "alternatives": (("1997-02-12", 0.3),)}], Priors(after=day("1997-01-01")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CAREFUL)
def test_nothing_is_identified_where_a_careful_collector_would_hesitate(
    make_mark: MakeMark, table: FlightTable, case: str
) -> None:
    marks, priors = CAREFUL[case]
    story = explain([make_mark(**one) for one in marks], table, priors=priors)
    assert story.outcome is not Outcome.IDENTIFIED
    assert story.warnings or any("open" in sentence for sentence in story.story)


def test_dates_years_apart_ask_to_look_again_and_those_of_one_stay_do_not(
    make_mark: MakeMark, table: FlightTable
) -> None:
    apart = explain([make_mark("Mir", "1990-08-03"), make_mark("Mir", "1997-02-12")], table)
    assert "dates-far-apart" in codes(apart)
    assert "6.5 years apart" in next(w.message for w in apart.warnings if w.code == "dates-far-apart")
    assert "dates-far-apart" not in codes(
        explain([make_mark("Mir", "1996-08-19"), make_mark("Mir", "1997-03-02")], table)
    )


def test_limits_that_rule_out_the_good_readings_are_named(make_mark: MakeMark, table: FlightTable) -> None:
    mark = make_mark("Mir", "1996-08-19", score=0.9, alternatives=(("1997-02-12", 0.02),))
    story = explain([mark], table, priors=Priors(after=day("1997-01-01")))
    assert codes(story) == {"outside-limits"}
    assert "1996-08-19 lies outside the days that you gave" in story.warnings[0].message


# Front and back


def test_front_and_back_tell_one_story(make_mark: MakeMark, table: FlightTable) -> None:
    front = make_mark("Mir", "1996-08-19")
    back = replace(make_mark("Mir", "1997-03-02"), side="back")
    story = explain([front, back], table, both_sides=True)
    assert story.outcome is Outcome.IDENTIFIED
    assert [flight.flight for flight in story.flights[:2]] == ["Soyuz TM-24"] * 2
    assert "Inferred: it came down on Soyuz TM-24, which left on the last date." in story.story
    other = replace(make_mark("ISS", "2001-04-30"), side="back")
    assert "two-stations" in codes(explain([front, other], table, both_sides=True))


def test_the_reverse_is_hoped_for_only_where_it_was_not_looked_at(make_mark: MakeMark, table: FlightTable) -> None:
    seal = make_mark("Mir", kind=Kind.STATION_SEAL, shape=Shape.PENTAGON)
    assert "No on-board date was read on either side." in explain([seal], table, both_sides=True).story
    assert "may be on the reverse" in " ".join(explain([seal], table).story)


# Expectations


def verdict(story: FlightStory) -> str:
    assert story.expectation is not None
    assert story.expectation.reason
    return story.expectation.answer


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ("Soyuz TM-25", "agree"),
        ("союз тм 25", "agree"),
        ("TM-25", "agree"),
        ("STS-81", "disagree"),
        ("Atlantis", "disagree"),
        ("Soyuz TM-24", "disagree"),
        ("Apollo 11", "can't tell"),
    ],
)
def test_an_expectation_is_compared_with_the_dates(
    make_mark: MakeMark, table: FlightTable, expected: str, answer: str
) -> None:
    story = explain([make_mark("Mir", "1997-02-12")], table, priors=Priors(expect=expected))
    assert verdict(story) == answer
    assert ("expectation-differs" in codes(story)) is (answer == "disagree")
    assert ("unknown-flight" in codes(story)) is (expected == "Apollo 11")
    assert first(story) == ("Soyuz TM-25", EventKind.DOCKING)


@pytest.mark.parametrize(
    ("date", "score", "expected", "answer", "reason"),
    [
        ("1995-07-04", 0.95, "Soyuz TM-21", "agree", "leaves it open between"),
        ("1995-07-04", 0.95, "STS-81", "disagree", "means STS-71"),
        ("1997-02-13", 0.95, "Soyuz TM-25", "can't tell", "one day off"),
        ("1996-02-12", 0.95, "Soyuz TM-25", "can't tell", "the year is one off"),
        ("1997-02-12", 0.40, "Soyuz TM-25", "can't tell", "score of 0.40 only"),
        ("1997-02-12", 0.40, "STS-81", "can't tell", "stays open"),
        ("1990-03-20", 0.95, "Soyuz TM-9", "can't tell", "was at the station on 1990-03-20"),
        ("1990-03-20", 0.95, "STS-81", "disagree", "is no day of that flight"),
        ("1990-02-01", 0.95, "STS-81", "disagree", "means EO-5"),
        ("1997-02-10", 0.95, "Soyuz TM-25", "agree", "was launched"),
    ],
)
def test_an_expectation_is_answered_no_surer_than_the_date_is(
    make_mark: MakeMark, table: FlightTable, *, date: str, score: float, expected: str, answer: str, reason: str
) -> None:
    story = explain([make_mark("Mir", date, score=score)], table, priors=Priors(expect=expected))
    assert verdict(story) == answer
    assert story.expectation is not None
    assert reason in story.expectation.reason


def test_an_expectation_never_changes_the_answer(make_mark: MakeMark, table: FlightTable) -> None:
    marks = [make_mark("Mir", "1995-07-04")]
    plain = explain(marks, table)
    expecting = explain(marks, table, priors=Priors(expect="Soyuz TM-21"))
    assert expecting.flights == plain.flights
    assert expecting.outcome is plain.outcome


def test_little_can_be_told_of_an_expectation_without_a_date(make_mark: MakeMark, table: FlightTable) -> None:
    undated = [make_mark("Mir")]
    assert verdict(explain(undated, table, priors=Priors(expect="Soyuz TM-25"))) == "can't tell"
    assert verdict(explain(undated, table, priors=Priors(expect="Soyuz TMA-2"))) == "disagree"
    assert verdict(explain([], table, priors=Priors(expect="Soyuz TMA-2"))) == "can't tell"


# Names in the print of the cover


def test_a_flight_that_was_at_the_station_may_still_have_carried_the_cover(
    make_mark: MakeMark, table: FlightTable
) -> None:
    story = explain([make_mark("Mir", "1997-02-12")], table, names=["Soyuz TM-24"])
    message = next(warning.message for warning in story.warnings if warning.code == "expectation-differs")
    assert "may still have travelled on it" in message
    assert "The print on the cover names Soyuz TM-24." in story.story
    assert story.expectation is None


@pytest.mark.parametrize(
    ("names", "differs"),
    [
        ((), False),
        (("Soyuz TM-25",), False),
        (("STS-81",), True),
        (("STS-81", "STS-79"), True),
        (("STS-81", "Soyuz TM-25"), False),
        (("Apollo 11",), False),
    ],
)
def test_a_cover_differs_only_where_no_flight_that_it_names_is_one_of_its_dates(
    make_mark: MakeMark, table: FlightTable, names: tuple[str, ...], *, differs: bool
) -> None:
    story = explain([make_mark("Mir", "1997-02-12")], table, names=names)
    assert ("expectation-differs" in codes(story)) is differs
    assert "unknown-flight" not in codes(story)
    assert story.outcome is Outcome.IDENTIFIED


def test_an_open_date_differs_from_no_name(make_mark: MakeMark, table: FlightTable) -> None:
    for marks in ([], [make_mark("Mir")], [make_mark("Mir", "1997-02-12", score=0.4)]):
        assert "expectation-differs" not in codes(explain(marks, table, names=["STS-81"]))


# Any date at all


@FIXTURES
@given(
    date=st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    score=st.floats(0.01, 1.0),
    station=st.sampled_from([None, *Station]),
)
def test_every_date_has_an_outcome_and_only_events_of_the_stations_life(
    make_mark: MakeMark, table: FlightTable, date: dt.date, score: float, station: Station | None
) -> None:
    story = explain([make_mark(station, date.isoformat(), score=score)], table)
    assert story.outcome in set(Outcome) - {Outcome.ERROR, Outcome.NO_MARK}
    for flight in story.flights:
        assert flight.reasons
        assert 0.0 <= flight.score <= score
        assert abs(flight.days_off) <= 1 or 365 <= abs(flight.days_off) <= 366
        assert station is None or flight.station is station
    if story.outcome is Outcome.IDENTIFIED:
        assert story.flights[0].days_off == 0
        assert story.dates[0].aboard
    lived = [s for s in ([station] if station else list(Station)) if table.life(s).covers(date)]
    if not lived:
        assert story.flights == ()
        assert story.dates == ()
    elif date.year <= table.end.year:
        assert bool(story.dates) == (score >= FlightSettings().readable_date)


@FIXTURES
@given(day_and_month=st.dates(dt.date(2000, 1, 1), dt.date(2000, 12, 31)), year=st.integers(1986, 2000))
def test_the_same_marks_in_any_order_mean_the_same(
    make_mark: MakeMark, table: FlightTable, day_and_month: dt.date, year: int
) -> None:
    month_day = day_and_month.strftime("%m-%d")
    if month_day == "02-29" and year % 4:
        return
    marks = [make_mark("Mir", f"{year}-{month_day}"), make_mark("Mir", "1997-02-12"), make_mark("Mir", "1990-02-01")]
    forward, backward = explain(marks, table), explain(marks[::-1], table)
    assert forward.outcome is backward.outcome
    assert forward.flights == backward.flights


def test_the_leap_day_has_no_year_before(table: FlightTable) -> None:
    story = near(day("1992-02-29"), table, station=Station.MIR)
    assert "wrong-year" not in codes(story)
    assert near(day("1996-02-29"), table, station=Station.MIR).outcome is Outcome.IDENTIFIED


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_survived(table: FlightTable, date: str) -> None:
    assert near(day(date), table).flights == ()
