"""Moments: days in UTC and in Moscow, and the one way of writing them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from flight_marks import SEEDED
from hypothesis import given
from hypothesis import strategies as st

from postmark_id.flights.moments import Moment, parse_moment

times = st.datetimes(min_value=dt.datetime(1977, 1, 1), max_value=dt.datetime(2030, 1, 1))


@SEEDED
@given(times)
def test_a_moment_survives_writing_and_reading(time: dt.datetime) -> None:
    moment = Moment(time.date(), dt.time(time.hour, time.minute))
    assert parse_moment(moment.iso) == moment


@SEEDED
@given(st.dates(dt.date(1977, 1, 1), dt.date(2030, 1, 1)))
def test_a_moment_without_a_time_has_its_day_in_every_zone(date: dt.date) -> None:
    moment = parse_moment(date.isoformat())
    assert moment.time is None
    assert moment.day("UTC") == moment.day("Moscow") == date
    assert moment.iso == date.isoformat()


@SEEDED
@given(times)
def test_the_moscow_day_is_that_of_the_time_zone_database(time: dt.datetime) -> None:
    moment = Moment(time.date(), dt.time(time.hour, time.minute))
    expected = time.replace(tzinfo=dt.UTC).astimezone(ZoneInfo("Europe/Moscow")).date()
    assert moment.day("Moscow") == expected
    assert 0 <= (moment.day("Moscow") - moment.day("UTC")).days <= 1


@pytest.mark.parametrize(
    ("iso", "moscow", "clock"),
    [
        ("1987-07-29T20:34", "1987-07-30", "00:34 Moscow time"),
        ("1987-02-07T23:27", "1987-02-08", "02:27 Moscow time"),
        ("1997-02-12T15:51", "1997-02-12", "18:51 Moscow time"),
        ("1988-02-28T22:00", "1988-02-29", "01:00 Moscow time"),
        ("1999-12-31T21:00", "2000-01-01", "00:00 Moscow time"),
    ],
)
def test_summer_time_leap_days_and_year_ends_are_minded(iso: str, moscow: str, clock: str) -> None:
    moment = parse_moment(iso)
    assert moment.day("Moscow").isoformat() == moscow
    assert moment.clock("Moscow") == clock


@pytest.mark.parametrize("text", ["12/04/88", "12.04.1988", "1988-4-12", "", "1988-04-12 10:00", "١٩٨٨-٠٤-١٢"])
def test_only_iso_dates_are_read(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO date"):
        parse_moment(text)


@pytest.mark.parametrize("text", ["1990-02-31", "1990-02-29", "1990-01-01T24:10", "0000-01-01"])
def test_days_that_do_not_exist_are_refused_as_such(text: str) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        parse_moment(text)
