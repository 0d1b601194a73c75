"""Flights that the print on a cover names: ``СОЮЗ ТМ-25`` in a cachet, ``SpX CRS-6`` in a caption.

A wrong name would make a wrong warning, which is worse than none. So a name must stand in the table exactly, once
case, blanks, dashes and alphabet are folded; it must hold a figure, for words such as Atlantis or Freedom mean more
than a flight; a designator alone must be long enough to mean nothing else (TM-25, but neither M-15 nor T-5); nothing
that would go on with the number may follow; and where two engines read the line, both must have read its figures, and
the letters that follow them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from postmark_id.flights.names import key
from postmark_id.flights.table import FlightTable

MOST_WORDS = 4
"""Words of the longest name: SpaceX Crew Dragon Crew-6."""
SHORTEST_KEY = 4
_CYRILLIC = str.maketrans("ABEKMHOPCTXDS", "АВЕКМНОРСТХОЗ")
"""Letters that look alike, which readers write in Latin; in a Cyrillic word D can only be О, and S only З."""
_FIGURES = re.compile(r"\d+[^\W\d_]*")
"""Figures with the letters that follow: M-26 is another ship than M-26M."""
_BARE_NUMBER = re.compile(r"(?:soyuz|progress|kounotori)\d+")
"""Names in which a word and a number stand alone: words after the number may belong to it (PROGRESS 12 APRIL)."""


def names_in(lines: Iterable[Sequence[str]], table: FlightTable) -> tuple[str, ...]:
    """Flights named in lines of print, each once, in the order of the lines.

    Parameters
    ----------
    lines : iterable of sequence of str
        Readings of each line by one engine or more, in capitals, look-alike letters in Latin.
    table : FlightTable
    """
    found: dict[str, None] = {}
    for readings in lines:
        for number, reading in enumerate(readings):
            others = [*readings[:number], *readings[number + 1 :]]
            names = [flight for flight, figures in _in_line(reading, table) if _agree(figures, others)]
            if names:
                found.update(dict.fromkeys(names))
                break
    return tuple(found)


def _in_line(text: str, table: FlightTable) -> list[tuple[str, list[str]]]:
    """Flights that one reading names, and the figures of each name."""
    words = text.replace(",", " ").split()
    found = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + MOST_WORDS), start, -1):
            flight = _flight(words, start, end, table)
            if flight:
                found.append((flight, _FIGURES.findall(" ".join(words[start:end]))))
                start = end - 1
                break
        start += 1
    return found


def _flight(words: Sequence[str], start: int, end: int, table: FlightTable) -> str:
    """The one flight that some words of a line name, or nothing."""
    after = words[end] if end < len(words) else ""
    if any(c.isdigit() for c in after) or (after.startswith(("-", "/", ".")) and after != "/"):
        return ""
    written = " ".join(words[start:end]).strip(".:*'-/ ")
    for run in (written, written.translate(_CYRILLIC)):
        folded = key(run)
        if len(folded) < SHORTEST_KEY or not any(c.isdigit() for c in folded):
            continue
        if after and _BARE_NUMBER.fullmatch(folded):
            continue
        flights = [flight for flight in table.find(run) if table.stays_of(flight)[0].vehicle != "module"]
        if len(flights) == 1:
            return flights[0]
    return ""


def _agree(figures: Sequence[str], others: Sequence[str]) -> bool:
    return all(set(figures) <= set(_FIGURES.findall(other)) for other in others)
