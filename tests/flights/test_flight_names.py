"""Names of flights: one key for all ways of writing one."""

from __future__ import annotations

import pytest
from flight_marks import SEEDED
from hypothesis import given
from hypothesis import strategies as st

from postmark_id.flights.names import key
from postmark_id.flights.table import FlightTable


@pytest.mark.parametrize(
    ("name", "flight"),
    [
        ("Soyuz TM-25", "Soyuz TM-25"),
        ("Союз ТМ-25", "Soyuz TM-25"),
        ("СОЮЗ ТМ 25", "Soyuz TM-25"),
        ("soyuztm25", "Soyuz TM-25"),
        ("TM-25", "Soyuz TM-25"),
        ("Прогресс М-34", "Progress M-34"),
        ("Progress M1-5", "Progress M1-5"),
        ("Progress M-15", "Progress M-15"),
        ("SpX-5", "Dragon CRS-5"),
        ("SpaceX CRS-5", "Dragon CRS-5"),
        ("crs 5", "Dragon CRS-5"),
        ("Jules Verne", "ATV-1"),
        ("ATV1", "ATV-1"),
        ("Космос-1443", "Cosmos 1443"),
        ("СТС-71", "STS-71"),
        ("Квант-2", "Kvant-2"),
        ("Kounotori 4", "HTV-4"),
        ("SpaceX Crew-5", "Crew-5"),
    ],
)
def test_every_way_of_writing_finds_the_flight(table: FlightTable, name: str, flight: str) -> None:
    assert table.find(name) == (flight,)


def test_an_orbiter_means_all_of_its_flights(table: FlightTable) -> None:
    flights = table.find("Atlantis")
    assert {"STS-71", "STS-79", "STS-135"} <= set(flights)
    assert "STS-91" not in flights


def test_a_designator_of_two_ships_finds_both(table: FlightTable) -> None:
    assert set(table.find("МС-22")) == {"Soyuz MS-22", "Progress MS-22"}


def test_an_unknown_name_finds_nothing(table: FlightTable) -> None:
    assert table.find("Apollo 11") == ()
    assert table.find("") == ()
    assert table.find("---") == ()


def test_every_flight_is_found_by_its_own_name(table: FlightTable) -> None:
    for flight in {stay.flight for stay in table.stays}:
        assert flight in table.find(flight)
        assert flight in table.find(flight.upper().replace(" ", ""))


@SEEDED
@given(st.text(max_size=60))
def test_any_text_has_a_key_that_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(key(key(text)))
