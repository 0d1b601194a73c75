"""The JSON of the contract, schema version 1: what `check --format json` prints and `results.jsonl` holds.

Other programs are built on this, so keys, their order and their types are fixed here and nowhere else. Everything
that is stored or shown after a scan (table, picture, page, summary) is made from these documents rather than from the
live objects, so that a run that was resumed shows the same as one that was not.

Keys beyond the contract are few and only added: ``story``, for a scan that failed ``error``, for a cover of front
and back ``back``, for a flight that the user expects ``expectation``, for what a person said ``review`` at the top;
``hour``, ``until``, ``engine`` and ``quad`` in a date where they are known; ``side`` in a mark of the back.

Numbers are rounded in one place: coordinates to 0.1 pixel, scores to 0.001, so that the same input gives the same
bytes on every machine.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, get_args

from postmark_id import __version__
from postmark_id.models import (
    Agreement,
    BoardDate,
    DateReading,
    EventKind,
    FlightMatch,
    Kind,
    Mark,
    Notice,
    Outcome,
    Point,
    ScanReport,
    Shape,
    Side,
    Station,
)

SCHEMA_VERSION = 1
COORDINATE_DECIMALS = 1
SCORE_DECIMALS = 3

Document = dict[str, Any]
"""One JSON object of the contract."""
Saying = Literal["confirmed", "corrected", "open"]
"""What a person says of a cover: the program was right; it was not; or nobody can say yet."""
NO_MARK = "none"
"""Kind, to a person, of what is no mark at all."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def report_json(report: ScanReport) -> Document:
    """Document of one scan, keys in the order of the contract."""
    document: Document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "postmark-id", "version": __version__},
        "scan": _scan_json(report),
        "outcome": str(report.outcome),
        "marks": [mark_json(mark) for mark in report.marks],
        "dates": [board_date_json(date) for date in report.dates],
        "flights": [flight_json(match) for match in report.flights],
        "warnings": [notice_json(notice) for notice in report.warnings],
        "timings": {step: _real(seconds, 4) for step, seconds in report.timings.items()},
        "story": list(report.story),
    }
    if report.error is not None:
        code, message, hint = report.error
        document["error"] = {"code": code, "message": message, "hint": hint}
    if report.back is not None:
        document["back"] = _scan_json(report.back)
    if report.expectation is not None:
        one = report.expectation
        document["expectation"] = {"flight": one.flight, "answer": one.answer, "reason": one.reason}
    return document


def _scan_json(scan: ScanReport | Side) -> Document:
    return {
        "path": scan.path,
        "frame": scan.frame,
        "sha256": scan.sha256,
        "width": scan.width,
        "height": scan.height,
        "dpi": _tidy(scan.dpi, 2) if scan.dpi is not None else None,
    }


def mark_json(mark: Mark) -> Document:
    """One mark; its box holds whole pixels, its outline tenths."""
    return {
        "kind": str(mark.kind),
        "shape": str(mark.shape),
        "station": str(mark.station) if mark.station else None,
        "on_board": mark.on_board,
        "reference": mark.reference,
        "score": _score(mark.score),
        "box": [int(edge) for edge in mark.outline.box],
        "outline": _points(mark.outline.points),
        "rotation": _real(mark.outline.rotation, COORDINATE_DECIMALS),
        "ink": mark.ink,
        "text": list(mark.text),
        "date": date_json(mark.date) if mark.date else None,
        "reasons": list(mark.reasons),
        **({"side": mark.side} if mark.side != "front" else {}),
    }


def date_json(reading: DateReading) -> Document:
    """The date of a mark, with ``hour``, ``until``, ``engine`` and ``quad`` where they are known."""
    return {
        "date": reading.date.isoformat(),
        "score": _score(reading.score),
        "text": reading.text,
        "place": reading.place,
        "alternatives": _alternatives(reading),
        **_known_details(reading),
    }


