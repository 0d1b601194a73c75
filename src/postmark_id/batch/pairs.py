"""Which two scans are front and back of one cover, told by their names alone.

A wrong pair is worse than none: two covers would be told as one story. So only words that can mean nothing else pair
by themselves (``12_front.jpg`` with ``12_back.jpg``); numbers and letters at the end do so on request, and then only
where the row ends with the second one: ``box-1`` to ``box-9`` are nine covers. Both files must lie in one folder and
agree in all that stands before the ending; case does not matter, and neither does the suffix.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from postmark_id.batch.discover import Found
from postmark_id.errors import UsageError

RULES = {
    "words": "names that end in front and back, recto and verso, or obverse and reverse",
    "numbers": "names that end in -1 and -2 where there is no -3",
    "letters": "names that end in a and b where there is no c",
    "pages": "pages of one file in turn",
    "none": "nothing",
}
"""What each rule pairs, in words."""
DEFAULT = ("words",)

_WORDS = {"front": "back", "recto": "verso", "obverse": "reverse"}
_BACKS = {back: front for front, back in _WORDS.items()}
_WORD = re.compile(rf"(?:(.*)[ _.-])?({'|'.join([*_WORDS, *_BACKS])})", re.DOTALL)
_NUMBER = re.compile(r"(.*[ _.-])0*([1-9]\d*)", re.DOTALL)
_LETTER = re.compile(r"(.*[0-9 _.-])([a-z])", re.DOTALL)

Key = tuple[str, ...]
"""What two sides of a cover have in common."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """How fronts and backs are found.

    Attributes
    ----------
    rules : tuple of str
        Names of `RULES`.
    endings : tuple of (str, str)
        The user's own endings of front and back, in small letters.
    """

    rules: tuple[str, ...] = DEFAULT
    endings: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Pairing:
        """Rules with commas between; ``FRONT/BACK`` are endings of one's own, such as ``_vs/_rs``.

        Raises
        ------
        UsageError
            There is no such rule, or ``none`` stands with others.
        """
        parts = [part.strip() for part in text.split(",") if part.strip()]
        endings = [tuple(map(_alike, part.split("/"))) for part in parts if "/" in part]
        rules = tuple(dict.fromkeys(part for part in parts if "/" not in part))
        unknown = [rule for rule in rules if rule not in RULES]
        bad = [one for one in endings if len(one) != 2 or not all(one) or one[0] == one[1]]
        if not parts or unknown or bad or ("none" in rules and len(parts) > 1):
            raise UsageError(
                f"--pair {text!r} is no rule for front and back",
                code="bad-pairing",
                hint=f"choose from {', '.join(RULES)}, or give both endings with a slash between, such as _vs/_rs",
            )
        return cls(rules, tuple((front, back) for front, back in endings))

    @property
    def sides_in_turn(self) -> bool:
        """Whether the pages of a file are front and back in turn."""
        return "pages" in self.rules

    def __str__(self) -> str:
        """As `parse` takes it."""
        return ",".join([*self.rules, *(f"{front}/{back}" for front, back in self.endings)])

    def in_words(self) -> str:
        """What is paired, as a person would say it."""
        own = [f"names that end in {front} and {back}" for front, back in self.endings]
        return "; ".join([*(RULES[rule] for rule in self.rules), *own])


def pair(files: Sequence[Found], pairing: Pairing) -> tuple[list[Found], list[str]]:
    """Put the backs to their fronts.

    Parameters
    ----------
    files : sequence of Found
        Of one run, each by itself.
    pairing : Pairing

    Returns
    -------
    covers : list of Found
        In the order of `files`, the backs taken out and hung to their fronts.
    doubts : list of str
        Sentences on names that fit a rule in more than one way and were left alone.
    """
    backs: dict[str, Found] = {}
    doubts: list[str] = []
    taken: set[str] = set()
    for sides in _groups(files, pairing):
        for fits in sides.values():
            fronts, others = ([one for one in side if one.name not in taken] for side in fits)
            if len(fronts) == 1 and len(others) == 1:
                backs[fronts[0].name] = others[0]
                taken |= {fronts[0].name, others[0].name}
            elif fronts and others:
                names = ", ".join(one.name for one in (*fronts, *others))
                doubts.append(f"not paired, as more than two fit: {names}")
    gone = {one.name for one in backs.values()}
    covers = [
        replace(one, back=backs.get(one.name), sides_in_turn=pairing.sides_in_turn and one.name not in backs)
        for one in files
        if one.name not in gone
    ]
    return covers, doubts


Sides = dict[Key, tuple[list[Found], list[Found]]]
"""Fronts and backs by what they have in common."""


def _groups(files: Sequence[Found], pairing: Pairing) -> Iterator[Sides]:
    """What each rule puts together, the plainest rule first."""
    for ending in pairing.endings:
        yield _by_ending(files, ending)
    if "words" in pairing.rules:
        yield _by_word(files)
    if "numbers" in pairing.rules:
        yield _by_row(files, _NUMBER, ("1", "2"))
    if "letters" in pairing.rules:
        yield _by_row(files, _LETTER, ("a", "b"))


def _by_ending(files: Iterable[Found], ending: tuple[str, str]) -> Sides:
    sides: Sides = defaultdict(lambda: ([], []))
    # The longer one first, as one ending may end in the other: "rueck" and "vorrueck".
    for place in sorted((0, 1), key=lambda side: -len(ending[side])):
        seen = {one.name for pairs in sides.values() for side in pairs for one in side}
        for found in files:
            folder, stem = _parts(found)
            if stem.endswith(ending[place]) and found.name not in seen:
                sides[folder, stem.removesuffix(ending[place])][place].append(found)
    return sides


def _by_word(files: Iterable[Found]) -> Sides:
    sides: Sides = defaultdict(lambda: ([], []))
    for found in files:
        folder, stem = _parts(found)
        if match := _WORD.fullmatch(stem):
            before, word = match[1] or "", match[2]
            sides[folder, before, _BACKS.get(word, word)][word in _BACKS].append(found)
    return sides


def _by_row(files: Iterable[Found], pattern: re.Pattern[str], two: tuple[str, str]) -> Sides:
    rows: dict[Key, dict[str, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for found in files:
        folder, stem = _parts(found)
        if match := pattern.fullmatch(stem):
            rows[folder, match[1]][match[2]].append(found)
    return {key: (row[two[0]], row[two[1]]) for key, row in rows.items() if set(row) == set(two)}


def _parts(found: Found) -> tuple[str, str]:
    """Folder of a file, and its name without the suffix in the form that is compared."""
    folder, _, last = found.name.rpartition("/")
    stem, dot, _ = last.rpartition(".")
    return folder, _alike(stem if dot else last)


def _alike(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip()).casefold()
