"""Spot known words in what an engine held possible, instead of trusting the one spelling that it thought best.

Worn lettering is misread here and there, and the right letter is then the second or third choice of the engine. So
each known word is laid along the lattice where it fits best (Viterbi alignment of CTC, Graves et al. 2006, with a
free start and end), and its cost is how much less probable it is than the best spelling of the same steps. In a
blurred lattice everything is cheap, so a word counts by its lead over decoys: nonsense of the same letters and length.
All words go through one pass together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from postmark_id.dates.alphabet import SYMBOLS, fold
from postmark_id.dates.engines import Lattice
from postmark_id.settings import SpottingSettings

Floats = npt.NDArray[np.float32]
Steps = npt.NDArray[np.intp]

FLOOR = 1e-4
"""Probability below which a symbol is not held against a word any further: one lost letter must not sink it."""
GAPS = " .-*'"
"""Symbols that may stand between letters without harm, like the blank."""
NEVER = -1e9
DECOYS = 12
SHORT = 4
"""Letters up to which a word is short: with one letter doubtful, MIR and ISS are everywhere."""


@dataclass(frozen=True, slots=True)
class Spotted:
    """A word found in a lattice.

    Attributes
    ----------
    word : str
        As it was given.
    cost : float
        Mean of the log odds per letter against the best spelling there; 0 where the word is the best spelling.
    lead : float
        By how much decoys of its length cost more.
    """

    word: str
    cost: float
    lead: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A word laid along a lattice where it fits best.

    Attributes
    ----------
    word : str
        As it was given.
    odds : float
        Log odds of the word against the best spelling of the same steps, all letters together; at most 0.
    first, last : int
        Steps of the lattice that it takes.
    """

    word: str
    odds: float
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Chart:
    """Words as rows of CTC states: letter, gap, letter, gap, ... letter."""

    states: npt.NDArray[np.intp]
    skips: npt.NDArray[np.bool_]
    last: npt.NDArray[np.intp]
    lengths: Floats


@lru_cache(maxsize=4)
def _chart(words: tuple[str, ...]) -> _Chart:
    spelled = [[1 + SYMBOLS.index(c) for c in _letters(word)] for word in words]
    longest = max(len(letters) for letters in spelled)
    states = np.zeros((len(words), 2 * longest - 1), dtype=np.intp)
    skips = np.zeros(states.shape, dtype=np.bool_)
    for row, letters in enumerate(spelled):
        states[row, 0 : 2 * len(letters) : 2] = letters
        # a gap may be left out between different letters only
        skips[row, 2 : 2 * len(letters) : 2] = [a != b for a, b in pairwise(letters)]
    lengths = np.array([len(letters) for letters in spelled])
    return _Chart(states, skips, 2 * lengths - 2, lengths.astype(np.float32))


def spot(lattices: Sequence[Lattice], words: Sequence[str], settings: SpottingSettings) -> list[Spotted]:
    """Words that can be read in some lattice, the surest first.

    Parameters
    ----------
    lattices : sequence of ndarray, shape (steps, 1 + len(SYMBOLS))
        Of all strips of one mark.
    words : sequence of str
        Each with at least two letters or figures.
    settings : SpottingSettings
    """
    lattices = [lattice for lattice in lattices if len(lattice)]
    if not words or not lattices:
        return []
    known = tuple(dict.fromkeys(words))
    decoys = _decoys(known)
    chart = _chart(known + decoys)
    costs = np.min([_costs(lattice, chart) for lattice in lattices], axis=0)
    classes = np.array([_length_class(word) for word in known + decoys])
    cheapest = {
        k: float(np.sort(costs[len(known) :][classes[len(known) :] == k])[:2].mean()) for k in set(classes.tolist())
    }
    found = [
        Spotted(word, float(cost), cheapest[k] - float(cost))
        for word, cost, k in zip(known, costs, classes.tolist(), strict=False)
    ]
    odds = dict(zip(known, costs * chart.lengths, strict=False))
    found = [
        s
        for s in found
        if s.cost <= (settings.highest_cost if len(_letters(s.word)) > SHORT else settings.highest_cost_short)
        and s.lead >= settings.least_lead + settings.lead_for_cost * s.cost
        and _dearest_addition(s.word, odds) <= settings.highest_addition
    ]
    best = max((s.lead for s in found), default=0.0)
    return sorted((s for s in found if s.lead >= settings.share_of_best * best), key=lambda s: -s.lead)