def board_date_json(date: BoardDate) -> Document:
    """One date of an on-board mark, with who was aboard."""
    reading = date.reading
    return {
        "date": reading.date.isoformat(),
        "score": _score(reading.score),
        "text": reading.text,
        "mark": date.mark,
        "place": reading.place,
        "alternatives": _alternatives(reading),
        "aboard": list(date.aboard),
        **_known_details(reading),
    }


def flight_json(match: FlightMatch) -> Document:
    """One flight that a date suggests."""
    return {
        "flight": match.flight,
        "station": str(match.station),
        "event": str(match.event),
        "event_time": match.event_time,
        "date": match.date.isoformat(),
        "days_off": match.days_off,
        "score": _score(match.score),
        "reasons": list(match.reasons),
    }


def notice_json(notice: Notice) -> Document:
    """One warning."""
    return {"code": notice.code, "message": notice.message}


def dumps(document: object, *, indent: int | None = None) -> str:
    """JSON text that every reader takes: readable letters, no NaN, no lone surrogates.

    Parameters
    ----------
    document : object
        Of JSON's own types.
    indent : int, optional
        Spaces a level; one line where it is not given.

    Raises
    ------
    ValueError
        For NaN and infinities, which JSON does not have.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent)
    return _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _alternatives(reading: DateReading) -> list[Document]:
    return [{"date": other.date.isoformat(), "score": _score(other.score)} for other in reading.alternatives]


def _known_details(reading: DateReading) -> Document:
    details: Document = {}
    if reading.hour is not None:
        details["hour"] = reading.hour
    if reading.until is not None:
        details["until"] = reading.until.isoformat()
    if reading.engine:
        details["engine"] = reading.engine
    if reading.quad is not None:
        details["quad"] = _points(reading.quad)
    return details


def _points(points: Iterable[Point]) -> list[list[float]]:
    return [[_real(x, COORDINATE_DECIMALS), _real(y, COORDINATE_DECIMALS)] for x, y in points]


def _score(score: float) -> float:
    return _real(min(1.0, max(0.0, score)) if math.isfinite(score) else score, SCORE_DECIMALS)


def _real(value: float, decimals: int) -> float:
    """Rounded, of Python's own type, and without a negative zero."""
    return round(float(value), decimals) + 0.0


def _tidy(value: float, decimals: int) -> float | int:
    """A whole number where it is one: 300 rather than 300.0."""
    rounded = _real(value, decimals)
    return int(rounded) if rounded.is_integer() else rounded


def _object(properties: Document, optional: Sequence[str] = ()) -> Document:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


def _list(items: Document, **more: object) -> Document:
    return {"type": "array", "items": items, **more}


def _maybe(schema: Document) -> Document:
    return {"anyOf": [schema, {"type": "null"}]}


