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
from enum import StrEnum
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from postmark_id.models import Kind, Station
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
_NOT_SIGN = re.compile(r"[^0-9A-ZА-Я]+")


class _Claim(StrEnum):
    """What a wording is evidence for, apart from a station."""

    BOARD = "board"
    GROUND = "ground"
    POST = "post"
    """The post; aboard or not."""
    SOUVENIR = "souvenir"


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording that is known from marks, and what it is evidence for.

    Attributes
    ----------
    text : str
    weight : float
        How much an errorless reading says, 0..1.
    station : Station or None
    claims : frozenset
    alone : bool
        Must stand as a word of its own, without an error.
    key : str
        The part that tells this wording from others and must be read without an error, where errors are forgiven
        elsewhere: the name of the station in ``БОРТ МИР``, the figure in ``САЛЮТ-7``.
    """

    text: str
    weight: float
    station: Station | None = None
    claims: frozenset[_Claim] = frozenset()
    alone: bool = False
    key: str = ""


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
    """

    station: Station | None = None
    kind: Kind | None = None
    on_board: bool | None = None
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    post: bool = False
    strange: str = ""


def _wordings(
    texts: str, weight: float, station: Station | None = None, *claims: _Claim, alone: bool = False, key: str = ""
) -> list[Wording]:
    return [Wording(text.strip(), weight, station, frozenset(claims), alone, key) for text in texts.split(";")]


_MIR, _ISS, _S7, _S6 = Station.MIR, Station.ISS, Station.SALYUT_7, Station.SALYUT_6

