import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from postmark_id.dates.engines import Reading
from postmark_id.dates.formats import has_form_of_date
from postmark_id.dates.grammar import Line, ParsedDate, Window, combine, in_life, narrowed, parse, parse_text
from postmark_id.models import DateCandidate, DateReading
from postmark_id.settings import DateSettings

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
RUSSIAN = [
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
]
RUSSIAN_SHORT = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
ENGLISH = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
ENGLISH_FULL = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
GERMAN = ["JAN", "FEB", "MÄRZ", "APR", "MAI", "JUNI", "JULI", "AUG", "SEPT", "OKT", "NOV", "DEZ"]
FRENCH = ["JANV", "FÉV", "MARS", "AVRIL", "MAI", "JUIN", "JUIL", "AOÛT", "SEPT", "OCT", "NOV", "DÉC"]

STATIONS = Window(dt.date(1977, 1, 1), dt.date(2026, 12, 31))


def written(day: dt.date, form: str, hour: int = 15) -> str:
    d, m = day.day, day.month - 1
    dd, mm, yy, yyyy, hh = f"{d:02d}", f"{day.month:02d}", f"{day.year % 100:02d}", str(day.year), f"{hour:02d}"
    return {
        "dd.mm.yy": f"{dd}.{mm}.{yy}",
        "d.m.yy": f"{d}.{day.month}.{yy}",
        "dd mm yy": f"{dd} {mm} {yy}",
        "dd-mm-yy": f"{dd}-{mm}-{yy}",
        "dd/mm/yy": f"{dd}/{mm}/{yy}",
        "dd.mm.yyyy": f"{dd}.{mm}.{yyyy}",
        "dd mm yyyy": f"{dd} {mm} {yyyy}",
        "dd.ROMAN.yy": f"{d}.{ROMAN[m]}.{yy}",
        "dd-ROMAN-yy": f"{dd}-{ROMAN[m]}-{yy}",
        "dd ROMAN yyyy": f"{d} {ROMAN[m]} {yyyy}",
        "-d. ROMAN. yy": f"-{d}. {ROMAN[m]}. {yy}",
        "dd.ROMAN.yy-hh": f"{dd}.{ROMAN[m]}.{yy}-{hh}",
        "dd МЕС yyyy": f"{d} {RUSSIAN_SHORT[m]} {yyyy}",
        "dd МЕСЯЦ yyyy": f"{d} {RUSSIAN[m]} {yyyy}",
        "dd MON yyyy": f"{d} {ENGLISH[m]} {yyyy}",
        "ddMONyyyy": f"{dd}{ENGLISH[m]}{yyyy}",
        "dd GER yyyy": f"{d}. {GERMAN[m]} {yyyy}",
        "dd FRE yyyy": f"{d} {FRENCH[m]} {yyyy}",
        "MONTH d, yyyy": f"{ENGLISH_FULL[m]} {d}, {yyyy}",
        "dd mm yy hh": f"{dd} {mm} {yy} {hh}",
        "dd.mm.yy-hh": f"{dd}.{mm}.{yy}-{hh}",
        "d.m.-yy-hh": f"{d}.{day.month}.-{yy}-{hh}",
        "ddmmyy": f"{dd}{mm}{yy}",
        "ddmmyyhh": f"{dd}{mm}{yy}{hh}",
        "yyyy.mm.dd": f"{yyyy}.{mm}.{dd}",
        "yyyy.mm.dd.hh": f"{yyyy}.{mm}.{dd}.{hh}",
        "yyyymmddhh": f"{yyyy}{mm}{dd}{hh}",
    }[form]


FORMATS = [
    *("dd.mm.yy", "d.m.yy", "dd mm yy", "dd-mm-yy", "dd/mm/yy", "dd.mm.yyyy", "dd mm yyyy", "dd.ROMAN.yy"),
    *("dd-ROMAN-yy", "dd ROMAN yyyy", "-d. ROMAN. yy", "dd.ROMAN.yy-hh", "dd МЕС yyyy", "dd МЕСЯЦ yyyy"),
    *("dd MON yyyy", "ddMONyyyy", "dd GER yyyy", "dd FRE yyyy", "MONTH d, yyyy", "dd mm yy hh", "dd.mm.yy-hh"),
    *("d.m.-yy-hh", "ddmmyy", "ddmmyyhh", "yyyy.mm.dd", "yyyy.mm.dd.hh", "yyyymmddhh"),
]
days = st.dates(dt.date(1977, 1, 1), dt.date(2026, 12, 31))


