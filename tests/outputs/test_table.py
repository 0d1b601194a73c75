"""The table has stable columns, a row a cover and a row a mark, and no cell is a formula."""

import csv
import io
import json
from dataclasses import replace

import pytest
from example_reports import FAILED, MARK, REPORT
from hypothesis import given, settings
from hypothesis import strategies as st

from postmark_id.models import Notice
from postmark_id.outputs.contract import report_json
from postmark_id.outputs.jsonl import write_jsonl
from postmark_id.outputs.table import COLUMNS, write_csv


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(tmp_path, report, **options):
    path = tmp_path / "results.csv"
    write_csv(path, [report_json(report)], overwrite=True, **options)
    return table(path)


def test_a_cover_and_each_of_its_marks_have_a_row(tmp_path):
    cover, mark, other = written(tmp_path, REPORT)
    assert tuple(cover) == COLUMNS
    assert [row["row"] for row in (cover, mark, other)] == ["cover", "mark", "mark"]
    assert (cover["flight"], cover["date"], cover["aboard"]) == ("Soyuz TM-25", "1997-02-12", "Korzun; Kaleri")
    assert (mark["mark"], mark["station"], mark["on_board"], mark["date_text"]) == ("1", "Mir", "yes", "12.02.97")
    assert (other["mark"], other["on_board"], other["date"]) == ("2", "", "")
    assert {row["path"] for row in (cover, mark, other)} == {"covers/a.jpg"}


def test_a_failed_scan_has_one_row_that_says_why(tmp_path):
    (row,) = written(tmp_path, FAILED)
    assert (row["outcome"], row["error"]) == ("error", "empty-file: b.jpg: empty")


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x").jpg', "+1.jpg", "-2.jpg", "@x.jpg", "\tx.jpg", "\rx.jpg"])
def test_a_cell_that_looks_like_a_formula_gets_an_apostrophe(tmp_path, name):
    report = replace(
        REPORT, path=name, marks=(replace(MARK, text=(name,)),), warnings=(Notice("x", name),), story=(name,)
    )
    cover, mark = written(tmp_path, report)
    assert cover["path"] == "'" + name
    assert mark["text"] == "'" + name
    assert cover["story"] == "'" + name
    assert written(tmp_path, report, raw=True)[0]["path"] == name


def test_numbers_below_zero_stay_numbers(tmp_path):
    flight = replace(REPORT.flights[0], days_off=-1)
    cover, *_ = written(tmp_path, replace(REPORT, flights=(flight,)))
    assert cover["days_off"] == "-1"


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30))
def test_any_text_survives_the_table(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("csv") / "results.csv"
    write_csv(path, [report_json(replace(REPORT, path="x" + text))])
    raw = path.read_bytes().decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(raw, newline="")))["path"] == "x" + text


def test_undecodable_names_are_written_escaped(tmp_path):
    assert written(tmp_path, replace(REPORT, path="a\udcff.jpg"))[0]["path"] == "a\\udcff.jpg"


def test_lines_of_json_are_the_documents_one_a_line(tmp_path):
    documents = [report_json(REPORT), report_json(replace(FAILED, path="two\nlines"))]
    path = tmp_path / "results.jsonl"
    assert write_jsonl(path, iter(documents)) == 2
    assert [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]] == documents
