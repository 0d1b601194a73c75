"""The story: from a scan to a report.

`Identifier.identify` tells it in a screenful. Every step is a small function of the room that its name says; this
module only hands the results on, keeps the time, and notes what was dropped and why.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice

from postmark_id.dates.alone import above_and_below, completed, followed, in_print
from postmark_id.dates.engines import EngineName
from postmark_id.dates.grammar import Window, narrowed, parse
from postmark_id.dates.printed import read_print
from postmark_id.dates.reader import DateReader
from postmark_id.dates.spotting import spot
from postmark_id.dates.straighten import straightened, widen
from postmark_id.errors import PostmarkError
from postmark_id.flights.match import FlightStory, Priors, explain
from postmark_id.flights.named import names_in
from postmark_id.flights.table import MOVEMENTS, ZONES, FlightTable
from postmark_id.geometry import contains, iou
from postmark_id.ink import Sheet, lay_out, share_on_print
from postmark_id.library.lettering import WORDINGS, LetteringVerdict, judge
from postmark_id.library.reference import Recogniser, Recognition
from postmark_id.library.store import Library
from postmark_id.marks.closeup import look_closely
from postmark_id.marks.fit import Fit, fit, turned_with_date
from postmark_id.marks.identify import SALYUTS, Evidence, identify
from postmark_id.marks.lettering import lettering_strips, straight_lines
from postmark_id.marks.propose import SAME_LINE, DateLine, Proposal, Proposals, propose
from postmark_id.marks.recognise import learned_date_quad, recognise, upright
from postmark_id.marks.stages import draw_stages
from postmark_id.models import DateReading, Mark, Notice, Outcome, Place, Point, Quad, Scan, ScanReport, Shape, Station
from postmark_id.settings import Settings
from postmark_id.trace import Trace

WORDS = tuple(wording.text for wording in WORDINGS)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that may be a date, and the fit that it belongs to."""

    quad: Quad
    owner: int
    place: Place


