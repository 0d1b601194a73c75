"""Identify: what a found outline is: which kind of mark, of which station, struck aboard or on the ground.

Evidence adds up as log odds that the mark was struck aboard, each piece with its reason; the drawing inside a mark is
not used, since no authenticated drawing is published. Where the odds stay near even the answer is "can't tell".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

from postmark_id.dates.grammar import weighed
from postmark_id.dates.months import is_foreign
from postmark_id.library.lettering import LetteringVerdict
from postmark_id.library.reference import Recognition
from postmark_id.library.schema import ReferenceMark
from postmark_id.marks.fit import Fit
from postmark_id.marks.recognise import named, station_of, weight_aboard
from postmark_id.models import SALYUTS, DateReading, Kind, Mark, Shape, Station
from postmark_id.settings import MarkSettings

StationsInUse = Callable[[dt.date], tuple[Station, ...]]
"""Stations with people aboard on a day."""
Occasion = Literal["marked", "other", "none", "early", "unmanned"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one outline before it is named.

    Attributes
    ----------
    fit : Fit
    lettering : LetteringVerdict
    text : tuple of str
        Lines of lettering as read.
    date : DateReading or None
    as_read : DateReading or None
        The date before the life of the station was taken into account.
    on_print : float
        Share of the mark that lies on something else than the cover's paper, such as a postage stamp, 0..1.
    rows : int
        How many rows of letters or figures are seen in it, whether or not they can be read.
    plain : float
        Share of their area of which the readings are plain, 0..1.
    occasion : {"marked", "other", "none", "early", "unmanned"} or None
        What happened on the day of the date: a docking, undocking or accident, which crews marked; something else, such
        as a launch or a holiday; nothing that is known; or it was long before people lived on any station, or when
        nobody lived on the one that the lettering names. None without a date.
    recognised : Recognition or None
        The learned mark that it looks most like.
    """

    fit: Fit
    lettering: LetteringVerdict
    text: tuple[str, ...]
    date: DateReading | None
    on_print: float
    rows: int
    occasion: Occasion | None = None
    recognised: Recognition | None = None
    as_read: DateReading | None = None
    plain: float = 0.0

    @property
    def known(self) -> bool:
        """Whether it is one of the learned marks."""
        return self.recognised is not None and self.recognised.accepted


def identify(
    found: Sequence[Evidence],
    references: Sequence[ReferenceMark],
    stations_in_use: StationsInUse,
    settings: MarkSettings,
) -> tuple[Mark, ...]:
    """Name all marks of a cover, first each by itself, then by the company it is in.

    Parameters
    ----------
    found : sequence of Evidence
    references : sequence of ReferenceMark
        The library.
    stations_in_use : callable
        Gives the stations that were manned on a day.
    settings : MarkSettings
    """
    marks = tuple(_alone(evidence, stations_in_use, settings) for evidence in found)
    lettered = {
        station
        for mark, evidence in zip(marks, found, strict=True)
        if mark.on_board and (station := evidence.lettering.station) is not None
    }
    marks = tuple(
        _of_its_time(mark, evidence, lettered, stations_in_use) for mark, evidence in zip(marks, found, strict=True)
    )
    marks = tuple(_in_company(mark, evidence, marks, settings) for mark, evidence in zip(marks, found, strict=True))
    return tuple(_with_reference(mark, references) for mark in marks)


def is_seen(evidence: Evidence, settings: MarkSettings) -> bool:
    """Whether an outline is a mark, now that it is known what is in it: the less that is, the surer it must be.

    Printed emblems have the outline of a seal, but no date, and a station's name at most; stains have nothing. Where
    not even a row of letters is seen, there is a picture in a frame, and a date beside it is no date of a seal.
    """
    polygon = evidence.fit.outline.shape is not Shape.CIRCLE
    said = evidence.lettering
    dated = evidence.date.score if evidence.date is not None and evidence.date.place == "inside" else 0.0
    if not (evidence.rows or said.reasons or dated or evidence.known):
        return False
    if evidence.fit.score < settings.least_found:
        speaks = not polygon and (bool(said.strange) or dated >= settings.plain_date)
        return speaks or said.score >= settings.plain_lettering or evidence.known
    if not polygon or dated or said.on_board is not None or said.post or evidence.known:
        return True
    is_mark = 1.0 - evidence.fit.shares.get(Shape.OTHER, 0.0)
    if said.reasons or evidence.date is not None:
        return is_mark >= settings.least_named
    struck = evidence.fit.score >= settings.plain_polygon and evidence.fit.evenness < settings.surely_struck
    lettered = evidence.rows >= (1 if struck else settings.fewest_silent)
    return lettered and is_mark >= settings.least_silent and evidence.fit.depth >= settings.faintest_silent


