"""From the marks of a cover and their dates to the flights they name.

Pure functions of the marks and the table. The order of thought: settle which dates the on-board marks carry,
answer each date, then look at the marks together; where no date can be had, ask the undated marks and the ground
cancels for hints. docs/reasoning.md tells the same to a collector.

What holds: no suggestion without a reason in words; nothing is *identified* that a named doubt speaks against;
an expectation of the user is checked and never used for finding the answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from postmark_id.flights import hints
from postmark_id.flights.answers import Answer, complete, disagreements, doubt_marks, group, see
from postmark_id.flights.expected import compare, named_on_cover, warnings_of
from postmark_id.flights.ranking import matches, the
from postmark_id.flights.settling import (
    MarkDate,
    Period,
    Priors,
    aboard,
    is_board,
    is_ground,
    is_rescue_pentagon,
    out_of_use,
    settle,
)
from postmark_id.flights.story import stays_open, tell
from postmark_id.flights.table import FlightTable
from postmark_id.models import (
    BoardDate,
    DateReading,
    Expectation,
    FlightMatch,
    Kind,
    Mark,
    Notice,
    Outcome,
    Outline,
    Shape,
    Station,
)
from postmark_id.settings import FlightSettings

__all__ = ["FlightStory", "Priors", "explain", "near"]


@dataclass(frozen=True, slots=True)
class FlightStory:
    """What the dates of a cover mean.

    Attributes
    ----------
    dates : tuple of BoardDate
        Dates of on-board marks, in the order of the marks, with who was aboard.
    flights : tuple of FlightMatch
        Suggestions: those that stand for each date, by date; then all others, best first.
    outcome : Outcome
    warnings : tuple of Notice
    story : tuple of str
        A sentence each.
    expectation : Expectation or None
        Whether the dates agree with the flight that the user expects; None where none is expected.
    """

    dates: tuple[BoardDate, ...] = ()
    flights: tuple[FlightMatch, ...] = ()
    outcome: Outcome = Outcome.NO_MARK
    warnings: tuple[Notice, ...] = ()
    story: tuple[str, ...] = ()
    expectation: Expectation | None = None


def explain(
    marks: Sequence[Mark],
    table: FlightTable,
    *,
    priors: Priors | None = None,
    settings: FlightSettings | None = None,
    periods: Mapping[str, Period] | None = None,
    names: Sequence[str] = (),
    both_sides: bool = False,
) -> FlightStory:
    """Name the flights of a cover.

    Parameters
    ----------
    marks : sequence of Mark
        All marks of the cover, of the back, too, with their dates.
    table : FlightTable
    priors : Priors, optional
        What the user says about the cover.
    settings : FlightSettings, optional
    periods : mapping of str to (date, date), optional
        First and last day of use of the reference marks, by id; None for an open end.
    names : sequence of str
        Flights that the print on the cover names; checked, never used for finding the answer.
    both_sides : bool
        Whether front and back were looked at.
    """
    priors, settings, periods = priors or Priors(), settings or FlightSettings(), periods or {}
    settled, notices = settle(marks, table, priors, settings)
    answers = group(settled)
    for answer in answers:
        complete(answer, table, settings)
    doubt_marks(answers, dict(hints.early_octagons(marks, settled, table)))
    # where the date is plain, the mark is rather another one than it was taken for, or was in use for longer
    doubt_marks(answers, dict(out_of_use(marks, settled, periods)), but_warn=settings.surer_than_use)
    _doubt_places(answers, marks)
    warnings = [*notices, *_two_stations(marks, answers, table), *_other_station(marks, answers, priors)]
    warnings += [*disagreements(answers), *_far_apart(answers, settings)]
    warnings += [notice for answer in answers for notice in answer.notices]
    warnings += _rescue_pentagons(marks)
    if answers:
        flights, outcome = _flights_of(answers), _outcome(answers)
        story = [*tell(answers, table), *hints.ground_sentences(marks, table)]
        days = hints.open_days(marks, answers, table, settings)
        if days and outcome is Outcome.IDENTIFIED:
            # the cover may bear one more date, on which perhaps nothing happened
            outcome = Outcome.AMBIGUOUS
        story += [stays_open(day, see("uncertain-mark")) for day in days]
        warnings += [hints.uncertain(day) for day in days]
    else:
        flights, outcome, more, story = _without_date(marks, table, priors=priors, settings=settings, periods=periods)
        if not notices and any(is_board(mark) for mark in marks):
            story.append(
                "No on-board date was read on either side."
                if both_sides
                else "No on-board date was read on this side; the dated mark may be on the reverse."
            )
        warnings += more
    expectation = compare(priors.expect, answers, marks, table) if priors.expect else None
    warnings += warnings_of(expectation, table) if expectation else []
    told, differing = named_on_cover(names, answers, table)
    story += told
    warnings += differing
    return FlightStory(
        dates=_board_dates(settled, table),
        flights=flights[: settings.most_flights],
        outcome=outcome,
        warnings=tuple(dict.fromkeys(warnings)),
        story=tuple(dict.fromkeys(story)),
        expectation=expectation,
    )


def near(
    date: dt.date, table: FlightTable, *, station: Station | None = None, settings: FlightSettings | None = None
) -> FlightStory:
    """What a date would mean in an on-board mark, of a station if one is given: for looking things up."""
    outline = Outline(Shape.CIRCLE, (0.0, 0.0), 1.0, 0.0, ())
    reading = DateReading(date, 1.0, date.isoformat())
    mark = Mark(Kind.BOARD_POSTMARK, outline, 1.0, station=station, on_board=True, date=reading)
    return explain([mark], table, settings=settings)


def _board_dates(settled: Sequence[MarkDate], table: FlightTable) -> tuple[BoardDate, ...]:
    found = []
    for one in settled:
        people = tuple(dict.fromkeys(p for s in one.stations for p in aboard(s, one.reading.date, table)))
        found.append(BoardDate(one.reading, one.mark, people))
    return tuple(found)


def _flights_of(answers: Sequence[Answer]) -> tuple[FlightMatch, ...]:
    leading = [match for answer in answers for match in matches(answer.leading)]
    others = [match for answer in answers for match in matches(answer.ranked)]
    others.sort(key=lambda match: -match.score)
    return _each_once([*leading, *others])


def _each_once(found: Iterable[FlightMatch]) -> tuple[FlightMatch, ...]:
    kept: dict[tuple[str, str, str, dt.date], FlightMatch] = {}
    for match in found:
        kept.setdefault((match.flight, match.event, match.event_time, match.date), match)
    return tuple(kept.values())


def _outcome(answers: Sequence[Answer]) -> Outcome:
    """The least certain of the dates decides: identified means a clear event for every date."""
    outcomes = {answer.outcome for answer in answers}
    for outcome in (Outcome.AMBIGUOUS, Outcome.NO_EVENT):
        if outcome in outcomes:
            return outcome
    return Outcome.IDENTIFIED


def _without_date(
    marks: Sequence[Mark],
    table: FlightTable,
    *,
    priors: Priors,
    settings: FlightSettings,
    periods: Mapping[str, Period],
) -> tuple[tuple[FlightMatch, ...], Outcome, list[Notice], list[str]]:
    """Suggestions where no on-board mark has a date that can be used."""
    on_board = any(is_board(mark) for mark in marks)
    from_marks, story = hints.from_marks(marks, table, periods, settings)
    from_ground, notices = hints.from_ground(marks, table, priors, settings)
    from_unknown, uncertain = hints.from_unknown(marks, table, priors, settings)
    grounds = [mark for mark in marks if is_ground(mark) and mark.date]
    if grounds:
        days = ", ".join(str(mark.date.date) for mark in grounds if mark.date)
        which = "No on-board date that can be used" if on_board else "No on-board mark"
        message = f"{which} was found; the date of a ground cancel ({days}) is not an on-board date."
        notices.append(Notice("ground-cancel-only", message))
    outcome = Outcome.DATE_UNREAD if on_board else Outcome.NO_MARK
    if from_unknown:
        outcome = Outcome.AMBIGUOUS
        dates = dict.fromkeys(one.match.date for one in from_unknown)
        story = [*(stays_open(date, see("uncertain-mark")) for date in dates), *story]
    found = [*from_marks, *matches(from_unknown), *from_ground]
    found.sort(key=lambda match: -match.score)
    return _each_once(found), outcome, [*notices, *uncertain], story


def _doubt_places(answers: Sequence[Answer], marks: Sequence[Mark]) -> None:
    """Open the answers that rest on marks only whose shape, place and date speak for a strike aboard."""
    message = (
        "Only its shape, its place on the cover and its date say that the mark was struck aboard; nothing in its "
        "lettering tells where it was struck."
    )
    for answer in answers:
        if not any(marks[one.mark].aboard_sure for one in answer.marks):
            answer.doubt(Notice("uncertain-mark", message))


def _two_stations(marks: Sequence[Mark], answers: Sequence[Answer], table: FlightTable) -> list[Notice]:
    """Marks of two stations: a doubt, unless one crewed flight visited both around the dates."""
    stations = tuple(dict.fromkeys(m.station for m in marks if is_board(m) and m.station))
    if len(stations) < 2:
        return []
    named = " and ".join(stations)
    dates = [answer.date for answer in answers]
    for flight in hints.visitors(stations, table):
        events = table.events_of(flight)
        if all(events[0].date <= date <= events[-1].date for date in dates):
            return [Notice("two-stations", f"Marks of {named} stand on one cover; {flight} visited both.")]
    message = f"Marks of {named} stand on one cover, and no flight took it to both around these dates."
    return [_doubted(answers, Notice("two-stations", message))]


def _other_station(marks: Sequence[Mark], answers: Sequence[Answer], priors: Priors) -> list[Notice]:
    """A doubt where the marks name another station than the user."""
    named = {mark.station for mark in marks if is_board(mark) and mark.station}
    if not named or priors.station is None or priors.station in named:
        return []
    message = f"You say {the(priors.station)}, but the marks name {' and '.join(the(s) for s in sorted(named))}."
    return [_doubted(answers, Notice("two-stations", message))]


def _doubted(answers: Sequence[Answer], notice: Notice) -> Notice:
    for answer in answers:
        answer.doubt(notice)
    return notice


def _far_apart(answers: Sequence[Answer], settings: FlightSettings) -> list[Notice]:
    """A warning where a cover would have been aboard for years: the year of one of its dates may be wrong."""
    if not answers or (answers[-1].date - answers[0].date).days <= settings.longest_aboard:
        return []
    years = (answers[-1].date - answers[0].date).days / 365.25
    message = (
        f"{answers[0].date} and {answers[-1].date} lie {years:.1f} years apart; covers seldom stay aboard so long: "
        "look again at the years."
    )
    return [Notice("dates-far-apart", message)]


def _rescue_pentagons(marks: Sequence[Mark]) -> list[Notice]:
    if not any(is_rescue_pentagon(mark) for mark in marks):
        return []
    message = (
        "A red pentagon without readable lettering: a helicopter rescue team used one in 1990, so it is not taken "
        "for a mark of a station."
    )
    return [Notice("red-pentagon", message)]
