"""``results.csv``: the results for spreadsheets.

A row for every cover, followed by a row for each of its marks; the column ``row`` says which. Columns never move; new
ones are added at the end.

A cell of text that a spreadsheet would take for a formula gets a leading apostrophe (CWE-1236). Quoting alone
does not help, as spreadsheets take the quotes away first. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator

from postmark_id.outputs.atomic import writing
from postmark_id.outputs.contract import Document

COLUMNS = (
    "row", "path", "frame", "outcome", "flight", "event", "event_time", "days_off", "flight_score",
    "mark", "kind", "shape", "station", "on_board", "reference", "score", "date", "date_score", "date_text",
    "place", "ink", "text", "x", "y", "width", "height", "rotation", "aboard", "alternatives", "reasons",
    "warnings", "story", "error", "dpi", "sha256", "side", "back_path", "back_frame", "back_sha256",
    "review", "reviewed_flight", "reviewed_kind", "reviewed_station", "reviewed_date", "note",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, object]


def write_csv(
    path: str | os.PathLike[str], documents: Iterable[Document], *, overwrite: bool = False, raw: bool = False
) -> None:
    """Write the table, UTF-8 with a byte order mark, which spreadsheets need to see that it is UTF-8.

    Parameters
    ----------
    path : path-like
    documents : iterable of Document
    overwrite : bool
    raw : bool
        Leave cells that look like formulas as they are.

    Raises
    ------
    OverwriteError, OutputError
    """
    with writing(path, overwrite=overwrite) as file:
        file.write(b"\xef\xbb\xbf" + _line(dict(zip(COLUMNS, COLUMNS, strict=True)), raw=True))
        for document in documents:
            for row in rows(document):
                file.write(_line(row, raw=raw))


def rows(document: Document) -> Iterator[Row]:
    """Rows of one document: its cover, then each of its marks."""
    scan = document["scan"]
    same: Row = {key: scan[key] for key in ("path", "frame", "dpi", "sha256")} | {"outcome": document["outcome"]}
    if back := document.get("back"):
        same |= {f"back_{key}": back[key] for key in ("path", "frame", "sha256")}
    review: Document = document.get("review", {})
    same |= {"review": review.get("verdict")}
    yield {**same, "row": "cover", **_cover(document), **_reviewed(review)}
    aboard = {date["mark"]: date["aboard"] for date in document["dates"]}
    said = {one["mark"]: one for one in review.get("marks", ())}
    for number, mark in enumerate(document["marks"], start=1):
        people = _joined(aboard.get(number - 1, ()))
        corrected = {f"reviewed_{key}": said.get(number - 1, {}).get(key) for key in ("kind", "station", "date")}
        yield {**same, "row": "mark", "mark": number, "aboard": people, **_mark(mark), **corrected}


def _reviewed(review: Document) -> Row:
    parts = ("flight", "event", "date")
    flights = (" ".join(one[part] for part in parts if part in one) for one in review.get("flights", ()))
    return {"reviewed_flight": _joined(flights), "note": review.get("note")}


def _cover(document: Document) -> Row:
    flight: Document = document["flights"][0] if document["flights"] else {}
    date: Document = max(document["dates"], key=lambda d: float(d["score"]), default={})
    error = document.get("error")
    return {
        "flight": flight.get("flight"),
        "event": flight.get("event"),
        "event_time": flight.get("event_time"),
        "days_off": flight.get("days_off"),
        "flight_score": flight.get("score"),
        "station": flight.get("station"),
        "date": date.get("date"),
        "date_score": date.get("score"),
        "aboard": _joined(date.get("aboard", ())),
        "alternatives": _joined(
            f"{other['flight']} {other['event']} {other['event_time'][:10]} ({other['score']:g})"
            for other in document["flights"][1:]
        ),
        "reasons": _joined(flight.get("reasons", ())),
        "warnings": _joined(f"{notice['code']}: {notice['message']}" for notice in document["warnings"]),
        "story": " ".join(document["story"]),
        "error": f"{error['code']}: {error['message']}" if error else None,
    }


def _mark(mark: Document) -> Row:
    date = mark["date"] or {}
    names = ("kind", "shape", "station", "on_board", "reference", "score", "ink", "rotation")
    return {
        **{name: mark[name] for name in names},
        "side": mark.get("side", "front"),
        **dict(zip(("x", "y", "width", "height"), mark["box"], strict=True)),
        "date": date.get("date"),
        "date_score": date.get("score"),
        "date_text": date.get("text"),
        "place": date.get("place"),
        "text": _joined(mark["text"]),
        "alternatives": _joined(f"{other['date']} ({other['score']:g})" for other in date.get("alternatives", ())),
        "reasons": _joined(mark["reasons"]),
    }


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)


def _line(row: Row, *, raw: bool) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_cell(row.get(column), raw) for column in COLUMNS])
    return line.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: object, raw: bool) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        text = value.replace("\x00", "")
        return f"'{text}" if not raw and text.startswith(_FORMULA) else text
    return value
