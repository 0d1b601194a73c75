"""Lettering: upright strips of the rows of letters in a mark, cut from its ink alone.

Where the rows run is what `marks.rows` says. A row is laid straight along its midline, whether that bends with a ring
or not, in the direction in which it seems to be read. Which of them turn out to be words, the judge of lettering finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from postmark_id.ink import Ink, Sheet, on_paper
from postmark_id.marks.columns import columns_of
from postmark_id.marks.rows import Row, rows_of, spanned
from postmark_id.marks.struck import Struck
from postmark_id.models import Outline, Picture, Quad, Shape
from postmark_id.settings import LetteringStrips

HALF = 0.5
"""Share of a row in the lines of a date, or in another mark, from which it is the row of that."""
WHOLE = 0.99
"""Share of a row in a seal from which all of it is, but for rounding."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """The ink of one mark, and the rows of letters and figures seen in it, the plainest first."""

    struck: Struck
    rows: tuple[Row, ...]

    @property
    def figures(self) -> int:
        """How many of the rows look like figures."""
        return sum(row.dated for row in self.rows)

    def strips(self, settings: LetteringStrips, *, closely: bool = False) -> list[Picture]:
        """The plainest rows, shape (settings.height, width), uint8, dark on white; cut closely on demand."""
        margin, room = settings.close if closely else (settings.margin, settings.room)
        return [self._strip(row, settings.height, margin, room) for row in self.rows[: settings.most_rows]]

    def longer(self, which: Sequence[int], outline: Outline, settings: LetteringStrips) -> list[Picture]:
        """Some rows, by number, with more at both ends; those that bend go on around the mark."""
        rows = (self.rows[number].longer(settings.further, outline) for number in which)
        return [self._strip(row, settings.height, settings.margin, settings.room) for row in rows]

    def besides(self, date: Quad | None) -> list[bool]:
        """Whether each row stands elsewhere than a date, as all do where there is none.

        A ring may run through the ends of a wide date, which does not make it one.
        """
        return [date is None or row.within(date) < HALF for row in self.rows]

    def dates(self, settings: LetteringStrips) -> list[tuple[Quad, Picture]]:
        """The rows of figures: where they lie, and their strips as those of letters.

        Two that lie in one line, as where an emblem parts the day from the year, are also given as one, without what
        stands between them, in the direction of the plainer one.
        """
        dated = [row for row in self.rows if row.dated]
        pairs = ((one, other.turned_like(one)) for one, other in combinations(dated, 2))
        parted = [(a, b) for pair in pairs for a, b in permutations(pair) if a.goes_on_in(b)]
        whole = [(row.quad, self._dated(row, settings)) for row in dated]
        return [
            *whole,
            *((spanned(a, b), np.hstack([self._dated(a, settings), self._dated(b, settings)])) for a, b in parted),
        ]

    def columns(self, outline: Outline, settings: LetteringStrips) -> list[tuple[Quad, Picture]]:
        """The rows that stand in a column, as `marks.columns` finds them, and strips of them beside each other."""
        return columns_of(self.struck, outline, self.rows, settings)

    def _dated(self, row: Row, settings: LetteringStrips) -> Picture:
        return self._strip(row, settings.height, settings.margin, settings.room)

    def _strip(self, row: Row, height: int, margin: float, room: float) -> Picture:
        return on_paper(self.struck.at(row.unrolled(height, margin, room)))


def lettering_of(sheet: Sheet, marks: Sequence[tuple[Outline, Ink]], settings: LetteringStrips) -> list[Lettering]:
    """The lettering of each mark of a sheet, given by its outline and the ink that it is struck in."""
    struck = [_struck(sheet, outline, ink, settings) for outline, ink in marks]
    outlines = [outline for outline, _ in marks]
    rows = rows_of(struck, outlines, settings)
    rows = [seen if _has_own(seen, k, outlines) else [] for k, seen in enumerate(rows)]
    return [Lettering(*pair) for pair in zip(struck, map(tuple, rows), strict=True)]


def _has_own(rows: Sequence[Row], mark: int, outlines: Sequence[Outline]) -> bool:
    """Whether a row stands in no other mark; a seal, which bears one wholly, is a bare frame otherwise."""
    outline = outlines[mark]
    if outline.shape is Shape.CIRCLE:
        return True
    others = [other.points for other in outlines if other is not outline]
    within = (row for row in rows if row.within(outline.points) >= WHOLE)
    return any(all(row.within(other) < HALF for other in others) for row in within)


def _struck(sheet: Sheet, outline: Outline, ink: Ink, settings: LetteringStrips) -> Struck:
    """The ink of a mark, or what a solid one leaves bare; a round one with ink around it, too, lies on a dark stamp."""
    struck = Struck.of(sheet, outline, ink, settings.purity)
    inside = struck.inside(outline)
    within, around = (float(np.median(struck.amount[part])) if part.any() else 0.0 for part in (inside, ~inside))
    solid = within >= settings.solid and (outline.shape is not Shape.CIRCLE or around < settings.bare_around)
    return struck.reversed(outline, settings.speck) if solid else struck
