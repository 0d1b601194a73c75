"""What lettering says, read well, read badly, and not there at all."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postmark_id.library import LetteringVerdict, judge
from postmark_id.library.lettering import forgiven, likeness, skeleton
from postmark_id.models import Kind, Station

CYRILLIC = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЬЭЮЯ"
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIGURES = "0123456789"

ABOARD: list[tuple[list[str], Station]] = [
    (["БОРТ КОСМИЧЕСКОЙ СТАНЦИИ", "САЛЮТ-7"], Station.SALYUT_7),
    (["Board of space station Salyut-7"], Station.SALYUT_7),
    (["БОРТ", "МИР"], Station.MIR),
    (["БОРТ ОРБИТАЛЬНОГО КОМПЛЕКСА", "«МИР»"], Station.MIR),
    (["ОРБИТАЛЬНЫЙ", "КОМПЛЕКС", "МИР"], Station.MIR),
    (["Почтовое отделение орбитального комплекса Мир"], Station.MIR),
    (["ПОЧТА РОССИИ", "БОРТ МКС", "РОССИЙСКИЙ СЕГМЕНТ"], Station.ISS),
    (["Russian Post. Board of ISS. Russian Segment."], Station.ISS),
    (["БОРТ МЕЖДУНАРОДНОЙ КОСМИЧЕСКОЙ СТАНЦИИ"], Station.ISS),
    (["BOARD OF INTERNATIONAL SPACE STATION"], Station.ISS),
    (["РОССИЙСКИЙ СЕГМЕНТ", "МЕЖДУНАРОДНОЙ КОСМИЧЕСКОЙ СТАНЦИИ"], Station.ISS),
]
NAMED: list[tuple[list[str], Station]] = [
    (["САЛЮТ-7"], Station.SALYUT_7),
    (["САЛЮТ 7", "12.05.83"], Station.SALYUT_7),
    (["САЛЮТ-6"], Station.SALYUT_6),
    (["МИР"], Station.MIR),
    (["«МИР»", "12.02.97"], Station.MIR),
    (["SPACE STATION MIR"], Station.MIR),
    (["МКС"], Station.ISS),
    (["ISS"], Station.ISS),
    (["INTERNATIONAL SPACE STATION"], Station.ISS),
    (["МЕЖДУНАРОДНАЯ", "КОСМИЧЕСКАЯ", "СТАНЦИЯ"], Station.ISS),
]
GROUND = [
    ["БАЙКОНУР", "КЗЫЛ-ОРДИНСКАЯ ОБЛ."],
    ["ЛЕНИНСК", "21.11.87-10"],
    ["АРКАЛЫК", "ТУРГАЙСКОЙ ОБЛ."],
    ["ДЖЕЗКАЗГАН"],
    ["МОСКВА", "ПОЧТАМТ"],
    ["ЗВЁЗДНЫЙ ГОРОДОК", "МОСКОВСКОЙ ОБЛ."],
    ["КАЛИНИНГРАД", "МОСК. ОБЛ."],
    ["КОРОЛЁВ"],
    ["KARAGANDA"],
    ["HOUSTON TX 77058"],
    ["KENNEDY SPACE CENTER FL 32899"],
    ["CAPE CANAVERAL"],
    ["TITUSVILLE, FL", "JUN 28 2015"],
    ["DOCKING MISSION STATION"],
]


@pytest.mark.parametrize(
    ("texts", "station"), ABOARD, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_a_board_wording_names_station_and_board(texts: list[str], station: Station) -> None:
    verdict = judge(texts)
    assert verdict.station is station
    assert verdict.on_board is True
    assert verdict.score >= 0.75
    assert verdict.reasons


@pytest.mark.parametrize(
    ("texts", "station"), NAMED, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_a_name_alone_names_the_station_but_claims_no_board(texts: list[str], station: Station) -> None:
    verdict = judge(texts)
    assert verdict.station is station
    assert verdict.on_board is None
    assert verdict.kind is None


@pytest.mark.parametrize("texts", GROUND, ids=" ".join)
def test_a_place_on_the_ground_is_a_ground_cancel(texts: list[str]) -> None:
    verdict = judge(texts)
    assert (verdict.station, verdict.kind, verdict.on_board) == (None, Kind.GROUND_CANCEL, False)
    assert verdict.score >= 0.5


@pytest.mark.parametrize(
    "texts",
    [
        ["HOUSTON", "SHUTTLE-MIR DOCKING MISSION"],
        ["МОСКВА", "ПОЛЁТ НА ОРБИТАЛЬНУЮ СТАНЦИЮ МИР"],
        ["WIEN", "AUSTROMIR MIR"],
        ["BAIKONUR", "INTERNATIONAL SPACE STATION"],
    ],
    ids=" ".join,
)
def test_a_ground_cancel_that_names_a_station_is_still_one(texts: list[str]) -> None:
    verdict = judge(texts)
    assert (verdict.station, verdict.on_board) == (None, False)
    assert any("ground" in reason for reason in verdict.reasons)


@pytest.mark.parametrize("mission", ["ПЕРСЕЙ", "AUSTROMIR"])
def test_the_name_of_a_mission_alone_names_no_station(mission: str) -> None:
    assert judge([mission]).station is None


def test_board_and_ground_together_claim_neither() -> None:
    verdict = judge(["БОРТ МИР", "БАЙКОНУР"])
    assert verdict.on_board is None
    assert verdict.kind is None
    assert verdict.score < 0.5


def test_two_stations_together_name_none() -> None:
    verdict = judge(["БОРТ САЛЮТ-7", "БОРТ МИР"])
    assert verdict.station is None
    assert any("both" in reason for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["ПОЧТА РОССИИ", "БОРТ МКС"], Kind.BOARD_POSTMARK),
        (["БОРТОВАЯ ПОЧТА", "МИР"], Kind.BOARD_POSTMARK),
        (["EXPEDITION 7"], Kind.SOUVENIR_SEAL),
        (["ПЕРСЕЙ"], Kind.SOUVENIR_SEAL),
        (["БОРТ МКС"], None),
        (["ПОЧТА СССР"], None),
    ],
)
def test_the_kind_is_said_only_where_the_words_say_it(texts: list[str], kind: Kind | None) -> None:
    assert judge(texts).kind is kind


@pytest.mark.parametrize(
    ("read", "station"),
    [
        ("BOPT MKC", Station.ISS),
        ("POCCMNCKNN CEFMEHT", Station.ISS),
        ("POCCUUCKUU CETMEHT", Station.ISS),
        ("MEXAYHAPOAHAR KOCMNYECKAR CTAHUNR", Station.ISS),
        ("INTERNATI0NAL SPACE STATI0N", Station.ISS),
        ("OP6NTAJbHbIN KOMNJEKC MNP", Station.MIR),
        ("БOPT МNР", Station.MIR),
        ("CAJIIOT-7", Station.SALYUT_7),
        ("САЛЮТ-7", Station.SALYUT_7),
        ("САЛЮI 7", Station.SALYUT_7),
    ],
)
def test_an_engine_without_cyrillic_letters_is_understood(read: str, station: Station) -> None:
    assert judge([read]).station is station


@pytest.mark.parametrize(
    "text",
    [
        "155",
        "1.55",
        "МНР",
        "MHP",
        "МИРУ",
        "ЖИТОМИР",
        "ВЛАДИМИР",
        "МИФ",
        "ADMIRAL",
        "MISS",
        "ISSUE",
        "СССР",
        "МК",
        "КОМПЛЕКС",
        "",
    ],
)
def test_what_only_resembles_a_short_name_names_no_station(text: str) -> None:
    assert judge([text]).station is None


@pytest.mark.parametrize("text", ["МКС-42", "MKC42", "ISS 65"])
def test_the_number_of_an_expedition_is_no_part_of_the_name(text: str) -> None:
    assert judge([text]).station is Station.ISS


@pytest.mark.parametrize("text", ["SPACE STATION ABC", "БОРТ XYZ", "СТАНЦИЯ МЕТРО", "КОМПЛЕКС ГТО", "BOARD OF TRADE"])
def test_a_long_wording_without_the_name_itself_names_no_station(text: str) -> None:
    assert judge([text]).station is None


def test_the_figure_of_salyut_is_not_guessed() -> None:
    assert judge(["САЛЮТ", "БОРТ"]).station is Station.SALYUT_7, "the Б of another line is no 6"
    assert judge(["САЛЮТ-7"]).score > judge(["САЛЮТ"]).score
    assert judge(["САЛЮТ-6"]).station is Station.SALYUT_6


@pytest.mark.parametrize("word", ["САРАТОВ", "SAARBRUCKEN", "ЧЕЛЯБИНСК", "WELLINGTON"])
def test_a_plain_word_that_is_known_of_no_mark_aboard_is_strange(word: str) -> None:
    assert judge([word], plain=[word]).strange == word
    assert judge([word]).strange == "", "one that was not read plainly may be a misreading"
    short = judge([word, "МИР"], plain=[word, "МИР"])
    assert (short.strange, short.station) == ("", None), "three letters and it speak against each other"
    assert judge([word, "СТАНЦИЯ МИР"], plain=[word]).station is Station.MIR, "a longer name outweighs it"
    assert judge([word, "МКС – ISS"], plain=[word]).station is Station.ISS, "and so do two names of one station"
    assert judge([word, "КОСМИЧЕСКАЯ ПОЧТА"], plain=[word]).strange == "", "a wording of marks aboard, too"


@pytest.mark.parametrize(
    ("lines", "unlike"),
    [
        (["EXPO 88"], 1.0),
        (["25 ЛЕТ", "USA"], 1.0),
        (["1961-1986"], 1.0),
        (["ФИЛАТЕЛИСТ", "12.04.86"], 1.0),
        (["12.04.86"], 0.0),
        (["САЛ", "ЛЮТ7"], 0.0),
        (["ТАНЦИИ", "ММИР"], 0.0),
        (["РОССИЯ", "ФИЛАТЕЛИСТ"], 0.625),
        ([], 0.0),
    ],
)
def test_what_is_plain_is_known_of_marks_aboard_or_not(lines: list[str], unlike: float) -> None:
    assert judge(lines, plain=lines).unlike == pytest.approx(unlike)
    assert judge(lines).unlike == 0.0, "what was not read plainly may be anything"


def test_the_post_of_the_ussr_cut_off_is_no_rescue_team() -> None:
    assert judge(["ПСС"]).on_board is False
    assert judge(["ПОЧТА СССР", "ПСС"]).on_board is None


def test_peace_is_no_station() -> None:
    lines = ["МИР", "ЗЕМ", "USA"]
    assert judge(lines, plain=lines).station is None
    assert judge(lines).station is Station.MIR, "beside words that may be misread"


@pytest.mark.parametrize(
    ("line", "word"), [("MUNCHEN 2", "MUNCHEN"), ("BUDAPEST4", "BUDAPEST4"), ("3 SAARBRUCKEN", "SAARBRUCKEN")]
)
def test_a_town_with_the_number_of_its_post_office_is_strange(line: str, word: str) -> None:
    assert judge([line], plain=[line]).strange == word


@pytest.mark.parametrize(
    "line",
    [
        "ПОЧТА РОССИИ", "КОСМИЧЕСКАЯ", "ОРБИТА", "RUSSIAN", "СТАНЦИЯ", "12 АПРЕЛЯ", "468320", "ПМ", "СОЮЗ ТМ-2",
        "ПИЛОТИРУЕМЫЙ",
    ],
)  # fmt: skip
def test_words_of_known_wordings_dates_and_codes_are_not_strange(line: str) -> None:
    assert judge([line], plain=[line]).strange == ""


@pytest.mark.parametrize("row", ["СТАХРАИМПРРОАРТ", "СТАЦИМИРИ ОХРАНЫ"])
def test_words_around_the_name_of_a_station_have_to_fit_by_themselves(row: str) -> None:
    assert judge([row]).station is None


@pytest.mark.parametrize(
    ("word", "rows"),
    [
        ("КОСМОДРОМ", ["КОСМОС", "КОМПЛЕКС"]),
        ("ВЛАДИМИР", ["ВАЗЙ МИРНИН"]),
        ("СПЕЦГАШЕНИЕ", ["ОТДЕЛЕНИЕ СВЯЗИ", "ДЛЕНИЕ СВЯЗИМР"]),
    ],
)
def test_a_place_is_not_read_out_of_what_it_shares_with_marks_aboard(word: str, rows: list[str]) -> None:
    assert judge([word]).on_board is False
    assert not any(word in reason for reason in judge(rows).reasons)


@pytest.mark.parametrize(
    ("rows", "station"),
    [
        (["КОСМОС", "МИР", "KOCMOC"], Station.MIR),
        (["СТАНЦИЯ", "САЛЮТ", "СТАНЦИЯ САЛЮ", "СТАНЦИ"], Station.SALYUT_7),
        (["МКС", "ISS", "СТАНЦИЯ", "АСКАА СТАНЦАН"], Station.ISS),
    ],
    ids=["ИНТЕРКОСМОС", "КОСТАНАЙ", "КАЗАХСТАН"],
)
def test_rows_read_twice_add_up_to_no_place(rows: list[str], station: Station) -> None:
    verdict = judge(rows)
    assert verdict.station is station
    assert verdict.on_board is not False


def test_a_word_with_wrong_signs_does_not_go_on_in_the_next_row() -> None:
    assert not any("БОРТОВОЙ" in reason for reason in judge(["БОРТ", "BONN"]).reasons)


def test_nothing_read_claims_nothing() -> None:
    nothing = LetteringVerdict()
    assert judge([]) == judge(["", "   "]) == judge(["....", "12.02.97"]) == nothing


def test_a_stretch_of_lettering_counts_once() -> None:
    once = judge(["ОРБИТАЛЬНЫЙ КОМПЛЕКС МИР"])
    assert len(once.reasons) == 1
    assert once.score < 1.0


def test_more_evidence_raises_the_score() -> None:
    assert judge(["БОРТ МКС", "РОССИЙСКИЙ СЕГМЕНТ"]).score > judge(["БОРТ МКС"]).score


@pytest.mark.parametrize(
    ("one", "other"),
    [("БОРТ МКС", "BOPT MKC"), ("САЛЮТ", "CAJIЮT"), ("6OPT", "БОРТ"), ("Звёздный", "ЗВЕЗДНЫЙ"), ("5OЮ3", "SОЮЗ")],
)
def test_letters_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_likeness_is_one_without_errors_and_nought_beyond_what_is_forgiven() -> None:
    assert likeness("РОССИЙСКИЙ СЕГМЕНТ", ["xx РОССИЙСКИЙ", "СЕГМЕНТ"]) == 1.0
    assert 0.8 < likeness("РОССИЙСКИЙ СЕГМЕНТ", ["РОССИЙКИЙ СЕГМЕНТ"]) < 1.0
    assert likeness("РОССИЙСКИЙ СЕГМЕНТ", ["ПОЧТА"]) == 0.0
    assert likeness("МИР", ["МИГ"]) == 0.0


def damaged(text: str, places: set[int], letters: str) -> str:
    return "".join(letter if k in places else c for k, (c, letter) in enumerate(zip(text, letters, strict=True)))


@settings(max_examples=120, deadline=None)
@given(
    case=st.sampled_from(
        [
            ("МЕЖДУНАРОДНАЯКОСМИЧЕСКАЯСТАНЦИЯ", Station.ISS),
            ("INTERNATIONALSPACESTATION", Station.ISS),
            ("РОССИЙСКИЙСЕГМЕНТ", Station.ISS),
            ("ОРБИТАЛЬНЫЙКОМПЛЕКС", Station.MIR),
        ]
    ),
    data=st.data(),
)
def test_a_long_wording_survives_as_many_errors_as_are_forgiven(case: tuple[str, Station], data: st.DataObject) -> None:
    """Й, Ю and the like count as one sign or two, so the number of errors leaves a sign in reserve for each."""
    text, station = case
    errors = forgiven(len(text)) // 2
    places = data.draw(st.sets(st.integers(0, len(text) - 1), min_size=errors, max_size=errors))
    letters = data.draw(st.text("ГДЖЛФЧШQVWZ", min_size=len(text), max_size=len(text)))
    assert judge([damaged(text, places, letters)]).station is station


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_gives_a_verdict_that_holds_together(texts: list[str]) -> None:
    verdict = judge(texts)
    assert 0.0 <= verdict.score <= 1.0
    assert (verdict.on_board is False) == (verdict.kind is Kind.GROUND_CANCEL)
    if verdict.station is not None or verdict.on_board is not None:
        assert verdict.score > 0
        assert verdict.reasons


@pytest.mark.parametrize("letters", [CYRILLIC, LATIN, CYRILLIC + LATIN + FIGURES, CYRILLIC + " " * 6], ids=len)
def test_random_letters_name_a_station_in_less_than_one_reading_of_200(letters: str) -> None:
    rng = random.Random(20261121)
    readings = [
        ["".join(rng.choices(letters, k=rng.randint(3, 24))) for _ in range(rng.randint(1, 4))] for _ in range(1000)
    ]
    verdicts = [judge(reading) for reading in readings]
    assert sum(v.station is not None for v in verdicts) / len(verdicts) < 0.005
    assert sum(v.on_board is not None for v in verdicts) / len(verdicts) < 0.01


def test_the_verdict_does_not_depend_on_case_or_spaces() -> None:
    assert judge(["борт мкс"]) == judge(["БОРТ  МКС "]) == judge(["Борт", "МКС"])


def noisy(text: str, rng: random.Random, rate: float) -> str:
    """Random errors as OCR makes them: wrong letters mostly, lost and added ones now and then."""
    letters = CYRILLIC + LATIN + FIGURES
    out = []
    for c in text:
        draw = rng.random()
        if draw < rate * 0.6:
            out.append(rng.choice(letters))
        elif draw >= rate * 0.8:
            out.append(c)
            if draw > 1 - rate * 0.2:
                out.append(rng.choice(letters))
    return "".join(out)


def test_with_one_letter_in_ten_wrong_a_wrong_station_stays_rare() -> None:
    rng = random.Random(7)
    right = wrong = 0
    for _ in range(60):
        for texts, station in ABOARD:
            verdict = judge([noisy(text, rng, 0.1) for text in texts])
            right += verdict.station is station
            wrong += verdict.station is not None and verdict.station is not station
    total = 60 * len(ABOARD)
    assert right / total > 0.75
    assert wrong / total < 0.01


@pytest.mark.parametrize("line", ["TX 77058", "FL 32780", "IX 77058NOTSAPX"])
def test_a_state_with_its_postal_code_is_a_place_on_the_ground(line: str) -> None:
    verdict = judge([line])
    assert verdict.on_board is False
    assert judge(["БОРТ", line]).on_board is None


@pytest.mark.parametrize("line", ["77058", "ПОЧТА 120297", "МКС 12029715"])
def test_bare_figures_are_no_postal_code(line: str) -> None:
    assert judge([line]).on_board is not False
