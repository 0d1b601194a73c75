"""How results are said to people: the same words in the summary, on the picture and on the page.

Months are spelled out here, since `strftime` follows the locale and 02/12 is read in two ways.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from postmark_id.flights.story import left_open
from postmark_id.models import Shape
from postmark_id.outputs.contract import Document, Saying

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

KINDS = {
    "station-seal": "station seal",
    "board-postmark": "board postmark",
    "souvenir-seal": "souvenir seal",
    "ground-cancel": "ground cancel",
    "unknown": "unknown mark",
}

OUTCOMES = {
    "identified": "flight identified",
    "ambiguous": "left open",
    "no-event": "no docking near the date",
    "date-unread": "no usable date",
    "no-mark": "no on-board mark found",
    "error": "not processed",
}
"""What each outcome says, whatever brought it about; `why` says the rest."""

DOUBT = ("error", "ambiguous", "date-unread", "no-event", "no-mark", "identified")
"""Outcomes by how much they want a person's look, most first."""

SAYINGS: dict[Saying, str] = {"confirmed": "confirmed", "corrected": "corrected", "open": "left open"}
"""What a person said of a cover."""

CAUTION = "A suggestion from shape, lettering and dates. It says nothing about authenticity."

_UNUSABLE = {
    "outside-limits": "lies outside the days that you gave",
    "outside-station-life": "lies outside the life of its station",
    "faint-date": "was read too faintly",
}
"""Warnings of dates that were read and are not used, and what is the matter with them."""
_EVENTS = {"eva": "spacewalk", "crew-handover": "crew handover"}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def mark_name(mark: Document) -> str:
    """Kind of a mark: ``station seal``; where that is unknown, with its shape: ``unknown octagon``."""
    if _is_emblem(mark):
        return "emblem or stamp"
    if mark["kind"] == "unknown" and mark["shape"] != "other":
        return "unknown round mark" if mark["shape"] == "circle" else f"unknown {mark['shape']}"
    return KINDS[mark["kind"]]


def mark_shape(mark: Document) -> str | None:
    """Shape of a mark: ``round``, ``octagon``; None where there is none or `mark_name` says it."""
    named = mark["kind"] != "unknown" or _is_emblem(mark)
    return Shape(mark["shape"]).spoken if named and mark["shape"] != "other" else None


def mark_look(mark: Document) -> str:
    """The kind as which a mark is shown: what is not from aboard looks like a ground cancel."""
    return "ground-cancel" if _is_emblem(mark) else str(mark["kind"])


def _is_emblem(mark: Document) -> bool:
    """Whether a mark is known not to be from aboard, though not what it is."""
    return mark["kind"] == "unknown" and mark["on_board"] is False


def struck(mark: Document) -> str | None:
    """Where a mark was struck: ``struck on board``; None where that can't be told."""
    if mark["on_board"] is None:
        return None
    if mark["on_board"]:
        return "struck on board"
    return "not from aboard" if _is_emblem(mark) else "struck on the ground"


def day(date: str) -> str:
    """``1997-02-12`` as ``12 Feb 1997``."""
    value = dt.date.fromisoformat(date)
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def event(kind: str) -> str:
    """Name of an event as a person would say it."""
    return _EVENTS.get(kind, kind)


def moment(event_time: str) -> str:
    """``1997-02-12T15:51Z`` as ``12 Feb 1997, 15:51 UTC``; a date alone stays one."""
    date, _, time = event_time.partition("T")
    return f"{day(date)}, {time[:5]} UTC" if time else day(date)


def why(document: Document) -> str:
    """Why a scan came to no more than its outcome says; empty where there is nothing to add."""
    match document["outcome"]:
        case "ambiguous":
            return " ".join(left_open(document["story"])) or "The candidates are ranked below; a person has to decide."
        case "no-event":
            return "The date is sure, but no ship came or went within a day of it."
        case "date-unread":
            return _why_no_date(document)
        case "no-mark":
            return _why_no_mark(document)
    return ""


def _why_no_date(document: Document) -> str:
    codes = {notice["code"] for notice in document["warnings"]}
    if wrong := next((words for code, words in _UNUSABLE.items() if code in codes), ""):
        return f"A mark made on board is there, but the date in it {wrong}."
    elsewhere = "." if "back" in document else "; it may stand on the other side."
    return f"A mark made on board is there, but no date could be read{elsewhere}"


