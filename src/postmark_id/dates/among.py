"""Among words: the pieces of a row of lettering that may be a date.

Special cancels have their date in the ring, between the name of a place and an occasion. Read as a whole, such a row is
spelled in so many ways that none of them is likely; so the words before and behind the figures are cut off, and what
is left is read as any other line. A word stays in their place, so that nobody takes the figures for a line of
their own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from postmark_id.dates.alphabet import LETTER, SYMBOLS
from postmark_id.dates.engines import Reading
from postmark_id.dates.spotting import Stand, spelled

FEWEST = 4
"""Figures in a date among words."""
END = 2
"""Symbols at an end of a row among which figures show that it may go on."""
NUMERAL, NAME = 5, 11
"""Letters that never stand between figures of one date: a Roman numeral has fewer, a month's name has."""
WORD = (LETTER, " ")
"""What stands for the words that were cut off."""


def pieces(row: Reading) -> list[Reading]:
    """Parts of a row with enough figures for a date, without the words around them; most often none.

    Parameters
    ----------
    row : Reading
        Upright.
    """
    placed = spelled(row.lattice) if row.lattice is not None else [(c, k, k) for k, (c, _) in enumerate(row.chars)]
    if sum(symbol.isdigit() for symbol, _, _ in placed) < FEWEST:
        return []
    runs = {run for most in (NUMERAL, NAME) for run in _runs(placed, most)}
    return [_cut(row, placed, *run) for run in sorted(runs)]


def has_figures(row: Reading) -> bool:
    """Whether a row shows enough figures for a date, whatever stands around them."""
    return sum(map(str.isdigit, row.text)) >= FEWEST


def is_cut_off(row: Reading) -> bool:
    """Whether a row ends or begins with figures, so that more of a date may stand where it is seen no more."""
    text = row.text.strip()
    at_ends = text[:END] + text[-END:]
    return sum(map(str.isdigit, text)) >= FEWEST - 1 and any(map(str.isdigit, at_ends))


def bare(text: str) -> str:
    """The spelling of a piece without what stands for words."""
    return text.strip("".join(WORD))


def _runs(placed: list[Stand], most: int) -> list[tuple[int, int]]:
    """First and last figure of each run of them that is parted by no word of so many letters, and no star."""
    runs: list[tuple[int, int]] = []
    letters = 0
    for k, (symbol, _, _) in enumerate(placed):
        if symbol.isdigit():
            if runs and letters < most:
                runs[-1] = (runs[-1][0], k)
            else:
                runs.append((k, k))
            letters = 0
        letters += most if symbol == "*" else symbol.isalpha()
    return [(a, b) for a, b in runs if sum(symbol.isdigit() for symbol, _, _ in placed[a : b + 1]) >= FEWEST]


def _cut(row: Reading, placed: list[Stand], first: int, last: int) -> Reading:
    """The part of a row between two figures, with a word in place of what stood before and behind."""
    before = any(symbol.isalpha() for symbol, _, _ in placed[:first])
    behind = any(symbol.isalpha() for symbol, _, _ in placed[last + 1 :])
    start = (placed[first - 1][2] + placed[first][1] + 1) // 2 if before else 0
    end = (placed[last][2] + placed[last + 1][1] + 1) // 2 if behind else placed[-1][2] + 1
    text = "".join(symbol for symbol, _, _ in placed[first : last + 1])
    if row.lattice is None:
        front, back = (WORD if before else ()), (WORD[::-1] if behind else ())
        chars = [*((c, 1.0) for c in front), *row.chars[start:end], *((c, 1.0) for c in back)]
        return replace(row, text=text, chars=tuple(chars))
    stand_in = np.zeros((len(WORD), row.lattice.shape[1]), np.float32)
    stand_in[range(len(WORD)), [SYMBOLS.index(symbol) + 1 for symbol in WORD]] = 1.0
    parts = [stand_in[: before * len(WORD)], row.lattice[start:end], stand_in[::-1][: behind * len(WORD)]]
    return replace(row, text=text, chars=(), lattice=np.concatenate(parts))
