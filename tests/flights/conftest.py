"""The packaged table and a maker of marks for the tests of the flights room."""

from __future__ import annotations

import pytest
from flight_marks import MakeMark, build_mark

from postmark_id.flights.table import FlightTable


@pytest.fixture(scope="session")
def table() -> FlightTable:
    return FlightTable.load()


@pytest.fixture
def make_mark() -> MakeMark:
    return build_mark