def _why_no_mark(document: Document) -> str:
    marks = document["marks"]
    emblems = sum(map(_is_emblem, marks))
    ground = sum(mark["kind"] == "ground-cancel" or mark["on_board"] is False for mark in marks) - emblems
    unknown = len(marks) - ground - emblems
    if not marks:
        return f"No postmark or seal was seen on {'either' if 'back' in document else 'this'} side."
    named = (
        _many(ground, "a ground cancel", "ground cancels"),
        _many(emblems, "a printed emblem or club stamp", "printed emblems or club stamps"),
    )
    told = " and ".join(filter(None, named))
    if not unknown:
        return f"Only {told} {'was' if ground + emblems == 1 else 'were'} seen."
    besides = f"{told}, and " if told else ""
    marks_told = "1 mark of which it" if unknown == 1 else f"{unknown} marks of which it"
    were = "it was" if unknown == 1 else "they were"
    return f"Seen: {besides}{marks_told} can't be told whether {were} struck aboard."


def _many(count: int, one: str, many: str) -> str:
    return "" if not count else one if count == 1 else f"{count} {many}"


def story(document: Document) -> list[str]:
    """The sentences of the story that `why` does not say."""
    said = left_open(document["story"]) if document["outcome"] == "ambiguous" else []
    return [sentence for sentence in document["story"] if sentence not in said]


def reasons(flight: Document, document: Document) -> list[str]:
    """The reasons for a flight that neither `why` nor a warning says."""
    said = [why(document), *(notice["message"] for notice in document["warnings"])]
    return [reason for reason in flight["reasons"] if not any(reason in words for words in said)]


def distance(flight: Document, document: Document) -> str:
    """How far the event lies from the date that it explains: ``the day of the mark of 12 Feb 1997``."""
    date, days = flight["date"], int(flight["days_off"])
    if date not in _dates(document):
        return "from the marks, not from a date"
    in_utc = (dt.date.fromisoformat(flight["event_time"][:10]) - dt.date.fromisoformat(date)).days
    zone = "" if in_utc == days else "in Moscow time "
    many = f"{abs(days)} day{'s' if abs(days) != 1 else ''}"
    side = f"{many} after" if days > 0 else f"{many} before" if days < 0 else "the day of"
    return f"{zone}{side} the mark of {day(date)}"


def by_date(document: Document) -> list[list[Document]]:
    """Flights grouped by the date on the cover that they explain: those of one group rival each other.

    Other readings of a date belong to it, and flights that rest on no date to each other.
    """
    dates = _dates(document)
    groups: dict[str | None, list[Document]] = {}
    for flight in document["flights"]:
        groups.setdefault(dates.get(flight["date"]), []).append(flight)
    return list(groups.values())


def joint(flight: Document, above: Sequence[Document], document: Document) -> str:
    """The word between a flight and those above it in its group: events of one flight don't rival each other."""
    if any((one["flight"], one["date"]) == (flight["flight"], flight["date"]) for one in above):
        return "with"
    return "or, less likely" if document["outcome"] == "identified" else "or"


def _dates(document: Document) -> dict[str, str]:
    """Every date that can be read on a cover, and the one that stands for it: itself, or that of its mark."""
    settled = {date["mark"] for date in document["dates"]}
    others = [mark["date"] for place, mark in enumerate(document["marks"]) if mark["date"] and place not in settled]
    readings = [*document["dates"], *others]
    dates = {reading["date"]: reading["date"] for reading in readings}
    for reading in readings:
        for other in reading["alternatives"]:
            dates.setdefault(other["date"], reading["date"])
    return dates


def reviewed(review: Document) -> str:
    """What a person said of a cover: ``confirmed: Soyuz TM-25 (docking)``."""
    flights = (one["flight"] + (f" ({event(one['event'])})" if "event" in one else "") for one in review["flights"])
    said = ": ".join(filter(None, (SAYINGS[review["verdict"]], ", ".join(flights))))
    return ". ".join(filter(None, (said, review["note"])))


def flight_title(flight: Document) -> str:
    """``Soyuz TM-25: docking, Mir``."""
    return f"{flight['flight']}: {event(flight['event'])}, {flight['station']}"


def visible(text: str) -> str:
    """Text from files made safe to show: control and direction characters and lone surrogates as escapes."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def scan_name(document: Document) -> str:
    """Path of a scan as shown, with its page from the second on: ``cover.tif#2``."""
    scan = document["scan"]
    return visible(scan["path"]) + (f"#{scan['frame'] + 1}" if scan["frame"] else "")


def cover_name(document: Document) -> str:
    """Name of a scan, and of the other side where both are one cover: ``7_front.jpg and 7_back.jpg``."""
    front = scan_name(document)
    return f"{front} and {scan_name({'scan': document['back']})}" if "back" in document else front


def doubt(document: Document) -> tuple[int, float, str, int]:
    """Sort key: what wants a person's look first, the surest last."""
    best = max((float(flight["score"]) for flight in document["flights"]), default=0.0)
    dates = min((float(date["score"]) for date in document["dates"]), default=0.0)
    scan = document["scan"]
    return DOUBT.index(document["outcome"]), best + dates / 10, scan["path"], scan["frame"]
