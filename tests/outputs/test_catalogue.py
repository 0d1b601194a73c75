"""The catalogue holds runs side by side, answers the questions of a collector, and never harms another file."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from example_reports import REPORT

from postmark_id.errors import OutputError
from postmark_id.outputs.catalogue import Run, write_catalogue
from postmark_id.outputs.contract import report_json

RUN = Run("a" * 32, "box-1", "2026-11-21T06:00:00Z")


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        return database.execute(query).fetchall()


def test_covers_are_found_by_flight_and_by_person(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.sqlite"
    write_catalogue(catalogue, RUN, [report_json(REPORT)])
    assert rows(catalogue, "SELECT path FROM covers_by_flight WHERE flight = 'Soyuz TM-25'") == [("covers/a.jpg",)]
    assert rows(catalogue, "SELECT count(*) FROM covers_by_person WHERE person = 'Korzun'") == [(1,)]
    assert rows(catalogue, "SELECT number, station FROM marks ORDER BY number") == [(1, "Mir"), (2, None)]


def test_a_run_that_is_written_again_replaces_itself_and_leaves_others(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.sqlite"
    other = replace(RUN, key="b" * 32, folder="box-2")
    for run in (RUN, other, RUN):
        write_catalogue(catalogue, run, [report_json(REPORT)])
    assert sorted(rows(catalogue, "SELECT folder FROM runs")) == [("box-1",), ("box-2",)]
    assert rows(catalogue, "SELECT count(*) FROM scans") == [(2,)]
    assert rows(catalogue, "SELECT count(*) FROM flights") == [(2,)]


def test_the_source_of_the_facts_is_named(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.sqlite"
    write_catalogue(catalogue, RUN, [])
    assert "McDowell" in str(rows(catalogue, "SELECT attribution FROM runs"))


@pytest.mark.parametrize("what", ["text", "database", "version"])
def test_another_file_in_its_place_is_refused_and_kept(tmp_path: Path, what: str) -> None:
    target = tmp_path / "catalogue.sqlite"
    if what == "text":
        target.write_text("the only list of my covers\n" * 200)
    elif what == "database":
        with closing(sqlite3.connect(target)) as database:
            database.execute("CREATE TABLE mine (a)")
    else:
        write_catalogue(target, RUN, [])
        with closing(sqlite3.connect(target)) as database:
            database.execute("PRAGMA user_version = 99")
    before = target.read_bytes()
    with pytest.raises(OutputError):
        write_catalogue(target, RUN, [report_json(REPORT)])
    assert target.read_bytes() == before


def test_every_view_is_described_and_no_other(tmp_path: Path) -> None:
    write_catalogue(tmp_path / "c.sqlite", RUN, [])
    with closing(sqlite3.connect(tmp_path / "c.sqlite")) as database:
        views = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    text = (Path(__file__).resolve().parents[2] / "docs" / "outputs.md").read_text("utf-8")
    listed = text[text.index("| view |") : text.index("```sql")]
    assert set(re.findall(r"^\| `(\w+)`", listed, re.MULTILINE)) == views


def test_a_catalogue_from_before_there_were_reviews_takes_them(tmp_path: Path) -> None:
    target = tmp_path / "c.sqlite"
    write_catalogue(target, RUN, [])
    with closing(sqlite3.connect(target)) as database:
        for kind, name in (
            ("VIEW", "last_words"),
            *(("TABLE", t) for t in ("review_marks", "review_flights", "reviews")),
        ):
            database.execute(f"DROP {kind} {name}")
    review = {"verdict": "open", "flights": [], "marks": [], "note": "later", "at": "2026-01-01T00:00:00Z"}
    write_catalogue(target, RUN, [{**report_json(REPORT), "review": review}])
    with closing(sqlite3.connect(target)) as database:
        assert database.execute("SELECT review, note FROM last_words").fetchall() == [("open", "later")]
