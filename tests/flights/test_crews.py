"""Who was aboard: crews that stay over, come home on other ships, or move to another station."""

from __future__ import annotations

import datetime as dt

import pytest

from postmark_id.flights.crews import tours
from postmark_id.flights.moments import parse_moment
from postmark_id.flights.stays import Stay
from postmark_id.flights.table import FlightTable
from postmark_id.models import Station


def people(table: FlightTable, station: Station, date: str) -> set[str]:
    return set(table.aboard(station, dt.date.fromisoformat(date)))


@pytest.mark.parametrize(
    ("station", "date", "aboard"),
    [
        (Station.MIR, "1997-02-12", "Korzun Kaleri Linenger Tsibliyev Lazutkin Ewald"),
        (
            Station.MIR,
            "1995-06-29",
            "Dezhurov Strekalov Thagard Gibson Precourt Baker Harbaugh Dunbar Solovyev Budarin",
        ),
        (Station.MIR, "1997-06-25", "Tsibliyev Lazutkin Foale"),
        (Station.MIR, "1990-02-01", "Viktorenko Serebrov"),
        (Station.MIR, "1994-12-01", "Viktorenko Kondakova Polyakov"),
        (Station.MIR, "1988-06-10", "Titov Manarov Solovyev Savinykh|Aleksandrov (BG)"),
        (Station.MIR, "1986-04-01", "Kizim Solovyov"),
        (Station.MIR, "1986-05-20", ""),
        (Station.SALYUT_7, "1986-05-20", "Kizim Solovyov"),
        (Station.SALYUT_7, "1985-10-15", "Vasyutin Volkov Savinykh"),
        (Station.SALYUT_7, "1984-07-25", "Kizim Solovyov Atkov Dzhanibekov Savitskaya Volk"),
        (Station.SALYUT_7, "1983-01-15", ""),
        (Station.SALYUT_7, "1986-01-05", ""),
        (Station.SALYUT_7, "1991-02-07", ""),
        (Station.MIR, "1999-12-24", ""),
        (Station.MIR, "2001-03-23", ""),
        (Station.ISS, "2000-11-02", "Gidzenko Krikalev Shepherd"),
        (Station.ISS, "2003-06-01", "Malenchenko Lu"),
        (Station.ISS, "2009-05-30", "Padalka Barratt Wakata Romanenko De_Winne Thirsk"),
        (Station.ISS, "2015-06-28", "Padalka Kornienko Kelly"),
        (Station.ISS, "2000-01-01", ""),
    ],
)
def test_the_people_of_documented_days(table: FlightTable, station: Station, date: str, aboard: str) -> None:
    expected = {name.replace("_", " ") for part in aboard.split("|") for name in _names(part)}
    assert people(table, station, date) == expected


def _names(part: str) -> list[str]:
    return [part] if "(" in part else part.split()


def test_shuttle_crews_count_only_while_docked(table: FlightTable) -> None:
    assert "Readdy" not in people(table, Station.MIR, "1996-09-18")
    assert "Readdy" in people(table, Station.MIR, "1996-09-19")
    assert "Readdy" in people(table, Station.MIR, "1996-09-24")
    assert "Readdy" not in people(table, Station.MIR, "1996-09-25")
    assert len(people(table, Station.ISS, "2009-07-20")) == 13


def test_long_stays_span_several_ships(table: FlightTable) -> None:
    polyakov = [tour for tour in table.tours(Station.MIR) if tour.person == "Polyakov"]
    assert [(tour.up, tour.down) for tour in polyakov] == [
        ("Soyuz TM-6", "Soyuz TM-7"),
        ("Soyuz TM-18", "Soyuz TM-20"),
    ]
    wilmore = [tour for tour in table.tours(Station.ISS) if tour.person == "Wilmore" and tour.up == "Starliner CFT"]
    assert [tour.down for tour in wilmore] == ["Crew-9"]


def test_the_iss_was_never_empty_since_its_first_crew(table: FlightTable) -> None:
    day, end = dt.date(2000, 11, 2), table.end
    while day <= end:
        assert table.aboard(Station.ISS, day), day
        day += dt.timedelta(1)


def test_after_the_end_of_the_table_nobody_is_known(table: FlightTable) -> None:
    assert table.aboard(Station.ISS, table.end)
    assert table.aboard(Station.ISS, table.end + dt.timedelta(1)) == ()


def test_crews_that_do_not_fit_together_are_told() -> None:
    stay = Stay(
        "X-1",
        Station.ISS,
        "soyuz",
        docking=parse_moment("2030-01-01"),
        undocking=parse_moment("2030-02-01"),
        crew_up=("Ivanov",),
        crew_down=("Petrov",),
    )
    found, riddles = tours([[stay]])
    assert [(tour.person, tour.left) for tour in found] == [("Ivanov", None)]
    assert riddles == ("Petrov leaves without having come at ISS (X-1, 2030-02-01)",)
