"""How dates are written in postmarks: one pattern for each way, and what a text may mean by it.

Here a text becomes day, month, year figures and perhaps an hour or a last day, without asking whether the
century or the day makes sense for a cover; that is the grammar's work. A pattern says which figures stand where;
look-alike letters pass for figures at a price. What touches further figures is a piece of something longer
(a serial number, a telephone number, an address) and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from postmark_id.dates.alphabet import CYRILLIC, LATIN, SIGNS
from postmark_id.dates.months import month_by_name

MonthKind = Literal["figures", "name"]

LOOKS_LIKE = {
    "O": "0",
    "Q": "0",
    "D": "0",
    "I": "1",
    "L": "1",
    "|": "1",
    "Z": "2",
    "З": "3",
    "S": "5",
    "Б": "6",
    "G": "6",
    "B": "8",
    "Ч": "4",
}
"""Letters that pass for figures."""
_FIGURES = str.maketrans(LOOKS_LIKE)
LOOKS_LIKE_WEIGHT = 0.7
"""Weight of a date for every letter that had to pass for a figure."""
STRAY_WEIGHT = 0.3
"""Weight of a date beside a lone figure or a letter that touches it: a cut ring looks like a one."""

_F = "[0-9?" + "".join(LOOKS_LIKE) + "]"
_SEP = re.escape(SIGNS)
_S = f"[{_SEP}]{{1,3}}"
_S0 = f"[{_SEP}]{{0,3}}"
_D, _D2 = f"(?P<d>{_F}{{1,2}})", f"(?P<d2>{_F}{{1,2}})"
_DN, _DN2 = f"(?P<d>[0-9?]{_F}?)", f"(?P<d2>[0-9?]{_F}?)"
_M, _M2 = f"(?P<m>{_F}{{1,2}})", f"(?P<m2>{_F}{{1,2}})"
_NAME = f"[{LATIN}{CYRILLIC}0-9|]{{1,10}}?"
# Strokes between two signs are one numeral: V111 is no V1 before the year 11.
_STROKES = f"(?<=[{_SEP}])[IVXLY1|]{{1,5}}(?=[{_SEP}])"
_N, _N2 = f"(?P<m>{_STROKES}|{_NAME})", f"(?P<m2>{_NAME})"
_YN = f"(?P<y>[0-9?]{_F}{{3}}|[0-9?]{_F})"  # after a name: its last strokes are no figures
_Y, _Y2, _Y4 = f"(?P<y>{_F}{{4}}|{_F}{{2}})", f"(?P<y>{_F}{{2}})", f"(?P<y>{_F}{{4}})"
_H = f"(?:{_S}(?P<h>{_F}{{1,2}}))?"
_H2 = f"(?P<h>{_F}{{2}})"
_ANY = f"[{LATIN}{CYRILLIC}0-9|?]"
# A date may touch a letter only with a true figure: the B of FEB is no 8.
_START = f"(?:(?<!{_ANY})|(?<![0-9?])(?=[0-9]))"
_END = f"(?:(?!{_ANY})|(?<=[0-9])(?![0-9?]))"


@dataclass(frozen=True, slots=True)
class _Format:
    """One way to write a date: its name, how usual it is, and its pattern."""

    name: str
    weight: float
    pattern: re.Pattern[str]
    months: MonthKind = "figures"
    alone: bool = False
    """Whether it counts only where the strip holds nothing else: six figures in a row are many things."""
    lift: float = 1.0
    """How much more it weighs where no more usual way is possible, as with 61.II.24."""


def _format(
    name: str, weight: float, body: str, months: MonthKind = "figures", *, alone: bool = False, lift: float = 1.0
) -> _Format:
    return _Format(name, weight, re.compile(_START + body + _END), months, alone, lift)


def _run(name: str, weight: float, body: str) -> _Format:
    return _format(name, weight, body, alone=True)


_DD, _MM, _YY, _YYYY = f"(?P<d>{_F}{{2}})", f"(?P<m>{_F}{{2}})", _Y2, _Y4
FORMATS = (
    _format("dd.mm.yyyy", 1.0, f"{_D}{_S}{_M}{_S}{_Y4}{_H}"),
    _format("dd.mm.yy", 1.0, f"{_D}{_S}{_M}{_S}{_Y2}{_H}"),
    _format("yyyy.mm.dd", 1.0, f"{_Y4}{_S}{_M}{_S}{_D}{_H}"),
    # One sign lost: 01.082007 is no run of figures with an hour.
    _format("dd.mmyyyy", 0.6, f"{_DD}{_S}{_MM}{_YYYY}"),
    _format("ddmm.yyyy", 0.6, f"{_DD}{_MM}{_S}{_YYYY}"),
    _format("yyyy.mmdd", 0.6, f"{_YYYY}{_S}{_MM}{_DD}"),
    _format("yyyymm.dd", 0.6, f"{_YYYY}{_MM}{_S}{_DD}"),
    _format("mm/dd/yy", 0.15, f"{_M}{_S}{_D}{_S}{_Y}{_H}"),
    _format("yy.mm.dd", 0.2, f"{_Y2}{_S}{_M}{_S}{_D}{_H}"),
    _format("dd MON yyyy", 1.0, f"{_D}{_S0}{_N}{_S0}{_YN}{_H}", "name"),
    _format("MON dd yyyy", 0.9, f"{_N}{_S0}{_DN}{_S}{_Y}{_H}", "name"),
    _format("yy.MON.dd", 0.45, f"{_Y}{_S0}{_N}{_S0}{_DN}{_H}", "name", lift=1.8),
    _format("dd-dd.mm.yyyy", 0.9, f"{_D}{_S}{_D2}{_S}{_M}{_S}{_Y}"),
    _format("dd-dd MON yyyy", 0.9, f"{_D}{_S}{_D2}{_S0}{_N}{_S0}{_YN}", "name"),
    _format("dd.mm-dd.mm.yyyy", 0.9, f"{_D}{_S}{_M}{_S}{_D2}{_S}{_M2}{_S}{_Y}"),
    _format("dd MON-dd MON yyyy", 0.9, f"{_D}{_S0}{_N}{_S0}{_DN2}{_S0}{_N2}{_S0}{_YN}", "name"),
)
RUNS = (
    _run("ddmmyy", 0.8, f"{_DD}{_MM}{_YY}"),
    _run("ddmmyyhh", 0.8, f"{_DD}{_MM}{_YY}{_H2}"),
    _run("ddmmyyyy", 0.12, f"{_DD}{_MM}{_YYYY}"),
    _run("yyyymmdd", 0.5, f"{_YYYY}{_MM}{_DD}"),
    _run("yyyymmddhh", 0.8, f"{_YYYY}{_MM}{_DD}{_H2}"),
    _run("ddmmyyyyhh", 0.2, f"{_DD}{_MM}{_YYYY}{_H2}"),
)
YEARS = 1840, 2099
"""First and last year that postmarks bear."""
WHOLE_WEIGHT = 0.5
"""A date of this weight rules out other dates within its figures."""
LOST_WEIGHT = 1.8
"""Weight of the days that a short one may be with its lost figure together, against the day as read."""
LOOSE_RANGE_WEIGHT = 0.25
"""Weight of two days of one month without a dash between them: the first is rather a figure of something else."""
SPACED_RUN_WEIGHT = 0.5
"""Weight of a run of figures from which separators had to be taken first."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text understood as a date in one format; figures may still hold ``?`` for an unread one."""

    format: str
    weight: float
    day: str
    months: tuple[tuple[int, float], ...]
    year: str
    hour: str = ""
    until_day: str = ""
    until_months: tuple[tuple[int, float], ...] = ()
    lift: float = 1.0
    """As in `_Format`."""
    day_is_short: bool = False
    """Whether the day begins the date with one figure, and the month has two, as in 9.09.96: one may be lost."""


