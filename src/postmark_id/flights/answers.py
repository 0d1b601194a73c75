"""What one date of a cover means, and how sure that is.

An answer starts as *identified* and loses that with every doubt that can be put into words: a second event on the
day, a day off, a weak reading, a rival reading that names another flight, nobody aboard, a mark out of use. The
words go with the suggestion, so that a person sees what keeps the answer open. A date on which no ship came or went
within a day is *no-event*, whatever else happened then.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from postmark_id.flights.holidays import holiday
from postmark_id.flights.ranking import PORT_EVENTS, Ranked, leaders, name, other_years, rank, sentence, the
from postmark_id.flights.settling import MarkDate, aboard
from postmark_id.flights.table import FlightTable
from postmark_id.models import DateCandidate, Notice, Outcome, Station
from postmark_id.settings import FlightSettings


@dataclass
class Answer:
    """One date of a cover, carried by one or several of its marks.

    Attributes
    ----------
    date : datetime.date
    confidence : float
        Best score of the marks that carry it.
    stations : tuple of Station
        Where it can have been struck.
    marks : tuple of MarkDate
        The marks that carry it.
    ranked : list of Ranked
        Suggestions, best first; those of rival readings and other years included.
    leading : list of Ranked
        Those that remain; one where the answer is clear.
    doubts : list of str
        Sentences on what keeps the answer open.
    is_unsure : bool
        Whether the reading is weak, or another reading of the date remains.
    notices : list of Notice
    """

    date: dt.date
    confidence: float
    stations: tuple[Station, ...]
    marks: tuple[MarkDate, ...]
    ranked: list[Ranked] = field(default_factory=list)
    leading: list[Ranked] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    is_unsure: bool = False
    notices: list[Notice] = field(default_factory=list)

    @property
    def has_port_event(self) -> bool:
        """Whether a ship came, went or moved within a day."""
        return any(one.event.kind in PORT_EVENTS and abs(one.match.days_off) <= 1 for one in self.ranked)

    def warn(self, notice: Notice) -> None:
        """Say something beside the answer that leaves it as it is."""
        if notice not in self.notices:
            self.notices.append(notice)

    def doubt(self, notice: Notice) -> None:
        """Keep the answer open for what a warning says."""
        if notice not in self.notices:
            self.warn(notice)
            self.doubts.append(notice.message)

    @property
    def open_because(self) -> str:
        """What keeps the answer open; empty where nothing does. What stands as a warning is only named."""
        codes = {notice.message: notice.code for notice in self.notices}
        named = dict.fromkeys(codes[doubt] for doubt in self.doubts if doubt in codes)
        return " ".join([doubt for doubt in self.doubts if doubt not in codes] + [see(code) for code in named])

    @property
    def outcome(self) -> Outcome:
        """What this date alone comes to."""
        if not self.has_port_event:
            return Outcome.AMBIGUOUS if self.is_unsure else Outcome.NO_EVENT
        return Outcome.AMBIGUOUS if self.doubts else Outcome.IDENTIFIED


def see(code: str) -> str:
    """Names a warning whose words need not be said again."""
    return f"The warning {code} says why."


def group(dates: Sequence[MarkDate]) -> list[Answer]:
    """Answers still without suggestions: marks with the same date support each other and share one, oldest first."""
    by_date: dict[dt.date, list[MarkDate]] = {}
    for date in dates:
        by_date.setdefault(date.reading.date, []).append(date)
    answers = []
    for day, marks in sorted(by_date.items()):
        shared = set.intersection(*(set(mark.stations) for mark in marks))
        named = dict.fromkeys(s for mark in marks for s in mark.stations)
        stations = tuple(s for s in named if s in shared) or tuple(named)
        confidence = max(mark.reading.score for mark in marks)
        answers.append(Answer(day, confidence, stations, tuple(marks)))
    return answers


def complete(answer: Answer, table: FlightTable, settings: FlightSettings) -> None:
    """Find the suggestions of an answer, and what speaks against them."""
    answer.ranked = rank(answer.date, answer.confidence, answer.stations, table, settings)
    answer.leading = leaders(answer.ranked, settings.rival)
    _doubt_events(answer)
    _doubt_reading(answer, table, settings)
    _doubt_presence(answer, table)
    if not answer.ranked or not _anybody(answer, table):
        _suggest_other_years(answer, table, settings)
    if not answer.has_port_event:
        answer.notices.append(_between(answer, table))
    answer.ranked.sort(key=lambda one: -one.match.score)
    _tell_reasons(answer)


def _doubt_events(answer: Answer) -> None:
    if len(answer.leading) > 1 and answer.has_port_event:
        named = " and ".join(name(one.event) for one in answer.leading)
        answer.doubts.append(f"{answer.date} leaves it open between {named}.")
    elif answer.leading and answer.leading[0].match.days_off and not answer.leading[0].by_hatch:
        answer.doubts.append(f"Nothing fits {answer.date} itself: one day off is a suggestion and no more.")
        if what := holiday(answer.date):
            answer.doubts.append(f"{answer.date} is {what}, which explains a mark without any ship.")
    elif answer.leading and not _is_exact_movement(answer.leading[0]):
        off = [one for one in answer.ranked if one.match.days_off and not one.is_of(answer.leading[0])]
        answer.doubts += [f"{name(one.event)} lies one day off." for one in off]


def _doubt_reading(answer: Answer, table: FlightTable, settings: FlightSettings) -> None:
    on_event = bool(answer.leading) and _is_exact_movement(answer.leading[0])
    needed = settings.sure_date_on_event if on_event else settings.sure_date
    if answer.confidence < needed:
        answer.is_unsure = True
        answer.doubts.append(f"The date was read with a score of {answer.confidence:.2f} only.")
    elif answer.confidence < settings.sure_date:
        _add_reason(answer, "The reading alone is weak; the table supports it: it falls on an arrival or departure.")
    for rival in _rivals(answer):
        others = rank(rival.date, rival.score, answer.stations, table, settings)
        if _same_meaning(answer.leading, leaders(others, settings.rival)):
            continue
        weak = rival.score < settings.rival * answer.confidence
        rival_on_event = any(_is_exact_movement(one) for one in others)
        if rival.score < settings.weak_rival * answer.confidence and not rival_on_event:
            continue
        if weak and on_event and not rival_on_event:
            _add_reason(answer, f"{rival.date} can be read, too; the table decides: no ship came or went that day.")
            continue
        answer.is_unsure = True
        answer.doubts.append(f"{rival.date} can be read, too (score {rival.score:.2f}).")
        answer.ranked += others


def _rivals(answer: Answer) -> list[DateCandidate]:
    """Other readings that every mark with this date leaves open; one clear mark settles it for all."""
    shared = set.intersection(*({rival.date for rival in mark.rivals} for mark in answer.marks))
    best: dict[dt.date, DateCandidate] = {}
    for rival in (rival for mark in answer.marks for rival in mark.rivals):
        if rival.date in shared and (rival.date not in best or rival.score > best[rival.date].score):
            best[rival.date] = rival
    return list(best.values())


def _same_meaning(ours: Sequence[Ranked], theirs: Sequence[Ranked]) -> bool:
    return len(ours) == 1 and len(theirs) == 1 and ours[0].event == theirs[0].event


def _is_exact_movement(one: Ranked) -> bool:
    return one.event.kind in PORT_EVENTS and one.match.days_off == 0


def _anybody(answer: Answer, table: FlightTable) -> bool:
    return answer.date > table.end or any(aboard(s, answer.date, table) for s in answer.stations)


def _doubt_presence(answer: Answer, table: FlightTable) -> None:
    where = " or ".join(the(station) for station in answer.stations)
    if answer.date > table.end:
        message = f"The table ends on {table.end}; add newer flights with 'postmark-id flights add'."
        answer.notices.append(Notice("beyond-table", message))
    elif not _anybody(answer, table):
        message = f"Nobody was aboard {where} on {answer.date}: a mark can't have been struck there on that day."
        answer.doubt(Notice("nobody-aboard", message))
    elif len(answer.stations) > 1:
        answer.doubts.append(f"The mark names no station, and {where} can be meant.")


def _suggest_other_years(answer: Answer, table: FlightTable, settings: FlightSettings) -> None:
    for one in other_years(answer.date, answer.confidence, answer.stations, table, settings):
        answer.ranked.append(one)
        message = f"Nothing fits {answer.date}, but {one.event.date.year} does: {sentence(one.event)}"
        answer.notices.append(Notice("wrong-year", f"{message} The year may be set or read wrong."))


def _between(answer: Answer, table: FlightTable) -> Notice:
    parts = []
    for station in answer.stations:
        before, after = table.neighbours(answer.date, station)
        if before and after:
            parts.append(f"between {name(before)} and {name(after)} at {the(station)}")
        elif before:
            parts.append(f"after the last one known at {the(station)}, {name(before)}")
        elif after:
            parts.append(f"before the first one at {the(station)}, {name(after)}")
    where = "; ".join(parts) or "and the table knows of none"
    return Notice("no-event", f"No ship came or went within a day of {answer.date}: it lies {where}.")


def _add_reason(answer: Answer, reason: str) -> None:
    if answer.leading:
        first = answer.leading[0]
        told = replace(first, match=replace(first.match, reasons=(*first.match.reasons, reason)))
        answer.leading[0] = told
        answer.ranked = [told if one.event == first.event else one for one in answer.ranked]


def _tell_reasons(answer: Answer) -> None:
    """Put what was found about the marks, and all doubts, beside the leading suggestion."""
    from_marks = dict.fromkeys(reason for mark in answer.marks for reason in mark.reasons)
    for reason in (*from_marks, *answer.doubts):
        _add_reason(answer, reason)


def doubt_marks(answers: Sequence[Answer], notices: Mapping[int, Notice], but_warn: float = math.inf) -> None:
    """Open the answers whose marks were out of use on their date.

    Parameters
    ----------
    answers : sequence of Answer
    notices : mapping of int to Notice
        By place of the mark.
    but_warn : float
        Confidence from which an answer stands, with the warning beside it.
    """
    for answer in answers:
        tell = answer.doubt if answer.confidence < but_warn else answer.warn
        for mark in answer.marks:
            if mark.mark in notices:
                tell(notices[mark.mark])


def disagreements(answers: Sequence[Answer]) -> list[Notice]:
    """Dates that may be one date read in two ways: they differ in one figure, and only one of them fits an event.

    Several dates on one cover are normal; only such pairs are doubted.
    """
    found = []
    for place, one in enumerate(answers):
        for other in answers[place + 1 :]:
            a, b = one.date.strftime("%d%m%y"), other.date.strftime("%d%m%y")
            alike = sum(x != y for x, y in zip(a, b, strict=True)) == 1
            if alike and one.has_port_event != other.has_port_event:
                message = f"Two marks read {one.date} and {other.date}, one figure apart: perhaps one date, misread."
                found.append(Notice("marks-disagree", message))
                one.doubt(found[-1])
                other.doubt(found[-1])
    return found
