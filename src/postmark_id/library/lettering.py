"""What the lettering of a mark says: which station it names, and whether it was struck aboard or on the ground.

OCR of a rubber stamp is noisy, and an engine without Cyrillic letters reads Russian as what it looks like
(``БОРТ МКС`` as ``BOPT MKC``). So wordings and readings are both brought to one *skeleton*, in which letters that
look alike, of either script, are one sign; then each known wording is searched in the reading.

Never a guess: the number of wrong signs that a wording forgives grows with its length. A word of three or four
signs (МИР, МКС, ISS, БОРТ) must stand alone and without any error; a long wording may lose a quarter of its signs.
Each wording that is found is evidence of a weight; evidence for one claim adds up as independent reasons do,
``1 - (1 - w1)(1 - w2)...``, and a station is named only where it leads clearly. The weights and the numbers of
forgiven errors were set so that random letters name a station in less than one reading of 200 (tested).

A place on the ground wins over a station that is only named: US and Russian post offices strike pictorial cancels
that name Mir or the ISS. Where board and ground are both read, the plainer one counts, and neither where none is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from postmark_id.library.wordings import WORDINGS, Claim, Wording
from postmark_id.models import SALYUTS, Kind, Station
from postmark_id.settings import LetteringSettings

_LOOKALIKES = str.maketrans(
    {
        # Cyrillic letters as a Latin letter that they look like; И, П and Ц are read as N or U by Latin engines.
        **dict(zip("АВЕКМНОРСТУХІЅДЖИЙПЦЯ", "ABEKMHOPCTYXISAXNNNNR", strict=True)),
        **dict(zip("БЬЪЗЭЧЛШЩ", "BBB334ЛWW", strict=True)),
        "Ю": "IO",
        "Ы": "BI",
        "U": "N",
        "J": "Л",
        # Figures and signs taken for letters.
        **dict(zip("01568|!$@", "OISBBIISO", strict=True)),
    }
)
_DIGRAPHS = (("JI", "Л"), ("J1", "Л"), ("/I", "Л"), ("/1", "Л"), ("/\\", "Л"), ("I-I", "H"))
SHORTEST = 5
"""Signs of the shortest wording that another word may be like; shorter ones are like parts of many words."""
SHORTEST_PART = 3
"""Letters of the shortest word that can be told from a part of another one."""
_NOT_SIGN = re.compile(r"[^0-9A-ZА-Я]+")
_POSTAL_CODE = re.compile(r"(?<![A-Z])[A-Z]{2} ?\d{5}(?!\d)")
"""State and postal code as US post offices have them: ``TX 77058``."""
_YEARS = re.compile(r"\b(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d\b")
"""A span of years, as anniversaries have."""
_PARTS = re.compile(r"[^\W\d_]{3,}(?=\d)|\w+")
"""A word or a number, and the word before a number: МКС42."""


@dataclass(frozen=True, slots=True)
class LetteringVerdict:
    """What the lettering of one mark says.

    Attributes
    ----------
    station : Station or None
        None where no station is named, two are, or a ground post office struck the mark.
    kind : Kind or None
        None where the lettering leaves it open and the shape has to say.
    on_board : bool or None
        None where the lettering doesn't tell, or says both.
    score : float
        Weight of the evidence for what is claimed, 0..1; 0 where nothing is.
    reasons : tuple of str
    post : bool
        Whether it names the post of a country or a post office, and nothing that tells where.
    strange : str
        A word that is read plainly and that no mark aboard is known to bear, as the towns of most cancels; else empty.
    unlike : float
        Share of the letters read plainly that stand in such words, or in parts of none that are; 0 without any letters.
    """

    station: Station | None = None
    kind: Kind | None = None
    on_board: bool | None = None
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    post: bool = False
    strange: str = ""
    unlike: float = 0.0

    @property
    def meant(self) -> tuple[Station, ...]:
        """Stations that may be meant: the two Salyuts, whose names differ in one figure, or the one that is named."""
        if self.station in SALYUTS:
            return SALYUTS
        return (self.station,) if self.station is not None else ()


def skeleton(text: str) -> str:
    """A text in signs that stand for letters which look alike, words parted by single blanks.

    The signs are capitals of both scripts; ``skeleton("БОРТ МКС") == skeleton("6OPT MKC")``.
    """
    plain = unicodedata.normalize("NFD", text.upper().replace("Ё", "Е").replace("Й", "И"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    for pair, sign in _DIGRAPHS:
        plain = plain.replace(pair, sign)
    return _NOT_SIGN.sub(" ", plain.translate(_LOOKALIKES)).strip()


def forgiven(length: int) -> int:
    """Wrong signs that a wording of a length forgives."""
    if length < 6:
        return 0
    if length < 8:
        return 1
    if length < 10:
        return 2
    if length < 14:
        return 3
    return length // 4


def likeness(wording: str, texts: Iterable[str]) -> float:
    """How well a wording can be read in some lines of lettering.

    Returns
    -------
    float
        1 without an error, 0 where more signs are wrong than its length forgives.
    """
    pattern = skeleton(wording).replace(" ", "")
    found = _search(pattern, _Reading.of(texts).run, forgiven(len(pattern)))
    return found.share if found else 0.0


def judge(
    texts: Sequence[str], settings: LetteringSettings | None = None, *, plain: Sequence[str] = ()
) -> LetteringVerdict:
    """Say what the lettering of one mark says.

    Parameters
    ----------
    texts : sequence of str
        Lines as OCR read them, of one mark, in reading order where it is known; noise and empty lines do no harm.
    settings : LetteringSettings, optional
    plain : sequence of str
        Those of the lines that were read plainly.
    """
    limits = settings or LetteringSettings()
    reading = _Reading.of(texts)
    found = (match for match in _matches(reading) if not _is_echo(match, reading, limits.overlap))
    matches = _exclusive(list(found), limits.overlap)
    said = [(m.wording, m.weight) for m in matches if m.wording is not None and m.weight > 0]
    codes = {code for text in texts for code in _POSTAL_CODE.findall(text)}
    said += [(Wording(code, 0.6, None, frozenset({Claim.GROUND})), 0.6) for code in sorted(codes)[:1]]
    if any(Claim.POST in wording.claims for wording, _ in said):
        # the post of the USSR, cut off, is ПСС, which stands on stamps of rescue teams
        said = [(wording, weight) for wording, weight in said if not (wording.alone and Claim.GROUND in wording.claims)]
    verdict = replace(_verdict(said, limits), unlike=_unlike(plain, limits))
    strange = next((word for line in plain for word in _strange(line, limits)), "")
    speaking = [x for x, _ in said if x.station is not None or Claim.BOARD in x.claims]
    if verdict.on_board is not None or not (strange or verdict.unlike >= limits.least_unlike):
        return verdict
    if not speaking:
        return replace(verdict, strange=strange)
    # three letters are soon misread, out of PREMIER for one, and МИР is peace, too: beside strange words they tell
    # nothing
    return replace(verdict, station=None, score=0.0) if len(speaking) == 1 and speaking[0].alone else verdict


def _strange(line: str, limits: LetteringSettings) -> Iterator[str]:
    """Words of a line that are like no wording of marks aboard, nor a part of one; figures make it a date or a code.

    One figure does not: towns number their post offices.
    """
    if sum(c.isdigit() for c in line) > 1:
        return
    for word in line.split():
        signs = skeleton(word).replace(" ", "")
        if len(signs) >= limits.least_strange and _likest(signs) < limits.strange_likeness:
            yield word


def _unlike(lines: Iterable[str], limits: LetteringSettings) -> float:
    """Share of the letters of some lines in words that no mark aboard is known to bear, as a span of years is one."""
    read, unlike = 0, 0
    for line in lines:
        for span in _YEARS.findall(line):
            read, unlike = read + len(span), unlike + len(span)
        for word in line.split():
            if sum(map(str.isdigit, word)) > 1 or sum(map(str.isalpha, word)) < SHORTEST_PART:
                continue
            signs = skeleton(word).replace(" ", "")
            is_like = _is_part(signs) if len(signs) < SHORTEST else _likest(signs) >= limits.strange_likeness
            read, unlike = read + len(word), unlike + (0 if is_like else len(word))
    return unlike / max(1, read)


def _likest(signs: str) -> float:
    """How like a word is to the wording of marks aboard that it is most like, or to a part of it; 0..100."""
    aboard = (pattern for wording, pattern, _ in _patterns() if Claim.GROUND not in wording.claims)
    return max(fuzz.partial_ratio(signs, pattern) for pattern in aboard if len(pattern) >= SHORTEST)


def _is_part(signs: str) -> bool:
    """Whether a short word is what wear may have left of a word of marks aboard, its beginning or end, or holds МИР."""
    part = any(one.startswith(signs) or one.endswith(signs) for one in _words_aboard())
    return part or any(wording.alone and pattern in signs for wording, pattern, _ in _patterns())


@cache
def _words_aboard() -> frozenset[str]:
    """All words of marks aboard, in signs."""
    aboard = (wording.text for wording in WORDINGS if Claim.GROUND not in wording.claims)
    return frozenset(word for text in aboard for word in skeleton(text).split())


@dataclass(frozen=True, slots=True)
class _Reading:
    """All lines in one run of signs without blanks, since a wording may be spread over lines."""

    run: str
    words: tuple[tuple[int, str], ...]
    """Where each word begins in the run, and its signs; only words that are more than figures."""
    lines: tuple[tuple[int, int], ...]
    """Where each line begins and ends in the run."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> _Reading:
        run, words, lines = "", [], []
        for text in texts:
            begin = len(run)
            for raw in _PARTS.findall(text):
                for word in skeleton(raw).split():
                    if sum(c.isdigit() for c in raw) <= 1:  # 155 is not ISS, 1SS may be, and МКС-42 is of the ISS
                        words.append((len(run), word))
                    run += word
            lines.append((begin, len(run)))
        return cls(run, tuple(words), tuple(lines))

    def blanks(self, match: _Match) -> int:
        """How many words begin within a match."""
        return sum(match.start < begin < match.end for begin, _ in self.words)


