"""Spot known words in what an engine held possible, instead of trusting the one spelling that it thought best.

Worn lettering is misread here and there, and the right letter is then the second or third choice of the engine. So
each known word is laid along the lattice where it fits best (Viterbi alignment of CTC, Graves et al. 2006, with a
free start and end), and its cost is how much less probable it is than the best spelling of the same steps. In a
blurred lattice everything is cheap, so a word counts by its lead over decoys: nonsense of the same letters and length.
All words go through all lattices in one pass together, and words that begin alike share the work on their beginnings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
Stand = tuple[str, int, int]
"""A symbol and the steps, or characters, where it begins and ends."""

FLOOR = 1e-4
"""Probability below which a symbol is not held against a word any further: one lost letter must not sink it."""
GAPS = " .-*'"
"""Symbols that may stand between letters without harm, like the blank."""
_GAP_COLUMNS = [0, *(1 + SYMBOLS.index(sign) for sign in GAPS)]
NEVER = -1e9
DECOYS = 12
OVERLAP = 0.5
"""Share of a word that may lie across one that explains more."""
SHORT = 4
"""Letters up to which a word is short: with one letter doubtful, MIR and ISS are everywhere; one more is midway."""
NEXT_LETTER, WORD_GAP = 1.5, 3.0
"""How far a letter is from one of the same word at most, and within the word beside it; in pitches of its letters."""
SLACK = 2
"""Steps by which a word may begin or end off its outer letters."""
PIECE = 3
"""Letters of a known word that are enough beside a name."""


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
    """Words as a tree of letters; the states of CTC are the letters and the gaps before them.

    Attributes
    ----------
    columns : ndarray, shape (letters,)
        Column of each letter in a lattice.
    parents : ndarray, shape (letters,)
        One more than the letter before each letter; 0 where a word begins.
    twins : ndarray, shape (letters,)
        `NEVER` for a letter that equals the one before it, so that a gap must stand between them; else 0.
    last : ndarray, shape (words,)
        One more than the last letter of each word.
    lengths : ndarray, shape (words,)
    """

    columns: Steps
    parents: Steps
    twins: Floats
    last: Steps
    lengths: Floats


@lru_cache(maxsize=8)
def _chart(words: tuple[str, ...]) -> _Chart:
    spelled = [_letters(word) for word in words]
    beginnings = sorted({letters[:k] for letters in spelled for k in range(1, len(letters) + 1)})
    number = {"": 0} | {beginning: k for k, beginning in enumerate(beginnings, start=1)}
    return _Chart(
        columns=np.array([1 + SYMBOLS.index(b[-1]) for b in beginnings], dtype=np.intp),
        parents=np.array([number[b[:-1]] for b in beginnings], dtype=np.intp),
        twins=np.array([NEVER if b[-2:-1] == b[-1] else 0.0 for b in beginnings], dtype=np.float32),
        last=np.array([number[letters] for letters in spelled], dtype=np.intp),
        lengths=np.array([len(letters) for letters in spelled], dtype=np.float32),
    )


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
    ends = _ends(lattices, chart)
    costs = -ends.max(axis=(0, 1)) / chart.lengths
    classes = np.array([_length_class(word) for word in known + decoys])
    cheapest = {
        k: float(np.sort(costs[len(known) :][classes[len(known) :] == k])[:2].mean()) for k in set(classes.tolist())
    }
    found = [
        Spotted(word, float(cost), cheapest[k] - float(cost))
        for word, cost, k in zip(known, costs, classes.tolist(), strict=False)
    ]
    odds, shorter = dict(zip(known, costs * chart.lengths, strict=False)), _shorter(known)
    found = [
        s
        for s in found
        if s.cost <= _highest_cost(s.word, settings)
        and s.lead >= settings.least_lead + settings.lead_for_cost * s.cost
        and _dearest_addition(s.word, odds, shorter) <= settings.highest_addition
    ]
    best = max((s.lead for s in found), default=0.0)
    found = [s for s in found if s.lead >= _least_share(s, settings) * best]
    return sorted(_apart(found, ends, known, lattices), key=lambda s: -s.lead)


def _apart(
    found: Sequence[Spotted], ends: Floats, known: Sequence[str], lattices: Sequence[Lattice]
) -> Iterator[Spotted]:
    """The words without those that lie across one that explains more: where КОСМИЧЕСКАЯ ПОЧТА is, no ПОЧТАМТ is."""
    if not found:
        return
    taken: list[tuple[int, int, int]] = []
    ranked = sorted(found, key=lambda s: -s.lead * len(_letters(s.word)))
    begins = _begins(lattices, [one.word for one in ranked])
    for begin, one in zip(begins, ranked, strict=True):
        end = ends[:, :, known.index(one.word)]
        strip = int(end.max(axis=0).argmax())
        first, last = int(begin[strip]), int(end[:, strip].argmax())
        across = (min(its_last, last) - max(its_first, first) for k, its_first, its_last in taken if k == strip)
        if first <= last and max(across, default=0) <= OVERLAP * (last - first):
            taken.append((strip, first, last))
            if len(_letters(one.word)) > SHORT or not _is_part(lattices[strip], first, last, known):
                yield one


def spelled(lattice: Lattice) -> list[Stand]:
    """The likeliest symbols and where they stand."""
    best = lattice.argmax(axis=1).tolist()
    edges = [0, *(k for k, (a, b) in enumerate(pairwise(best), start=1) if a != b), len(best)]
    return [(SYMBOLS[best[a] - 1], a, b - 1) for a, b in pairwise(edges) if a < b and best[a]]


def _is_part(lattice: Lattice, first: int, last: int, known: Sequence[str]) -> bool:
    """Whether the letters at some steps go on in others that are of no known word: MIR in VLADIMIR, ISS in RUSSIA."""
    read = [(step, symbol) for symbol, step, _ in spelled(lattice)]
    own = [k for k, sign in read if first - SLACK <= k <= last + SLACK and sign not in GAPS]
    if len(own) < 2:
        return False
    pitch = (own[-1] - own[0]) / (len(own) - 1)
    before = _going_on([(own[0] - k, sign) for k, sign in reversed(read) if k < own[0]], pitch)[::-1]
    behind = _going_on([(k - own[-1], sign) for k, sign in read if k > own[-1]], pitch)
    heads, tails = _pieces(tuple(known))
    # one letter may be a piece of a ring
    return (len(before) > 1 and before[-PIECE:] not in tails) or (len(behind) > 1 and behind[:PIECE] not in heads)


def _going_on(read: Sequence[tuple[int, str]], pitch: float) -> str:
    """The letters that follow without a gap, given how many steps away each is; none where the first is far away."""
    text, at = "", 0
    for away, sign in read:
        if sign in GAPS or away - at > (WORD_GAP if text else NEXT_LETTER) * pitch:
            break
        text, at = text + sign, away
    return text


@lru_cache(maxsize=4)
def _pieces(words: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """How known words begin, and how they end: beside a name, an end of another word is one that was read in part."""
    parts = [_letters(part) for word in words for part in word.split()]
    return frozenset(part[:PIECE] for part in parts), frozenset(part[-PIECE:] for part in parts)


def _least_share(one: Spotted, settings: SpottingSettings) -> float:
    """Share of the best word's lead below which a word is an echo of it: a smaller one if it is read plainly."""
    return settings.share_of_best_plain if one.cost <= settings.plain else settings.share_of_best