_STRING: Document = {"type": "string"}
_STRINGS = _list(_STRING)
_DATE: Document = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_SCORE: Document = {"type": "number", "minimum": 0, "maximum": 1}
_COUNT: Document = {"type": "integer", "minimum": 0}
_POINT = _list({"type": "number"}, minItems=2, maxItems=2)
_STATION: Document = {"enum": [str(station) for station in Station]}
_PLACE: Document = {"enum": ["inside", "beside"]}
_ALTERNATIVES = _list(_object({"date": _DATE, "score": _SCORE}))
_DETAILS: Document = {
    "hour": {"type": "integer", "minimum": 0, "maximum": 24},
    "until": _DATE,
    "engine": _STRING,
    "quad": _list(_POINT, minItems=4, maxItems=4),
}
_MARK_DATE = _object(
    {"date": _DATE, "score": _SCORE, "text": _STRING, "place": _PLACE, "alternatives": _ALTERNATIVES, **_DETAILS},
    optional=tuple(_DETAILS),
)
_MARK = _object(
    {
        "kind": {"enum": [str(kind) for kind in Kind]},
        "shape": {"enum": [str(shape) for shape in Shape]},
        "station": {"enum": [*_STATION["enum"], None]},
        "on_board": {"enum": [True, False, None]},
        "reference": _maybe(_STRING),
        "score": _SCORE,
        "box": {
            **_list({"type": "integer"}, minItems=4, maxItems=4),
            "description": "x, y, width, height in pixels of the upright scan",
        },
        "outline": {**_list(_POINT), "description": "corners [x, y]; 36 points for a circle"},
        "rotation": {"type": "number", "description": "degrees clockwise"},
        "ink": _STRING,
        "text": _STRINGS,
        "date": _maybe(_MARK_DATE),
        "reasons": _STRINGS,
        "side": {"enum": ["back"], "description": "only on marks of the other side, in the pixels of its scan"},
    },
    optional=("side",),
)
_BOARD_DATE = _object(
    {
        "date": _DATE,
        "score": _SCORE,
        "text": _STRING,
        "mark": {**_COUNT, "description": "index into marks"},
        "place": _PLACE,
        "alternatives": _ALTERNATIVES,
        "aboard": {**_STRINGS, "description": "who was on the station that day"},
        **_DETAILS,
    },
    optional=tuple(_DETAILS),
)
_FLIGHT = _object(
    {
        "flight": _STRING,
        "station": _STATION,
        "event": {"enum": [str(event) for event in EventKind]},
        "event_time": {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$",
            "description": "UTC; only a date where no time is known",
        },
        "date": {**_DATE, "description": "the date on the cover that this explains"},
        "days_off": {"type": "integer"},
        "score": _SCORE,
        "reasons": _STRINGS,
    }
)
_SCAN = _object(
    {
        "path": _STRING,
        "frame": _COUNT,
        "sha256": {"type": "string", "pattern": "^([0-9a-f]{64})?$"},
        "width": _COUNT,
        "height": _COUNT,
        "dpi": _maybe({"type": "number", "exclusiveMinimum": 0}),
    }
)
_REVIEW = _object(
    {
        "verdict": {"enum": list(get_args(Saying))},
        "flights": _list(
            _object(
                {"flight": _STRING, "station": _STATION, "event": _STRING, "event_time": _STRING, "date": _DATE},
                optional=("station", "event", "event_time", "date"),
            )
        ),
        "marks": _list(
            _object(
                {
                    "mark": {**_COUNT, "description": "index into marks"},
                    "side": {"enum": ["front", "back"]},
                    "box": _list({"type": "integer"}, minItems=4, maxItems=4),
                    "kind": {"enum": [*(str(kind) for kind in Kind), NO_MARK]},
                    "station": {"enum": [*_STATION["enum"], None]},
                    "date": _maybe(_DATE),
                    "teach": {**_maybe(_STRING), "description": "id of the mark that it is to be learned as"},
                }
            )
        ),
        "note": _STRING,
        "at": _STRING,
    }
)
SCHEMA: Document = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Result of postmark-id for one scan",
    **_object(
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "tool": _object({"name": {"const": "postmark-id"}, "version": _STRING}),
            "scan": _SCAN,
            "outcome": {"enum": [str(outcome) for outcome in Outcome]},
            "marks": _list(_MARK),
            "dates": {**_list(_BOARD_DATE), "description": "dates of on-board marks only"},
            "flights": _list(_FLIGHT),
            "warnings": _list(_object({"code": _STRING, "message": _STRING})),
            "timings": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
            "story": {**_STRINGS, "description": "what the dates tell together, a sentence each"},
            "error": _object({"code": _STRING, "message": _STRING, "hint": _STRING}),
            "back": {**_SCAN, "description": "scan of the other side, where front and back are one cover"},
            "expectation": {
                **_object({"flight": _STRING, "answer": {"enum": list(get_args(Agreement))}, "reason": _STRING}),
                "description": "the flight that the user expects against the dates",
            },
            "review": {**_REVIEW, "description": "what a person said of it with `postmark-id review`"},
        },
        optional=("error", "back", "expectation", "review"),
    ),
    "if": {"properties": {"outcome": {"const": "error"}}},
    "then": {"required": ["error"]},
}
"""JSON Schema 2020-12 of a `Document`."""
