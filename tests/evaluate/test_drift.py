import datetime as dt

from postmark_id.evaluate import drift
from postmark_id.models import (
    BoardDate,
    DateReading,
    EventKind,
    FlightMatch,
    Outcome,
    ScanReport,
    Station,
)

DAY = dt.date(1997, 2, 12)


def report(outcome=Outcome.IDENTIFIED, dates=(DAY,), flights=("Soyuz TM-25",)):
    return ScanReport(
        "a.jpg",
        0,
        "",
        1,
        1,
        None,
        outcome,
        dates=tuple(BoardDate(DateReading(date, 0.9, ""), 0) for date in dates),
        flights=tuple(
            FlightMatch(name, Station.MIR, EventKind.DOCKING, "", DAY, 0, 0.9 - k / 10)
            for k, name in enumerate(flights)
        ),
    )


def test_equal_runs_have_no_drift():
    found = drift([("a.jpg", report(), report())])
    assert (found.compared, found.changes) == (1, ())
    assert found.to_text() == "drift: 1 covers compared; changed: outcome 0, dates 0, flights 0\n"


def test_a_flight_further_down_the_list_is_no_drift():
    assert not drift([("a.jpg", report(), report(flights=("Soyuz TM-25", "Progress M-33")))]).changes


def test_each_change_is_told_with_before_and_after():
    found = drift(
        [
            ("a.jpg", report(), report(Outcome.DATE_UNREAD, (), ())),
            ("b.jpg", report(), report(flights=("Soyuz TM-24",))),
        ]
    )
    assert [(c.file, c.what) for c in found.changes] == [
        ("a.jpg", "outcome"),
        ("a.jpg", "dates"),
        ("a.jpg", "flights"),
        ("b.jpg", "flights"),
    ]
    assert (found.count("outcome"), found.count("dates"), found.count("flights")) == (1, 1, 2)
    assert found.changes[1].before == ("1997-02-12",)
    assert found.changes[1].after == ()
    document = found.to_json()
    assert (document["compared"], document["flights"]) == (2, 2)
    assert document["changes"][3]["after"] == ["1997-02-12 Soyuz TM-24 docking"]
    assert "b.jpg  flights  1997-02-12 Soyuz TM-25 docking  ->  1997-02-12 Soyuz TM-24 docking" in (found.to_text())
