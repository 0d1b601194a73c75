"""Results of the contract, read back into the words of `models`, and put beside their labels.

A result and its label meet by the end of the path: a run may have been started from another folder, or on
another machine.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from postmark_id.errors import UsageError
from postmark_id.evaluate.truth import Truth
from postmark_id.models import (
    BoardDate,
    DateCandidate,
    DateReading,
    EventKind,
    FlightMatch,
    Kind,
    Mark,
    Notice,
    Outcome,
    Outline,
    Quad,
    ScanReport,
    Shape,
    Station,
)

RESULTS_FILE = "results.jsonl"


def read_results(path: Path) -> list[ScanReport]:
    """Read the results of a run.

    Parameters
    ----------
    path : Path
        A file of JSON lines, or the folder of a run that holds ``results.jsonl``.

    Raises
    ------
    UsageError
        There is no such file, or a line of it is no result; names file and line.
    """
    file = path / RESULTS_FILE if path.is_dir() else path
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{file}: can't be read: {error}", code="no-results", hint="name results.jsonl or a run's folder"
        ) from error
    return list(_parse(file, text))


def _parse(file: Path, text: str) -> Iterator[ScanReport]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield report_from_json(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(
                f"{file}:{number}: not a result of postmark-id: {error}",
                code="bad-results",
                hint="write the results again with `postmark-id batch`",
            ) from error


def report_from_json(document: dict[str, Any]) -> ScanReport:
    """Turn one document of the contract into a `ScanReport`.

    Centre and radius of an outline are not in the contract; they are taken from its points.

    Raises
    ------
    KeyError, TypeError, ValueError
        The document doesn't keep the contract.
    """
    scan = document["scan"]
    error = document.get("error")
    return ScanReport(
        path=str(scan["path"]),
        frame=int(scan["frame"]),
        sha256=str(scan.get("sha256") or ""),
        width=int(scan.get("width") or 0),
        height=int(scan.get("height") or 0),
        dpi=scan.get("dpi"),
        outcome=Outcome(document["outcome"]),
        marks=tuple(_mark(mark) for mark in document.get("marks", ())),
        dates=tuple(
            BoardDate(_reading(date), int(date["mark"]), tuple(date.get("aboard", ())))
            for date in document.get("dates", ())
        ),
        flights=tuple(_flight(flight) for flight in document.get("flights", ())),
        warnings=tuple(Notice(w["code"], w["message"]) for w in document.get("warnings", ())),
        timings={str(stage): float(seconds) for stage, seconds in document.get("timings", {}).items()},
        error=None if error is None else (error["code"], error["message"], error.get("hint", "")),
    )


def _mark(mark: dict[str, Any]) -> Mark:
    points = tuple((float(x), float(y)) for x, y in mark["outline"])
    n = max(len(points), 1)
    centre = (sum(x for x, _ in points) / n, sum(y for _, y in points) / n)
    radius = sum(math.dist(p, centre) for p in points) / n
    return Mark(
        kind=Kind(mark["kind"]),
        outline=Outline(Shape(mark["shape"]), centre, radius, float(mark.get("rotation") or 0.0), points),
        score=float(mark["score"]),
        station=None if mark.get("station") is None else Station(mark["station"]),
        on_board=mark.get("on_board"),
        reference=mark.get("reference"),
        ink=str(mark.get("ink") or ""),
        text=tuple(mark.get("text") or ()),
        date=None if mark.get("date") is None else _reading(mark["date"]),
        reasons=tuple(mark.get("reasons", ())),
    )


def _reading(date: dict[str, Any]) -> DateReading:
    return DateReading(
        date=dt.date.fromisoformat(date["date"]),
        score=float(date["score"]),
        text=str(date.get("text") or ""),
        place="beside" if date.get("place") == "beside" else "inside",
        alternatives=tuple(
            DateCandidate(dt.date.fromisoformat(a["date"]), float(a["score"]), str(a.get("text") or ""))
            for a in date.get("alternatives", ())
        ),
        quad=_quad(date.get("quad")),
    )


def _quad(corners: Sequence[Sequence[float]] | None) -> Quad | None:
    if corners is None:
        return None
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return a, b, c, d


def _flight(flight: dict[str, Any]) -> FlightMatch:
    return FlightMatch(
        flight=str(flight["flight"]),
        station=Station(flight["station"]),
        event=EventKind(flight["event"]),
        event_time=str(flight.get("event_time") or ""),
        date=dt.date.fromisoformat(flight["date"]),
        days_off=int(flight["days_off"]),
        score=float(flight["score"]),
        reasons=tuple(flight.get("reasons", ())),
    )


def missing_report(file: str) -> ScanReport:
    """Stand in for a labelled picture that the results don't mention: an error, not a gap in the sums."""
    error = ("missing", f"{file}: no result", "run the batch again on all labelled pictures")
    return ScanReport(file, 0, "", 0, 0, None, Outcome.ERROR, error=error)


def pair(labels: Sequence[Truth], reports: Iterable[ScanReport]) -> list[tuple[Truth, ScanReport]]:
    """Put each label beside its result, the first frame of the file whose path ends like the label's.

    Where no path ends so, a file of the same name serves if it is the only one; else the label gets
    `missing_report`.
    """
    by_name: dict[str, list[tuple[list[str], ScanReport]]] = {}
    for report in reports:
        parts = re.split(r"[/\\]", report.path)
        if report.frame == 0:
            by_name.setdefault(parts[-1], []).append((parts, report))
    return [(truth, _result_of(truth, by_name)) for truth in labels]


def _result_of(truth: Truth, by_name: dict[str, list[tuple[list[str], ScanReport]]]) -> ScanReport:
    wanted = truth.file.split("/")
    same_name = by_name.get(wanted[-1], [])
    for parts, report in same_name:
        if parts[-len(wanted) :] == wanted:
            return report
    return same_name[0][1] if len(same_name) == 1 else missing_report(truth.file)
