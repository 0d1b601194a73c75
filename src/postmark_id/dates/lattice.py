"""From what an engine saw to the spellings that it may have meant, each with a probability.

An engine with a lattice (see `Reading`) is searched with CTC's prefix beam search (Graves and Jaitly, ICML 2014;
Hannun et al., arXiv:1408.2873): many paths spell one text, and their probabilities add up. An engine that
gives only characters with a confidence gets its doubts from the usual confusions of figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from postmark_id.dates.alphabet import SIGNS, SYMBOLS
from postmark_id.dates.engines import Lattice, Reading
from postmark_id.dates.months import WORDS
from postmark_id.dates.spotting import Placed, place
from postmark_id.settings import DateSettings

CONFUSIONS: Mapping[str, str] = {
    "0": "869O",
    "1": "74I",
    "2": "7Z1",
    "3": "859",
    "4": "19",
    "5": "638",
    "6": "580",
    "7": "12",
    "8": "3960",
    "9": "8037",
    "I": "1",
    "O": "0",
}
"""What a worn figure is taken for, most frequent first."""
NAMES = tuple(word for word in WORDS if len(word) >= 3)
"""Names of months that are looked for in a lattice."""
NUMERALS = frozenset("IVX")
"""Letters of Roman numerals: where nothing else is seen, no name is sought, and JUL is not laid along II."""
LETTER_EXPLAINED = 0.7
"""Log odds that a name of one more letter may be behind a shorter one of the same month."""
GAP = " "
"""Stands for any run of signs while a lattice is searched."""
_SIGNS = [SYMBOLS.index(sign) + 1 for sign in SIGNS]
_SIGN_COLUMNS = frozenset(_SIGNS)
HOPELESS = 0.5
"""Prefixes less probable than this times the floor of symbols, beside the best, are dropped."""
MOST_SYMBOLS = 8
"""Symbols followed at one step; where more are possible, nothing is known."""
UNCERTAIN_SHARE = 0.85
"""Share of the doubt about a character that goes to its confusions; the rest to something else entirely."""


def spellings(reading: Reading, settings: DateSettings) -> list[tuple[str, float]]:
    """Texts that a reading may stand for with their probabilities, most probable first."""
    if reading.lattice is not None and len(reading.lattice):
        found = _with_name(reading, settings) or search(reading.lattice, settings.beam_width, settings.beam_floor)
    else:
        found = _vary(reading, settings.beam_width)
    return found[: settings.spellings]


def _with_name(reading: Reading, settings: DateSettings) -> list[tuple[str, float]]:
    """Spellings round the name of a month, if one can be laid along the lattice; none where that is doubtful.

    A worn name is seldom spelled right in full, and its many misspellings share what speaks for it. But there are
    few names: each is weighed against the best spelling of the same place, and against the other months.
    """
    lattice = reading.lattice
    assert lattice is not None
    letters = [c for c in reading.text if c.isalpha()]
    if len(letters) < 2 or sum(c.isdigit() for c in reading.text) < 2 or NUMERALS.issuperset(letters):
        return []
    fits: dict[int, Placed] = {}
    for name in place(lattice, NAMES):
        month = WORDS[name.word]
        # JAN fits JANV as well, but leaves a letter over
        if month not in fits or _fitness(name) > _fitness(fits[month]):
            fits[month] = name
    likely = {month: math.exp(name.odds / settings.name_patience) for month, name in fits.items()}
    total = sum(likely.values()) + settings.name_doubt
    best = max(fits, key=lambda month: likely[month])
    if likely[best] / total < settings.name_least:
        return []
    found = []
    for month, name in fits.items():
        if likely[month] < 0.02 * likely[best]:
            continue
        before, after = (search(side, settings.beam_width, settings.beam_floor)[:6] for side in _sides(lattice, name))
        found += [
            (f"{left} {name.word} {right}".strip(), p * q * likely[month] / total)
            for left, p in before
            for right, q in after
            # a word that merely begins or ends like a month is none
            if not left[-1:].isalpha() and not right[:1].isalpha()
        ]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def _sides(lattice: Lattice, name: Placed) -> tuple[Lattice, Lattice]:
    """What stands before and behind a name. A letter may span several steps: all of its outer ones belong to it."""
    best = lattice.argmax(axis=1)
    first, last = name.first, name.last
    while first > 0 and best[first - 1] == best[first]:
        first -= 1
    while last + 1 < len(best) and best[last + 1] == best[last]:
        last += 1
    return lattice[:first], lattice[last + 1 :]


def _fitness(name: Placed) -> float:
    return name.odds + LETTER_EXPLAINED * len(name.word)


def search(lattice: Lattice, width: int, floor: float) -> list[tuple[str, float]]:
    """CTC prefix beam search without a language model; spellings that differ in their separators only are one.

    Whether a dot, a blank or a speck stands between two figures, or several of them, or one before the first, says
    nothing about the date, and each doubt about it would halve the share of every spelling. So the signs of a run
    are one symbol here, shown as the likeliest of them, and none stands at the ends.

    Parameters
    ----------
    lattice : ndarray, shape (steps, 1 + len(SYMBOLS))
    width : int
        Prefixes kept at every step.
    floor : float
        Symbols less probable than this are not followed.
    """
    beam = {"": _Path(1.0, 0.0, "")}
    if not len(lattice):
        return [("", 1.0)]
    hopeless = HOPELESS * floor
    gaps = lattice[:, _SIGNS].sum(axis=1)
    # a sign spans several steps; which it is shows over all of them
    around = cv2.blur(lattice[:, _SIGNS], (1, 5), borderType=cv2.BORDER_CONSTANT)
    possible: list[list[tuple[str, float]]] = [[] for _ in lattice]
    for step, column in np.argwhere(lattice >= floor).tolist():
        if column and column not in _SIGN_COLUMNS:
            possible[step].append((SYMBOLS[column - 1], float(lattice[step, column])))
    blanks, signs = lattice[:, 0].tolist(), around.argmax(axis=1).tolist()
    for blank, gap, between, likely in zip(blanks, gaps.tolist(), signs, possible, strict=True):
        if likely or gap >= floor:
            symbols = likely if len(likely) <= MOST_SYMBOLS else sorted(likely, key=_by_share)[:MOST_SYMBOLS]
            beam = _best(_grown(beam, _Step(blank, gap, SIGNS[between], symbols), hopeless), width, hopeless)
        else:
            for path in beam.values():
                path.by_blank, path.by_symbol = path.total * blank, 0.0
    found: dict[str, float] = {}
    shown: dict[str, str] = {}
    for prefix, path in sorted(beam.items(), key=lambda item: -item[1].total):
        text = prefix.rstrip(GAP)
        found[text] = found.get(text, 0.0) + path.total
        shown.setdefault(text, path.shown[: len(text)])
    return sorted(((shown[t], p) for t, p in found.items()), key=lambda item: (-item[1], item[0]))


def _by_share(symbol: tuple[str, float]) -> float:
    return -symbol[1]


@dataclass(slots=True)
class _Path:
    """All paths that spell a prefix: their probability if they end in a blank, and if they end in its last symbol."""

    by_blank: float
    by_symbol: float
    shown: str
    """The prefix with the likeliest sign for each gap."""

    @property
    def total(self) -> float:
        return self.by_blank + self.by_symbol


@dataclass(slots=True)
class _Step:
    """What a step of a lattice may be: nothing, a sign (which one, if any), or one of the likely symbols."""

    blank: float
    gap: float
    sign: str
    symbols: list[tuple[str, float]]


def _grown(beam: dict[str, _Path], step: _Step, hopeless: float) -> dict[str, _Path]:
    """All prefixes after one more step, but for longer ones so improbable that `_best` would drop them.

    The first of the beam is its best.
    """
    grown: dict[str, _Path] = {}
    blank, gap, sign = step.blank, step.gap, step.sign
    least = 0.5 * hopeless * blank * next(iter(beam.values())).total
    for prefix, path in beam.items():
        total, by_blank, by_symbol, shown = path.total, path.by_blank, path.by_symbol, path.shown
        last = prefix[-1:]
        stayed = _add(grown, prefix, shown, 0.0)
        stayed.by_blank += total * blank
        if last in ("", GAP):
            stayed.by_symbol += total * gap
            if last and shown[-1] == " ":
                stayed.shown = shown[:-1] + sign
        elif total * gap > least:
            _add(grown, prefix + GAP, shown + sign, total * gap)
        for symbol, p in step.symbols:
            if symbol == last:
                stayed.by_symbol += by_symbol * p
                if by_blank * p > least:
                    _add(grown, prefix + symbol, shown + symbol, by_blank * p)
            elif total * p > least:
                _add(grown, prefix + symbol, shown + symbol, total * p)
    return grown


def _add(grown: dict[str, _Path], prefix: str, shown: str, by_symbol: float) -> _Path:
    path = grown.get(prefix)
    if path is None:
        path = grown[prefix] = _Path(0.0, 0.0, shown)
    path.by_symbol += by_symbol
    return path


def _best(grown: dict[str, _Path], width: int, hopeless: float) -> dict[str, _Path]:
    """The most probable prefixes, without those that are hopeless beside the best."""
    totals = [(-path.by_blank - path.by_symbol, prefix) for prefix, path in grown.items()]
    totals.sort()
    most = totals[0][0] * hopeless
    return {prefix: grown[prefix] for total, prefix in totals[:width] if total < most}


def _vary(reading: Reading, width: int) -> list[tuple[str, float]]:
    """Spellings of a text without a lattice: each doubtful character may be one of its confusions."""
    chars = reading.chars or tuple((c, reading.score) for c in reading.text)
    beam = [("", 1.0)]
    for char, score in chars:
        options = [(char, score)]
        if others := CONFUSIONS.get(char, ""):
            doubt = (1.0 - score) * UNCERTAIN_SHARE
            shares = [0.6**k for k in range(len(others))]
            options += [(o, doubt * s / sum(shares)) for o, s in zip(others, shares, strict=True)]
        grown = [(text + c, p * q) for text, p in beam for c, q in options if q > 0.0]
        beam = sorted(grown, key=lambda item: (-item[1], item[0]))[:width]
    return beam
