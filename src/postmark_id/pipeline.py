"""The story: from a scan to a report.

`Identifier.identify` tells it in a screenful. Every step is a small function of the room that its name says; this
module only hands the results on, keeps the time, and notes what was dropped and why.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, compress, cycle, islice

from postmark_id.dates.engines import EngineName
from postmark_id.dates.grammar import Window, in_life
from postmark_id.dates.printed import read_print
from postmark_id.dates.reader import DateReader, Ways
from postmark_id.dates.spotting import spot
from postmark_id.dating import Dater
from postmark_id.errors import PostmarkError
from postmark_id.flights.holidays import holiday
from postmark_id.flights.match import FlightStory, Priors, explain
from postmark_id.flights.named import names_in
from postmark_id.flights.table import MOVEMENTS, ZONES, FlightTable
from postmark_id.geometry import contains
from postmark_id.ink import Sheet, lay_out, share_on_print
from postmark_id.library.lettering import LetteringVerdict, judge
from postmark_id.library.reference import Recogniser, Recognition
from postmark_id.library.store import Library
from postmark_id.library.wordings import WORDINGS
from postmark_id.marks.closeup import look_closely
from postmark_id.marks.fit import Fit, fit, turned_with_date
from postmark_id.marks.identify import Evidence, Occasion, identify, is_seen
from postmark_id.marks.lettering import Lettering, lettering_of
from postmark_id.marks.propose import Proposals, propose
from postmark_id.marks.recognise import in_keeping, recognise, upright
from postmark_id.marks.rows import Row
from postmark_id.marks.stages import draw_rows, draw_stages
from postmark_id.models import (
    DateReading,
    EventKind,
    Mark,
    Notice,
    Outcome,
    Outline,
    Scan,
    ScanReport,
    Station,
)
from postmark_id.settings import Settings
from postmark_id.trace import Trace

WORDS = tuple(wording.text for wording in WORDINGS)
YEAR = dt.timedelta(days=366)
"""By so much the year of a mark may be set wrong."""


@dataclass(frozen=True, slots=True)
class _Read:
    """The lettering of one mark: known words that were spotted and the rows as read, and which of these are plain.

    `plain_share` is the share of all readings that are, those of the date among them.
    """

    texts: tuple[str, ...]
    plain: tuple[str, ...]
    plain_share: float


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
        window = Window(latest=latest, preferred=spans)
        # cancels on the ground may be older, a seal of a station is not
        self.first_crew = min((first for first, _ in spans), default=dt.date.min)
        window_of_seals = Window(self.first_crew, latest, spans) if spans else window
        self.dater = Dater(self.reader, window, window_of_seals, self.settings)

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
            others = self._marks(back, timings, trace, before=len(marks))
            names += self._names(back, others, timings, trace)
            marks += tuple(replace(mark, side="back") for mark in others)
        with _timed(timings, "flights"):
            story = explain(
                marks, self.table, priors=priors or Priors(), periods=self.library.periods(), names=names,
                settings=self.settings.flights, both_sides=back is not None,
            )  # fmt: skip
        notices, self.reader.notices = tuple(self.reader.notices), []
        return _report(scan, marks, story, (*scan.notices, *notices), timings)

    def _marks(self, scan: Scan, timings: dict[str, float], trace: Trace, *, before: int = 0) -> tuple[Mark, ...]:
        """Marks of one side; `before` is the number of those on the side before it."""
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
        with _timed(timings, "rows"):
            lettering = self._lettering(sheet, fits, trace)
        with _timed(timings, "lettering"):
            said = self._said(lettering)
        with _timed(timings, "dates"):
            dates = self.dater.dates(
                scan, sheet, fits, proposals, known=known, lettering=lettering, said=said, trace=trace
            )
            fits = [
                turned_with_date(one, date.quad) if date and date.quad and date.place == "inside" else one
                for one, date in zip(fits, dates, strict=True)
            ]
        with _timed(timings, "lettering"):
            found = self._evidence(sheet, fits, known=known, lettering=lettering, said=said, dates=dates, trace=trace)
        seen = [is_seen(one, self.settings.marks) for one in found]
        _name_outlines(fits, seen, before, trace)
        return identify(
            list(compress(found, seen)), self.library.marks, self.table.stations_in_use, self.settings.marks
        )

    def _evidence(
        self,
        sheet: Sheet,
        fits: Sequence[Fit],
        *,
        known: Sequence[Recognition | None],
        lettering: Sequence[Lettering],
        said: Sequence[Sequence[Ways]],
        dates: Sequence[DateReading | None],
        trace: Trace,
    ) -> list[Evidence]:
        """What is known of each mark, with its date as the life of the station that it names has it."""
        found: list[Evidence] = []
        read = self._read(lettering, said, dates, trace)
        for one, recognition, its, seen_first, words, verdict in zip(fits, known, lettering, dates, *read, strict=True):
            date = self._in_life(seen_first, verdict)
            recognised = in_keeping(recognition, verdict)
            if recognised is not None and recognised is not recognition:
                trace.note("recognise", recognised.reason, outline=len(found))
            evidence = Evidence(
                fit=one,
                lettering=verdict,
                text=words.texts,
                date=date,
                as_read=seen_first,
                on_print=share_on_print(sheet, one.outline.points, self.settings.ink),
                rows=len(its.rows),
                plain=words.plain_share,
                occasion=self._occasion(date.date, verdict) if date is not None else None,
                recognised=recognised,
            )
            found.append(evidence)
        return found

    def _in_life(self, date: DateReading | None, verdict: LetteringVerdict) -> DateReading | None:
        """A date with the life of the station that the lettering names; the two Salyuts differ in one figure only."""
        if date is None or verdict.station is None or verdict.on_board is False:
            return date
        return in_life(date, _crewed_spans(self.table, verdict.meant), self.settings.dates)

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
        """Outlines that hold, the surest first; a doubtful one has its chance where no other mark is."""
        settings = self.settings.marks
        kept: list[Fit] = []
        found = [fit(sheet, proposal, settings, self.settings.ink) for proposal in proposals.marks]
        for one in sorted(found, key=lambda one: -one.score):
            likely = ", ".join(f"{shape.spoken} {share:.2f}" for shape, share in one.shares.items())
            holds = one.score >= settings.least_found
            if not holds and one.score >= settings.least_doubtful:
                holds = not any(contains(other.outline.points, one.outline.centre) for other in kept)
            what = f"{'kept' if holds else 'dropped'} the {_placed(one.outline)}"
            trace.note("marks", f"{what}: {one.coverage:.0%} of it inked; {likely}")
            if holds:
                kept.append(one)
        return kept

    def _lettering(self, sheet: Sheet, fits: Sequence[Fit], trace: Trace) -> list[Lettering]:
        """Where letters and figures run in each mark."""
        found = lettering_of(sheet, [(one.outline, one.ink) for one in fits], self.settings.marks.lettering)
        for mark, (one, lettering) in enumerate(zip(fits, found, strict=True)):
            figures, letters = lettering.figures, len(lettering.rows) - lettering.figures
            trace.note("rows", f"{figures} of figures, {letters} of letters", outline=mark)
            if trace.with_pictures:
                trace.picture("4-rows", draw_rows(one.outline, lettering), outline=mark)
        return found

    def _read(
        self,
        lettering: Sequence[Lettering],
        said: Sequence[Sequence[Ways]],
        dates: Sequence[DateReading | None],
        trace: Trace,
    ) -> tuple[list[_Read], list[LetteringVerdict]]:
        """The words of each mark and what they tell; rows are read again, cut closely, where words name no station."""
        read = [self._words(k, *one, trace) for k, one in enumerate(zip(lettering, said, dates, strict=True))]
        verdicts = [judge(one.texts, plain=one.plain) for one in read]
        open_yet = (told.station is None and told.on_board is not False for told in verdicts)
        silent = [k for k, is_open in enumerate(open_yet) if is_open and read[k].texts]
        again = self._said([lettering[k] for k in silent], closely=True)
        for k, more in zip(silent, again, strict=True):
            read[k] = self._words(k, lettering[k], [*said[k], *more], dates[k], trace)
            verdicts[k] = judge(read[k].texts, plain=read[k].plain)
        return read, verdicts

    def _said(self, lettering: Sequence[Lettering], *, closely: bool = False) -> list[list[Ways]]:
        """What stands in the plainest rows of each mark."""
        groups = [one.strips(self.settings.marks.lettering, closely=closely) for one in lettering]
        readings = iter(self.reader.read_rows([strip for strips in groups for strip in strips]))
        return [list(islice(readings, len(strips))) for strips in groups]

    def _words(
        self, mark: int, lettering: Lettering, said: Sequence[Ways], date: DateReading | None, trace: Trace
    ) -> _Read:
        """The rows of a mark but that of its date, and the known words that are spotted in them.

        All rows that are read may have been read several times, one time after the other.
        """
        settings = self.settings.spotting
        most = self.settings.marks.lettering.most_rows
        rows = lettering.besides(date.quad if date else None)[:most]
        lines = list(chain.from_iterable(compress(said, cycle(rows))))
        spotted = spot([line.lattice for line in lines if line.lattice is not None], WORDS, settings)
        for one in spotted:
            trace.note("lettering", f"{one.word!r} at a cost of {one.cost:.2f}, lead {one.lead:.2f}", outline=mark)
        sure = [line for line in lines if line.score >= settings.least_line_score and len(line.text.strip()) >= 3]
        texts = tuple(dict.fromkeys((*(one.word for one in spotted), *(line.text.strip() for line in sure))))
        plain = tuple(line.text for line in sure if line.score >= self.settings.dates.plain_row)
        return _Read(texts, plain, _plain_share(lettering.rows[:most], said, self.settings.marks.plain_reading))

    def _occasion(self, day: dt.date, verdict: LetteringVerdict) -> Occasion:
        """What happened at the stations on a day, counted in UTC or in Moscow, for a mark with such lettering."""
        lives = _crewed_spans(self.table, verdict.meant)
        if lives and all(first - day > YEAR or day - last > YEAR for first, last in lives):
            return "unmanned"
        kinds = {event.kind for zone in ZONES for event in self.table.events_on(day, zone=zone)}
        if kinds & (MOVEMENTS | {EventKind.ACCIDENT}):
            return "marked"
        if self.first_crew - day > YEAR:
            return "early"
        return "other" if kinds or holiday(day) else "none"


def _plain_share(rows: Sequence[Row], said: Sequence[Ways], least: float) -> float:
    """Share of the area of rows, each read once or more, whose readings are plain and more than a single sign."""
    areas = [row.length * row.height for row, _ in zip(cycle(rows), said, strict=False)]
    plain = (one.score >= least and sum(map(str.isalnum, one.text)) > 1 for one, *_ in said)
    return sum(compress(areas, plain)) / max(1.0, sum(areas))


def _name_outlines(fits: Sequence[Fit], seen: Sequence[bool], before: int, trace: Trace) -> None:
    """Let the notes call each outline by the number of its mark, or by its place where it is no mark after all."""
    names = []
    for one, is_mark in zip(fits, seen, strict=True):
        if is_mark:
            before += 1
            names.append(f"mark {before}")
        else:
            names.append(f"the {_placed(one.outline)}")
            trace.note("marks", f"dropped {names[-1]}: not sure or dark enough for how little is seen in it")
    trace.name_outlines(names)


def _placed(outline: Outline) -> str:
    """An outline by its shape and place."""
    x, y = (round(v) for v in outline.centre)
    return f"{outline.shape.spoken} outline at {x}, {y}"


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