def _highest_cost(word: str, settings: SpottingSettings) -> float:
    beyond = min(2, max(0, len(_letters(word)) - SHORT)) / 2
    return settings.highest_cost_short + beyond * (settings.highest_cost - settings.highest_cost_short)


@lru_cache(maxsize=4)
def _shorter(words: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The known words that each known one begins or ends with: with МИР in sight, half of ЖИТОМИР is."""
    letters = {word: _letters(word) for word in words}
    return {
        word: tuple(
            rest
            for rest in words
            if rest != word and (letters[word].startswith(letters[rest]) or letters[word].endswith(letters[rest]))
        )
        for word in words
    }


def _dearest_addition(word: str, odds: Mapping[str, float], shorter: Mapping[str, tuple[str, ...]]) -> float:
    """What a letter costs by which a word is longer than another known one: a cheap rest must not pay for it."""
    return max(
        (
            (odds[word] - odds[rest]) / (len(_letters(word)) - len(_letters(rest)))
            for rest in shorter[word]
            if len(_letters(rest)) < len(_letters(word))
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
    ends = _ends([lattice], _chart(tuple(words)))[:, 0]
    begins = _begins([lattice], words)[:, 0]
    placed = zip(words, ends.max(axis=0).tolist(), begins.tolist(), ends.argmax(axis=0).tolist(), strict=True)
    return [Placed(*one) for one in placed if one[2] <= one[3]]


@lru_cache(maxsize=2048)
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


def _ends(lattices: Sequence[Lattice], chart: _Chart) -> Floats:
    """Log odds of each word if it ends at a step of a lattice, shape (steps, lattices, words)."""
    longest_first = sorted(range(len(lattices)), key=lambda k: -len(lattices[k]))
    lengths = np.array([len(lattices[k]) for k in longest_first])
    odds = np.zeros((lengths[0], len(lattices), 1 + len(SYMBOLS)), dtype=np.float32)
    for row, k in enumerate(longest_first):
        odds[: len(lattices[k]), row] = _odds(lattices[k])
    ends = np.full((lengths[0], len(lattices), len(chart.last)), NEVER, dtype=np.float32)
    letters = np.full((len(lattices), 1 + len(chart.columns)), NEVER, dtype=np.float32)
    letters[:, 0] = 0.0  # a word may begin at any step
    gaps = np.full((len(lattices), len(chart.columns)), NEVER, dtype=np.float32)
    for step, count in enumerate((lengths > np.arange(lengths[0])[:, None]).sum(axis=1).tolist()):
        letter, gap, symbols = letters[:count, 1:], gaps[:count], odds[step, :count]
        before = letters[:count].take(chart.parents, axis=1)
        np.maximum(letter, gap, out=letter)
        np.maximum(gap, before, out=gap)
        np.maximum(letter, before + chart.twins, out=letter)
        letter += symbols.take(chart.columns, axis=1)
        gap += symbols[:, :1]
        ends[step, longest_first[:count]] = letters[:count].take(chart.last, axis=1)
    return ends


def _begins(lattices: Sequence[Lattice], words: Sequence[str]) -> Steps:
    """Step of each lattice at which each word most likely begins, shape (words, lattices)."""
    # read from its other end, a word ends where it begins
    ends = _ends([lattice[::-1] for lattice in lattices], _chart(tuple(_letters(word)[::-1] for word in words)))
    lengths = np.array([[len(lattice)] for lattice in lattices])
    return np.asarray((lengths - 1 - ends.argmax(axis=0)).T, dtype=np.intp)


def _odds(lattice: Lattice) -> Floats:
    """Log odds of each symbol against the likeliest one of its step; all gaps are one, in the column of the blank."""
    odds = lattice.astype(np.float32)
    odds[:, 0] = odds[:, _GAP_COLUMNS].max(axis=1)
    result: Floats = np.log(np.maximum(odds, FLOOR)) - np.log(np.maximum(odds.max(axis=1, keepdims=True), FLOOR))
    return result
