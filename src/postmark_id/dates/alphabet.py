"""The symbols in which dates and lettering are read, Latin and Cyrillic folded into one alphabet.

On a strike nobody can tell a Latin ``A`` from a Cyrillic ``А``; a reader forced to choose learns noise. So every
look-alike pair is one symbol, written with the Latin letter, and letters without a twin keep their own. `fold`
brings any text into this alphabet, `spell` turns a folded word back into the script that it must have been.
Digits and letters that resemble each other (0 and O, 3 and З) stay apart: context tells them, and the date
grammar knows how far to forgive.
"""

from __future__ import annotations

import unicodedata

DIGITS = "0123456789"
SIGNS = " .-/:'*"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CYRILLIC = "БГДЖЗИЙЛПУФЦЧШЩЪЫЬЭЮЯ"
SYMBOLS = DIGITS + SIGNS + LATIN + CYRILLIC
"""Everything an engine's lattice has a column for; column 0 is CTC's blank, symbol i stands in column i + 1."""
NUMERAL = "IVX"
"""Letters of the Roman numerals of months."""
LETTER = "Ш"
"""Stands for any other letter where only figures are read: no numeral, no month, nothing that passes for a figure."""
FIGURES = DIGITS + SIGNS + NUMERAL + LETTER
"""The symbols of a reader of figures."""

_TWINS = dict(zip("АВЕКМНОРСТХ", "ABEKMHOPCTX", strict=True))
_CYRILLIC_OF = {latin: cyrillic for cyrillic, latin in _TWINS.items()}
_ONLY_LATIN = set(LATIN) - set(_CYRILLIC_OF)
_FOLDED = {
    **_TWINS,
    "Ё": "E",
    "І": "I",
    "Ї": "I",
    "Ѕ": "S",
    "Ј": "J",
    "ẞ": "B",
    "Ł": "L",
    "Ø": "O",
    "Æ": "A",
    "№": "N",
    ",": ".",
    "·": ".",
    "•": ".",
    "…": ".",
    ";": ":",
    "–": "-",
    "—": "-",
    "−": "-",
    "_": "-",
    "~": "-",
    "`": "'",
    "´": "'",
    "’": "'",
    "‘": "'",
    '"': "'",
    "\\": "/",
    "¦": "|",
    "!": "|",
    "★": "*",
    "☆": "*",
    "✶": "*",
    "\t": " ",
    "\n": " ",
    "\u00a0": " ",
}


def fold(text: str) -> str:
    """Text in the folded alphabet: upper case, look-alikes joined, accents off; unknown characters become blanks.

    ``?`` (an unreadable figure) and ``|`` (a stroke that may be a one) are kept, though no lattice has them.
    """
    return "".join(_fold_one(c) for c in text.upper())


def _fold_one(character: str) -> str:
    if character in _FOLDED:
        return _FOLDED[character]
    if character in SYMBOLS or character in "?|":
        return character
    plain = unicodedata.normalize("NFKD", character)[:1].upper()
    plain = _FOLDED.get(plain, plain)
    return plain if plain in SYMBOLS else " "


def in_figures(text: str) -> str:
    """Folded text as a reader of figures sees it: one symbol for all letters but those of numerals."""
    return "".join(c if c in FIGURES else LETTER for c in text)


def spell(text: str) -> str:
    """Folded text put back into Cyrillic where letters tell that it is: the whole line, or else single words."""
    words = text.split(" ")
    latin = [any(c in _ONLY_LATIN for c in w) for w in words]
    cyrillic = [any(c in CYRILLIC for c in w) for w in words]
    whole_line = any(cyrillic) and not any(latin)
    return " ".join(_cyrillic(w) if c or whole_line else w for w, c in zip(words, cyrillic, strict=True))


def _cyrillic(word: str) -> str:
    return "".join(_CYRILLIC_OF.get(c, c) for c in word)
