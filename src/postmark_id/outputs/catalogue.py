"""``catalogue.sqlite``: the results as tables that can be asked, for SQLite itself, Datasette, spreadsheets.

A catalogue holds any number of runs, kept apart by `Run.key`: writing a run again replaces its rows and no others. A
new catalogue appears whole or not at all; an existing one changes in one transaction, which SQLite undoes when the
program is killed within it. Tables can be added beside ours, and are left alone.

All that comes from files is bound, never pasted into SQL. Undecodable names are stored as escapes, since SQLite's text
is UTF-8.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from postmark_id import __version__
from postmark_id.errors import OutputError
from postmark_id.flights.table import ATTRIBUTION
from postmark_id.outputs.atomic import placing, refuse_existing
from postmark_id.outputs.contract import Document

APPLICATION_ID = 0x504D4944
"""``PMID`` in the header of the file: tells our catalogues from other databases."""
VERSION = 1
"""Of the tables; a catalogue of another version is refused."""
_WAIT = 30.0
"""Seconds to wait for a program that is writing to the same catalogue."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What a catalogue says of a run.

    Attributes
    ----------
    key : str
        Of its own, and the same however often the run was interrupted.
    folder : str
        Name of its folder, without the way there.
    begun, ended : str
        UTC, ISO; `ended` is empty for a run that was not finished.
    fingerprint : str
        Of program, settings, library and table.
    pairing : str
        How fronts and backs were found.
    """

    key: str
    folder: str
    begun: str
    ended: str = ""
    fingerprint: str = ""
    pairing: str = ""


def refuse_foreign(path: str | os.PathLike[str]) -> None:
    """Raise where a catalogue can't be written: for asking before the work starts.

    Raises
    ------
    OutputError
        Something else stands there, a database of another program or version, too.
    """
    target = Path(path)
    refuse_existing(target, overwrite=True)
    if not target.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = tuple(
                database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
            )
    except sqlite3.Error as error:
        raise _foreign(target, f"is no database that can be read ({error})") from error
    if found[0] != APPLICATION_ID:
        raise _foreign(target, "belongs to another program")
    if found[1] != VERSION:
        raise _foreign(target, f"has tables of version {found[1]}, this program writes version {VERSION}")


def write_catalogue(path: str | os.PathLike[str], run: Run, documents: Iterable[Document]) -> None:
    """Put a run into a catalogue, which is made where there is none.

    Parameters
    ----------
    path : path-like
    run : Run
    documents : iterable of Document
        Taken one at a time, so memory does not grow with their number.

    Raises
    ------
    OutputError
        See `refuse_foreign`; the disk is full, or another program keeps the catalogue to itself.
    """
    target = Path(path)
    refuse_foreign(target)
    try:
        if target.is_file():
            with closing(_opened(target)) as database:
                _put(database, run, documents)
            return
        with placing(target) as temporary, closing(_opened(temporary)) as database:
            # Nobody sees the new file before it is whole, so it needs no journal, which a crash would leave behind.
            database.execute("PRAGMA journal_mode = OFF")
            database.executescript(_script("catalogue.sql"))
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {VERSION}")
            _put(database, run, documents)
    except sqlite3.Error as error:
        raise _not_written(target, error) from error


def _script(name: str) -> str:
    return files("postmark_id.outputs").joinpath(f"templates/{name}").read_text("utf-8")


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    database.execute("PRAGMA foreign_keys = ON")
    return database


def _put(database: sqlite3.Connection, run: Run, documents: Iterable[Document]) -> None:
    """Replace the rows of a run, all at once or not at all."""
    # Catalogues from before there were reviews have no place for them.
    database.executescript(_script("reviews.sql"))
    database.execute("BEGIN IMMEDIATE")
    try:
        database.execute("DELETE FROM runs WHERE key = ?", (run.key,))
        number = _insert(
            database,
            "runs",
            {
                "key": run.key, "folder": run.folder, "begun": run.begun, "ended": run.ended or None,
                "tool_version": __version__, "fingerprint": run.fingerprint, "pairing": run.pairing,
                "attribution": ATTRIBUTION,
            },
        )  # fmt: skip
        for document in documents:
            _put_document(database, number, document)
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _put_document(database: sqlite3.Connection, run: int, document: Document) -> None:
    scan = _insert(database, "scans", {"run_id": run, **_scan(document)})
    board = {date["mark"]: date for date in document["dates"]}
    for number, mark in enumerate(document["marks"]):
        place = _insert(database, "marks", {"scan_id": scan, "number": number + 1, **_mark(mark)})
        if mark["date"] is None:
            continue
        on_board = board.get(number)
        values = {"scan_id": scan, "mark_id": place, "counts": on_board is not None, **_date(on_board or mark["date"])}
        date = _insert(database, "dates", values)
        for seat, person in enumerate(on_board["aboard"] if on_board else (), start=1):
            _insert(database, "aboard", {"date_id": date, "seat": seat, "person": person})
    for rank, flight in enumerate(document["flights"], start=1):
        values = {key: flight[key] for key in _FLIGHT_COLUMNS}
        values |= {"scan_id": scan, "rank": rank, "reasons": "\n".join(flight["reasons"])}
        _insert(database, "flights", values)
    for notice in document["warnings"]:
        _insert(database, "warnings", {"scan_id": scan, "code": notice["code"], "message": notice["message"]})
    if "review" in document:
        _put_review(database, scan, document["review"])


def _put_review(database: sqlite3.Connection, scan: int, review: Document) -> None:
    values = {"scan_id": scan, "verdict": review["verdict"], "note": review["note"], "at": review["at"]}
    number = _insert(database, "reviews", values)
    for flight in review["flights"]:
        _insert(database, "review_flights", {"review_id": number, **flight})
    for mark in review["marks"]:
        values = {key: mark[key] for key in ("kind", "station", "date", "teach")}
        _insert(database, "review_marks", {"review_id": number, "number": mark["mark"] + 1, **values})


_FLIGHT_COLUMNS = ("flight", "station", "event", "event_time", "date", "days_off", "score")


def _scan(document: Document) -> Values:
    scan, back, error = document["scan"], document.get("back"), document.get("error")
    return {
        **{key: scan[key] for key in ("path", "frame", "sha256", "width", "height", "dpi")},
        **({f"back_{key}": back[key] for key in ("path", "frame", "sha256")} if back else {}),
        "outcome": document["outcome"],
        **({f"error_{key}": error[key] for key in ("code", "message", "hint")} if error else {}),
        "story": " ".join(document["story"]),
    }


def _mark(mark: Document) -> Values:
    names = ("kind", "shape", "station", "on_board", "reference", "score", "rotation", "ink")
    return {
        **{name: mark[name] for name in names},
        **dict(zip(("x", "y", "width", "height"), mark["box"], strict=True)),
        "side": mark.get("side", "front"),
        "lettering": "\n".join(mark["text"]),
        "reasons": "\n".join(mark["reasons"]),
    }


def _date(date: Document) -> Values:
    return {
        **{key: date[key] for key in ("date", "score", "text", "place")},
        **{key: date.get(key) for key in ("until", "hour", "engine")},
        "alternatives": "; ".join(f"{other['date']} ({other['score']:g})" for other in date["alternatives"]),
    }


def _insert(database: sqlite3.Connection, table: str, values: Values) -> int:
    """Add a row; names of tables and columns are ours, values are bound."""
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    bound = tuple(map(_storable, values.values()))
    row = database.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", bound).lastrowid
    assert row is not None
    return row


def _storable(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def _foreign(path: Path, what: str) -> OutputError:
    return OutputError(f"{path}: {what}", code="not-a-catalogue", hint="name another file for the catalogue")


def _not_written(path: Path, error: sqlite3.Error) -> OutputError:
    reason = str(error)
    if "full" in reason:
        return OutputError(f"{path}: the disk is full", code="disk-full", hint="make room and run it again")
    if "locked" in reason or "busy" in reason:
        hint = "wait until the other program has ended, and run it again"
        return OutputError(f"{path}: another program is writing to it", code="in-use", hint=hint)
    return OutputError(f"{path}: can't be written: {reason}", code="output-failed", hint="check the disk")
