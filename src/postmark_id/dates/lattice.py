"""From what an engine saw to the spellings that it may have meant, each with a probability.

An engine with a lattice (see `Reading`) is searched with CTC's prefix beam search (Graves and Jaitly, ICML 2014;
Hannun et al., arXiv:1408.2873): many paths spell one text, and their probabilities add up. An engine that
gives only characters with a confidence gets its doubts from the usual confusions of figures.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from postmark_id.dates.alphabet import SYMBOLS
from postmark_id.dates.engines import Lattice, Reading
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
MOST_SYMBOLS = 8
"""Symbols followed at one step; where more are possible, nothing is known."""
UNCERTAIN_SHARE = 0.85
"""Share of the doubt about a character that goes to its confusions; the rest to something else entirely."""


def spellings(reading: Reading, settings: DateSettings) -> list[tuple[str, float]]:
    """Texts that a reading may stand for with their probabilities, most probable first."""
    if reading.lattice is not None and len(reading.lattice):
        found = search(reading.lattice, settings.beam_width, settings.beam_floor)
    else:
        found = _vary(reading, settings.beam_width)
    return found[: settings.spellings]


def search(lattice: Lattice, width: int, floor: float) -> list[tuple[str, float]]:
    """CTC prefix beam search without a language model.

    Parameters
    ----------
    lattice : ndarray, shape (steps, 1 + len(SYMBOLS))
    width : int
        Prefixes kept at every step.
    floor : float
        Symbols less probable than this are not followed.
    """
    # Probability of a prefix by paths that end in a blank, and by paths that end in its last symbol.
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for row in lattice:
        blank = float(row[0])
        likely = [c for c in np.flatnonzero(row >= floor).tolist() if c]
        if len(likely) > MOST_SYMBOLS:
            likely = sorted(likely, key=lambda c: -row[c])[:MOST_SYMBOLS]
        symbols = [(SYMBOLS[c - 1], float(row[c])) for c in likely]
        if symbols:
            beam = _best(_grown(beam, blank, symbols), width, floor)
        else:
            beam = {prefix: ((by_blank + by_symbol) * blank, 0.0) for prefix, (by_blank, by_symbol) in beam.items()}
    return sorted(((t, sum(p)) for t, p in beam.items()), key=lambda item: (-item[1], item[0]))


def _grown(
    beam: dict[str, tuple[float, float]], blank: float, symbols: list[tuple[str, float]]
) -> dict[str, list[float]]:
    """All prefixes after one more step."""
    grown: dict[str, list[float]] = {}
    for prefix, (by_blank, by_symbol) in beam.items():
        total = by_blank + by_symbol
        grown.setdefault(prefix, [0.0, 0.0])[0] += total * blank
        last = prefix[-1:]
        for symbol, p in symbols:
            if symbol == last:
                grown[prefix][1] += by_symbol * p
                grown.setdefault(prefix + symbol, [0.0, 0.0])[1] += by_blank * p
            else:
                grown.setdefault(prefix + symbol, [0.0, 0.0])[1] += total * p
    return grown


def _best(grown: dict[str, list[float]], width: int, floor: float) -> dict[str, tuple[float, float]]:
    """The most probable prefixes, without those that are hopeless beside the best."""
    totals = [(b + s, prefix) for prefix, (b, s) in grown.items()]
    least = max(totals)[0] * floor * 0.1
    kept = [item for item in totals if item[0] > least]
    if len(kept) > width:
        kept = sorted(kept, key=lambda item: (-item[0], item[1]))[:width]
    return {prefix: (grown[prefix][0], grown[prefix][1]) for _, prefix in kept}


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