@settings(max_examples=250, deadline=None, derandomize=True)
@given(days, st.sampled_from(FORMATS), st.integers(0, 23))
def test_every_date_in_every_format_is_the_first_candidate(day: dt.date, form: str, hour: int) -> None:
    found = parse_text(written(day, form, hour), STATIONS)
    assert found[0].date == day
    assert found[0].hour == (hour if "hh" in form else None)
    assert found[0].score > 0.5


@settings(max_examples=70, deadline=None, derandomize=True)
@given(days, st.integers(0, 23))
def test_the_year_first_format_with_a_roman_month_is_understood_where_the_day_cannot_come_first(
    day: dt.date, hour: int
) -> None:
    assume(day.year % 100 > 31)
    text = f"{day.year % 100:02d}.{ROMAN[day.month - 1]}.{day.day}-{hour:02d}"
    assert parse_text(text, STATIONS)[0].date == day


@settings(max_examples=70, deadline=None, derandomize=True)
@given(days, st.integers(1, 9), st.sampled_from(["{a}-{b}-{m}-{y}", "{a:02d}-{b}.{r}.{y}", "{a}-{r} - {b}-{r} {y}"]))
def test_a_range_gives_its_first_day_and_its_last(day: dt.date, length: int, form: str) -> None:
    last = day + dt.timedelta(days=length)
    assume(last.month == day.month)
    text = form.format(a=day.day, b=last.day, m=f"{day.month:02d}", r=ROMAN[day.month - 1], y=day.year)
    found = parse_text(text, STATIONS)[0]
    assert (found.date, found.until) == (day, last)


@pytest.mark.parametrize("text", ["3 10-05-2010", "8 10.05.2010", "I 10.05.2010"])
def test_a_lone_figure_before_a_date_begins_no_range(text: str) -> None:
    assert parse_text(text, STATIONS)[0].date == dt.date(2010, 5, 10)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789 .-/IVXОЗБмай?|", max_size=24))
def test_no_text_raises_and_scores_stay_in_bounds(text: str) -> None:
    found = parse_text(text, STATIONS)
    assert all(0.0 < p.score <= 1.0 for p in found)
    assert sum(p.score for p in found) <= 1.0 + 1e-6
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("28101321", "2013-10-28"),
        ("2024071115", "2024-07-11"),
        ("25.1X.1989", "1989-09-25"),
        ("25.ІХ.1989", "1989-09-25"),
        ("27.V|||.1981", "1981-08-27"),
        ("27.Vlll.1981", "1981-08-27"),
        ("21.V111.08", "2008-08-21"),
        ("21.V1.11 08", "2011-06-21"),
        ("1Z.О2.97", "1997-02-12"),
        ("12.O2.97", "1997-02-12"),
        ("З1.08.87", "1987-08-31"),
        ("12 ФЕВРАПЯ 1997", "1997-02-12"),
        ("12.02.'97", "1997-02-12"),
        ("* 12.02.97 *", "1997-02-12"),
        ("МОСКВА 12.02.97", "1997-02-12"),
        ("12.02.97 1", "1997-02-12"),
    ],
)
def test_look_alikes_and_ornaments_are_forgiven(text: str, day: str) -> None:
    assert parse_text(text, STATIONS)[0].date.isoformat() == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "МОСКВА",
        "101000 МОСКВА",
        "№ 120397",
        "N 120397 A",
        "8 (495) 123-45-67",
        "495 12 03 87",
        "12-03-87-456",
        "12.50",
        "$ 12.95",
        "123456",
        "117 12.02.97",
        "12.02.97.1234",
        "41.13.97",
        "30.02.97",
        "1-12-34-56-78",
        "STS-71",
        "1987",
    ],
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert [p for p in parse_text(text, STATIONS) if p.score > 0.1] == []


def test_the_window_decides_the_century() -> None:
    assert parse_text("8.VII.25", Window(dt.date(1900, 1, 1), dt.date(1960, 1, 1)))[0].date == dt.date(1925, 7, 8)
    assert parse_text("8.VII.25", STATIONS)[0].date == dt.date(2025, 7, 8)
    assert parse_text("12.02.97")[0].date == dt.date(1997, 2, 12)
    assert parse_text("12.02.13")[0].date == dt.date(2013, 2, 12)


