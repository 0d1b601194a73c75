"""How results are said to people: the same words in the summary, on the picture and on the page.

Months are spelled out here, since `strftime` follows the locale and 02/12 is read in two ways.
"""

from __future__ import annotations

import datetime as dt
import re

from postmark_id.outputs.contract import Document

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
    "ambiguous": "more than one answer",
    "no-event": "no docking near the date",
    "date-unread": "date not read",
    "no-mark": "no mark found",
    "error": "not processed",
}

DOUBT = ("error", "ambiguous", "date-unread", "no-event", "no-mark", "identified")
"""Outcomes by how much they want a person's look, most first."""

CAUTION = "A suggestion from shape, lettering and dates. It says nothing about authenticity."

_EVENTS = {"eva": "spacewalk", "crew-handover": "crew handover"}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def mark_name(mark: Document) -> str:
    """Kind and shape of a mark: ``station seal``, or ``unknown octagon``."""
    if mark["kind"] == "unknown":
        return f"unknown {mark['shape']}" if mark["shape"] != "other" else KINDS["unknown"]
    return KINDS[mark["kind"]]


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


def distance(flight: Document) -> str:
    """How far the event lies from the date on the cover."""
    days = int(flight["days_off"])
    if days == 0:
        return "the day of the mark"
    return f"{abs(days)} day{'s' if abs(days) != 1 else ''} {'after' if days > 0 else 'before'} the mark"


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
