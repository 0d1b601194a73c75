"""CSV files that people edit: read whole, or refused with the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from flight_marks import SEEDED
from hypothesis import given
from hypothesis import strategies as st

from postmark_id.errors import ExitCode, TableError
from postmark_id.flights.rows import Columns, parse, read_bytes
from postmark_id.flights.table import FlightTable, read_stays
from postmark_id.settings import FlightSettings

HEADER = "flight,vehicle_type,station,docking_utc,undocking_utc"
ROW = "Soyuz X-1,soyuz,ISS,2030-01-01T10:00,2030-02-01T10:00"
GOOD = f"{HEADER}\n{ROW}\n"


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace(",", ";").encode("utf-8-sig"),
        f"{HEADER}\n\n{ROW}\n,,,,\n".encode(),
        ",".join(f'"{cell}"' for cell in HEADER.split(",")).encode() + b"\n" + ROW.encode(),
        GOOD.rstrip("\n").encode(),
    ],
    ids=["plain", "byte-order mark", "crlf", "semicolons", "blank lines", "quotes", "no end of line"],
)
def test_what_spreadsheets_save_is_read(data: bytes) -> None:
    stays, problems = read_stays(data)
    assert problems == []
    assert [(stay.flight, stay.docking and stay.docking.iso) for stay in stays] == [("Soyuz X-1", "2030-01-01T10:00Z")]


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 0, "not even a header"),
        (b"\n\n", 0, "not even a header"),
        (GOOD.encode("utf-16"), 0, "UTF-16"),
        (GOOD.replace("X-1", "Союз").encode("cp1251"), 2, "cp1251"),
        (f"{HEADER}\n{ROW}\n\0".encode(), 3, "NUL"),
        (f"{HEADER},colour\n".encode(), 1, "unknown column 'colour'"),
        (b"flight,vehicle_type,station,docking_utc,undoking_utc\n", 1, "did you mean 'undocking_utc'"),
        (b"flight,station\n", 1, "'vehicle_type' is missing"),
        (f"{HEADER},station\n".encode(), 1, "stands twice"),
        (f"{HEADER}\n{ROW},more\n".encode(), 2, "6 cells where the header has 5"),
        (f"{HEADER}\nX,soyuz,ISS\n".encode(), 2, "3 cells where the header has 5"),
        (f'{HEADER}\n{ROW}\n"open,soyuz,ISS,2030-01-01,\n'.encode(), 3, "not a CSV row"),
        (GOOD.replace(",", "\t").encode(), 1, "unknown column"),
    ],
)
def test_other_files_are_refused_with_the_line(data: bytes, line: int, words: str) -> None:
    stays, problems = read_stays(data)
    assert stays == () or problems
    assert problems[0].line == line
    assert words in problems[0].message


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("X,soyuz,ISS,1990-02-31,", "does not exist"),
        ("X,soyuz,ISS,12/04/88,", "is not an ISO date"),
        ("X,soyuz,ISS,2030-02-01,2030-01-01", "undocking 2030-01-01 lies before docking 2030-02-01"),
        ("X,soyuz,Skylab,2030-02-01,", "station 'Skylab' is unknown"),
        ("X,balloon,ISS,2030-02-01,", "vehicle_type 'balloon' is unknown"),
        (",soyuz,ISS,2030-02-01,", "no name"),
        ("X,soyuz,ISS,,", "no date at all"),
    ],
)
def test_a_row_that_can_not_be_true_is_refused(row: str, words: str) -> None:
    stays, problems = read_stays(f"{HEADER}\n{ROW}\n{row}\n".encode())
    assert [problem.line for problem in problems] == [3]
    assert words in problems[0].message
    assert len(stays) == 1


def test_doubled_and_overlapping_stays_are_refused() -> None:
    _, problems = read_stays(f"{HEADER}\n{ROW}\n{ROW}\n".encode())
    assert "stands twice" in problems[0].message
    _, problems = read_stays(f"{HEADER}\n{ROW}\nSoyuz X-1,soyuz,ISS,2030-01-15,2030-03-01\n".encode())
    assert "docks again before it undocked" in problems[0].message


def test_open_ended_future_and_untimed_stays_are_taken() -> None:
    stays, problems = read_stays(f"{HEADER}\nX,soyuz,ISS,2031-02-01,\n".encode())
    assert problems == []
    assert stays[0].docking
    assert stays[0].docking.iso == "2031-02-01"


def test_a_bad_overlay_loads_nothing_and_names_file_line_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEADER}\n{ROW}\nX,soyuz,ISS,31.02.1990,\nY,soyuz,Mars,1990-01-01,\n")
    with pytest.raises(TableError) as caught:
        FlightTable.load(path)
    assert caught.value.exit_code is ExitCode.BAD_CONFIG
    assert str(path) in caught.value.message
    assert "line 3" in caught.value.message
    assert "and 1 more" in caught.value.message
    assert "flights validate" in caught.value.hint


def test_a_file_larger_than_the_cap_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    path.write_bytes(b"x" * 2_000_001)
    with pytest.raises(TableError, match="larger than 2 MB"):
        read_bytes(path, 2_000_000)
    assert FlightSettings().max_table_bytes >= 1_000_000


def test_a_missing_file_is_an_error_of_the_table(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="No such file"):
        FlightTable.load(tmp_path / "nothing.csv")


@SEEDED
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fall_over(data: bytes) -> None:
    rows, problems = parse(data, Columns(("flight",)))
    assert rows or problems or data.strip() == b"flight" or b"flight" in data
    read_stays(data)


@SEEDED
@given(st.text(max_size=200))
def test_no_text_after_a_header_makes_the_reader_fall_over(text: str) -> None:
    read_stays(f"{HEADER}\n{text}".encode("utf-8", "surrogatepass"))
