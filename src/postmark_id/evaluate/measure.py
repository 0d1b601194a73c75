"""Judge results by labels.

What is counted, and how:

* A seal is a pentagon or octagon on board. A reported polygon counts as a seal unless the report says that it
  is not on board: a polygon of unknown kind is shown to the user as a find, so it is judged as one.
* A reported mark hits a true one of the same shape at an IoU of at least 0.5. Reported marks choose in the
  order of their scores, each the true mark left over with the largest IoU.
* A true mark of which less than 0.3 is visible is neither a hit nor a miss, and neither is what was reported
  there.
* A date is true if an on-board mark of the cover carries it, even one that the label calls illegible: who
  reads it all the same is not wrong.
* An answer called `identified` is wrong if it reports a date that no on-board mark carries, if the flight named
  first for a date is not one that the label gives for it, if the label says that the date meets no event, or
  if nothing on the cover is from on board.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from postmark_id.evaluate.scores import (
    DateCounts,
    Detection,
    FlightCounts,
    Measures,
    Scores,
    Tally,
    total,
)
from postmark_id.evaluate.truth import TrueMark, Truth
from postmark_id.geometry import angle_between, iou
from postmark_id.models import FlightMatch, Mark, Outcome, Point, ScanReport, Shape
from postmark_id.settings import EvaluateSettings

Hit: TypeAlias = tuple[Mark, TrueMark, float]
POLYGONS = (Shape.PENTAGON, Shape.OCTAGON)


@dataclass(frozen=True, slots=True)
class Matched:
    """Reported marks beside true ones; true marks that are hardly visible, and reports of them, are left out.

    Attributes
    ----------
    hits : tuple of (Mark, TrueMark, float)
        With the IoU, best score first.
    false : tuple of Mark
        Reported where no such mark is.
    missed : tuple of TrueMark
    """

    hits: tuple[Hit, ...] = ()
    false: tuple[Mark, ...] = ()
    missed: tuple[TrueMark, ...] = ()


def score(pairs: Iterable[tuple[Truth, ScanReport]], settings: EvaluateSettings | None = None) -> Scores:
    """Measure all results, together and by difficulty.

    Parameters
    ----------
    pairs : iterable of (Truth, ScanReport)
        What is there and what was reported, a pair for each cover.
    settings : EvaluateSettings, optional

    Returns
    -------
    Scores
        Difficulties that take at most `EvaluateSettings.max_difficulties` values are shown by value, others
        in bands.
    """
    settings = settings or EvaluateSettings()
    judged = [(truth.difficulty, judge(truth, report, settings)) for truth, report in pairs]
    if not judged:
        return Scores(Measures())
    names = _difficulty_names([difficulty for difficulty, _ in judged], settings)
    groups: dict[str, list[Measures]] = {}
    for difficulty, measures in sorted(judged, key=lambda item: item[0]):
        groups.setdefault(names[difficulty], []).append(measures)
    return Scores(
        overall=total([measures for _, measures in judged]),
        by_difficulty=tuple((name, total(group)) for name, group in groups.items()),
    )


def _difficulty_names(difficulties: Sequence[float], settings: EvaluateSettings) -> dict[float, str]:
    values = sorted(set(difficulties))
    if len(values) <= settings.max_difficulties:
        return {value: f"{value:g}" for value in values}
    edges = (0.0, *settings.difficulty_edges, 1.0)
    bands = list(itertools.pairwise(edges))
    return {
        value: next((f"{a:g}-{b:g}" for a, b in bands if value < b), f"{bands[-1][0]:g}-{bands[-1][1]:g}")
        for value in values
    }


def judge(truth: Truth, report: ScanReport, settings: EvaluateSettings) -> Measures:
    """Measure one cover."""
    seals, stations, legible_stations = _seals(truth, report, settings)
    round_marks, board_or_ground = _round_marks(truth, report, settings)
    reported = {d.reading.date for d in report.dates}
    claims = any(mark.on_board for mark in report.marks) or bool(reported)
    return Measures(
        covers=1,
        errors=(truth.file,) if report.outcome is Outcome.ERROR else (),
        negatives=int(truth.negative),
        negatives_clean=int(truth.negative and (report.outcome is Outcome.NO_MARK or not claims)),
        negatives_false_seals=seals.false if truth.negative else 0,
        seals=seals,
        seal_stations=stations,
        legible_seal_stations=legible_stations,
        round_marks=round_marks,
        board_postmarks=_board_postmarks(truth, report, settings),
        board_or_ground=board_or_ground,
        dates=_dates(truth, report, settings),
        flights=_flights(truth, report),
        outcomes=((truth.outcome.value, report.outcome.value),),
        date_scores=_date_scores(truth, report),
        timings=tuple(report.timings.items()),
    )


def match_marks(
    found: Sequence[Mark], there: Sequence[TrueMark], settings: EvaluateSettings
) -> tuple[list[Hit], Detection]:
    """Match reported marks with true ones of the same shape.

    Returns
    -------
    hits : list of (Mark, TrueMark, float)
        With the IoU, best score first.
    detection : Detection
        The counts; true marks that are hardly visible count for nothing, nor do reports of them.
    """
    matched = _matched(found, there, settings)
    return list(matched.hits), _detection(matched)


def match_seals(truth: Truth, report: ScanReport, settings: EvaluateSettings) -> Matched:
    """Match reported polygons, but for those said not to be from on board, with pentagons and octagons on board."""
    return _matched(
        [m for m in report.marks if m.shape in POLYGONS and m.on_board is not False],
        [m for m in truth.marks if m.shape in POLYGONS and m.on_board],
        settings,
    )


def match_round_marks(truth: Truth, report: ScanReport, settings: EvaluateSettings) -> Matched:
    """Match all round marks."""
    return _matched(
        [m for m in report.marks if m.shape is Shape.CIRCLE],
        [m for m in truth.marks if m.shape is Shape.CIRCLE],
        settings,
    )


def legible_dates(truth: Truth, settings: EvaluateSettings) -> frozenset[dt.date]:
    """On-board dates that ought to be read: legible, and of a mark that is more than hardly visible."""
    return frozenset(
        mark.date.date
        for mark in truth.marks
        if mark.on_board and mark.date and mark.date.legible and mark.visible >= settings.min_visible
    )


def _matched(found: Sequence[Mark], there: Sequence[TrueMark], settings: EvaluateSettings) -> Matched:
    free = list(range(len(there)))
    hits: list[Hit] = []
    false: list[Mark] = []
    for mark in sorted(found, key=lambda m: -m.score):
        overlaps = [(_overlap(mark, there[i]), -i) for i in free if there[i].shape is mark.shape]
        best, index = max(overlaps, default=(0.0, 0))
        if best >= settings.min_iou:
            free.remove(-index)
            hits.append((mark, there[-index], best))
        elif not any(t.visible < settings.min_visible and _overlap(mark, t) >= settings.min_iou for t in there):
            false.append(mark)
    return Matched(
        hits=tuple(hit for hit in hits if hit[1].visible >= settings.min_visible),
        false=tuple(false),
        missed=tuple(there[i] for i in free if there[i].visible >= settings.min_visible),
    )


def _detection(matched: Matched) -> Detection:
    return Detection(
        hits=len(matched.hits),
        false=len(matched.false),
        missed=len(matched.missed),
        ious=tuple(overlap for _, _, overlap in matched.hits),
        rotation_errors=tuple(
            angle_between(
                _corner_direction(mark.outline.points, true.shape.sides),
                _corner_direction(true.outline, true.shape.sides),
                360.0 / true.shape.sides,
            )
            for mark, true, _ in matched.hits
            if true.shape.sides
        ),
        reading_errors=tuple(
            angle_between(mark.outline.rotation, true.rotation)
            for mark, true, _ in matched.hits
            if true.lettering_legible
        ),
    )


def _corner_direction(points: Sequence[Point], sides: int) -> float:
    """Direction of a corner from the centre, degrees, up to the symmetry of a regular outline.

    Taken from the outline, for a seal may be lettered upright and yet stand on a corner.
    """
    arms = np.array([complex(x, y) for x, y in points])
    arms -= arms.mean()
    return math.degrees(float(np.angle((arms**sides).sum()))) / sides


def _overlap(mark: Mark, true: TrueMark) -> float:
    if len(mark.outline.points) < 3 or len(true.outline) < 3:
        return 0.0
    return iou(mark.outline.points, true.outline)


def _seals(truth: Truth, report: ScanReport, settings: EvaluateSettings) -> tuple[Detection, Tally, Tally]:
    matched = match_seals(truth, report, settings)
    known = [(mark, true) for mark, true, _ in matched.hits if true.station is not None]
    legible = [(mark, true) for mark, true in known if true.legible]
    of_known, of_legible = (_tally([(m.station, t.station) for m, t in some]) for some in (known, legible))
    return _detection(matched), of_known, of_legible


def _round_marks(truth: Truth, report: ScanReport, settings: EvaluateSettings) -> tuple[Detection, Tally]:
    matched = match_round_marks(truth, report, settings)
    answers = [(m.on_board, t.on_board) for m, t, _ in matched.hits if t.lettering_legible]
    return _detection(matched), _tally(answers)


def _board_postmarks(truth: Truth, report: ScanReport, settings: EvaluateSettings) -> Detection:
    _, detection = match_marks(
        [m for m in report.marks if m.shape is Shape.CIRCLE and m.on_board],
        [m for m in truth.marks if m.shape is Shape.CIRCLE and m.on_board],
        settings,
    )
    return detection


def _tally(answers: Sequence[tuple[object | None, object]]) -> Tally:
    return Tally(
        right=sum(given == true for given, true in answers),
        wrong=sum(given is not None and given != true for given, true in answers),
        left_open=sum(given is None for given, _ in answers),
    )


def _dates(truth: Truth, report: ScanReport, settings: EvaluateSettings) -> DateCounts:
    on_board = truth.dates(on_board=True)
    ground = truth.dates(on_board=False)
    wanted = legible_dates(truth, settings)
    ground_wanted = truth.dates(on_board=False, legible_only=True)
    reported = {d.reading.date for d in report.dates}
    candidates = reported | {a.date for d in report.dates for a in d.reading.alternatives}
    ground_read = {m.date.date for m in report.marks if m.date is not None and m.on_board is not True}
    false = reported - on_board
    return DateCounts(
        legible=len(wanted),
        read=len(wanted & reported),
        among_candidates=len(wanted & candidates),
        reported=len(reported),
        false=len(false),
        false_from_ground=len(false & ground),
        ground_legible=len(ground_wanted),
        ground_read=len(ground_wanted & ground_read),
    )


def _date_scores(truth: Truth, report: ScanReport) -> tuple[tuple[float, bool], ...]:
    on_board = truth.dates(on_board=True)
    best: dict[dt.date, float] = {}
    for date in report.dates:
        best[date.reading.date] = max(best.get(date.reading.date, 0.0), date.reading.score)
    return tuple((score, date in on_board) for date, score in sorted(best.items()))


def _flights(truth: Truth, report: ScanReport) -> FlightCounts:
    days = sorted({flight.date for flight in truth.flights})
    wanted = {day: {f.flight for f in truth.flights if f.date == day} for day in days}
    named = {day: _named(report.flights, day) for day in days}
    top1 = bool(days) and all(set(named[d][: len(wanted[d])]) == wanted[d] for d in days)
    top3 = bool(days) and all(wanted[d] <= set(named[d][: max(3, len(wanted[d]))]) for d in days)
    events = {(f.flight, f.event, f.date) for f in report.flights}
    identified = report.outcome is Outcome.IDENTIFIED
    return FlightCounts(
        covers=int(bool(days)),
        top1=int(top1),
        top3=int(top3),
        events_right=int(top1 and all((f.flight, f.event, f.date) in events for f in truth.flights)),
        identified=int(identified),
        wrong=(truth.file,) if identified and not _answer_holds(truth, report) else (),
    )


def _named(flights: Sequence[FlightMatch], day: dt.date) -> list[str]:
    """Flights named for a date, best first, each once."""
    ranked = sorted((f for f in flights if f.date == day), key=lambda f: -f.score)
    return list(dict.fromkeys(f.flight for f in ranked))


def _answer_holds(truth: Truth, report: ScanReport) -> bool:
    reported = {d.reading.date for d in report.dates}
    if truth.negative or truth.outcome is Outcome.NO_EVENT or not reported <= truth.dates(on_board=True):
        return False
    known = {f.date: {g.flight for g in truth.flights if g.date == f.date} for f in truth.flights}
    return all(set(_named(report.flights, day)[:1]) <= known[day] for day in reported & known.keys())