def _alone(evidence: Evidence, stations_in_use: StationsInUse, settings: MarkSettings) -> Mark:
    odds, reasons = _aboard_odds(evidence, settings)
    on_board = True if odds >= settings.aboard_odds else False if odds <= -settings.aboard_odds else None
    if on_board is False and _no_seal(evidence, settings):
        evidence = replace(evidence, date=None)  # it is part of a picture
    if on_board and not _says_anything(evidence, settings):
        on_board = None  # its place and its looks alone are no reason
        if evidence.fit.outline.shape is not Shape.CIRCLE:
            reasons.append("nothing in it can be read, and a printed emblem may have such an outline")
    reasons += _narrowing_reasons(evidence)
    if on_board:
        evidence, doubts = _date_aboard(evidence, settings)
        reasons += doubts
    station = evidence.lettering.station if on_board is not False else None
    manned = stations_in_use(evidence.date.date) if evidence.date is not None else ()
    if station in SALYUTS and len(manned) == 1 and manned[0] in SALYUTS and station is not manned[0]:
        # one worn figure tells the two apart
        assert evidence.date is not None
        station = manned[0]
        reasons.append(
            f"the lettering names a Salyut; on {evidence.date.date:%Y-%m-%d} only {station.spoken} was manned"
        )
    elif station is not None:
        reasons.append(f"the lettering names {station.spoken}")
    elif on_board is not False and station_of(evidence.recognised) is not None:
        station = station_of(evidence.recognised)
    elif on_board and evidence.date is not None and len(manned) == 1:
        station = manned[0]
        reasons.append(f"on {evidence.date.date:%Y-%m-%d} only {station.spoken} was manned")
    mark = Mark(
        kind=_kind(evidence, on_board, settings),
        outline=evidence.fit.outline,
        score=evidence.fit.score,
        station=station,
        on_board=on_board,
        ink=evidence.fit.ink.name,
        text=evidence.text,
        date=evidence.date,
        aboard_sure=_is_sure(evidence, on_board),
        reasons=(_shape_reason(evidence.fit), *reasons),
    )
    return named(mark, evidence.recognised)


def _date_aboard(evidence: Evidence, settings: MarkSettings) -> tuple[Evidence, list[str]]:
    """What is known of a mark from aboard, without a date that is too doubtful for one, and what is to be said of it.

    A date beside a seal that names a day like any other may be that of a letter, a note or an address.
    """
    date, reasons = evidence.date, []
    if date is None:
        return evidence, []
    why = "too worn to tell the day" if date.place == "inside" else "it may be written, printed or misread"
    if date.place == "beside" and evidence.occasion == "none" and evidence.fit.outline.shape is not Shape.CIRCLE:
        reasons.append(f"{date.text!r} beside it counts less, for nothing is known to have happened on that day")
        date = weighed(date, settings.quiet_beside)
    if date.score >= settings.least_date_aboard:
        return replace(evidence, date=date), reasons
    reasons.append(f"dated, but {why}: perhaps {date.date:%Y-%m-%d}, read as {date.text!r}")
    return replace(evidence, date=None), reasons


def _says_anything(evidence: Evidence, settings: MarkSettings) -> bool:
    """Whether a mark has a plain shape, a word, a date or a likeness that can speak for a strike aboard."""
    said = evidence.lettering.on_board or evidence.lettering.station is not None or evidence.lettering.post
    polygon = evidence.fit.outline.shape is not Shape.CIRCLE
    plain = polygon and (evidence.fit.score >= settings.plain_polygon or bool(evidence.lettering.reasons))
    return plain or said or evidence.date is not None or evidence.known


def _no_seal(evidence: Evidence, settings: MarkSettings) -> str:
    """Why a polygon is taken for a printed emblem, or for the stamp of a club or a team; empty where it may be a seal.

    A seal that is too worn to be read is worn in its outline, too, and not all of its rows are plain.
    """
    if evidence.fit.outline.shape is Shape.CIRCLE or not _is_silent(evidence):
        return ""
    if evidence.fit.evenness >= settings.even_as_print:
        return "its outline is inked as evenly as print, and nothing in it names a station: a printed emblem"
    if (
        not evidence.lettering.reasons
        and not evidence.known
        and _like_print(evidence, settings) >= settings.silent_print
    ):
        return "it is inked and lettered as plainly as print, and no word of a mark aboard is in it: a printed emblem"
    if evidence.plain >= settings.least_plain and evidence.lettering.unlike >= settings.least_unlike:
        return "its lettering is plain, and names no station: a printed emblem or a stamp of the ground"
    return ""