@lru_cache(maxsize=8192)
def understand(text: str) -> tuple[Written, ...]:
    """All ways to understand a folded text as a date."""
    text = re.sub(" +", " ", text.strip())
    if sum(c.isdigit() or c == "?" for c in text) < 3 or text.count("?") > 3:
        return ()
    matches = [
        (match.span(), w)
        for f in FORMATS
        for match in f.pattern.finditer(text)
        if (w := _written(f, match)) is not None
    ]
    most = max((w.weight for _, w in matches), default=0.0)
    matches = [(span, replace(w, weight=w.weight * w.lift) if w.weight == most else w) for span, w in matches]
    matches += [
        (span, replace(w, day="?" + w.day, weight=w.weight * LOST_WEIGHT)) for span, w in matches if w.day_is_short
    ]
    whole = [span for span, w in matches if w.weight >= WHOLE_WEIGHT]
    found = [w for span, w in matches if not any(_lies_in(span, other) for other in whole)]
    joined = "".join(c for c in text if c not in " .-/")
    spaced = 1.0 if joined == text else SPACED_RUN_WEIGHT
    for f in RUNS if not whole else ():
        match = f.pattern.fullmatch(joined)
        if match and (w := _written(f, match, spaced)) is not None:
            found.append(w)
    return tuple(found)