def test_a_date_outside_the_window_is_kept_with_a_low_score() -> None:
    found = parse_text("12.02.1928", STATIONS)
    assert found[0].date == dt.date(1928, 2, 12)
    assert found[0].score < 0.1


def test_preferred_spans_decide_between_rivals_but_do_not_lower_a_lone_date() -> None:
    mir = Window(dt.date(1977, 1, 1), dt.date(2026, 1, 1), ((dt.date(1986, 2, 20), dt.date(2001, 3, 23)),))
    doubtful = Reading("12.02.9?", 1.0, tuple((c, 1.0) for c in "12.02.9?"))
    assert {p.date.year for p in parse(doubtful, mir)} == set(range(1990, 2000))
    assert parse_text("12.02.1?", mir)[0].score < 0.15
    assert parse_text("12.02.13", mir)[0].score == pytest.approx(parse_text("12.02.13", STATIONS)[0].score, abs=0.05)


def test_an_unread_figure_gives_every_date_of_the_calendar_that_fits() -> None:
    found = parse_text("3?.02.97", STATIONS) + parse_text("3?.01.97", STATIONS)
    assert {p.date for p in found} == {dt.date(1997, 1, 30), dt.date(1997, 1, 31)}


def test_a_doubtful_figure_yields_its_confusions_as_alternatives() -> None:
    chars = tuple((c, 0.55 if k == 7 else 0.99) for k, c in enumerate("12.02.93"))
    found = parse(Reading("12.02.93", 0.9, chars), STATIONS)
    assert found[0].date == dt.date(1993, 2, 12)
    assert dt.date(1998, 2, 12) in {p.date for p in found[1:]}
    assert found[0].score < parse_text("12.02.93", STATIONS)[0].score


def line(text: str, engine: str = "own", weight: float = 1.0) -> Line:
    return Line(parse_text(text, STATIONS), engine, weight)


def test_engines_that_agree_outvote_one_that_does_not() -> None:
    agreed = [Line([ParsedDate(dt.date(1993, 2, 12), 0.5)], e) for e in ("own", "tesseract")]
    other = Line([ParsedDate(dt.date(1998, 2, 12), 0.6)], "rapidocr")
    reading = combine([other, *agreed])
    assert reading is not None
    assert reading.date == dt.date(1993, 2, 12)
    assert [a.date for a in reading.alternatives] == [dt.date(1998, 2, 12)]


def test_of_two_directions_the_one_that_is_a_date_wins() -> None:
    upside_down = combine([line("16.60.91"), line("16.09.91", weight=0.85)])
    assert upside_down is not None
    assert upside_down.date == dt.date(1991, 9, 16)
    upright = combine([line("16.09.91"), line("16.60.91", weight=0.85)])
    assert upright is not None
    assert upright.score > upside_down.score


def test_lines_without_a_date_give_no_reading() -> None:
    assert combine([]) is None
    assert combine([line("ПОЧТА"), line("")]) is None


def test_calibration_maps_scores_monotonically() -> None:
    bent = DateSettings(calibration=((0.0, 0.0), (0.5, 0.2), (1.0, 0.9)))
    sure, unsure = combine([line("12.02.97")], bent), combine([line("12.02.97", weight=0.4)], bent)
    assert sure is not None
    assert unsure is not None
    assert 0.9 >= sure.score > unsure.score > 0.0


MIR = ((dt.date(1986, 3, 15), dt.date(2000, 6, 15)),)


def test_the_life_of_the_station_decides_between_candidates_of_one_reading() -> None:
    rival = DateCandidate(dt.date(1990, 8, 17), 0.3, "17-08-90")
    read = DateReading(dt.date(1980, 8, 17), 0.5, "17-08-80", alternatives=(rival,))
    lived = narrowed(read, MIR)
    assert (lived.date, lived.text) == (rival.date, rival.text)
    assert 0.3 < lived.score < 0.8


