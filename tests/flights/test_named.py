"""Names of flights in the print of a cover: found where they stand exactly, and never guessed."""

from __future__ import annotations

import pytest
from flight_marks import SEEDED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmark_id.flights.named import names_in
from postmark_id.flights.table import FlightTable

FIXTURES = settings(SEEDED, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)


def named(table: FlightTable, *readings: str) -> tuple[str, ...]:
    return names_in([readings], table)


@pytest.mark.parametrize(
    ("text", "flight"),
    [
        ("SOYUZ TM-25", "Soyuz TM-25"),
        ("COЮЗ TM-25", "Soyuz TM-25"),
        ("COЮЗTM-25", "Soyuz TM-25"),
        ("ПИЛOTИPУEMЫЙ KOPAБЛЬ COЮЗ TMA-12M", "Soyuz TMA-12M"),
        ("CTAPT COЮЗ MC-16 9.04.2020", ""),
        ("COЮЗ MC-16 CTAPT", "Soyuz MS-16"),
        ("ПPDГPECC M-34", "Progress M-34"),
        ("SPACE MAIL STS-71", "STS-71"),
        ("SPACEX CRS-6", "Dragon CRS-6"),
        ("SPX CRS-6", "Dragon CRS-6"),
        ("* STS-71 *", "STS-71"),
        ("TM-25", "Soyuz TM-25"),
        ("ATV-2 JOHANNES KEPLER", "ATV-2"),
        ("PROGRESS 27", "Progress 27"),
    ],
)
def test_a_name_is_found_in_latin_and_in_cyrillic(table: FlightTable, text: str, flight: str) -> None:
    assert named(table, text) == ((flight,) if flight else ())


@pytest.mark.parametrize(
    "text",
    [
        "", "SOYUZ TM-99", "SOYUZ TM-", "SOYUZ", "MIR", "ATLANTIS", "FREEDOM 250", "KVANT-1", "NODE 2", "ЗKCПEДИЦИЯ 7",
        "EXPEDITION 25", "M-15", "T-15", "12.02.97", "129301", "БAHNHOFSTR. 71", "NASA ROAD 1", "A SOYUZ TM-25A",
        "SOYUZ TM-25/26",
        "SOYUZ TM-2 5", "SOYUZ TM-2 -5", "PROGRESS 12 AПPEЛЯ", "COЮЗ 30 ЛET", "COЮЗ 26 02 81", "STS-7 1",
    ],
)  # fmt: skip
def test_what_is_no_whole_name_names_nothing(table: FlightTable, text: str) -> None:
    assert named(table, text) == ()


def test_two_names_of_a_line_are_both_found(table: FlightTable) -> None:
    assert named(table, "COЮЗ TM-25 / STS-81") == ("Soyuz TM-25", "STS-81")
    assert names_in([["STS-81"], ["COЮЗ TM-25"], ["STS-81"]], table) == ("STS-81", "Soyuz TM-25")


def test_engines_must_agree_on_the_figures_and_need_not_on_the_letters(table: FlightTable) -> None:
    assert named(table, "COЮЗ TM-25", "CO103 TM-25") == ("Soyuz TM-25",)
    assert named(table, "C0M3 TM-25", "SOYUZ TM-25") == ("Soyuz TM-25",)
    assert named(table, "STS-114", "STS-119") == ()
    assert named(table, "PROGRESS M-26", "PROGRESS M-26M") == ()
    assert named(table, "PROGRESS M-26M", "NPORPECC M-26M") == ("Progress M-26M",)
    assert named(table, "COЮЗ TM-25", "") == ()


@FIXTURES
@given(place=st.integers(min_value=0), figure=st.sampled_from("0123456789"))
def test_a_misread_figure_never_makes_another_flight(table: FlightTable, place: int, figure: str) -> None:
    flights = [s.flight for s in table.stays if s.vehicle != "module" and any(c.isdigit() for c in s.flight)]
    written = flights[place % len(flights)].upper()
    at = next(k for k, c in enumerate(written) if c.isdigit())
    misread = written[:at] + figure + written[at + 1 :]
    found = named(table, misread, written)
    assert set(found) <= {flights[place % len(flights)]}
    assert named(table, written) in {(flights[place % len(flights)],), ()}
