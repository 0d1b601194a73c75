"""Whether the dates of a cover agree with a flight that somebody names: the user, or the print on the cover.

A name is checked and never used for finding the answer. *Agree* asks for a date that is read surely and falls on a
day of that flight; *disagree* for dates that surely mean something else. All between is *can't tell*, with the
reason in words: a reading in doubt, a day off, a quiet day while the flight was at the station.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from postmark_id.flights.answers import Answer
from postmark_id.flights.ranking import Ranked, name, sentence
from postmark_id.flights.settling import is_board
from postmark_id.flights.table import FlightTable
from postmark_id.models import Agreement, Expectation, Mark, Notice, Station


def compare(expected: str, answers: Sequence[Answer], marks: Sequence[Mark], table: FlightTable) -> Expectation:
    """Compare a flight that somebody names with what the dates mean.

    Parameters
    ----------
    expected : str
        Name or alias, Cyrillic or Latin.
    answers : sequence of Answer
        One for each date of the cover, completed.
    marks : sequence of Mark
    table : FlightTable
    """
    flights = frozenset(table.find(expected))
    if not flights:
        message = f"The table knows no flight {expected!r}; look for its name with 'postmark-id flights list'."
        return Expectation(expected, "can't tell", message)
    if not answers:
        return Expectation(expected, *_without_date(expected, flights, marks, table))
    return Expectation(expected, *_verdict(expected, flights, answers, table))


def warnings_of(expectation: Expectation, table: FlightTable) -> list[Notice]:
    """What deserves a warning: a flight that differs, or that nobody knows."""
    if not table.find(expectation.flight):
        return [Notice("unknown-flight", expectation.reason)]
    return [Notice("expectation-differs", expectation.reason)] if expectation.answer == "disagree" else []


def named_on_cover(
    names: Sequence[str], answers: Sequence[Answer], table: FlightTable
) -> tuple[list[str], list[Notice]]:
    """What the print on a cover says, and a warning where it names flights and the dates mean none of them.

    Returns
    -------
    story : list of str
    notices : list of Notice
    """
    known = [one for one in names if table.find(one)]
    found = [compare(one, answers, (), table) for one in known]
    story = [f"The print on the cover names {', '.join(known)}."] if known else []
    if found and all(one.answer == "disagree" for one in found):
        reasons = dict.fromkeys(one.reason for one in found)
        return story, [Notice("expectation-differs", " ".join(reasons))]
    return story, []


def _verdict(
    expected: str, flights: frozenset[str], answers: Sequence[Answer], table: FlightTable
) -> tuple[Agreement, str]:
    on_day = [(answer, one) for answer in answers for one in answer.ranked if _is_of_day(one, flights)]
    for answer, one in on_day:
        if not answer.is_unsure and any(one.is_of(leading) for leading in answer.leading):
            return "agree", _agreement(answer, one)
    if on_day:
        answer, one = on_day[0]
        more = answer.open_because or f"But {_meaning(answer.leading)} explains {answer.date} better."
        return "can't tell", f"{answer.date} may mean it: {sentence(one.event)} {more}"
    near = next((one for answer in answers for one in answer.ranked if one.party & flights), None)
    if near is not None:
        off = "Day and month fit, the year is one off" if abs(near.match.days_off) > 1 else "It is one day off"
        return "can't tell", f"{off} from {near.match.date}: {sentence(near.event)}"
    if undecided := [str(answer.date) for answer in answers if _is_open(answer)]:
        return "can't tell", f"{expected} is not among what {', '.join(undecided)} may mean, but that stays open."
    return _against(expected, flights, answers, table)


def _is_open(answer: Answer) -> bool:
    """Whether more than the choice between ships of one day is left open."""
    between_ships = len(answer.leading) > 1 and not any(one.match.days_off for one in answer.leading)
    return answer.is_unsure or len(answer.doubts) > between_ships


def _is_of_day(one: Ranked, flights: frozenset[str]) -> bool:
    return (one.match.days_off == 0 or one.by_hatch) and bool(one.party & flights)


def _agreement(answer: Answer, one: Ranked) -> str:
    still = f" But it stays open. {answer.open_because}" if answer.doubts else ""
    return f"{answer.date} is a day of that flight: {sentence(one.event)}{still}"


def _meaning(leading: Sequence[Ranked]) -> str:
    return " and ".join(name(one.event) for one in leading)


def _against(
    expected: str, flights: frozenset[str], answers: Sequence[Answer], table: FlightTable
) -> tuple[Agreement, str]:
    """No date is one of the flight's own: it was elsewhere, or at the station while something else happened."""
    there = [a for a in answers if any(_was_there(f, s, a.date, table) for f in flights for s in a.stations)]
    eventful = [answer for answer in answers if answer.has_port_event]
    if there and not eventful:
        days = ", ".join(str(answer.date) for answer in there)
        return "can't tell", f"{expected} was at the station on {days}, but no ship came or went then."
    leading = [one for answer in eventful or answers for one in answer.leading]
    meaning = f"means {_meaning(leading)}" if leading else "is no day of that flight"
    travelled = f" {expected} was at the station then, so the cover may still have travelled on it." if there else ""
    return "disagree", f"{expected} is named, but the date in the mark {meaning}.{travelled}"


def _without_date(
    expected: str, flights: frozenset[str], marks: Sequence[Mark], table: FlightTable
) -> tuple[Agreement, str]:
    seen = {mark.station for mark in marks if is_board(mark) and mark.station}
    visited = {stay.station for flight in flights for stay in table.stays_of(flight)}
    if seen and not seen & visited:
        at, went = " and ".join(sorted(seen)), " and ".join(sorted(visited))
        return "disagree", f"{expected} went to {went}, but the marks were struck at {at}."
    was_read = any(is_board(mark) and mark.date for mark in marks)
    return "can't tell", f"No date of an on-board mark {'can be used' if was_read else 'was read'}."


def _was_there(flight: str, station: Station, date: dt.date, table: FlightTable) -> bool:
    return any(
        stay.station is station
        and stay.docking is not None
        and stay.docking.date <= date
        and (stay.undocking is None or date <= stay.undocking.date)
        for stay in table.stays_of(flight)
    )
