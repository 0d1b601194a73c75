"""The summary that a person reads in a terminal: the answer first, then why, then what stands in doubt.

Lines are wrapped at the width given and need no colour to be understood. Whatever came from a file is shown
with control characters escaped, so that a name can't play with the terminal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from postmark_id.outputs.contract import Document
from postmark_id.outputs.words import (
    CAUTION,
    OUTCOMES,
    by_date,
    cover_name,
    day,
    distance,
    flight_title,
    joint,
    mark_name,
    mark_shape,
    moment,
    reasons,
    story,
    struck,
    visible,
    why,
)

_BOLD, _DIM, _RED, _GREEN, _YELLOW = "1", "2", "31", "32", "33"
_TONES = {"identified": _GREEN, "error": _RED, "no-mark": _DIM}


class _Sheet:
    """Lines with an indent, wrapped; colour is added after wrapping, so that it never counts as width."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self.colour = colour
        self.lines: list[str] = []

    def add(self, text: str, indent: int = 0, *, hang: int = 0, style: str = "") -> None:
        """A paragraph; `hang` indents its further lines."""
        wrapped = textwrap.wrap(
            visible(text),
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_on_hyphens=False,
        )
        self.lines += [self._styled(line, style) for line in wrapped]

    def scored(self, text: str, score: float, indent: int = 0, *, style: str = "") -> None:
        """A paragraph with a score at the right edge of its first line."""
        first, *rest = textwrap.wrap(
            visible(text), max(20, self.width - 6), initial_indent=" " * indent, subsequent_indent=" " * (indent + 2),
            break_on_hyphens=False,
        ) or [""]  # fmt: skip
        gap = " " * max(2, self.width - 4 - len(first))
        self.lines.append(f"{self._styled(first, style)}{gap}{score:.2f}")
        self.lines += [self._styled(line, style) for line in rest]

    def points(self, sentences: Iterable[str], indent: int) -> None:
        """Sentences as a list."""
        for sentence in sentences:
            self.add(f"- {sentence}", indent, hang=2)

    def gap(self) -> None:
        """One empty line."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def _styled(self, line: str, style: str) -> str:
        return f"\x1b[{style}m{line}\x1b[0m" if self.colour and style else line


def summary(document: Document, *, width: int = 80, colour: bool = False) -> str:
    """Everything worth saying about one scan.

    Parameters
    ----------
    document : Document
        Of the contract.
    width : int
        Columns; at least 40 are used.
    colour : bool
        With ANSI colours.

    Returns
    -------
    str
        Lines, without a line end after the last.
    """
    sheet = _Sheet(max(40, width), colour)
    outcome = document["outcome"]
    sheet.add(cover_name(document), style=_BOLD)
    if outcome == "error":
        error = document["error"]
        sheet.add(f"{OUTCOMES[outcome]}, {error['code']}: {error['message']}", 2, hang=2, style=_TONES[outcome])
        sheet.add(error["hint"], 2, hang=2)
        return "\n".join(sheet.lines)
    sheet.add(f"{OUTCOMES[outcome].capitalize()}. {why(document)}", 2, hang=2, style=_TONES.get(outcome, _YELLOW))
    for part in (_flights, _expectation, _marks, _aboard, _story, _warnings):
        sheet.gap()
        part(sheet, document)
    if document["marks"]:
        sheet.gap()
        sheet.add(CAUTION, 2, style=_DIM)
    while sheet.lines and not sheet.lines[-1]:
        sheet.lines.pop()
    return "\n".join(sheet.lines)


def _flights(sheet: _Sheet, document: Document) -> None:
    for place, flights in enumerate(by_date(document)):
        if place:
            sheet.add("and", 2, style=_DIM)
        for rank, flight in enumerate(flights):
            if rank:
                sheet.add(joint(flight, flights[:rank], document), 2, style=_DIM)
            sheet.scored(flight_title(flight), flight["score"], 2, style="" if rank else _BOLD)
            sheet.add(f"{moment(flight['event_time'])}; {distance(flight, document)}", 4, hang=2)
            if not rank:
                sheet.points(reasons(flight, document), 4)


def _expectation(sheet: _Sheet, document: Document) -> None:
    if "expectation" in document:
        expected = document["expectation"]
        sheet.add(f"Expected {expected['flight']}: {expected['answer']}. {expected['reason']}", 2, hang=2, style=_BOLD)


def _marks(sheet: _Sheet, document: Document) -> None:
    if not document["marks"]:
        return
    sheet.add("Marks", 2, style=_BOLD)
    for number, mark in enumerate(document["marks"], start=1):
        sheet.scored(f"{number}  {', '.join(_mark_facts(mark))}", mark["score"], 4)
        for line in _mark_details(mark):
            sheet.add(line, 7, hang=2)
        sheet.points(mark["reasons"], 7)


def _mark_facts(mark: Document) -> Iterator[str]:
    yield mark_name(mark)
    if shape := mark_shape(mark):
        yield shape
    if mark["station"]:
        yield mark["station"]
    if where := struck(mark):
        yield where
    if mark["ink"]:
        yield f"{mark['ink']} ink"
    if mark.get("side") == "back":
        yield "on the back"


def _mark_details(mark: Document) -> Iterator[str]:
    date = mark["date"]
    if date:
        others = ", ".join(f"{day(other['date'])} ({other['score']:.2f})" for other in date["alternatives"][:3])
        until = f" to {day(date['until'])}" if "until" in date else ""
        place = "inside" if date["place"] == "inside" else "beside it"
        yield (
            f"date {day(date['date'])}{until}, read as '{date['text']}' {place}, score {date['score']:.2f}"
            + (f"; or {others}" if others else "")
        )
    if mark["reference"]:
        yield f"reference {mark['reference']}"
    if mark["text"]:
        yield f"lettering {' / '.join(mark['text'])}"


def _aboard(sheet: _Sheet, document: Document) -> None:
    crews = {date["date"]: date["aboard"] for date in document["dates"] if date["aboard"]}
    for date, crew in sorted(crews.items()):
        sheet.add(f"Aboard on {day(date)}: {', '.join(crew)}", 2, hang=2)


def _story(sheet: _Sheet, document: Document) -> None:
    for sentence in story(document):
        sheet.add(sentence, 2, hang=2)


def _warnings(sheet: _Sheet, document: Document) -> None:
    for notice in document["warnings"]:
        sheet.add(f"warning {notice['code']}: {notice['message']}", 2, hang=2, style=_YELLOW)