@dataclass(frozen=True, slots=True)
class _Match:
    """A wording found at ``run[start:end]`` with some wrong signs."""

    length: int
    errors: int
    start: int
    end: int
    wording: Wording | None = None

    @property
    def share(self) -> float:
        return 1.0 - self.errors / self.length

    @property
    def weight(self) -> float:
        assert self.wording is not None
        return self.wording.weight * (0.5 + 0.5 * self.share)


@cache
def _patterns() -> tuple[tuple[Wording, str, str], ...]:
    return tuple((wording, skeleton(wording.text).replace(" ", ""), skeleton(wording.key)) for wording in WORDINGS)


def _matches(reading: _Reading) -> list[_Match]:
    found: list[_Match] = []
    for wording, pattern, key in _patterns():
        if wording.alone:
            spots = (start for start, word in reading.words if word == pattern)
            found += [_Match(len(pattern), 0, start, start + len(pattern), wording) for start in spots]
            continue
        if wording.key.isdigit():
            match = _search_lines(pattern, reading, forgiven(len(pattern)))
        elif " " in wording.text:
            match = _search(pattern, reading.run, _limit(pattern, key))
        else:
            match = _search_word(pattern, reading, _limit(pattern, key))
        if match is not None and key in reading.run[match.start : match.end]:
            found.append(replace(match, wording=wording))
    return found