def _like_print(evidence: Evidence, settings: MarkSettings) -> float:
    """How evenly a polygon is inked, and how plainly it is lettered with words that no mark aboard is known to bear."""
    dated = evidence.date is not None and evidence.date.place == "inside"
    plainly_other = 0.0 if dated else evidence.plain * evidence.lettering.unlike
    return evidence.fit.evenness + settings.plain_as_print * plainly_other


def _is_silent(evidence: Evidence) -> bool:
    """Whether the lettering names neither a station nor a board, nor a place on the ground, nor the post."""
    said = evidence.lettering
    return said.station is None and said.on_board is None and not said.post


def _is_sure(evidence: Evidence, on_board: bool | None) -> bool:
    """Whether more than shape, place and date speak for a strike aboard: the lettering, of a polygon any known word."""
    said = evidence.lettering
    word = bool(said.reasons) and evidence.fit.outline.shape is not Shape.CIRCLE
    return not on_board or word or bool(said.on_board) or said.station is not None


def _narrowing_reasons(evidence: Evidence) -> list[str]:
    """Why the date is another one than was read at first sight, or none; empty where it is the same."""
    read, date, station = evidence.as_read, evidence.date, evidence.lettering.station
    if read is None or station is None or (date is not None and read.date == date.date):
        return []
    nobody = f"nobody lived on {station.spoken} on that day"
    if date is None:
        return [f"{read.text!r} beside it is no date of it: {nobody}"]
    return [f"reads {read.text!r} at first sight, but {nobody}"]


def _shape_reason(fit: Fit) -> str:
    other = "no mark" if fit.runner_up is Shape.OTHER else fit.runner_up.spoken
    return f"{fit.outline.shape.spoken}, {fit.coverage:.0%} of its outline inked; next likeliest: {other}"


def _aboard_odds(evidence: Evidence, settings: MarkSettings) -> tuple[float, list[str]]:
    """Log odds that a mark was struck aboard, and the reasons in plain words."""
    weights = settings.aboard_weights
    shape = evidence.fit.outline.shape
    verdict = evidence.lettering
    reasons = list(verdict.reasons)
    polygon = shape in (Shape.PENTAGON, Shape.OCTAGON)
    odds = (weights.polygon if polygon else 0.0) + weight_aboard(evidence.recognised, weights.recognised)
    if verdict.on_board is not None:
        odds += weights.lettering * verdict.score * (1 if verdict.on_board else -1)
    if verdict.on_board is None and verdict.station is not None:
        odds += weights.station * verdict.score
    if verdict.on_board is None and verdict.post:
        odds += weights.post
        reasons.append("names the post, and no place on the ground")
    if verdict.strange and not polygon:
        odds -= weights.strange
        reasons.append(f"reads {verdict.strange!r}, which no mark aboard is known to bear")
    odds += weights.surroundings * (0.5 - evidence.fit.proposal.ground) * 2
    if evidence.on_print > settings.on_print_share:
        odds -= weights.on_print_polygon if polygon else weights.on_print
        reasons.append("lies across a stamp or other print, as ground cancels do")
    elif not polygon:
        odds += weights.off_print
    if not polygon and _is_silent(evidence) and evidence.fit.evenness >= settings.even_as_print:
        odds -= weights.even
        reasons.append("its outline is inked as evenly as print")
    if not polygon:
        for weight, reason in _dated(evidence, settings):
            odds += weight
            reasons.append(reason)
    if reason := _no_seal(evidence, settings):
        odds -= weights.emblem
        reasons.append(reason)
    if shape is Shape.PENTAGON and evidence.fit.ink.name in {"red", "pink"} and verdict.station is None:
        odds -= weights.red_pentagon
        reasons.append("a red pentagon without a station's name may be that of a helicopter rescue team")
    return odds, reasons


def _dated(evidence: Evidence, settings: MarkSettings) -> Iterator[tuple[float, str]]:
    """What the date of a round mark says of where it was struck: log odds, and each reason."""
    weights, date = settings.aboard_weights, evidence.date
    if evidence.occasion == "marked":
        yield weights.marked_day, "dated on a day of a docking or undocking, as board postmarks are"
    if evidence.occasion == "none":
        yield -weights.marked_day, "dated on a day on which nothing is known to have happened aboard"
    if date is None:
        return
    if evidence.occasion == "early":
        yield -weights.early * date.score, "dated long before people lived on a station"
    if evidence.occasion == "unmanned":
        yield -weights.early * date.score, "dated at a time when nobody lived on the station that it seems to name"
    if _has_early_hour(evidence, settings):
        since = f"shows the hour, as ground cancels do and board postmarks only from {settings.hours_aboard_from}"
        yield -weights.hour, since
    if is_foreign(date.text):
        yield (
            -weights.foreign_month,
            "spells its month in neither English nor Russian, as marks aboard are not known to do",
        )
    if date.until is not None:
        yield -weights.several_days, "dated with several days, as cancels of occasions on the ground are"


