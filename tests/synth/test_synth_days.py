"""What a date of a cover means, according to the table of flights."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from postmark_id.models import Outcome, Station
from postmark_id.synth import days


def entry(date, *, station="Mir", on_board=True, legible=True):
    return {"on_board": on_board, "station": station, "date": {"date": date, "legible": legible} if date else None}


@pytest.mark.parametrize(
    ("date", "station", "flight", "event"),
    [
        ("1997-02-12", Station.MIR, "Soyuz TM-25", "docking"),
        ("1996-03-24", Station.MIR, "STS-76", "docking"),
        ("2012-05-25", Station.ISS, "Dragon C2+", "berthing"),
    ],
)
def test_documented_dates_mean_their_flight(date, station, flight, event):
    found = days.meaning(dt.date.fromisoformat(date), station)
    assert {"flight": flight, "event": event, "date": date} in found.flights
    assert found.outcome is Outcome.IDENTIFIED


def test_a_day_without_ships_is_no_event():
    assert days.meaning(dt.date(1990, 2, 1), Station.MIR) == days.Meaning((), Outcome.NO_EVENT)


def test_only_legible_dates_of_on_board_marks_count():
    assert days.conclude([]) == ([], Outcome.NO_MARK)
    assert days.conclude([entry("1997-02-12", on_board=False)]) == ([], Outcome.NO_MARK)
    assert days.conclude([entry("1997-02-12", legible=False), entry(None)]) == ([], Outcome.DATE_UNREAD)
    flights, outcome = days.conclude([entry("1997-02-12"), entry("1997-02-12", on_board=False)])
    assert [f["flight"] for f in flights] == ["Soyuz TM-25"]
    assert outcome is Outcome.IDENTIFIED


def test_one_date_without_event_spoils_a_cover():
    flights, outcome = days.conclude([entry("1997-02-12"), entry("1990-02-01")])
    assert flights
    assert outcome is Outcome.NO_EVENT


def test_days_lie_in_their_period_and_most_have_an_event():
    rng = np.random.default_rng(3)
    drawn = [days.choose_day(Station.MIR, days.MIR_POSTMARK, rng) for _ in range(120)]
    assert all(days.MIR_POSTMARK[0] <= d <= days.MIR_POSTMARK[1] for d in drawn)
    with_event = sum(days.meaning(d, Station.MIR).outcome is not Outcome.NO_EVENT for d in drawn)
    assert with_event > 70
