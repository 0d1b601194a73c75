"""Stations and days are taken alike by every command, and a slip is answered in plain words."""

import pytest

from postmark_id.cli.values import counted


@pytest.mark.parametrize(
    "arguments",
    [
        ("flights", "near", "1997-02-12", "--station"),
        ("flights", "list", "--station"),
        ("marks", "list", "--station"),
    ],
)
def test_a_station_is_known_in_any_case(postmark_id, arguments):
    said = {station: postmark_id(*arguments, station) for station in ("Mir", "mir", "MIR")}
    assert {answer.code for answer in said.values()} == {0}, said["mir"].err
    assert {answer.out for answer in said.values()} == {said["Mir"].out}


def test_a_flight_of_ones_own_is_added_under_the_name_of_its_station(postmark_id, tmp_path):
    table = tmp_path / "mine.csv"
    given = ("--station", "mir", "--vehicle", "soyuz", "--docking", "1997-02-12", "--table", table)
    assert postmark_id("flights", "add", "X-1", *given).code == 0
    assert ",Mir," in table.read_text()


@pytest.mark.parametrize(
    "arguments", [("flights", "near"), ("check", "a.png", "--after"), ("batch", "covers", "-o", "run", "--before")]
)
@pytest.mark.parametrize("day", ["97-02-12", "12.02.97", "1997-02-31", "yesterday"])
def test_a_slip_in_a_date_is_answered_with_how_to_write_it(postmark_id, spy, arguments, day):
    said = postmark_id(*arguments, day)
    assert (said.code, said.out) == (2, "")
    assert f"'{day}' is not a date; write it as YYYY-MM-DD, such as 1997-02-12" in said.err
    assert "%Y" not in said.err


@pytest.mark.parametrize("arguments", [("marks", "show", "NOPE"), ("flights", "show", "NOPE")])
def test_a_name_that_nothing_bears_is_a_question_of_usage(postmark_id, arguments):
    said = postmark_id(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "'NOPE'" in said.err


def test_one_is_not_many():
    assert [counted(number, "strike") for number in (0, 1, 2)] == ["0 strikes", "1 strike", "2 strikes"]
