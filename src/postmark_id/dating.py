"""Dating: which date each mark of a sheet carries.

Lines that may be dates come from three sides: from the learned mark, from the close look at a mark, and from the look
at the whole cover. Each is laid true and read. Where doubt remains, a line and the rows of figures are read in the
mark's ink alone, and a mark without a date has its less likely lines read, too, its rows searched for one among their
words, and a round one the rows of its columns read. All readings of a mark then settle its date together.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from postmark_id.dates.agreement import agreed
from postmark_id.dates.alone import completed, followed, in_print
from postmark_id.dates.among import has_figures, is_cut_off
from postmark_id.dates.block import is_worded, set_with
from postmark_id.dates.grammar import Window, parse, weighed
from postmark_id.dates.inked import compared, inked
from postmark_id.dates.reader import DateReader, Ways
from postmark_id.dates.trueing import trued
from postmark_id.geometry import contains, iou
from postmark_id.ink import Sheet
from postmark_id.library.reference import Recognition
from postmark_id.marks.fit import Fit
from postmark_id.marks.lettering import Lettering
from postmark_id.marks.propose import SAME_LINE, DateLine, Proposals
from postmark_id.marks.recognise import learned_date_quad
from postmark_id.models import DateCandidate, DateReading, Picture, Place, Point, Quad, Scan, Shape
from postmark_id.settings import DateSettings, Settings
from postmark_id.trace import Trace


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that may be a date, and the fit that it belongs to."""

    quad: Quad
    owner: int
    place: Place


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a cover, its marks, what was read in each so far, and which lines count for less."""

    scan: Scan
    sheet: Sheet
    fits: Sequence[Fit]
    lettering: Sequence[Lettering]
    said: Sequence[Sequence[Ways]]
    readings: list[list[DateReading]]
    trace: Trace
    settings: DateSettings
    weights: dict[frozenset[Point], float] = field(default_factory=dict)
    """How far what is read in a line counts, by its corners, whichever way it is read; 1 where not given."""
    plainest: dict[int, float] = field(default_factory=dict)
    """Score of the surest reading in each mark, however much it counts."""

    def add(self, owner: int, date: DateReading, how: str = "") -> None:
        """Note what was read in a mark, and keep it; what stands in or beside a seal in another ink counts less."""
        what = f"{how}{date.text!r} is {date.date} ({date.score:.2f})"
        self.trace.note("dates", what, outline=owner)
        self.plainest[owner] = max(self.best(owner), date.score)
        weight = self.weights.get(frozenset(date.quad or ()), 1.0)
        if date.quad is not None and self.fits[owner].outline.shape is not Shape.CIRCLE:
            alike, stronger = compared(self.sheet, date.quad, self.fits[owner].ink)
            weight *= 1.0 if alike >= self.settings.same_ink else self.settings.other_ink
            weight *= 1.0 if stronger < self.settings.stronger else self.settings.stronger_ink
        self.readings[owner].append(weighed(date, weight))

    def best(self, owner: int) -> float:
        """Score of the surest reading of a mark; where a date is plain but none of its own, none else is sought."""
        return self.plainest.get(owner, 0.0)


class Dater:
    """Reads the dates of marks.

    Parameters
    ----------
    reader : DateReader
    window, window_of_seals : Window
        Dates that make sense on round marks, and in and beside seals.
    settings : Settings
    """

    def __init__(self, reader: DateReader, window: Window, window_of_seals: Window, settings: Settings) -> None:
        self.reader = reader
        self.window = window
        self.window_of_seals = window_of_seals
        self.settings = settings

    def dates(
        self,
        scan: Scan,
        sheet: Sheet,
        fits: Sequence[Fit],
        proposals: Proposals,
        *,
        known: Sequence[Recognition | None],
        lettering: Sequence[Lettering],
        said: Sequence[Sequence[Ways]],
        trace: Trace,
    ) -> list[DateReading | None]:
        """The date of each mark; None where it carries none, or none that can be read.

        Parameters
        ----------
        scan, sheet : Scan, Sheet
        fits : sequence of Fit
            Marks of the sheet.
        proposals : Proposals
            With the date lines that were seen on the whole cover.
        known : sequence of Recognition or None
            The learned mark that each looks like.
        lettering : sequence of Lettering
            With the rows of letters and figures of each mark.
        said : sequence of sequences of Ways
            What was read in these rows.
        trace : Trace
        """
        side = _Side(scan, sheet, fits, lettering, said, [[] for _ in fits], trace, self.settings.dates)
        seen = _seen_closely(fits)
        owners = {line.owner for line in seen}
        others = _lines_of(fits, proposals, self.settings.marks.beside_reach, trace)
        proposed = [line for line in others if line.place == "beside" or line.owner not in owners]
        quads = (learned_date_quad(one, recognition) for one, recognition in zip(fits, known, strict=True))
        learned = [_Line(quad, k, "inside") for k, quad in enumerate(quads) if quad is not None]
        self._read(side, [*learned, *self._trued(side, [*learned, *seen, *proposed])])
        self._read_in_ink(side, seen)
        enough = self.settings.dates.enough
        rest = [line for k in range(len(fits)) if side.best(k) < enough for line in self._last_resort(side, k)]
        self._read(side, [line for line in rest if not any(_is_of_another(line, other) for other in seen)])
        self._read_rows(side)
        self._take_from_words(side)
        self._read_columns(side)
        settled = [_settled(readings, self.settings.dates) for readings in side.readings]
        settled = self._agreed(settled, trace)
        readable = [one if one is not None and self._is_readable(one) else None for one in settled]
        return [self._loose(side, one) if one and one.place == "beside" else one for one in readable]

    def _trued(self, side: _Side, lines: Sequence[_Line]) -> list[_Line]:
        """The same lines laid true, without those that hold no figures and, beside a seal, those that are no strike.

        What is read in a line beside a seal that may be print counts less.
        """
        settings = self.settings.dates
        kept = []
        for line, true in zip(lines, trued(side.scan.pixels, [line.quad for line in lines]), strict=True):
            x, y = (round(v) for v in true.quad[0])
            if true.present < settings.least_present:
                side.trace.note("dates", f"dropped the line at {x}, {y}: no figures there ({true.present:.2f})")
            elif line.place == "beside" and true.struck < settings.least_struck:
                side.trace.note("dates", f"dropped the line at {x}, {y}: print or handwriting ({true.struck:.2f})")
            elif line.place == "beside" and (words := self._words_with(side.scan, true.quad)):
                side.trace.note("dates", f"dropped the line at {x}, {y}: it was set with {words!r}")
            else:
                if line.place == "beside" and true.struck < settings.surely_struck:
                    side.weights[frozenset(true.quad)] = settings.maybe_struck
                kept.append(replace(line, quad=true.quad))
        return kept

    def _words_with(self, scan: Scan, quad: Quad) -> str:
        """The words that were set together with a line, above and below it; empty where there are none."""
        rows = [self.reader.strip(scan.pixels, row) for row in set_with(scan.pixels, quad)]
        return " / ".join(row.text for row in self.reader.read_lettering(rows) if is_worded(row)) if rows else ""

    def _read(self, side: _Side, lines: Sequence[_Line]) -> None:
        """Read lines and add the dates to those of their owners."""
        quads, places = [line.quad for line in lines], [line.place for line in lines]
        found = self.reader.read_lines(side.scan.pixels, quads, self._windows(side, lines), places)
        for number, (line, reading) in enumerate(zip(lines, found, strict=True), start=1):
            if side.trace.with_pictures:
                strip = self.reader.strip(side.scan.pixels, line.quad)
                side.trace.picture(f"4-line-{number}", strip, outline=line.owner)
            if reading is not None:
                side.add(line.owner, reading)

    def _read_in_ink(self, side: _Side, seen: Sequence[_Line]) -> None:
        """Read the likeliest lines of doubtful marks once more, in the ink of the mark alone."""
        settings = self.settings.dates
        lines = []
        for owner, readings in enumerate(side.readings):
            if side.best(owner) >= settings.sure:
                continue
            surest = sorted(readings, key=lambda reading: -reading.score)[: settings.lines_in_ink]
            read = [_Line(one.quad, owner, one.place) for one in surest if one.quad is not None]
            lines += read or [line for line in seen if line.owner == owner]
        self._read_strips(side, lines, [inked(side.sheet, x.quad, side.fits[x.owner].ink, settings) for x in lines])

    def _read_rows(self, side: _Side) -> None:
        """Read the rows of figures of doubtful marks, likewise."""
        settings = self.settings.marks.lettering
        owners = [k for k in range(len(side.fits)) if side.best(k) < self.settings.dates.sure]
        rows = [(_Line(quad, k, "inside"), strip) for k in owners for quad, strip in side.lettering[k].dates(settings)]
        self._read_strips(side, [line for line, _ in rows], [strip for _, strip in rows])

    def _take_from_words(self, side: _Side) -> None:
        """Take the dates of marks without one from their rows of letters, those that seem cut off with more of them.

        Where a date is doubtful, only those count of which it may be a piece: around a ring a line is soon cut off.
        """
        settings = self.settings
        for owner, rows in enumerate(side.said):
            if side.best(owner) >= settings.dates.sure:
                continue
            lettering, window = side.lettering[owner], self._window(side, owner)
            pairs = enumerate(zip(lettering.rows, rows, strict=False))
            bent = [number for number, (row, ways) in pairs if row.bent and any(map(has_figures, ways))]
            strips = lettering.strips(settings.marks.lettering) if bent else []
            dates = self.reader.dates_among(rows, window)
            dates += self.reader.figures_among([strips[number] for number in bent], window)
            if side.best(owner) >= settings.dates.enough:
                best = max(side.readings[owner], key=lambda one: one.score)
                dates = [date for date in dates if _is_within(best, date)]
            else:
                cut_off = [number for number, ways in enumerate(rows) if any(map(is_cut_off, ways))]
                longer = lettering.longer(cut_off, side.fits[owner].outline, settings.marks.lettering)
                dates += self.reader.dates_among(self.reader.read_rows(longer), window)
            for date in dates:
                side.add(owner, date, "among words ")

    def _read_columns(self, side: _Side) -> None:
        """Read the columns of round marks without a date; of all ways to read one, the surest counts for each date.

        The second engine is not asked: on 595 covers it changed one date of 624, for a twentieth of the time.
        """
        for owner, fit in enumerate(side.fits):
            if fit.outline.shape is not Shape.CIRCLE or side.best(owner) >= self.settings.dates.enough:
                continue
            columns = side.lettering[owner].columns(fit.outline, self.settings.marks.lettering)
            quads, strips = [quad for quad, _ in columns], [strip for _, strip in columns]
            read = self.reader.read_strips(strips, self.window, quads, second_opinion=False)
            found = [one for one in read if one is not None]
            surest = {one.date: one for one in sorted(found, key=lambda one: one.score)}
            for date in surest.values():
                side.add(owner, date, "in a column ")

    def _read_strips(self, side: _Side, lines: Sequence[_Line], strips: Sequence[Picture]) -> None:
        """Read the strips of lines, cut from ink alone, and add the dates to those of their owners."""
        quads, places = [line.quad for line in lines], [line.place for line in lines]
        found = self.reader.read_strips(strips, self._windows(side, lines), quads, places)
        for line, reading in zip(lines, found, strict=True):
            if reading is not None:
                side.add(line.owner, reading, "in its ink alone ")

    def _windows(self, side: _Side, lines: Sequence[_Line]) -> list[Window]:
        """Dates that make sense in each line."""
        return [self._window(side, line.owner) for line in lines]

    def _window(self, side: _Side, owner: int) -> Window:
        """Dates that make sense in a mark."""
        return self.window if side.fits[owner].outline.shape is Shape.CIRCLE else self.window_of_seals

    def _last_resort(self, side: _Side, owner: int) -> list[_Line]:
        """Less likely lines of a mark without a date, one of which may be one after all."""
        found = side.fits[owner]
        lines = [
            _Line(line.quad, owner, place)
            for line in found.proposal.lines[1:]
            if (place := _place_of(line, found)) is not None
        ]
        rows = [_Line(row.quad, owner, "inside") for row in side.lettering[owner].rows if row.dated and not row.bent]
        return [*self._trued(side, lines), *rows]

    def _agreed(self, readings: Sequence[DateReading | None], trace: Trace) -> list[DateReading | None]:
        """The same readings, each weighed by the dates of the other marks."""
        weighed = agreed(readings, self.settings.dates)
        for owner, (before, after) in enumerate(zip(readings, weighed, strict=True)):
            if before and after and before is not after:
                change = f"{before.date} ({before.score:.2f}) becomes {after.date} ({after.score:.2f})"
                trace.note("dates", f"{change} beside the dates of the other marks", outline=owner)
        return weighed

    def _is_readable(self, reading: DateReading) -> bool:
        """Whether the line is a date at all, its candidates together, and one of them stands out a little."""
        weight = reading.score + sum(other.score for other in reading.alternatives)
        return weight >= self.settings.dates.least_weight and reading.score >= self.settings.dates.least_best

    def _loose(self, side: _Side, date: DateReading) -> DateReading | None:
        """A date beside a seal with the first figure of its day, if that was cut off; None where it stands in print."""
        if date.quad is None:
            return date
        outlines = [one.outline.points for one in side.fits]
        whole = self.reader.strip(side.scan.pixels, followed(date.quad, outlines))
        line = self.reader.read_lettering([whole])[0]
        if in_print(line):
            side.trace.note("dates", f"dropped {date.text!r}: it stands in print, {line.text!r}")
            return None
        return completed(date, parse(line, self.window_of_seals, self.settings.dates))


def _settled(readings: Sequence[DateReading], settings: DateSettings) -> DateReading | None:
    """The surest reading of a mark: surer for each other that reads the same date, less sure for the best rival.

    What the others read stands among its alternatives. A fragment of a longer reading gives way to it unless that is
    much less sure, and speaks for it.
    """
    best = max(readings, key=lambda one: one.score, default=None)
    if best is None:
        return None
    whole = [one for one in readings if _is_within(best, one) and one.score >= settings.whole_line * best.score]
    best = max(whole, key=lambda one: one.score, default=best)
    doubt = 1.0
    for one in readings:
        if one.date == best.date or _is_within(one, best):
            doubt *= 1.0 - one.score * (1.0 if one is best else settings.agreement)
    rivals = [one for one in readings if one.date != best.date and not _is_within(one, best)]
    possible: dict[dt.date, DateCandidate] = {}
    # the best takes away from its rivals as they do from it, so that none of them overtakes it
    kept = 1.0 - settings.rivalry * best.score
    for candidate in (c for one in rivals for c in one.candidates):
        _keep_surer(possible, replace(candidate, score=kept * candidate.score))
    for candidate in best.alternatives:
        _keep_surer(possible, candidate)
    possible.pop(best.date, None)
    alternatives = sorted(possible.values(), key=lambda one: -one.score)[: settings.most_candidates]
    score = (1.0 - doubt) * (1.0 - settings.rivalry * max((one.score for one in rivals), default=0.0))
    return replace(best, score=score, alternatives=tuple(alternatives), quad=best.quad or _quad_of(best.date, readings))


def _quad_of(date: dt.date, readings: Sequence[DateReading]) -> Quad | None:
    """Where a date stands that was read among words: in the line in which it was read, too, if there is one."""
    placed = (one for one in readings if one.date == date and one.quad is not None)
    surest = max(placed, key=lambda one: one.score, default=None)
    return surest.quad if surest is not None else None


def _keep_surer(possible: dict[dt.date, DateCandidate], candidate: DateCandidate) -> None:
    present = possible.get(candidate.date)
    if present is None or candidate.score > present.score:
        possible[candidate.date] = candidate


def _is_within(one: DateReading, other: DateReading) -> bool:
    """Whether one reading is a piece of another that goes on, as where a line was cut off, through a figure perhaps."""
    piece, whole = ("".join(filter(str.isalnum, reading.text)) for reading in (one, other))
    if len(whole) <= len(piece):
        return False
    return piece in whole or (
        len(whole) > len(piece) + 1 and (whole.endswith(piece[1:]) or whole.startswith(piece[:-1]))
    )


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


def _is_of_another(line: _Line, other: _Line) -> bool:
    """Whether a line is one that was seen in another mark."""
    return other.owner != line.owner and iou(other.quad, line.quad) > SAME_LINE


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
