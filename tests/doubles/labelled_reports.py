"""Reports on a labelled cover that find all that is there, or nothing, without looking at its picture."""

import numpy as np
from labelled import Cover

from postmark_id.evaluate.truth import TrueMark
from postmark_id.models import BoardDate, DateReading, FlightMatch, Kind, Mark, Outcome, Outline, ScanReport, Station


def _as_found(mark: TrueMark) -> Mark:
    x, y = np.mean(mark.outline, axis=0).tolist()
    outline = Outline(mark.shape, (x, y), 50.0, 0.0, mark.outline)
    date = None if mark.date is None else DateReading(mark.date.date, 0.9, "")
    return Mark(Kind.UNKNOWN, outline, 0.9, mark.station, mark.on_board, date=date)


def finding_all(cover: Cover) -> ScanReport:
    marks = tuple(_as_found(mark) for mark in cover.truth.marks)
    dates = tuple(BoardDate(mark.date, k) for k, mark in enumerate(marks) if mark.on_board and mark.date is not None)
    flights = tuple(FlightMatch(f.flight, Station.MIR, f.event, "", f.date, 0, 0.9) for f in cover.truth.flights)
    return ScanReport(str(cover.path), 0, "00", 0, 0, None, Outcome.AMBIGUOUS, marks, dates, flights)


def finding_nothing(cover: Cover) -> ScanReport:
    return ScanReport(str(cover.path), 0, "00", 0, 0, None, Outcome.NO_MARK)