@lru_cache(maxsize=8192)
def has_form_of_date(text: str) -> bool:
    """Whether a folded text has the form of a date in figures and nothing else, possible or not: ``11.10.4969``."""
    bare = text.strip(SIGNS)
    in_figures = all(c.isdigit() or c in SIGNS for c in bare)
    return in_figures and any(f.months == "figures" and f.pattern.fullmatch(bare) for f in FORMATS)


def _lies_in(part: tuple[int, int], whole: tuple[int, int]) -> bool:
    """Whether a match is a mere part of another, as the end of a range looks like a date of its own."""
    return part != whole and whole[0] <= part[0] and part[1] <= whole[1]


def _written(form: _Format, match: re.Match[str], weight: float = 1.0) -> Written | None:
    groups = {k: v for k, v in match.groupdict().items() if v}
    by_name = form.months == "name"
    months = _months(groups["m"], by_name)
    until_months = _months(groups["m2"], by_name) if "m2" in groups else ()
    if not months or ("m2" in groups and not until_months):
        return None  # most matches end here, before anything costly
    weight *= form.weight * _surroundings(match) * _separators(match, by_name) * _range(match)
    figures = {k: v for k, v in groups.items() if not (by_name and k in ("m", "m2"))}
    letters = sum(v.count(c) for v in figures.values() for c in LOOKS_LIKE)
    if weight == 0.0 or letters > (sum(map(len, figures.values())) - letters) / 2:
        return None
    clear = {k: _clear(v) for k, v in figures.items()}
    hour_is_possible = "h" not in clear or figures_to_numbers(clear["h"], 0, 24)
    year_is_possible = len(clear["y"]) < 4 or figures_to_numbers(clear["y"], *YEARS)
    if not hour_is_possible or not year_is_possible or not figures_to_numbers(clear["d"], 1, 31):
        return None
    return Written(
        format=form.name + (" hh" if "h" in groups and not form.name.endswith("hh") else ""),
        weight=weight * LOOKS_LIKE_WEIGHT**letters,
        day=clear["d"],
        months=months,
        year=clear["y"],
        hour=clear.get("h", ""),
        until_day=clear.get("d2", ""),
        until_months=until_months,
        lift=form.lift,
        day_is_short=not by_name and not until_months and "d2" not in clear and _is_short(match, clear),
    )


def _is_short(match: re.Match[str], figures: dict[str, str]) -> bool:
    first = match.start("d") < match.start("m")
    return first and len(figures["d"]) == 1 and len(figures["m"]) == 2


def _months(token: str, by_name: bool) -> tuple[tuple[int, float], ...]:
    """Months that a field may mean, with weights."""
    if by_name:
        return month_by_name(token)
    return tuple((m, 1.0) for m in figures_to_numbers(_clear(token), 1, 12))


def _clear(token: str) -> str:
    """A field with figures for the letters that pass for them."""
    return token.translate(_FIGURES)


def figures_to_numbers(token: str, low: int, high: int) -> tuple[int, ...]:
    """Numbers in a range that figures with unread places may stand for."""
    if "?" not in token:
        number = int(token)
        return (number,) if low <= number <= high else ()
    pattern = re.compile(token.replace("?", "[0-9]"))
    return tuple(n for n in range(low, high + 1) if pattern.fullmatch(str(n).zfill(len(token))))


def _separators(match: re.Match[str], by_name: bool) -> float:
    """Weight of the signs between the fields: colons are a clock's, and mixed signs are unusual."""
    signs = {c for c in match[0] if c in SIGNS and c != " "}
    if ":" in signs:
        return 0.3
    return 0.85 if len(signs) > 1 and not by_name else 1.0


def _range(match: re.Match[str]) -> float:
    """Weight of a range by what stands between its days; 1 where there is none, or where each has its month."""
    groups = match.groupdict()
    if not groups.get("d2") or groups.get("m2"):
        return 1.0
    between = match.string[match.end("d") : match.start("d2")]
    return 1.0 if "-" in between or "/" in between else LOOSE_RANGE_WEIGHT


def _surroundings(match: re.Match[str]) -> float:
    """Weight by what stands before and after; 0 for a fragment of longer figures."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return _neighbour(before[::-1]) * _neighbour(after)


def _neighbour(side: str) -> float:
    """Weight by one side, read away from the date."""
    bare = side.lstrip(SIGNS)
    gap = side[: len(side) - len(bare)]
    if not bare:
        return 1.0
    word = re.match("[^" + _SEP + "]+", bare)
    assert word is not None
    if bare[0].isdigit():
        lone = len(word[0]) == 1 and bare == word[0]
        return STRAY_WEIGHT if lone and gap.strip(" ") == "" and gap else 0.0
    return 0.9 if gap else STRAY_WEIGHT