class Identifier:
    """Everything that is loaded once: models, library and table.

    Parameters
    ----------
    settings : Settings, optional
    library : Library, optional
        The built-in marks with the user's own by default.
    table : FlightTable, optional
        The packaged table by default.
    ocr : {"auto", "own", "rapidocr", "tesseract"}
        Engine that reads dates.

    Raises
    ------
    LibraryError, TableError, MissingDependencyError
        Where one of them can't be had.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        library: Library | None = None,
        table: FlightTable | None = None,
        ocr: EngineName = "auto",
    ) -> None:
        self.settings = settings or Settings()
        self.library = library if library is not None else Library.load()
        self.table = table if table is not None else FlightTable.for_user(settings=self.settings.flights)
        self.recogniser = Recogniser(self.library.marks, self.settings.recognition)
        self.reader = DateReader.open(ocr, self.settings.dates)
        latest = dt.date(self.table.end.year + self.settings.flights.years_beyond_table, 12, 31)
        spans = _crewed_spans(self.table)
        self.window = Window(latest=latest, preferred=spans)
        # cancels on the ground may be older, a seal of a station is not
        self.window_of_seals = Window(min(first for first, _ in spans), latest, spans) if spans else self.window

    def identify(
        self,
        scan: Scan,
        *,
        back: Scan | None = None,
        priors: Priors | None = None,
        trace: Trace | None = None,
    ) -> ScanReport:
        """Find the marks of a cover, read their dates and name its flights.

        Parameters
        ----------
        scan : Scan
            The front, or the only side.
        back : Scan, optional
            The other side of the same cover.
        priors : Priors, optional
            What the user knows already.
        trace : Trace, optional
            Takes notes of every stage.
        """
        trace = trace or Trace()
        timings: dict[str, float] = {}
        marks = self._marks(scan, timings, trace)
        names = self._names(scan, marks, timings, trace)
        if back is not None:
            others = self._marks(back, timings, trace)
            names += self._names(back, others, timings, trace)
            marks += tuple(replace(mark, side="back") for mark in others)
        with _timed(timings, "flights"):
            story = explain(
                marks, self.table, priors=priors or Priors(), periods=self.library.periods(), names=names,
                settings=self.settings.flights, both_sides=back is not None,
            )  # fmt: skip
        notices, self.reader.notices = tuple(self.reader.notices), []
        return _report(scan, marks, story, (*scan.notices, *notices), timings)

    def _marks(self, scan: Scan, timings: dict[str, float], trace: Trace) -> tuple[Mark, ...]:
        """Marks of one side."""
        with _timed(timings, "ink"):
            sheet = lay_out(scan, self.settings.ink)
        with _timed(timings, "propose"):
            proposals = propose(sheet, self.settings.marks)
            proposals = replace(proposals, marks=look_closely(sheet, proposals.marks, self.settings.marks))
        with _timed(timings, "fit"):
            fits = self._fit(sheet, proposals, trace)
        if trace.with_pictures:
            draw_stages(trace, sheet, proposals, fits)
        with _timed(timings, "recognise"):
            known = recognise(sheet, fits, proposals, self.recogniser, trace)
            fits = [upright(one, recognition) for one, recognition in zip(fits, known, strict=True)]
        with _timed(timings, "dates"):
            dates = self._read_dates(scan, sheet, fits, proposals, trace, known=known)
            fits = [
                turned_with_date(one, date.quad) if date and date.quad and date.place == "inside" else one
                for one, date in zip(fits, dates, strict=True)
            ]
        with _timed(timings, "lettering"):
            lettering = self._read_lettering(sheet, fits, trace)
            verdicts = [judge(lines) for lines in lettering]
        as_read, dates = dates, [self._in_life(*pair) for pair in zip(dates, verdicts, strict=True)]
        found = [
            Evidence(
                fit=one,
                lettering=verdict,
                text=lines,
                date=date,
                as_read=read,
                on_print=share_on_print(sheet, one.outline.points, self.settings.ink),
                eventful=date is not None and self._is_eventful(date.date),
                recognised=recognition,
            )
            for one, lines, verdict, date, read, recognition in zip(
                fits, lettering, verdicts, dates, as_read, known, strict=True
            )
        ]
        return identify(found, self.library.marks, self.table.stations_in_use, self.settings.marks)

    def _in_life(self, date: DateReading | None, verdict: LetteringVerdict) -> DateReading | None:
        """A date with the life of the station that the lettering names; the two Salyuts differ in one figure only."""
        if date is None or verdict.station is None or verdict.on_board is False:
            return date
        stations = SALYUTS if verdict.station in SALYUTS else (verdict.station,)
        return narrowed(date, _crewed_spans(self.table, stations), self.settings.dates)

    def _names(self, scan: Scan, marks: Sequence[Mark], timings: dict[str, float], trace: Trace) -> tuple[str, ...]:
        """Flights that the print of one side names; none where it is not to be read."""
        if not self.settings.print.read:
            return ()
        with _timed(timings, "print"):
            sheet = lay_out(scan, self.settings.ink)
            outlines = [mark.outline.points for mark in marks]
            lines = read_print(scan.pixels, sheet, outlines, self.reader, self.settings.print)
        for line in lines:
            trace.note("print", f"read {' or '.join(repr(text) for text in line.readings)}")
        return names_in((line.readings for line in lines), self.table)

    def _fit(self, sheet: Sheet, proposals: Proposals, trace: Trace) -> list[Fit]:
        """Outlines that hold, the surest first."""
        settings = self.settings
        kept = []
        for proposal in proposals.marks:
            found = fit(sheet, proposal, settings.marks, settings.ink)
            x, y = (round(v) for v in proposal.centre)
            likely = ", ".join(f"{shape.value} {share:.2f}" for shape, share in found.shares.items())
            seen = f"{found.outline.shape.value} at {x}, {y}: outline inked {found.coverage:.0%}; {likely}"
            holds = found.score >= settings.marks.least_found
            trace.note("marks", f"{'kept' if holds else 'dropped'} {seen}")
            if holds:
                kept.append(found)
        return sorted(kept, key=lambda one: -one.score)

    def _read_dates(
        self,
        scan: Scan,
        sheet: Sheet,
        fits: Sequence[Fit],
        proposals: Proposals,
        trace: Trace,
        *,
        known: Sequence[Recognition | None],
    ) -> list[DateReading | None]:
        """The best date of each fit: lines as proposed, then straightened, then any straight row of a dateless mark."""
        seen = _seen_closely(fits)
        owners = {line.owner for line in seen}
        proposed = [
            line
            for line in _lines_of(fits, proposals, self.settings.marks.beside_reach, trace)
            if line.place == "beside" or line.owner not in owners
        ]
        found: list[list[DateReading]] = [[] for _ in fits]
        quads = (learned_date_quad(one, recognition) for one, recognition in zip(fits, known, strict=True))
        learned = [_Line(quad, k, "inside") for k, quad in enumerate(quads) if quad is not None]
        lines = [*learned, *seen, *proposed]
        widened = [replace(line, quad=widen(line.quad, self.settings.straighten)) for line in lines]
        self._read(scan, [*lines, *widened], fits, found, trace)
        doubtful = [*proposed, *(line for line in seen if self._is_doubtful(fits[line.owner].proposal))]
        again = [
            _Line(quad, line.owner, line.place)
            for line in doubtful
            if max((one.score for one in found[line.owner]), default=0.0) < self.settings.dates.sure
            for quad in straightened(sheet, line.quad, self.settings.straighten)
        ]
        self._read(scan, again, fits, found, trace)
        best = [max((reading.score for reading in readings), default=0.0) for readings in found]
        last = [
            line
            for k, one in enumerate(fits)
            if best[k] < self.settings.dates.enough
            for line in self._last_resort(sheet, one, k)
            if not any(other.owner != k and iou(other.quad, line.quad) > SAME_LINE for other in seen)
        ]
        self._read(scan, last, fits, found, trace)
        settled = [_settled(readings, self.settings.dates.agreement) for readings in found]
        outlines = [one.outline.points for one in fits]
        readable = [one if one is not None and self._is_readable(one) else None for one in settled]
        return [self._loose(scan, one, outlines, trace) if one and one.place == "beside" else one for one in readable]

    def _loose(
        self, scan: Scan, date: DateReading, outlines: Sequence[Sequence[Point]], trace: Trace
    ) -> DateReading | None:
        """A date beside a seal with the first figure of its day, if that was cut off; None where it stands in print."""
        if date.quad is None:
            return date
        places = [followed(date.quad, outlines), *above_and_below(date.quad, outlines)]
        line, *others = self.reader.read_lettering([self.reader.strip(scan.pixels, quad) for quad in places])
        if in_print(line, others):
            trace.note("dates", f"dropped {date.text!r}: it stands in print, {line.text!r}")
            return None
        return completed(date, parse(line, self.window_of_seals, self.settings.dates))

    def _last_resort(self, sheet: Sheet, found: Fit, owner: int) -> list[_Line]:
        """Lines of a mark without a date that may be one after all: less likely ones, and any straight row."""
        settings = self.settings
        lines = [
            _Line(quad, owner, place)
            for line in found.proposal.lines[1:]
            if (place := _place_of(line, found)) is not None
            for quad in straightened(sheet, line.quad, settings.straighten)
        ]
        # not the rows of seals, which seldom bear a date: those of their neighbours reach into them
        if found.outline.shape is Shape.CIRCLE:
            rows = straight_lines(sheet, found.outline, found.ink, settings.marks.lettering)
            lines += [_Line(quad, owner, "inside") for quad in rows]
        return lines

    def _is_doubtful(self, proposal: Proposal) -> bool:
        return not proposal.lines or proposal.lines[0].score < self.settings.marks.sure_date_inside

    def _is_readable(self, reading: DateReading) -> bool:
        """Whether the line is a date at all, its candidates together, and one of them stands out a little."""
        weight = reading.score + sum(other.score for other in reading.alternatives)
        return weight >= self.settings.dates.least_weight and reading.score >= self.settings.dates.least_best

    def _read(
        self, scan: Scan, lines: Sequence[_Line], fits: Sequence[Fit], found: list[list[DateReading]], trace: Trace
    ) -> None:
        """Read lines and add the dates to those of their owners."""
        windows = [
            self.window if fits[line.owner].outline.shape is Shape.CIRCLE else self.window_of_seals for line in lines
        ]
        readings = self.reader.read_lines(
            scan.pixels, [line.quad for line in lines], windows, [line.place for line in lines]
        )
        for number, (line, reading) in enumerate(zip(lines, readings, strict=True)):
            if trace.with_pictures:
                trace.picture(f"4-line-{number}-of-mark-{line.owner}", self.reader.strip(scan.pixels, line.quad))
            if reading is not None:
                trace.note("dates", f"mark {line.owner}: {reading.text!r} is {reading.date} ({reading.score:.2f})")
                found[line.owner].append(reading)

    def _read_lettering(self, sheet: Sheet, fits: Sequence[Fit], trace: Trace) -> list[tuple[str, ...]]:
        """Lettering of each fit: known words that can be spotted in it, then the lines as read."""
        groups = [lettering_strips(sheet, one.outline, one.ink, self.settings.marks.lettering) for one in fits]
        readings = iter(self.reader.read_lettering([strip for strips in groups for strip in strips]))
        lettering = []
        for k, strips in enumerate(groups):
            lines = list(islice(readings, len(strips)))
            lattices = [line.lattice for line in lines if line.lattice is not None]
            spotted = spot(lattices, WORDS, self.settings.spotting)
            for one in spotted:
                trace.note("lettering", f"mark {k}: {one.word!r} at a cost of {one.cost:.2f}, lead {one.lead:.2f}")
            sure = (line.text.strip() for line in lines if line.score >= self.settings.spotting.least_line_score)
            lettering.append((*(one.word for one in spotted), *(text for text in sure if len(text) >= 3)))
        return lettering

    def _is_eventful(self, day: dt.date) -> bool:
        """Whether a ship docked or undocked on a day, counted in UTC or in Moscow."""
        return any(event.kind in MOVEMENTS for zone in ZONES for event in self.table.events_on(day, zone=zone))


def error_report(path: str, frame: int, error: PostmarkError) -> ScanReport:
    """Report of a scan that could not be processed."""
    return ScanReport(
        path=path, frame=frame, sha256="", width=0, height=0, dpi=None, outcome=Outcome.ERROR,
        error=(error.code, error.message, error.hint),
    )  # fmt: skip


def _report(
    scan: Scan, marks: tuple[Mark, ...], story: FlightStory, notices: tuple[Notice, ...], timings: Mapping[str, float]
) -> ScanReport:
    return ScanReport(
        path=scan.path,
        frame=scan.frame,
        sha256=scan.sha256,
        width=scan.width,
        height=scan.height,
        dpi=scan.dpi,
        outcome=story.outcome,
        marks=marks,
        dates=story.dates,
        flights=story.flights,
        warnings=(*notices, *story.warnings),
        timings=dict(timings),
        story=story.story,
        expectation=story.expectation,
    )


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    """Add the seconds spent to a stage."""
    begin = time.perf_counter()
    yield
    timings[stage] = timings.get(stage, 0.0) + time.perf_counter() - begin


def _crewed_spans(
    table: FlightTable, stations: Sequence[Station] = tuple(Station)
) -> tuple[tuple[dt.date, dt.date], ...]:
    """When people lived on stations: dates of on-board marks lie in these spans."""
    lives = [table.life(station) for station in stations]
    return tuple((life.first_crew, life.last_crew or dt.date.max) for life in lives if life.first_crew is not None)


def _better(reading: DateReading, present: DateReading | None) -> DateReading:
    """The surer of two readings of a mark; but a fragment of a longer one gives way unless that is much less sure."""
    if present is None:
        return reading
    surer, other = (reading, present) if reading.score > present.score else (present, reading)
    fragment, whole = ("".join(filter(str.isalnum, one.text)) for one in (surer, other))
    if len(whole) > len(fragment) and fragment in whole and other.score >= 0.4 * surer.score:
        return other
    return surer


def _settled(readings: Sequence[DateReading], agreement: float) -> DateReading | None:
    """The best of all readings of a mark, surer for every other cut of the line that reads the same date."""
    best = None
    for reading in readings:
        best = _better(reading, best)
    if best is None:
        return None
    doubt = 1.0 - best.score
    for reading in readings:
        if reading is not best and reading.date == best.date:
            doubt *= 1.0 - agreement * reading.score
    return replace(best, score=1.0 - doubt)


def _seen_closely(fits: Sequence[Fit]) -> list[_Line]:
    """The likeliest date line of each close look; one seen in two marks across each other goes to the surer look."""
    found: list[_Line] = []
    claims = [(one.proposal.lines[0], k) for k, one in enumerate(fits) if one.proposal.lines]
    for line, owner in sorted(claims, key=lambda claim: -claim[0].score):
        if any(iou(line.quad, other.quad) > SAME_LINE for other in found):
            continue
        place = _place_of(line, fits[owner])
        if place is not None:
            found.append(_Line(line.quad, owner, place))
    return found


def _place_of(line: DateLine, found: Fit) -> Place | None:
    """Where a line stands that a close look saw; None outside a round mark, beside which no date belongs to it."""
    if contains(found.outline.points, line.centre):
        return "inside"
    return "beside" if found.outline.shape is not Shape.CIRCLE else None


def _lines_of(fits: Sequence[Fit], proposals: Proposals, reach: float, trace: Trace) -> list[_Line]:
    """Give each proposed date line to the smallest mark around it, else to the nearest seal beside it."""
    lines = []
    for line in proposals.dates:
        around = [k for k, one in enumerate(fits) if contains(one.outline.points, line.centre)]
        if around:
            owner = min(around, key=lambda k: fits[k].outline.radius)
            lines.append(_Line(line.quad, owner, "inside"))
            continue
        near = {
            k: math.dist(one.outline.centre, line.centre) / one.outline.radius
            for k, one in enumerate(fits)
            if one.outline.shape is not Shape.CIRCLE
        }
        nearest = min(near, key=lambda k: near[k], default=None)
        x, y = (round(v) for v in line.centre)
        if nearest is not None and near[nearest] <= reach:
            lines.append(_Line(line.quad, nearest, "beside"))
        else:
            trace.note("dates", f"dropped the line at {x}, {y}: it stands in no mark and beside no seal")
    return lines
