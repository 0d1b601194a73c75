"""Stacked: a date whose parts stand below each other, as US and British cancels have it, read as one line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from postmark_id.dates.alphabet import SYMBOLS
from postmark_id.dates.engines import Reading
from postmark_id.models import Picture

_BETWEEN = np.zeros((3, 1 + len(SYMBOLS)), np.float32)
_BETWEEN[range(3), [0, 1 + SYMBOLS.index(" "), 0]] = 1.0
"""Steps of a lattice that part one line from the next."""


MOST = 4
"""Rows of a date at most, with the hour or the like above them."""


def stacks_in(column: Sequence[Reading]) -> list[Sequence[Reading]]:
    """The rows of a column that may be a date together: two to four below each other, or two with an emblem between."""
    count = len(column)
    runs = [column[a:b] for a in range(count) for b in range(a + 2, min(a + MOST, count) + 1)]
    return [*runs, *((column[k], column[k + 2]) for k in range(count - 2))]


def turned_over(column: Sequence[Picture]) -> tuple[Picture, ...]:
    """The strips of a column upside down, from what is the top then."""
    return tuple(np.ascontiguousarray(strip[::-1, ::-1]) for strip in reversed(column))


def joined(lines: Sequence[Reading]) -> Reading:
    """Lines of one engine as one, with a blank between each two.

    Parameters
    ----------
    lines : sequence of Reading
        From the top down, at least one; all with a lattice or none.
    """
    lattices = [part for one in lines if one.lattice is not None for part in (_BETWEEN, one.lattice)][1:]
    chars = [char for one in lines for char in ((" ", 1.0), *one.chars)][1:]
    return Reading(
        text=" ".join(one.text for one in lines),
        score=min(one.score for one in lines),
        chars=tuple(chars),
        lattice=np.concatenate(lattices) if lattices else None,
        engine=lines[0].engine,
    )
