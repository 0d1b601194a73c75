"""What a mark is follows from evidence, and stays open where the evidence does."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from postmark_id.geometry import regular_polygon
from postmark_id.ink import Ink
from postmark_id.library.lettering import judge
from postmark_id.library.reference import Recognition
from postmark_id.library.store import Library
from postmark_id.marks.fit import Fit
from postmark_id.marks.identify import Evidence, Occasion, identify, is_seen
from postmark_id.marks.propose import Proposal
from postmark_id.models import DateReading, Kind, Mark, Outline, Place, Shape, Station
from postmark_id.settings import MarkSettings

SETTINGS = MarkSettings()
REFERENCES = Library.load().marks
DOCKING = DateReading(dt.date(1997, 2, 12), 0.95, "12.02.97")


def evidence(
    shape: Shape,
    *lettering: str,
    date: DateReading | None = None,
    ink: str = "blue",
    on_print: float = 0.0,
    occasion: Occasion | None = None,
    x: float = 300.0,
    sure: float = 0.99,
    depth: float = 0.5,
    evenness: float = 0.2,
    rows: int = 2,
) -> Evidence:
    outline = Outline(shape, (x, 300.0), 80.0, 0.0, regular_polygon((x, 300.0), 80.0, shape.sides, 0.0))
    found = Fit(
        outline=outline, coverage=0.95, depth=depth, evenness=evenness, shares={shape: sure, Shape.OTHER: 1.0 - sure},
        ink=Ink(np.full(3, 0.577, np.float32), 0.8, ink), proposal=Proposal(shape, (x, 300.0), 80.0, 0.0, 0.8),
    )  # fmt: skip
    return Evidence(found, judge(lettering), lettering, date, on_print, rows, occasion)


def manned(day: dt.date) -> tuple[Station, ...]:
    return (Station.MIR,) if day.year in range(1987, 2000) else (Station.ISS,)


def plainly(
    shape: Shape, *lettering: str, on_print: float = 0.0, date: DateReading | None = None, sure: float = 0.99
) -> Evidence:
    """As `evidence`, all of whose lettering was read plainly."""
    return replace(
        evidence(shape, *lettering, on_print=on_print, date=date, sure=sure),
        lettering=judge(lettering, plain=lettering),
    )


def named(*found: Evidence) -> tuple[Mark, ...]:
    return identify(found, REFERENCES, manned, SETTINGS)


def test_a_lettered_seal_is_named_with_its_station_and_reference() -> None:
    (mark,) = named(evidence(Shape.OCTAGON, "ОРБИТАЛЬНЫЙ КОМПЛЕКС МИР"))
    assert (mark.kind, mark.on_board, mark.station, mark.reference) == (
        Kind.STATION_SEAL, True, Station.MIR, "mir-octagon",
    )  # fmt: skip


def test_a_seal_that_may_be_a_learned_one_is_not_called_the_only_one_that_fits() -> None:
    builtin = next(r for r in REFERENCES if r.id == "mir-octagon")
    learned = replace(builtin, id="my-octagon", reference=Path("reference.png"))
    (mark,) = identify([evidence(Shape.OCTAGON, "МИР")], (*REFERENCES, learned), manned, SETTINGS)
    assert (mark.station, mark.reference) == (Station.MIR, None)


def test_a_seal_without_words_has_no_station() -> None:
    (mark,) = named(evidence(Shape.PENTAGON))
    assert mark.on_board is True
    assert mark.station is None
    assert mark.reference is None


def test_a_ground_place_makes_a_ground_cancel() -> None:
    (mark,) = named(evidence(Shape.CIRCLE, "БАЙКОНУР", date=DOCKING, on_print=0.6, occasion="marked"))
    assert (mark.kind, mark.on_board, mark.station) == (Kind.GROUND_CANCEL, False, None)
    assert mark.date == DOCKING


def test_a_round_mark_without_words_across_a_stamp_on_a_docking_day_stays_open() -> None:
    (mark,) = named(evidence(Shape.CIRCLE, date=DOCKING, on_print=0.5, occasion="marked"))
    assert (mark.kind, mark.on_board) == (Kind.UNKNOWN, None)


def test_a_round_mark_off_the_stamp_on_a_docking_day_is_taken_for_a_board_postmark_and_says_why() -> None:
    (mark,) = named(evidence(Shape.CIRCLE, date=DOCKING, occasion="marked"))
    assert (mark.kind, mark.station) == (Kind.BOARD_POSTMARK, Station.MIR)
    assert any("docking" in reason for reason in mark.reasons)
    assert not mark.aboard_sure


def test_a_round_mark_across_a_stamp_without_words_or_date_stays_open() -> None:
    (mark,) = named(evidence(Shape.CIRCLE, on_print=0.5))
    assert mark.on_board is None


def test_a_round_mark_on_bare_paper_that_says_nothing_stays_open() -> None:
    silent = evidence(Shape.CIRCLE)
    proposal = replace(silent.fit.proposal, ground=0.0)
    (mark,) = named(replace(silent, fit=replace(silent.fit, proposal=proposal)))
    assert mark.on_board is None


def test_a_round_mark_across_a_stamp_dated_on_an_empty_day_is_a_ground_cancel_and_says_why() -> None:
    (mark,) = named(evidence(Shape.CIRCLE, date=DOCKING, on_print=0.5, occasion="none"))
    assert mark.on_board is False
    assert any("nothing is known" in reason for reason in mark.reasons)
    (other,) = named(evidence(Shape.CIRCLE, date=DOCKING, on_print=0.5, occasion="other"))
    assert other.on_board is None


def test_a_plain_date_long_before_any_station_outweighs_its_name() -> None:
    before = DateReading(dt.date(1973, 8, 26), 0.97, "26.8.1973")
    (mark,) = named(evidence(Shape.CIRCLE, "САЛЮТ-7", date=before, occasion="early"))
    assert mark.on_board is None
    assert "long before people lived on a station" in " ".join(mark.reasons)
    unsure = replace(before, score=0.3)
    (mark,) = named(evidence(Shape.CIRCLE, "САЛЮТ-7", date=unsure, occasion="early"))
    assert mark.on_board is True


def test_a_plain_date_from_another_time_speaks_against_the_station_in_a_round_mark() -> None:
    date = DateReading(dt.date(1997, 5, 7), 0.9, "7.05.97")
    (mark,) = named(evidence(Shape.CIRCLE, "ISS", "ПОЧТА", date=date))
    assert mark.on_board
    (mark,) = named(evidence(Shape.CIRCLE, "ISS", "ПОЧТА", date=date, occasion="unmanned"))
    assert not mark.on_board
    assert any("nobody lived" in reason for reason in mark.reasons)


@pytest.mark.parametrize(("words", "on_board"), [("ПОЧТА РОССИИ", True), ("ПОЧТА", None)])
def test_a_post_that_names_no_place_speaks_for_a_board(words: str, on_board: bool | None) -> None:
    (mark,) = named(evidence(Shape.CIRCLE, words))
    assert mark.on_board is on_board
    assert not (mark.on_board and mark.aboard_sure)


def test_an_unlettered_dated_mark_beside_a_seal_counts_as_its_date_unless_another_mark_has_one() -> None:
    seal, unlettered = evidence(Shape.OCTAGON, "МИР"), evidence(Shape.CIRCLE, date=DOCKING, occasion="other", x=600.0)
    assert [mark.on_board for mark in named(seal, unlettered)] == [True, True]
    another = replace(DOCKING, date=dt.date(1996, 8, 19))
    dated = evidence(Shape.CIRCLE, "БОРТ ОК МИР", date=another, occasion="marked", x=900.0)
    assert [mark.on_board for mark in named(seal, unlettered, dated)] == [True, None, True]
    quiet = evidence(Shape.CIRCLE, date=DOCKING, occasion="none", x=600.0)
    assert named(seal, quiet)[1].on_board is not True, "nothing happened on that day"


def test_a_red_pentagon_without_a_station_is_not_claimed_for_one() -> None:
    (mark,) = named(evidence(Shape.PENTAGON, ink="red"))
    assert mark.on_board is not True
    assert any("rescue" in reason for reason in mark.reasons)


def test_a_seal_takes_its_station_from_the_postmark_beside_it() -> None:
    seal, postmark = named(
        evidence(Shape.OCTAGON), evidence(Shape.CIRCLE, "БОРТ ОК МИР", date=DOCKING, occasion="marked", x=600.0)
    )
    assert postmark.station is Station.MIR
    assert seal.station is Station.MIR


def test_two_stations_beside_an_unlettered_seal_leave_it_open() -> None:
    marks = named(
        evidence(Shape.OCTAGON),
        evidence(Shape.PENTAGON, "САЛЮТ-7", x=600.0),
        evidence(Shape.PENTAGON, "ОРБИТАЛЬНЫЙ КОМПЛЕКС МИР", x=900.0),
    )
    assert marks[0].station is None


def test_a_month_in_neither_english_nor_russian_speaks_against_a_strike_aboard() -> None:
    for text, on_board in (("12 FEV 1997", False), ("12.MARZ 1997", False), ("12 MAR 1997", None), ("12 II 97", None)):
        date = replace(DOCKING, text=text)
        (mark,) = named(evidence(Shape.CIRCLE, date=date, on_print=0.5, occasion="other"))
        assert mark.on_board is on_board, text
        assert any("neither English nor Russian" in reason for reason in mark.reasons) == (on_board is False)


def test_a_round_mark_dated_with_several_days_was_not_struck_aboard() -> None:
    range_of_days = replace(DOCKING, until=dt.date(1997, 2, 16))
    one_day, several = (
        named(evidence(Shape.CIRCLE, date=date, on_print=0.5, occasion="marked"))[0]
        for date in (DOCKING, range_of_days)
    )
    assert (one_day.on_board, several.on_board) == (None, False)
    assert "dated with several days, as cancels of occasions on the ground are" in several.reasons


def test_the_two_postmarks_of_the_iss_are_told_by_the_hour() -> None:
    without = DateReading(dt.date(2015, 1, 12), 0.9, "12 01 15")
    references = [
        named(evidence(Shape.CIRCLE, "ПОЧТА РОССИИ БОРТ МКС", date=date))[0].reference
        for date in (without, replace(without, hour=10))
    ]
    assert references == ["iss-postmark-old", "iss-postmark-new"]


def test_the_year_tells_the_two_salyuts_apart_whose_names_differ_in_one_figure() -> None:
    date = DateReading(dt.date(1985, 6, 8), 0.9, "08.06.85")
    (mark,) = identify(
        [evidence(Shape.PENTAGON, "САЛЮТ-6", date=date)], REFERENCES, lambda _: (Station.SALYUT_7,), SETTINGS
    )
    assert mark.station is Station.SALYUT_7
    (mark,) = identify([evidence(Shape.PENTAGON, "САЛЮТ-6")], REFERENCES, manned, SETTINGS)
    assert mark.station is Station.SALYUT_6


def test_a_date_that_the_life_of_the_station_changed_says_so() -> None:
    read, lived = (DateReading(dt.date(year, 8, 17), 0.5, f"17-08-{year % 100}") for year in (1980, 1990))
    (mark,) = named(replace(evidence(Shape.PENTAGON, "МИР", date=lived), as_read=read))
    assert sum("17-08-80" in reason for reason in mark.reasons) == 1
    (mark,) = named(replace(evidence(Shape.PENTAGON, "МИР", date=lived), as_read=lived))
    assert not any("first sight" in reason for reason in mark.reasons)
    (mark,) = named(replace(evidence(Shape.PENTAGON, "МИР"), as_read=read))
    assert sum("nobody lived on Mir" in reason for reason in mark.reasons) == 1


def test_a_silent_polygon_whose_outline_is_not_quite_plain_stays_open_and_says_why() -> None:
    (mark,) = named(evidence(Shape.OCTAGON, sure=0.95))
    assert (mark.kind, mark.on_board) == (Kind.UNKNOWN, None)
    assert any("printed emblem" in reason for reason in mark.reasons)
    (lettered,) = named(evidence(Shape.OCTAGON, "МИР", sure=0.95))
    assert (lettered.on_board, lettered.station) == (True, Station.MIR)


@pytest.mark.parametrize(
    ("found", "seen"),
    [
        (evidence(Shape.PENTAGON, sure=0.8), False),
        (evidence(Shape.PENTAGON, "XQ LRT", sure=0.8), False),
        (evidence(Shape.PENTAGON, sure=0.95), True),
        (evidence(Shape.PENTAGON, sure=0.95, rows=1), False),
        (evidence(Shape.PENTAGON, sure=0.99, rows=1), False),
        (evidence(Shape.PENTAGON, sure=0.99, rows=1, evenness=0.1), True),
        (evidence(Shape.PENTAGON, sure=0.95, rows=1, evenness=0.1), False),
        (evidence(Shape.PENTAGON, sure=0.95, depth=0.04), False),
        (evidence(Shape.PENTAGON, "МИР", sure=0.95, depth=0.04), True),
        (evidence(Shape.PENTAGON, "МИР", sure=0.8), True),
        (evidence(Shape.PENTAGON, "МИР", sure=0.7), False),
        (evidence(Shape.PENTAGON, "БОРТ МИР", sure=0.6), True),
        (evidence(Shape.PENTAGON, date=DOCKING, sure=0.6), True),
        (evidence(Shape.PENTAGON, date=replace(DOCKING, place="beside"), sure=0.6), False),
        (evidence(Shape.PENTAGON, date=DOCKING, sure=0.8), True),
        (evidence(Shape.PENTAGON, rows=0), False),
        (evidence(Shape.PENTAGON, date=replace(DOCKING, place="beside"), rows=0), False),
        (evidence(Shape.PENTAGON, date=DOCKING, rows=0), True),
        (evidence(Shape.PENTAGON, "МИР", rows=0), True),
        (evidence(Shape.PENTAGON, "МИР", rows=1), True),
        (evidence(Shape.CIRCLE, rows=0), False),
        (evidence(Shape.CIRCLE, sure=0.8), True),
        (evidence(Shape.CIRCLE, sure=0.2), False),
        (evidence(Shape.CIRCLE, "БОРТ МКС", sure=0.2), True),
        (evidence(Shape.CIRCLE, "МИР", sure=0.2), False),
        (evidence(Shape.CIRCLE, "EXPEDITION", sure=0.2), False),
        (evidence(Shape.CIRCLE, "HOUSTON", sure=0.2), True),
        (plainly(Shape.CIRCLE, "KIRUNA", sure=0.2), True),
        (evidence(Shape.CIRCLE, date=DOCKING, sure=0.2), True),
        (evidence(Shape.CIRCLE, date=replace(DOCKING, score=0.3), sure=0.2), False),
        (evidence(Shape.OCTAGON, "МИР", date=DOCKING, sure=0.2), False),
    ],
)
def test_the_less_is_read_in_an_outline_the_surer_it_has_to_be(found: Evidence, seen: bool) -> None:
    assert is_seen(found, SETTINGS) is seen


@pytest.mark.parametrize("words", [("ПСС", "19.IV.83"), ("АВИАОТРЯД", "ПОИСКА КОСМОНАВТОВ"), ("СЛУЖБА СПАСЕНИЯ",)])
def test_the_pentagon_of_a_rescue_team_is_a_ground_mark(words: tuple[str, ...]) -> None:
    (mark,) = named(evidence(Shape.PENTAGON, *words))
    assert (mark.kind, mark.on_board) == (Kind.GROUND_CANCEL, False)


@pytest.mark.parametrize(
    ("words", "share", "on_board"),
    [
        (("EXPO 88",), 1.0, False),
        (("EXPO 88",), 0.4, True),
        (("12.02.97",), 1.0, True),
        (("EXPO 88", "БОРТ МИР"), 1.0, True),
        (("ПОЧТА РОССИИ",), 1.0, True),
        (("СТАНЦИ", "EXPO"), 1.0, True),
    ],
)
def test_a_polygon_whose_plain_lettering_names_no_station_is_an_emblem(
    words: tuple[str, ...], share: float, on_board: bool
) -> None:
    (mark,) = named(replace(plainly(Shape.OCTAGON, *words, date=DOCKING), plain=share))
    assert mark.on_board is on_board
    if not on_board:  # what is dated is a picture
        assert (mark.kind, mark.date, mark.station) == (Kind.UNKNOWN, None, None)
        assert any("its lettering is plain, and names no station" in reason for reason in mark.reasons)


@pytest.mark.parametrize(
    ("shape", "words", "on_board"),
    [
        (Shape.OCTAGON, (), False),
        (Shape.OCTAGON, ("МИР",), True),
        (Shape.CIRCLE, (), None),
        (Shape.CIRCLE, ("ПОЧТА РОССИИ", "БОРТ МКС"), True),
    ],
)
def test_what_is_inked_as_evenly_as_print_and_names_no_station_is_not_called_a_strike_from_aboard(
    shape: Shape, words: tuple[str, ...], on_board: bool | None
) -> None:
    struck = evidence(shape, *words, date=DOCKING, occasion="marked")
    (mark,) = named(replace(struck, fit=replace(struck.fit, evenness=0.97)))
    assert mark.on_board is on_board
    assert any("as evenly as print" in reason for reason in mark.reasons) is (not on_board)
    (mark,) = named(struck)
    assert mark.on_board


@pytest.mark.parametrize(
    ("words", "evenness", "on_board"),
    [((), 0.3, True), ((), 0.4, False), (("БОРТ",), 0.4, True), (("КЛУБ",), 0.1, True), (("КЛУБ",), 0.3, False)],
)
def test_a_seal_in_which_no_known_word_is_read_is_worn_and_not_inked_evenly(
    words: tuple[str, ...], evenness: float, *, on_board: bool
) -> None:
    seal = replace(plainly(Shape.OCTAGON, *words), plain=0.4)
    (mark,) = named(replace(seal, fit=replace(seal.fit, evenness=evenness)))
    assert mark.on_board is on_board
    assert any("no word of a mark aboard" in reason for reason in mark.reasons) is not on_board


def test_a_date_from_another_time_than_the_station_on_the_cover_is_misread() -> None:
    stray = DateReading(dt.date(1980, 7, 13), 0.7, "80.VII.13", "inside")
    lettered = evidence(
        Shape.CIRCLE, "БОРТ МКС", date=DateReading(dt.date(2024, 3, 23), 0.9, "23.03.24", "inside"), x=600
    )
    (seal, _) = identify(
        [evidence(Shape.OCTAGON, "БОРТ", date=stray), lettered],
        REFERENCES, lambda day: (Station.SALYUT_6,) if day.year == 1980 else (Station.ISS,), SETTINGS,
    )  # fmt: skip
    assert (seal.date, seal.station) == (None, Station.ISS)
    assert any("1980-07-13" in reason and "misread" in reason for reason in seal.reasons)


@pytest.mark.parametrize(("words", "sure"), [((), False), (("БОРТ",), True)])
def test_a_seal_that_says_nothing_is_sure_in_company_only(words: tuple[str, ...], *, sure: bool) -> None:
    seal = evidence(Shape.OCTAGON, *words, date=DOCKING)
    (alone,) = named(seal)
    assert alone.on_board
    assert alone.aboard_sure is sure
    (beside, _) = named(seal, evidence(Shape.CIRCLE, "БОРТ МИР", x=600))
    assert beside.aboard_sure


def test_plain_lettering_without_a_station_is_common_in_round_marks_and_tells_nothing() -> None:
    (mark,) = named(replace(plainly(Shape.CIRCLE, "EXPO 88"), plain=1.0))
    assert (mark.on_board, mark.kind) == (None, Kind.UNKNOWN)


def test_reasons_are_in_the_words_of_people() -> None:
    lettered = evidence(Shape.CIRCLE, "ПОЧТА РОССИИ", "БОРТ МКС", date=replace(DOCKING, date=dt.date(2015, 1, 12)))
    (mark,) = named(lettered)
    assert mark.reasons[0] == "round, 95% of its outline inked; next likeliest: no mark"
    assert "the lettering names the ISS" in mark.reasons
    assert mark.reasons[-1] == "the only round board postmark of the ISS that fits"
    (seal,) = named(evidence(Shape.OCTAGON, "ОРБИТАЛЬНЫЙ КОМПЛЕКС МИР"))
    assert seal.reasons[0].startswith("octagon, 95% of its outline inked")
    assert seal.reasons[-1] == "the only octagon station seal of Mir that fits"


def test_a_silent_mark_of_doubtful_shape_is_a_mark_all_the_same() -> None:
    found = evidence(Shape.OCTAGON)
    doubtful = replace(
        found, fit=replace(found.fit, shares={Shape.OCTAGON: 0.7, Shape.CIRCLE: 0.29, Shape.OTHER: 0.01})
    )
    assert is_seen(doubtful, SETTINGS)
    (mark,) = named(doubtful)
    assert (mark.kind, mark.on_board) == (Kind.UNKNOWN, None)


def test_a_strange_word_speaks_for_the_ground() -> None:
    seal = evidence(Shape.OCTAGON, "БОРТ ОК МИР", x=700.0)
    unread = evidence(Shape.CIRCLE, date=DOCKING)
    assert named(unread, seal)[0].on_board is True
    (cancel, _) = named(plainly(Shape.CIRCLE, "САРАТОВ", date=DOCKING), seal)
    assert cancel.on_board is not True
    assert any("САРАТОВ" in reason for reason in cancel.reasons)
    (cancel,) = named(plainly(Shape.CIRCLE, "САРАТОВ", on_print=0.5))
    assert cancel.on_board is False


@pytest.mark.parametrize(("accepted", "seen"), [(True, True), (False, False)])
def test_only_a_likeness_to_a_learned_mark_speaks_for_one_and_not_that_there_are_some(
    accepted: bool, seen: bool
) -> None:
    likeness = cast(Recognition, SimpleNamespace(accepted=accepted))
    assert is_seen(replace(evidence(Shape.OCTAGON, sure=0.8), recognised=likeness), SETTINGS) is seen
    assert is_seen(replace(evidence(Shape.OCTAGON, sure=0.3), recognised=likeness), SETTINGS) is seen


@pytest.mark.parametrize(("score", "dated"), [(0.38, False), (0.42, True)])
def test_a_date_that_nobody_can_tell_is_no_date_of_a_mark_aboard_but_is_said(score: float, dated: bool) -> None:
    worn = replace(DOCKING, score=score)
    aboard, ground = named(
        evidence(Shape.OCTAGON, "БОРТ МИР", date=worn), evidence(Shape.CIRCLE, "HOUSTON", date=worn, x=900.0)
    )
    assert (aboard.date is not None) is dated
    assert any("1997-02-12" in reason and "'12.02.97'" in reason for reason in aboard.reasons) is not dated
    assert ground.date == worn


@pytest.mark.parametrize(
    ("shape", "place", "occasion", "score"),
    [
        (Shape.OCTAGON, "beside", "none", 0.475),
        (Shape.OCTAGON, "beside", "marked", 0.95),
        (Shape.OCTAGON, "beside", "other", 0.95),
        (Shape.OCTAGON, "inside", "none", 0.95),
        (Shape.CIRCLE, "inside", "none", 0.95),
    ],
)
def test_a_date_beside_a_seal_that_names_a_quiet_day_counts_less(
    shape: Shape, place: Place, occasion: Occasion, score: float
) -> None:
    (mark,) = named(evidence(shape, "БОРТ МИР", date=replace(DOCKING, place=place), occasion=occasion))
    assert mark.date is not None
    assert mark.date.score == pytest.approx(score)
    assert any("counts less" in reason for reason in mark.reasons) is (score < 0.95)


def test_a_doubtful_date_beside_a_seal_on_a_quiet_day_is_none_of_it_but_is_said() -> None:
    doubtful = replace(DOCKING, place="beside", score=0.7)
    (mark,) = named(evidence(Shape.OCTAGON, "БОРТ МИР", date=doubtful, occasion="none"))
    assert mark.date is None
    assert any("may be written, printed or misread: perhaps 1997-02-12" in reason for reason in mark.reasons)


@pytest.mark.parametrize(("score", "on_board"), [(0.38, None), (0.9, True)])
def test_a_date_that_nobody_can_tell_makes_no_mark_beside_a_seal_one_struck_aboard(
    score: float, on_board: bool | None
) -> None:
    date = replace(DOCKING, score=score)
    _, silent = named(evidence(Shape.OCTAGON, "МИР"), evidence(Shape.CIRCLE, date=date, x=900.0))
    assert silent.on_board is on_board
