"""Reads dates and lettering off a scan: strips out, one call of the engine, the grammar, and the votes together.

A line is first read in the direction in which it was found. Only a line that is not surely a date that way is read
upside down, by the reader of figures, and with other margins. Where figures are in sight and any doubt remains, the
second engine is asked, too: it errs otherwise than the first, and a wrong date that looks sure is the worst result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from postmark_id.dates.alphabet import LETTER, spell
from postmark_id.dates.among import bare, pieces
from postmark_id.dates.engines import Engine, EngineName, Reading, SecondOpinion, create, reader_of_figures
from postmark_id.dates.grammar import Line, ParsedDate, Window, combine, parse
from postmark_id.dates.strips import cut, normalise, turned_about
from postmark_id.models import DateReading, Notice, Picture, Place, Quad
from postmark_id.settings import DateSettings

Ways = tuple[Reading, ...]
"""What a row of lettering says: the way that was read more surely first, then the other one where both may be true."""
HOPELESS = 0.02
"""Lines that hold no date of this score by the first engine don't go to the second, unless they have all the figures
of a date: of 103 such lines it found a date in two, both with `WHOLE` figures, and they were half of its work."""
WHOLE = 6
"""Figures of a whole date."""


@dataclass(slots=True)
class _Task:
    """A line of the scan on its way: its strip, and what has been read on it so far."""

    strip: Picture
    quad: Quad | None
    place: Place
    window: Window
    pixels: Picture | None = None
    lines: list[Line] = field(default_factory=list)

    def score(self) -> float:
        """Score of the best candidate so far."""
        return max((p.score * line.weight for line in self.lines for p in line.candidates), default=0.0)

    def promises(self, enough: float) -> bool:
        """Whether more work may help: no date with a score that is enough, but some figures in sight."""
        return self.score() < enough and self.figures() >= 3

    def figures(self) -> int:
        """Figures in sight: the most that one reading shows."""
        return max((sum(c.isdigit() for c in line.text) for line in self.lines), default=0)

    def cut_again(self, pad: float, height: int) -> _Task:
        """The same line with another margin; what is read on it counts for this one, too."""
        assert self.pixels is not None
        assert self.quad is not None
        return replace(self, strip=normalise(cut(self.pixels, self.quad, height, pad)))

    def leans(self) -> bool | None:
        """Whether the line seems to stand upside down; None where nothing tells."""
        best = [max((p.score for p in line.candidates), default=0.0) * line.weight for line in self.lines[:2]]
        if len(best) < 2:
            return False  # so sure the right way up that nobody turned it
        return None if best[0] == best[1] else best[1] > best[0]


def _most_promising(tasks: Sequence[_Task], enough: float, count: int) -> list[_Task]:
    return sorted((t for t in tasks if t.promises(enough)), key=_Task.score, reverse=True)[:count]


def _bare(date: DateReading) -> DateReading:
    """A date from among words without what stood for them."""
    others = (replace(other, text=bare(other.text)) for other in date.alternatives)
    return replace(date, text=bare(date.text), alternatives=tuple(others))


def _without_words(date: ParsedDate) -> ParsedDate:
    """The same without the symbols that stand for letters to a reader of figures."""
    return replace(date, text=bare(date.text)) if LETTER in date.text else date


def _each(window: Window | Sequence[Window] | None, count: int) -> Sequence[Window]:
    """A window for each line."""
    return [window or Window()] * count if window is None or isinstance(window, Window) else window


def _placed(places: Sequence[Place], count: int) -> list[Place]:
    """Where each line stands; "inside" where it is not said."""
    inside: list[Place] = ["inside"]
    return [*places, *inside * (count - len(places))]


class DateReader:
    """Reads lines that may be dates.

    Parameters
    ----------
    engine : Engine
        As `engines.create` gives it; a `SecondOpinion` brings its second engine along.
    settings : DateSettings, optional
    figures : Engine, optional
        A reader of figures, which reads unsure lines as well.

    Attributes
    ----------
    notices : list of Notice
        What went wrong with engines since the reader was made; the caller may take and clear them.
    """

    def __init__(self, engine: Engine, settings: DateSettings | None = None, figures: Engine | None = None) -> None:
        self.settings = settings or DateSettings()
        self.figures = figures
        self.first = engine.first if isinstance(engine, SecondOpinion) else engine
        self.second = engine.second if isinstance(engine, SecondOpinion) else None
        self.notices: list[Notice] = []

    @classmethod
    def open(cls, name: EngineName = "auto", settings: DateSettings | None = None) -> DateReader:
        """Make a reader with an engine by name.

        Raises
        ------
        MissingDependencyError
            As `engines.create`.
        """
        return cls(create(name, settings), settings, reader_of_figures(name, settings))

    def read_lines(
        self,
        pixels: Picture,
        quads: Sequence[Quad],
        window: Window | Sequence[Window] | None = None,
        places: Sequence[Place] = (),
    ) -> list[DateReading | None]:
        """Read each line as a date.

        Parameters
        ----------
        pixels : ndarray, shape (height, width, 3), uint8
            The scan at full size.
        quads : sequence of Quad
            Lines in the direction in which they are thought to read.
        window : Window or sequence of Window, optional
            Dates that make sense, in all lines or in each.
        places : sequence of {"inside", "beside"}
            Where each line stands; "inside" where not given.

        Returns
        -------
        list of DateReading or None
            One for each line, in order; None where it is no date.
        """
        lines = zip(quads, _placed(places, len(quads)), _each(window, len(quads)), strict=True)
        return self._read([_Task(self.strip(pixels, line[0]), *line, pixels) for line in lines])

    def read_strips(
        self,
        strips: Sequence[Picture],
        window: Window | Sequence[Window] | None = None,
        quads: Sequence[Quad] = (),
        places: Sequence[Place] = (),
        *,
        second_opinion: bool = True,
    ) -> list[DateReading | None]:
        """Read strips that were cut and normalised already; as `read_lines`, but each with one look only.

        Parameters
        ----------
        strips : sequence of ndarray, shape (height, width), uint8
        window, places
            As for `read_lines`.
        quads : sequence of Quad
            The line that each shows; none is known where not given.
        second_opinion : bool
            Whether the second engine is asked where the first is unsure.
        """
        unknown: list[Quad | None] = [None]
        count = len(strips)
        lines = zip(strips, quads or unknown * count, _placed(places, count), _each(window, count), strict=True)
        return self._read([_Task(*line) for line in lines], second_opinion=second_opinion)

    def _read(self, tasks: Sequence[_Task], *, second_opinion: bool = True) -> list[DateReading | None]:
        """Ask the engines, each only as far as it is needed, and let their answers vote."""
        settings = self.settings
        self._ask(self.first, tasks)
        unsure = [t for t in tasks if t.score() < settings.sure]
        self._ask(self.first, unsure, upside_down=True)
        if self.figures is not None:
            self._ask_both_ways(self.figures, [t for t in unsure if t.score() < settings.doubted])
        again = _most_promising([t for t in unsure if t.pixels is not None], settings.sure, settings.further_looks)
        for pad in settings.further_pads:
            self._ask_both_ways(self.first, [t.cut_again(pad, settings.strip_height) for t in again])
        if self.second is not None and second_opinion:
            hopeful = [t for t in tasks if t.score() >= HOPELESS or t.figures() >= WHOLE]
            doubtful = _most_promising(hopeful, settings.doubtful, settings.second_opinions)
            self._ask_both_ways(self.second, doubtful)
        return [combine(t.lines, settings, t.place) for t in tasks]

    def read_lettering(self, strips: Sequence[Picture]) -> list[Reading]:
        """Read upright strips as plain text, Cyrillic where its letters tell, without looking for dates."""
        readings = self.first.read([normalise(s) for s in strips])
        self._note(readings)
        return [replace(r, text=spell(r.text)) for r in readings]

    def read_rows(self, strips: Sequence[Picture]) -> list[Ways]:
        """As `read_lettering`, of rows that may stand upside down: the way that is read more surely first.

        A row is tried that way where it is not read plainly. One that runs around a mark is read both ways, and gives
        both: on the lower half of a ring letters often stand the other way round than on the upper one.
        """
        return self._either_way(strips, self.read_lettering)

    def _either_way(self, strips: Sequence[Picture], read: Callable[[Sequence[Picture]], list[Reading]]) -> list[Ways]:
        """What rows say the right way up or, if that is not plain, upside down; of long rows both, the surer first."""
        upright = read(strips)
        long = [strip.shape[1] >= self.settings.ring_row * strip.shape[0] for strip in strips]
        both = [k for k, one in enumerate(upright) if long[k] or one.score < self.settings.plain_row]
        turned = dict(zip(both, read([np.ascontiguousarray(strips[k][::-1, ::-1]) for k in both]), strict=True))
        found = []
        for k, one in enumerate(upright):
            ways = sorted((one, turned[k]), key=lambda way: -way.score) if k in turned else [one]
            found.append(tuple(ways) if long[k] else (ways[0],))
        return found

    def dates_among(self, rows: Sequence[Ways], window: Window | None = None) -> list[DateReading]:
        """The dates that stand among the words of rows of lettering, as read by `read_rows`."""
        settings = self.settings
        parts = ((row, parse(part, window, settings)) for ways in rows for row in ways for part in pieces(row))
        dates = (combine([Line(found, row.engine, settings.among_words)], settings) for row, found in parts)
        return [_bare(date) for date in dates if date is not None]

    def figures_among(self, strips: Sequence[Picture], window: Window | None = None) -> list[DateReading]:
        """As `dates_among`, of the strips of rows as the reader of figures sees them; none without one."""
        if self.figures is None or not strips:
            return []
        return self.dates_among(self._either_way([normalise(s) for s in strips], self.figures.read), window)

    def strip(self, pixels: Picture, quad: Quad) -> Picture:
        """The strip of a line as the engines see it, shape (strip_height, width), uint8."""
        return normalise(cut(pixels, quad, self.settings.strip_height, self.settings.strip_pad))

    def _ask_both_ways(self, engine: Engine, tasks: Sequence[_Task]) -> None:
        """Read each line in the direction that looks right so far, in both where nothing tells."""
        for way in (False, True):
            self._ask(engine, [t for t in tasks if t.leans() in (way, None)], upside_down=way)

    def _ask(self, engine: Engine, tasks: Sequence[_Task], *, upside_down: bool = False) -> None:
        """Read some lines in one direction and add what they may mean."""
        turned = [np.ascontiguousarray(t.strip[::-1, ::-1]) if upside_down else t.strip for t in tasks]
        readings = engine.read(turned) if turned else []
        self._note(readings)
        for task, reading in zip(tasks, readings, strict=True):
            weight = self.settings.upside_down if upside_down else 1.0
            candidates = [_without_words(parsed) for parsed in parse(reading, task.window, self.settings)]
            quad = turned_about(task.quad) if upside_down and task.quad else task.quad
            task.lines.append(Line(candidates, reading.engine, weight, quad, reading.text))

    def _note(self, readings: Sequence[Reading]) -> None:
        for reading in readings:
            if reading.notice is not None and reading.notice not in self.notices:
                self.notices.append(reading.notice)