@pytest.mark.parametrize(
    "read",
    [
        DateReading(
            dt.date(1990, 8, 17), 0.5, "17-08-90", alternatives=(DateCandidate(dt.date(1980, 8, 17), 0.3, "x"),)
        ),
        DateReading(
            dt.date(1980, 8, 17), 0.9, "17-08-80", alternatives=(DateCandidate(dt.date(1990, 8, 17), 0.005, "x"),)
        ),
        DateReading(dt.date(1980, 8, 17), 0.9, "17-08-80"),
    ],
    ids=["it fits already", "what would fit was hardly read", "nothing fits"],
)
def test_a_reading_is_not_bent_to_the_life_of_a_station(read: DateReading) -> None:
    assert narrowed(read, MIR) == read


def test_a_date_beside_a_seal_in_which_nobody_lived_there_is_none_of_it() -> None:
    day = dt.date(2014, 9, 24)
    assert in_life(DateReading(day, 0.9, "24 09 14", place="beside"), MIR) is None
    assert in_life(DateReading(day, 0.9, "24 09 14", place="inside"), MIR) is not None
    doubtful = DateReading(day, 0.5, "24 09 14", "beside", (DateCandidate(dt.date(1994, 9, 24), 0.4, "24 09 94"),))
    found = in_life(doubtful, MIR)
    assert found is not None
    assert found.date == dt.date(1994, 9, 24)


@pytest.mark.parametrize(("text", "lost"), [("9.09.96", 19), ("4.12.17", 14), ("1.08.82", 11)])
def test_a_short_day_before_a_month_of_two_figures_may_have_lost_one(text: str, lost: int) -> None:
    best, *others = parse_text(text)
    assert best.date.day == lost % 10
    assert best.score < 0.8
    assert lost in {other.date.day for other in others}


@pytest.mark.parametrize("text", ["9.9.96", "9 SEP 1996", "8.VII.25"])
def test_a_short_day_in_a_short_date_lacks_nothing(text: str) -> None:
    assert {parsed.date.day for parsed in parse_text(text)} == {int(text[0])}


@pytest.mark.parametrize("text", ["61.II.24-15", "99.V.14", "84 XII 31"])
def test_a_year_may_come_first_where_it_is_no_day(text: str) -> None:
    assert parse_text(text)[0].score > 0.75


def test_a_day_comes_first_where_both_ways_are_possible() -> None:
    first, *_, other = (
        p for p in parse_text("04.II.12") if p.format.endswith("MON.dd") or p.format.startswith("dd MON")
    )
    assert first.date == dt.date(2012, 2, 4)
    assert first.score > 3 * other.score


@pytest.mark.parametrize("text", ["01.082007", "0108.2007", "01-082007", "2007 0801", "200708 01", "OMSK 2007 0801"])
def test_a_lost_sign_makes_no_hour_out_of_a_year(text: str) -> None:
    (only,) = parse_text(text)
    assert only.date == dt.date(2007, 8, 1)


@pytest.mark.parametrize("text", ["28101321", "28 10 1321", "2810.1321", "28.101321"])
def test_a_stray_sign_between_the_fields_leaves_the_hour(text: str) -> None:
    assert parse_text(text)[0].date == dt.date(2013, 10, 28)


def test_eight_figures_that_may_begin_with_the_year_stay_open() -> None:
    best, other = parse_text("20100412")[:2]
    assert {best.date, other.date} == {dt.date(2010, 4, 12), dt.date(2004, 10, 20)}
    assert best.score < 3 * other.score
    assert parse_text("20102412")[0].date == dt.date(2024, 10, 20)


def test_a_whole_date_is_no_run_of_figures() -> None:
    assert dt.date(2020, 8, 1) not in {parsed.date for parsed in parse_text("01.08.2007")}


def test_a_date_that_no_calendar_has_speaks_for_the_possible_ones_beside_it() -> None:
    chars = tuple((c, 0.3 if place == 6 else 0.99) for place, c in enumerate("11.10.4969"))
    doubtful, *_ = parse(Reading("11.10.4969", 0.9, chars))
    assert doubtful.date == dt.date(1969, 10, 11)
    strict, *_ = parse(Reading("11.10.4969", 0.9, chars), settings=DateSettings(impossible=1.0))
    assert doubtful.score > 1.2 * strict.score


def test_other_figures_speak_against_a_date() -> None:
    assert not has_form_of_date("1234567")
    assert not has_form_of_date("POSTFACH 31.02.96")
    assert has_form_of_date("31.02.96")