WORDINGS: tuple[Wording, ...] = (
    # Salyut: the figure tells the station; without it the younger one is likelier, since only its marks are known.
    *_wordings("САЛЮТ-7; SALYUT-7; SALJUT-7; SALUT-7", 0.9, _S7, key="7"),
    *_wordings("САЛЮТ-6; SALYUT-6; SALJUT-6; SALUT-6", 0.65, _S6, key="6"),
    *_wordings("САЛЮТ; SALYUT; SALJUT", 0.55, _S7),
    *_wordings("БОРТ САЛЮТ-7; БОРТ СТАНЦИИ САЛЮТ-7", 0.95, _S7, _Claim.BOARD, key="7"),
    *_wordings("БОРТ КОСМИЧЕСКОЙ СТАНЦИИ САЛЮТ-7; BOARD OF SPACE STATION SALYUT-7", 0.95, _S7, _Claim.BOARD, key="7"),
    # Mir.
    *_wordings("МИР", 0.6, _MIR, alone=True),
    *_wordings("MIR", 0.6, _MIR, alone=True),
    *_wordings("КОМПЛЕКС МИР; КОМПЛЕКСА МИР; КОМПЛЕКСЕ МИР; СТАНЦИЯ МИР; СТАНЦИИ МИР", 0.85, _MIR, key="МИР"),
    *_wordings("SPACE STATION MIR; MIR SPACE STATION; MIR STATION; ORBITAL STATION MIR", 0.85, _MIR, key="MIR"),
    *_wordings("БОРТ МИР; БОРТ ОК МИР; БОРТ ОС МИР; БОРТ СТАНЦИИ МИР", 0.9, _MIR, _Claim.BOARD, key="МИР"),
    *_wordings("БОРТ ОРБИТАЛЬНОЙ СТАНЦИИ МИР", 0.95, _MIR, _Claim.BOARD, key="МИР"),
    # not ОС МИР, which КОСМИЧЕСКАЯ is full of
    *_wordings("ОК МИР; ПОС МИР", 0.7, _MIR, key="МИР"),
    *_wordings("ПОЧТОВОЕ ОТДЕЛЕНИЕ МИР; ПОЧТОВОЕ ОТДЕЛЕНИЕ ОК МИР", 0.9, _MIR, _Claim.POST, _Claim.BOARD, key="МИР"),
    *_wordings("ОТДЕЛЕНИЕ СВЯЗИ МИР; ОТДЕЛЕНИЕ СВЯЗИ ОК МИР", 0.9, _MIR, _Claim.POST, _Claim.BOARD, key="МИР"),
    *_wordings("ОРБИТАЛЬНЫЙ КОМПЛЕКС МИР; ОРБИТАЛЬНОГО КОМПЛЕКСА МИР", 0.95, _MIR, _Claim.BOARD, key="МИР"),
    *_wordings("BORT MIR; ORBITAL COMPLEX MIR; ON BOARD MIR", 0.9, _MIR, _Claim.BOARD, key="MIR"),
    *_wordings("ОРБИТАЛЬНЫЙ КОМПЛЕКС; ОРБИТАЛЬНОГО КОМПЛЕКСА; ОРБИТАЛЬНОМ КОМПЛЕКСЕ", 0.7, _MIR, _Claim.BOARD),
    *_wordings("ORBITAL COMPLEX", 0.65, _MIR, _Claim.BOARD),
    *_wordings("КОМПЛЕКС", 0.3, _MIR),
    *_wordings("ПЕРСЕЙ; PERSEUS; AUSTROMIR; АУСТРОМИР", 0.45, _MIR, _Claim.SOUVENIR),
    # The ISS.
    *_wordings("МКС", 0.6, _ISS, alone=True),
    *_wordings("ISS", 0.6, _ISS, alone=True),
    *_wordings("БОРТ МКС; БОРТА МКС", 0.9, _ISS, _Claim.BOARD, key="МКС"),
    *_wordings("РОССИЙСКИЙ СЕГМЕНТ МКС", 0.95, _ISS, _Claim.BOARD, key="МКС"),
    *_wordings("МКС РС; РС МКС", 0.8, _ISS, key="МКС"),
    *_wordings("BORT MKS", 0.9, _ISS, _Claim.BOARD, key="MKS"),
    *_wordings("BOARD OF ISS; ON BOARD ISS; BOARD ISS", 0.9, _ISS, _Claim.BOARD, key="ISS"),
    *_wordings("МЕЖДУНАРОДНАЯ КОСМИЧЕСКАЯ СТАНЦИЯ; МЕЖДУНАРОДНОЙ КОСМИЧЕСКОЙ СТАНЦИИ", 0.9, _ISS),
    *_wordings("БОРТ МЕЖДУНАРОДНОЙ КОСМИЧЕСКОЙ СТАНЦИИ", 0.95, _ISS, _Claim.BOARD),
    *_wordings("INTERNATIONAL SPACE STATION", 0.85, _ISS),
    *_wordings("BOARD OF INTERNATIONAL SPACE STATION", 0.95, _ISS, _Claim.BOARD),
    *_wordings("МЕЖДУНАРОДНАЯ; МЕЖДУНАРОДНОЙ", 0.45, _ISS),
    *_wordings("РОССИЙСКИЙ СЕГМЕНТ; РОССИЙСКОГО СЕГМЕНТА; RUSSIAN SEGMENT", 0.9, _ISS, _Claim.BOARD),
    *_wordings("СЕГМЕНТ; SEGMENT", 0.5, _ISS, _Claim.BOARD),
    # Aboard, of any station.
    *_wordings("БОРТ; BORT; BOARD", 0.6, None, _Claim.BOARD, alone=True),
    *_wordings("БОРТОВОЙ; БОРТОВАЯ; БОРТОВАЯ ПЕЧАТЬ; НА БОРТУ; НА БОРТ; ON BOARD; ABOARD", 0.7, None, _Claim.BOARD),
    *_wordings("БОРТ КОСМИЧЕСКОЙ; БОРТ ОРБИТАЛЬНОЙ СТАНЦИИ", 0.75, None, _Claim.BOARD),
    *_wordings("BOARD OF SPACE STATION; BOARD OF", 0.75, None, _Claim.BOARD, key="BOARD"),
    *_wordings("КОСМИЧЕСКАЯ СТАНЦИЯ; КОСМИЧЕСКОЙ СТАНЦИИ; ОРБИТАЛЬНАЯ СТАНЦИЯ", 0.53, None, _Claim.BOARD),
    *_wordings("ОРБИТАЛЬНОЙ СТАНЦИИ; КОСМИЧЕСКАЯ ПОЧТА; SPACE POST; ORBITAL STATION", 0.56, None, _Claim.BOARD),
    *_wordings("ЭКСПЕДИЦИЯ; EXPEDITION", 0.56, None, _Claim.SOUVENIR, _Claim.BOARD),
    *_wordings("ЭКИПАЖ; ПОЗЫВНОЙ", 0.45, None, _Claim.SOUVENIR),
    # The post.
    *_wordings("БОРТОВАЯ ПОЧТА; БОРТПОЧТА; BOARD POST", 0.75, None, _Claim.POST, _Claim.BOARD),
    *_wordings("ПОЧТА РОССИИ; ПОЧТА СССР; RUSSIAN POST", 0.6, None, _Claim.POST),
    *_wordings("ПОЧТОВОЕ ОТДЕЛЕНИЕ; ОТДЕЛЕНИЕ СВЯЗИ; POST OFFICE", 0.6, None, _Claim.POST),
    *_wordings("ПОЧТА", 0.5, None, _Claim.POST),
    # Post offices on the ground.
    *_wordings("БАЙКОНУР; BAIKONUR; BAYKONUR; ЛЕНИНСК; LENINSK", 0.85, None, _Claim.GROUND),
    *_wordings("КЗЫЛ-ОРДИНСКАЯ; КЗЫЛ-ОРДА; ТЮРАТАМ; ТЮРА-ТАМ", 0.8, None, _Claim.GROUND),
    *_wordings("АРКАЛЫК; ARKALYK; ДЖЕЗКАЗГАН; ЖЕЗКАЗГАН; DZHEZKAZGAN; ЦЕЛИНОГРАД", 0.85, None, _Claim.GROUND),
    *_wordings("КАРАГАНДА; KARAGANDA", 0.8, None, _Claim.GROUND),
    *_wordings("КАЗАХСТАН", 0.8, None, _Claim.GROUND, key="КАЗАХ"),
    *_wordings("МОСКВА; MOSCOW; MOSKVA; МОСКОВСКАЯ ОБЛ; МОСКОВСКОЙ ОБЛ", 0.8, None, _Claim.GROUND),
    *_wordings("ЗВЕЗДНЫЙ ГОРОДОК; ЗВЕЗДНЫЙ; STAR CITY; ZVEZDNY", 0.85, None, _Claim.GROUND),
    *_wordings("КАЛИНИНГРАД; KALININGRAD; КОРОЛЕВ; KOROLEV", 0.8, None, _Claim.GROUND),
    *_wordings("ЛЕНИНГРАД; КАЛУГА; ГАГАРИН; ЩЕЛКОВО; ГОРОД КОСМОНАВТОВ", 0.75, None, _Claim.GROUND),
    *_wordings("HOUSTON; TITUSVILLE; CAPE CANAVERAL; KENNEDY SPACE CENTER", 0.85, None, _Claim.GROUND),
    *_wordings("CANAVERAL; ORLANDO; FLORIDA; TEXAS; MERRITT ISLAND", 0.75, None, _Claim.GROUND),
    *_wordings("DOCKING MISSION; MISSION CONTROL; LANDING; EDWARDS AFB; PASADENA", 0.75, None, _Claim.GROUND),
    *_wordings("KOUROU; GUYANE FRANCAISE; TOULOUSE; TSUKUBA", 0.75, None, _Claim.GROUND),
    *_wordings("КУСТАНАЙ", 0.75, None, _Claim.GROUND),  # where crews land; КОСТАНАЙ is in КОСМИЧЕСКОЙ СТАНЦИИ
    *_wordings("ЦЕНТР УПРАВЛЕНИЯ ПОЛЕТОМ", 0.75, None, _Claim.GROUND),
    *_wordings("ЦУП", 0.6, None, _Claim.GROUND, alone=True),
    *_wordings("FIRST DAY OF ISSUE; ПЕРВЫЙ ДЕНЬ", 0.75, None, _Claim.GROUND),
    # what these share with КОСМОС, with СВЯЗИ МИР and with ОТДЕЛЕНИЕ does not make them
    *_wordings("КОСМОДРОМ", 0.85, None, _Claim.GROUND, key="ДРОМ"),
    *_wordings("ВЛАДИМИР", 0.75, None, _Claim.GROUND, key="ДИМИР"),
    *_wordings("ЖИТОМИР", 0.75, None, _Claim.GROUND, key="ТОМИР"),
    *_wordings("СПЕЦГАШЕНИЕ", 0.75, None, _Claim.GROUND, key="ГАШ"),
    *_wordings("WIEN", 0.6, None, _Claim.GROUND, alone=True),
    *_wordings("BONN", 0.6, None, _Claim.GROUND, alone=True),
    *_wordings("KOLN", 0.6, None, _Claim.GROUND, alone=True),
    *_wordings("ОБЛ", 0.5, None, _Claim.GROUND, alone=True),
    *_wordings("КАЗ ССР", 0.6, None, _Claim.GROUND, key="КАЗ"),
    *_wordings("JSC STATION", 0.6, None, _Claim.GROUND, key="JSC"),
    *_wordings("ПОЧТАМТ", 0.75, None, _Claim.GROUND, key="МТ"),
    *_wordings("ОБЛАСТЬ; SHUTTLE LAUNCH; EUROMIR; ЕВРОМИР", 0.6, None, _Claim.GROUND),
    *_wordings("ДЕНЬ КОСМОНАВТИКИ; МУЗЕЙ КОСМОНАВТИКИ; ИНТЕРКОСМОС; SPACE SHUTTLE", 0.55, None, _Claim.GROUND),
    *_wordings("ВЕРТОЛЕТ; СПАСАТЕЛЬНАЯ; ПОИСКОВО-СПАСАТЕЛЬНАЯ; СПАСАТЕЛИ", 0.75, None, _Claim.GROUND),
    *_wordings("HELICOPTER; RESCUE TEAM; RESCUE SERVICE", 0.75, None, _Claim.GROUND),
    *_wordings("ПСС", 0.6, None, _Claim.GROUND, alone=True),  # поисково-спасательная служба
    # Call signs of crews stand on their personal stamps.
    *_wordings("ЮПИТЕР; КРИСТАЛЛ; УРАН; АГАТ; МАЯК; ОКЕАН; ТАЙМЫР; ДОНБАСС; РОДНИК; ПАМИР; ВУЛКАН; ДЕРБЕНТ", 0.0),
    # Words that say nothing, but must not be taken for one of the above: РОССИЯ is not РОССИИ of a post office.
    *_wordings("СТАНЦИЯ; СТАНЦИИ; SPACE STATION; КОСМИЧЕСКОЙ; РОССИЯ; КОСМОС; КОСМОНАВТ; МЕЖДУНАРОДНЫЙ", 0.0),
    *_wordings("ПОС", 0.0, alone=True),  # почтовое отделение связи, a letter away from ПСС
)