@lru_cache(maxsize=512)
def _shorter(phrase: str) -> tuple[str, ...]:
    """A phrase without its first word, and without its last."""
    words = phrase.split()
    return (" ".join(words[1:]), " ".join(words[:-1])) if len(words) > 1 else ()


def _dearest_addition(phrase: str, odds: Mapping[str, float]) -> float:
    """What a letter costs of the word that makes a known shorter phrase this one: a cheap rest must not pay for it."""
    return max(
        (
            (odds[phrase] - odds[rest]) / (len(_letters(phrase)) - len(_letters(rest)))
            for rest in _shorter(phrase)
            if rest in odds
        ),
        default=0.0,
    )


def place(lattice: Lattice, words: Sequence[str]) -> list[Placed]:
    """Lay each word along a lattice where it fits best, whether or not it fits well.

    Parameters
    ----------
    lattice : ndarray, shape (steps, 1 + len(SYMBOLS))
    words : sequence of str
        Each with at least two letters or figures.
    """
    if not len(lattice) or not words:
        return []
    odds, last = _fits(lattice, _chart(tuple(words)))
    # read from its other end, a word begins where it ended
    _, begun = _fits(lattice[::-1], _chart(tuple(_letters(word)[::-1] for word in words)))
    first = len(lattice) - 1 - begun
    placed = zip(words, odds.tolist(), first.tolist(), last.tolist(), strict=True)
    return [Placed(*one) for one in placed if one[2] <= one[3]]


def _letters(word: str) -> str:
    return "".join(c for c in fold(word) if c in SYMBOLS and c not in GAPS)


def _length_class(word: str) -> int:
    """Words of one class have decoys in common: chance finds short ones more easily."""
    length = len(_letters(word))
    return length if length < 7 else min(7 + (length - 7) // 3, 9)


@lru_cache(maxsize=4)
def _decoys(words: tuple[str, ...]) -> tuple[str, ...]:
    """Up to a dozen decoys for each class of length: known words backwards, cut in the middle and swapped."""
    decoys: dict[int, list[str]] = {}
    for word in words:
        backwards = _letters(word)[::-1]
        middle = len(backwards) // 2
        decoy = backwards[middle:] + backwards[:middle]
        group = decoys.setdefault(_length_class(word), [])
        if len(group) < DECOYS and decoy != _letters(word):
            group.append(decoy)
    return tuple(decoy for group in decoys.values() for decoy in group)


def _costs(lattice: Lattice, chart: _Chart) -> Floats:
    """Least cost a letter of each word anywhere in a lattice."""
    result: Floats = -_fits(lattice, chart)[0] / chart.lengths
    return result


def _fits(lattice: Lattice, chart: _Chart) -> tuple[Floats, Steps]:
    """Log odds of each word where it fits best, and the step where it ends there."""
    gaps = [0, *(1 + SYMBOLS.index(c) for c in GAPS)]
    odds = lattice.astype(np.float32).copy()
    odds[:, 0] = odds[:, gaps].max(axis=1)
    odds = np.log(np.maximum(odds, FLOOR)) - np.log(np.maximum(odds.max(axis=1, keepdims=True), FLOOR))
    rows = np.arange(len(chart.last))
    score = np.full(chart.states.shape, NEVER, dtype=np.float32)
    ends = np.full((len(odds), len(rows)), NEVER, dtype=np.float32)
    for number, step in enumerate(odds):
        before = np.full_like(score, NEVER)
        before[:, 1:] = score[:, :-1]
        before[:, 0] = 0.0
        skipped = np.full_like(score, NEVER)
        skipped[:, 2:] = score[:, :-2]
        skipped[~chart.skips] = NEVER
        score = np.maximum(np.maximum(score, before), skipped) + step[chart.states]
        ends[number] = score[rows, chart.last]
    return ends.max(axis=0), ends.argmax(axis=0)