def _has_early_hour(evidence: Evidence, settings: MarkSettings) -> bool:
    date = evidence.date
    return date is not None and date.hour is not None and date.date.year < settings.hours_aboard_from


def _kind(evidence: Evidence, on_board: bool | None, settings: MarkSettings) -> Kind:
    if on_board is False:
        return Kind.UNKNOWN if _no_seal(evidence, settings) else Kind.GROUND_CANCEL
    if on_board is None:
        return Kind.UNKNOWN
    if evidence.fit.outline.shape is not Shape.CIRCLE:
        return Kind.STATION_SEAL
    if evidence.lettering.kind is not None and evidence.lettering.kind is not Kind.GROUND_CANCEL:
        return evidence.lettering.kind
    return Kind.BOARD_POSTMARK


def _of_its_time(mark: Mark, evidence: Evidence, lettered: Set[Station], stations_in_use: StationsInUse) -> Mark:
    """A mark without the date by which it would be of another station than all that is lettered on its cover."""
    if not mark.on_board or mark.date is None or evidence.lettering.station is not None or evidence.known:
        return mark
    manned = stations_in_use(mark.date.date)
    if len(lettered) != 1 or not manned or not lettered.isdisjoint(manned):
        return mark
    (station,) = lettered
    reason = (
        f"dated {mark.date.date:%Y-%m-%d}, read as {mark.date.text!r}, but {station.spoken}, which the mark beside it "
        f"names, was not manned then, and {manned[0].spoken} was: misread"
    )
    return replace(mark, date=None, station=None, reasons=(*mark.reasons, reason))


def _in_company(mark: Mark, evidence: Evidence, marks: Sequence[Mark], settings: MarkSettings) -> Mark:
    """Let the other marks of the cover speak where a mark says nothing itself."""
    others = [m for m in marks if m is not mark and m.on_board and m.score >= settings.least_company]
    if (
        mark.on_board is None
        and mark.shape is Shape.CIRCLE
        and mark.date is not None
        and mark.date.score >= settings.least_date_aboard
        and evidence.occasion not in ("none", "early", "unmanned")
        and evidence.on_print <= settings.on_print_share
        and not _has_early_hour(evidence, settings)
    ):
        seals = [m for m in others if m.shape is not Shape.CIRCLE]
        # a cover that shows its day aboard already needs no second one
        needed = all(m.date is None or m.date.date == mark.date.date for m in others)
        unlettered = evidence.lettering.on_board is not False and not evidence.lettering.strange
        if seals and needed and unlettered:
            reason = "its lettering is not readable; it stands off the stamp beside a station seal"
            mark = replace(
                mark, on_board=True, kind=Kind.BOARD_POSTMARK, aboard_sure=False, reasons=(*mark.reasons, reason)
            )
    if mark.on_board and mark.station is None:
        named = {m.station for m in others if m.station is not None}
        if len(named) == 1:
            station = named.pop()
            assert station is not None
            reason = f"the dated or lettered mark beside it belongs to {station.spoken}"
            mark = replace(mark, station=station, reasons=(*mark.reasons, reason))
    if mark.shape is not Shape.CIRCLE and any(m.aboard_sure and m.station is not None for m in others):
        mark = replace(mark, aboard_sure=True)
    return mark


def _with_reference(mark: Mark, references: Sequence[ReferenceMark]) -> Mark:
    """Name the one reference mark that fits by station, kind, shape and way of dating; none where several do."""
    if mark.reference is not None or not mark.on_board or mark.station is None:
        return mark
    fitting = [
        r for r in references
        if r.stations == (mark.station,) and r.shape is mark.shape and r.kind is mark.kind and _dated_alike(mark, r)
    ]  # fmt: skip
    # a learned mark is named by its looks, never by being the only one left; but it is one that may be meant
    if len(fitting) != 1 or fitting[0].reference is not None:
        return mark
    reason = f"the only {mark.shape.spoken} {mark.kind.value.replace('-', ' ')} of {mark.station.spoken} that fits"
    return replace(mark, reference=fitting[0].id, reasons=(*mark.reasons, reason))


def _dated_alike(mark: Mark, reference: ReferenceMark) -> bool:
    """Tell an hour-bearing postmark from one without: the two ISS postmarks differ in that."""
    if mark.date is None or not reference.date_formats:
        return True
    with_hour = any("tt" in form or "hh" in form for form in reference.date_formats)
    return with_hour == (mark.date.hour is not None)
