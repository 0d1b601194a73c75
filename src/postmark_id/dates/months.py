"""Names of months as they stand in postmarks, in the folded alphabet, and how far a misread one is forgiven."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from postmark_id.dates.alphabet import fold

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_AT_HOME = (
    # English and Russian (nominative, genitive, short), for January to December.
    "january jan январь января янв",
    "february feb февраль февраля фев",
    "march mar март марта мар",
    "april apr апрель апреля апр",
    "may май мая",
    "june jun июнь июня июн",
    "july jul июль июля июл",
    "august aug август августа авг",
    "september sep sept сентябрь сентября сен сент",
    "october oct октябрь октября окт",
    "november nov ноябрь ноября ноя",
    "december dec декабрь декабря дек",
)
_ABROAD = (
    # What is not English in German, French, Dutch, Italian, Spanish, Portuguese and Romanian, likewise.
    "januar jänner janvier janv januari gennaio gen enero ene janeiro ian",
    "februar février fév fevr februari febbraio febrero fevereiro fev",
    "märz mrz mars maart mrt marzo março",
    "avril avr aprile abril abr",
    "mai mei maggio mag mayo maio",
    "juni juin giugno giu junio junho iunie iun",
    "juli juillet juil luglio lug julio julho iulie iul",
    "août augustus agosto ago",
    "septembre settembre set setembro",
    "oktober okt octobre ottobre ott octubre outubro out",
    "novembre noviembre novembro noi",
    "dezember dez décembre déc dicembre dic diciembre dezembro",
)
WORDS: dict[str, int] = {
    fold(word): month
    for names in (_AT_HOME, _ABROAD)
    for month, words in enumerate(names, start=1)
    for word in words.split()
}
FOREIGN = frozenset(WORDS) - {fold(word) for names in _AT_HOME for word in names.split()}
"""Names that are neither English nor Russian, which cancels on the ground bear."""

_STROKES = str.maketrans({"1": "I", "|": "I", "L": "I", "Y": "V"})
_LETTERS = str.maketrans({"0": "O", "1": "I", "3": "З", "4": "Ч", "5": "S", "6": "Б", "8": "B", "|": "I"})
STROKE_WEIGHT = 0.85
"""Weight of a Roman month for every stroke that was read as something else."""
SLIP_WEIGHT = 0.35
"""Weight of a month's name for every letter that is wrong."""


def is_foreign(text: str) -> bool:
    """Whether a date, in the folded alphabet, spells its month in neither English nor Russian."""
    return any(word in FOREIGN for word in "".join(c if c.isalpha() else " " for c in text).split())


@lru_cache(maxsize=4096)
def month_by_name(token: str) -> tuple[tuple[int, float], ...]:
    """Months that a token may name, with weights, best first; empty for anything else.

    Roman numerals and names, with strokes and letters forgiven at a price; plain figures name no month here.
    """
    if not token or token.isdigit():
        return ()
    roman = token.translate(_STROKES)
    if roman in ROMAN:
        wrong = sum(a != b for a, b in zip(token, roman, strict=True))
        return ((ROMAN.index(roman) + 1, STROKE_WEIGHT**wrong),)
    word = token.translate(_LETTERS)
    if word in WORDS:
        changed = sum(a != b for a, b in zip(token, word, strict=True))
        return ((WORDS[word], 0.8**changed),)
    if len(word) < 3:
        return ()
    allowed = 1 if len(word) < 6 else 2
    slips = {w: Levenshtein.distance(word, w, score_cutoff=allowed) for w in WORDS if abs(len(w) - len(word)) <= 1}
    least = min(slips.values(), default=allowed + 1)
    if least > allowed:
        return ()
    months = sorted({WORDS[w] for w, n in slips.items() if n == least})
    return tuple((m, SLIP_WEIGHT**least / len(months)) for m in months)
