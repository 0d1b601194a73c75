"""Names of flights as people write them: Cyrillic or Latin, with any case, blanks and dashes.

``Союз ТМ-25``, ``soyuz tm25`` and ``SOYUZ TM 25`` become one key. A designator alone (``TM-25``) is a name, too,
and means every ship of that designator.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LATIN = str.maketrans("абвгдеёзийклмнопрстуфхыэ", "abvgdeeziyklmnoprstufhye") | {
    ord(c): latin for c, latin in zip("жцчшщюяьъ", ("zh", "ts", "ch", "sh", "shch", "yu", "ya", "", ""), strict=True)
}
_SPELLINGS = {"kosmos": "cosmos", "souz": "soyuz", "sojus": "soyuz", "soiuz": "soyuz", "spacex": "", "spx": "crs"}
_FAMILY = re.compile(r"^(?:soyuz|progress|cosmos|crew dragon|dragon|cygnus|axiom|starliner)\s+(.*\d.*)$", re.I)
_BETWEEN_FIGURES = re.compile(r"(?<=\d)[^a-z0-9+]+(?=\d)")
_OTHER = re.compile(r"[^a-z0-9+_]")


def key(name: str) -> str:
    """What stays of a name when case, blanks, dashes, accents and alphabet do not count.

    Only between two figures a gap counts: Progress M1-5 is not Progress M-15.
    """
    plain = name.casefold()
    if not plain.isascii():
        cyrillic = unicodedata.normalize("NFC", unicodedata.normalize("NFKD", plain))
        plain = unicodedata.normalize("NFKD", cyrillic.translate(_LATIN))
    letters = _OTHER.sub("", _BETWEEN_FIGURES.sub("_", plain))
    for spelled, meant in _SPELLINGS.items():
        if letters.startswith(spelled) and letters != spelled:
            letters = meant + letters[len(spelled) :]
    return letters.replace("crscrs", "crs")


def keys(flight: str, aliases: Iterable[str]) -> set[str]:
    """All keys under which a flight is found: its name, its aliases and its designator alone."""
    found = {key(flight), *(key(alias) for alias in aliases)}
    family = _FAMILY.match(flight)
    if family and re.search(r"[A-Za-z]", family[1]):
        found.add(key(family[1]))
    return found - {""}