def _limit(pattern: str, key: str) -> int:
    """Wrong signs that a wording forgives: what stands around its key has to fit by itself."""
    whole = forgiven(len(pattern))
    return min(whole, max(1, forgiven(len(pattern) - len(key)))) if key else whole


def _exclusive(matches: Sequence[_Match], overlap: float) -> list[_Match]:
    """Each stretch of the reading speaks once, for the wording that explains most of it with the fewest errors.

    And each wording speaks once: a short one is matched wherever it stands, since a longer one may lie across it.
    """
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda m: (2 * m.errors - m.length, m.errors)):
        apart = (min(match.end, k.end) - max(match.start, k.start) <= match.length * overlap for k in kept)
        if all(apart) and all(k.wording is not match.wording for k in kept):
            kept.append(match)
    return kept


def _is_echo(match: _Match, reading: _Reading, overlap: float) -> bool:
    """Whether a wording with wrong signs lies across one that fits there better: ИНТЕРКОСМОС across МИР КОСМОС.

    A wording is matched once, while the same line may have been read several times.
    """
    if match.errors == 0:
        return False
    begin, end = max(0, match.start - match.errors), match.end + match.errors
    run = reading.run[begin:end]
    words = tuple((at - begin, word) for at, word in reading.words if begin <= at <= end - len(word))
    here = replace(match, start=match.start - begin, end=match.end - begin)
    others = (one for one in _matches(_Reading(run, words, ((0, len(run)),))) if one.wording is not match.wording)
    return here not in _exclusive([here, *others], overlap)