_POSTAL_CODE = re.compile(r"(?<![A-Z])[A-Z]{2} ?\d{5}(?!\d)")
"""State and postal code as US post offices have them: ``TX 77058``."""


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
    said += [(Wording(code, 0.6, None, frozenset({_Claim.GROUND})), 0.6) for code in sorted(codes)[:1]]
    verdict = _verdict(said, limits)
    strange = next((word for line in plain for word in _strange(line, limits)), "")
    speaking = [x for x, _ in said if x.station is not None or _Claim.BOARD in x.claims]
    if verdict.on_board is not None or not strange:
        return verdict
    if not speaking:
        return replace(verdict, strange=strange)
    # three letters are soon misread, out of PREMIER for one: beside a strange word they tell nothing
    return replace(verdict, station=None, score=0.0) if all(x.alone for x in speaking) else verdict


def _strange(line: str, limits: LetteringSettings) -> Iterator[str]:
    """Words of a line that are like no wording of marks aboard, nor a part of one; figures make it a date or a code."""
    if any(c.isdigit() for c in line):
        return
    for word in line.split():
        signs = skeleton(word).replace(" ", "")
        aboard = (pattern for wording, pattern, _ in _patterns() if _Claim.GROUND not in wording.claims)
        likest = max(fuzz.partial_ratio(signs, pattern) for pattern in aboard if len(pattern) >= SHORTEST)
        if len(signs) >= limits.least_strange and likest < limits.strange_likeness:
            yield word


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
            for raw in text.split():
                for word in skeleton(raw).split():
                    if sum(c.isdigit() for c in raw) <= 1:  # 155 is not ISS, 1SS may be
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
            spots = [start for start, word in reading.words if word == pattern]
            match = _Match(len(pattern), 0, spots[0], spots[0] + len(pattern)) if spots else None
        elif wording.key.isdigit():
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
    """Each stretch of the reading speaks once: for the wording that explains most of it with the fewest errors."""
    kept: list[_Match] = []
    for match in sorted(matches, key=lambda m: (2 * m.errors - m.length, m.errors)):
        if all(min(match.end, k.end) - max(match.start, k.start) <= match.length * overlap for k in kept):
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
    weight = {claim: _together(w for x, w in evidence if claim in x.claims) for claim in _Claim}
    stations = {
        station: _together(w for x, w in evidence if x.station is station)
        for station in {x.station for x, _ in evidence if x.station is not None}
    }
    reasons = [f"reads {x.text!r}" for x, _ in sorted(evidence, key=lambda item: -item[1])]
    aboard, ground = weight[_Claim.BOARD] >= limits.accept, weight[_Claim.GROUND] >= limits.accept
    station, station_score = _leading(stations, limits, reasons)
    # some cancels of ground post offices carry БОРТ, too; a place that is read more plainly decides
    if ground and weight[_Claim.GROUND] >= weight[_Claim.BOARD] + limits.lead:
        if station is not None:
            reasons.append(f"names {station.value}, but a place on the ground, too")
        return LetteringVerdict(None, Kind.GROUND_CANCEL, False, weight[_Claim.GROUND], tuple(reasons))
    if ground and aboard:
        reasons.append("names a place on the ground and a board: two marks may lie across each other")
        return LetteringVerdict(station, None, None, station_score * 0.5, tuple(reasons))
    if station is not None and not aboard and weight[_Claim.POST] >= limits.accept:
        aboard = True
        reasons.append("names a station and the post, and no place on the ground")
    kind = _kind(weight, limits, aboard=aboard)
    if station is None and not aboard:
        post = weight[_Claim.POST] >= limits.accept_post
        return LetteringVerdict(None, kind, None, 0.0, tuple(reasons), post=post)
    score = station_score if station is not None else weight[_Claim.BOARD]
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


def _kind(weight: dict[_Claim, float], limits: LetteringSettings, *, aboard: bool) -> Kind | None:
    """Kind that the words alone tell; ``БОРТ МКС`` stands on seals and postmarks, so the shape has to say."""
    if weight[_Claim.POST] >= limits.accept and aboard:
        return Kind.BOARD_POSTMARK
    return Kind.SOUVENIR_SEAL if weight[_Claim.SOUVENIR] >= limits.accept_souvenir else None
