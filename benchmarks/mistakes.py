"""What went wrong on a cover, mistake by mistake and in plain words.

`postmark_id.evaluate` says which marks were found, claimed in vain and missed, and whether an answer is wrong; nothing
is matched here a second time. Where a mark was claimed in vain or missed, what lies there instead is looked up to tell
the reader why: another mark, or one of the traps of the label.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from labelled import Cover, Trap

from postmark_id.evaluate import judge
from postmark_id.evaluate.measure import POLYGONS, Hit, Matched, legible_dates, match_round_marks, match_seals
from postmark_id.evaluate.truth import TrueMark
from postmark_id.geometry import contains, iou
from postmark_id.models import BoardDate, Mark, Outcome, Point, ScanReport, Shape
from postmark_id.outputs.words import day as spelled
from postmark_id.settings import EvaluateSettings

NEAR = 0.2
"""Intersection over union from which one thing is taken to lie where another one does."""


class Kind(Enum):
    """Kinds of mistakes, in words and with the weight of one, the worst first."""

    WRONG_ANSWER = "sure of a wrong answer", 10.0
    NOT_READ = "picture not read", 10.0
    FALSE_SEAL = "seal claimed where there is none", 5.0
    WRONG_SHAPE = "seal taken for another shape, or another shape for one", 5.0
    MISSED_SEAL = "seal missed", 4.0
    MISSED_POSTMARK = "board postmark missed", 4.0
    MISREAD_DATE = "legible date read as another", 3.0
    FALSE_DATE = "date counted that no on-board mark carries", 3.0
    MISSED_DATE = "legible date not read, or not counted", 2.0
    WRONG_PLACE = "board postmark and ground cancel mixed up", 2.0
    WRONG_STATION = "wrong station", 1.5
    WRONG_FLIGHT = "flight not named first though the dates are right", 1.5
    FALSE_ROUND = "round mark claimed where there is none", 1.0
    MISSED_CANCEL = "ground cancel missed", 1.0

    @property
    def words(self) -> str:
        """What went wrong."""
        return self.value[0]

    @property
    def weight(self) -> float:
        """How bad it is."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that went wrong.

    Attributes
    ----------
    kind : Kind
    words : str
        What went wrong, for people.
    where : tuple of outlines
        Of the marks and date lines concerned, reported or true, in pixels of the picture.
    sureness : float
        0..1; a doubtful claim weighs less than a sure one.
    """

    kind: Kind
    words: str
    where: tuple[tuple[Point, ...], ...] = ()
    sureness: float = 1.0

    @property
    def weight(self) -> float:
        """How bad it is."""
        return self.kind.weight * self.sureness


def mistakes(cover: Cover, report: ScanReport, settings: EvaluateSettings) -> list[Mistake]:
    """Everything that went wrong on a cover, the worst first."""
    if report.outcome is Outcome.ERROR:
        return [Mistake(Kind.NOT_READ, report.error[1] if report.error else "not read")]
    seals = match_seals(cover.truth, report, settings)
    rounds = match_round_marks(cover.truth, report, settings)
    dates = _dates(cover, report, (*seals.hits, *rounds.hits), settings)
    found = [
        *_answer(cover, report, settings, dates_hold=not dates),
        *_marks(cover, report, seals, rounds, settings),
        *dates,
        *_places(rounds),
        *_stations(seals),
    ]
    return sorted(found, key=lambda mistake: -mistake.weight)


def badness(found: Iterable[Mistake]) -> float:
    """How badly a cover went: the weights of its mistakes together."""
    return sum(mistake.weight for mistake in found)


def _answer(cover: Cover, report: ScanReport, settings: EvaluateSettings, *, dates_hold: bool) -> list[Mistake]:
    """A wrong answer that was called identified, or a flight that is not named first for a date that is right."""
    truth, judged = cover.truth, judge(cover.truth, report, settings).flights
    given: dict[dt.date, str] = {}
    for flight in sorted(report.flights, key=lambda one: -one.score):
        given.setdefault(flight.date, flight.flight)
    true = ", ".join(sorted({flight.flight for flight in truth.flights}))
    named = ", ".join(dict.fromkeys(given.values())) or "no flight"
    if judged.wrong:
        why = (
            "nothing here is from on board" if truth.negative
            else "no ship came or left on that day" if truth.outcome is Outcome.NO_EVENT
            else "its date is not on this cover" if not {*given} <= truth.dates(on_board=True)
            else f"it is {true or 'not known'}"
        )  # fmt: skip
        return [Mistake(Kind.WRONG_ANSWER, f"sure and wrong: names {named}; {why}")]
    if dates_hold and judged.covers > judged.top1:
        return [Mistake(Kind.WRONG_FLIGHT, f"names {named} first, not {true}")]
    return []


def _marks(
    cover: Cover, report: ScanReport, seals: Matched, rounds: Matched, settings: EvaluateSettings
) -> list[Mistake]:
    """Marks missed, claimed in vain, or taken for another shape."""
    claimed = [*seals.false, *rounds.false]
    found = []
    for true in (*seals.missed, *rounds.missed):
        rival = max(claimed, key=lambda mark: iou(mark.outline.points, true.outline), default=None)
        if rival is not None and iou(rival.outline.points, true.outline) >= NEAR:
            claimed.remove(rival)
            found.append(_confused(true, rival))
        else:
            found.append(_missed(true, report, settings))
    return [*found, *(_claimed_in_vain(mark, cover) for mark in claimed)]


def _confused(true: TrueMark, rival: Mark) -> Mistake:
    where = (true.outline, rival.outline.points)
    if rival.shape is not true.shape:
        kind = Kind.WRONG_SHAPE if {rival.shape, true.shape} & {*POLYGONS} else Kind.FALSE_ROUND
        return Mistake(kind, f"{_name(true)} taken for {_claim(rival)} ({rival.score:.2f})", where)
    return Mistake(_kind_missed(true), f"outline of {_name(true)} far off", where)


def _missed(true: TrueMark, report: ScanReport, settings: EvaluateSettings) -> Mistake:
    aground = any(
        mark.on_board is False
        and mark.shape is true.shape
        and iou(mark.outline.points, true.outline) >= settings.min_iou
        for mark in report.marks
    )
    if aground and true.on_board:
        return Mistake(_kind_missed(true), f"{_name(true)} taken for a mark of the ground", (true.outline,))
    return Mistake(_kind_missed(true), f"{_name(true)} missed, {true.visible:.0%} of it visible", (true.outline,))


def _kind_missed(true: TrueMark) -> Kind:
    if true.shape in POLYGONS:
        return Kind.MISSED_SEAL
    return Kind.MISSED_POSTMARK if true.on_board else Kind.MISSED_CANCEL


def _claimed_in_vain(mark: Mark, cover: Cover) -> Mistake:
    """A mark that is not there, and what is there instead."""
    kind = Kind.FALSE_SEAL if mark.shape in POLYGONS else Kind.FALSE_ROUND
    there = _what_lies_at(mark, cover)
    words = f"{there} taken for {_claim(mark)}" if there else f"{_claim(mark)} claimed where nothing is"
    return Mistake(kind, f"{words} ({mark.score:.2f})", (mark.outline.points,), sureness=mark.score)


def _what_lies_at(mark: Mark, cover: Cover) -> str:
    """The mark or trap in the place of a reported mark; empty where there is none."""
    outline = mark.outline.points
    there = [(iou(outline, true.outline), _name(true)) for true in cover.truth.marks]
    there += [(iou(outline, _corners(trap)), _words(trap)) for trap in cover.traps]
    share, name = max(there, default=(0.0, ""))
    return name if share >= NEAR else ""


def _dates(cover: Cover, report: ScanReport, hits: Sequence[Hit], settings: EvaluateSettings) -> list[Mistake]:
    """Legible dates that were missed or misread, and dates that no on-board mark carries."""
    reported = {date.reading.date: date for date in sorted(report.dates, key=lambda one: one.reading.score)}
    false = reported.keys() - cover.truth.dates(on_board=True)
    found = []
    for day in sorted(legible_dates(cover.truth, settings) - reported.keys()):
        mistake, instead = _missed_date(day, hits)
        found.append(mistake)
        false -= {instead}
    return found + [_false_date(reported[day], cover, report, hits) for day in sorted(false)]


def _missed_date(day: dt.date, hits: Sequence[Hit]) -> tuple[Mistake, dt.date | None]:
    """What became of a legible date, and the day that it was taken for."""
    carriers = [mark for mark, true, _ in hits if true.on_board and true.date is not None and true.date.date == day]
    read = [mark for mark in carriers if mark.date is not None]
    where = tuple(mark.outline.points for mark in carriers)
    for mark in read:
        if mark.date is not None and mark.date.date == day:
            why = "its mark was taken for a ground cancel" if mark.on_board is False else "its mark was left open"
            return Mistake(Kind.MISSED_DATE, f"{_on(day)} was read and not counted: {why}", where), None
    for mark in read:
        assert mark.date is not None
        words = f"{_on(day)} read as {_on(mark.date.date)} ({mark.date.score:.2f})"
        return Mistake(Kind.MISREAD_DATE, words, where), mark.date.date
    why = "not read" if carriers else "lost with its mark"
    return Mistake(Kind.MISSED_DATE, f"{_on(day)} {why}", where), None


def _false_date(date: BoardDate, cover: Cover, report: ScanReport, hits: Sequence[Hit]) -> Mistake:
    """A date that no on-board mark carries, and where it comes from."""
    day, reading, mark = _on(date.reading.date), date.reading, report.marks[date.mark]
    true = next((true for hit, true, _ in hits if hit is mark), None)
    trap = _trap_at(reading.quad, cover.traps)
    if date.reading.date in cover.truth.dates(on_board=False):
        words = f"{day}, the date of a ground cancel, counted"
    elif trap is not None:
        words = f"{day} in the {_words(trap)} taken for a mark's date"
    elif true is None:
        words = f"{day} read in the {_what_lies_at(mark, cover) or 'place of no mark'}, and counted"
    elif not true.on_board:
        words = f"{day} read in a ground cancel, and counted"
    elif true.date is None:
        words = f"{day} read {reading.place} the {_name(true)}, which has no date"
    else:
        words = f"illegible {_on(true.date.date)} read as {day}"
    where = (mark.outline.points, *((reading.quad,) if reading.quad else ()))
    return Mistake(Kind.FALSE_DATE, f"{words} ({reading.score:.2f})", where, sureness=reading.score)


def _places(rounds: Matched) -> list[Mistake]:
    """Round marks that were found and told from ground cancels wrongly; one that was left open is no mistake."""
    return [
        Mistake(
            Kind.WRONG_PLACE,
            f"{_name(true)} taken for {'a board postmark' if mark.on_board else 'a ground cancel'}"
            + ("" if true.lettering_legible else ", its lettering illegible"),
            (mark.outline.points,),
            sureness=1.0 if true.lettering_legible else 0.5,
        )
        for mark, true, _ in rounds.hits
        if mark.on_board is not None and mark.on_board != true.on_board
    ]


def _stations(seals: Matched) -> list[Mistake]:
    return [
        Mistake(Kind.WRONG_STATION, f"{_name(true)} taken for one of {mark.station}", (mark.outline.points,))
        for mark, true, _ in seals.hits
        if true.station is not None and mark.station not in (None, true.station)
    ]


def _trap_at(quad: Sequence[Point] | None, traps: Sequence[Trap]) -> Trap | None:
    """The smallest trap with figures in it that holds the middle of a line."""
    if quad is None:
        return None
    middle = sum(x for x, _ in quad) / len(quad), sum(y for _, y in quad) / len(quad)
    around = [t for t in traps if any(c.isdigit() for c in t.text or "") and contains(_corners(t), middle)]
    return min(around, key=lambda trap: trap.box[2] * trap.box[3], default=None)


def _corners(trap: Trap) -> tuple[Point, ...]:
    x, y, width, height = trap.box
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def _words(trap: Trap) -> str:
    """The kind of a trap as a person would say it."""
    return {"address-date": "print", "serial-date": "serial number", "index": "postal index"}.get(
        trap.kind, trap.kind.replace("-", " ")
    )


def _name(true: TrueMark) -> str:
    if true.shape in POLYGONS:
        return f"{true.station} {true.shape}" if true.station else f"{'' if true.on_board else 'ground '}{true.shape}"
    if true.shape is not Shape.CIRCLE:
        return "other mark"
    return (f"{true.station} postmark" if true.station else "board postmark") if true.on_board else "ground cancel"


def _claim(mark: Mark) -> str:
    """What a report says that a mark is."""
    if mark.shape is Shape.CIRCLE:
        return "a round mark"
    return f"{'an' if mark.shape is Shape.OCTAGON else 'a'} {mark.shape} seal"


def _on(day: dt.date) -> str:
    return spelled(day.isoformat())