def _search(pattern: str, run: str, limit: int) -> _Match | None:
    """Where a pattern fits a run best, None where more than so many signs are wrong."""
    length = len(pattern)
    start = run.find(pattern)
    if start >= 0:
        return _Match(length, 0, start, start + length)
    if limit == 0 or len(run) < length - limit:
        return None
    # The sieve of an indel ratio counts an exchanged sign twice and looks at windows of one length only.
    window = fuzz.partial_ratio_alignment(pattern, run, score_cutoff=100.0 * (1.0 - 1.5 * limit / length))
    if window is None:
        return None
    starts = range(max(0, window.dest_start - limit), min(window.dest_start + limit, len(run)) + 1)
    ends = range(max(0, window.dest_end - limit), min(window.dest_end + limit, len(run)) + 1)
    errors, _, start, end = min(
        (Levenshtein.distance(pattern, run[a:b], score_cutoff=limit), abs(b - a - length), a, b)
        for a in starts
        for b in ends
        if a < b
    )
    return _Match(length, errors, start, end) if errors <= limit else None


def _search_word(pattern: str, reading: _Reading, limit: int) -> _Match | None:
    """The same of one word: with wrong signs, БОРТ above BONN is not БОРТОВОЙ, and a blank is one more wrong sign."""
    match = _search(pattern, reading.run, limit)
    if match is None or match.errors == 0:
        return match
    if any(match.start < end < match.end for _, end in reading.lines):
        match = _search_lines(pattern, reading, limit)
    return match if match is not None and match.errors + reading.blanks(match) <= limit else None


def _search_lines(pattern: str, reading: _Reading, limit: int) -> _Match | None:
    """The same within one line: САЛЮТ above БОРТ is not САЛЮТ-6, though a Б looks like a 6."""
    found = ((begin, _search(pattern, reading.run[begin:end], limit)) for begin, end in reading.lines)
    matches = [replace(one, start=one.start + begin, end=one.end + begin) for begin, one in found if one is not None]
    return min(matches, key=lambda one: one.errors, default=None)


def _together(weights: Iterable[float]) -> float:
    doubt = 1.0
    for weight in weights:
        doubt *= 1.0 - weight
    return 1.0 - doubt


def _verdict(evidence: Sequence[tuple[Wording, float]], limits: LetteringSettings) -> LetteringVerdict:
    """What wordings say together, each with how plainly it was read."""
    weight = {claim: _together(w for x, w in evidence if claim in x.claims) for claim in Claim}
    stations = {
        station: _together(w for x, w in evidence if x.station is station)
        for station in {x.station for x, _ in evidence if x.station is not None}
    }
    reasons = [f"reads {x.text!r}" for x, _ in sorted(evidence, key=lambda item: -item[1])]
    aboard, ground = weight[Claim.BOARD] >= limits.accept, weight[Claim.GROUND] >= limits.accept
    station, station_score = _leading(stations, limits, reasons)
    # some cancels of ground post offices carry БОРТ, too; a place that is read more plainly decides
    if ground and weight[Claim.GROUND] >= weight[Claim.BOARD] + limits.lead:
        if station is not None:
            reasons.append(f"names {station.value}, but a place on the ground, too")
        return LetteringVerdict(None, Kind.GROUND_CANCEL, False, weight[Claim.GROUND], tuple(reasons))
    if ground and aboard:
        reasons.append("names a place on the ground and a board: two marks may lie across each other")
        return LetteringVerdict(station, None, None, station_score * 0.5, tuple(reasons))
    if station is not None and not aboard and weight[Claim.POST] >= limits.accept:
        aboard = True
        reasons.append("names a station and the post, and no place on the ground")
    kind = _kind(weight, limits, aboard=aboard)
    if station is None and not aboard:
        post = weight[Claim.POST] >= limits.accept_post
        return LetteringVerdict(None, kind, None, 0.0, tuple(reasons), post=post)
    score = station_score if station is not None else weight[Claim.BOARD]
    return LetteringVerdict(station, kind, True if aboard else None, score, tuple(reasons))


def _leading(
    stations: dict[Station, float], limits: LetteringSettings, reasons: list[str]
) -> tuple[Station | None, float]:
    ranked = sorted(stations.items(), key=lambda item: (-item[1], item[0].value))
    if not ranked or ranked[0][1] < limits.accept:
        return None, 0.0
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if ranked[0][1] - second < limits.lead:
        reasons.append(f"names both {ranked[0][0].value} and {ranked[1][0].value}")
        return None, 0.0
    return ranked[0]


def _kind(weight: dict[Claim, float], limits: LetteringSettings, *, aboard: bool) -> Kind | None:
    """Kind that the words alone tell; ``БОРТ МКС`` stands on seals and postmarks, so the shape has to say."""
    if weight[Claim.POST] >= limits.accept and aboard:
        return Kind.BOARD_POSTMARK
    return Kind.SOUVENIR_SEAL if weight[Claim.SOUVENIR] >= limits.accept_souvenir else None
