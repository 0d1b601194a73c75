import itertools

import numpy as np
import pytest

from postmark_id.dates.alphabet import SYMBOLS, fold, spell
from postmark_id.dates.engines import Reading
from postmark_id.dates.lattice import search, spellings
from postmark_id.settings import DateSettings


def lattice_of(*steps: dict[str, float]) -> np.ndarray:
    """Rows of a lattice from the probabilities of symbols, ``""`` for the blank."""
    rows = np.zeros((len(steps), 1 + len(SYMBOLS)), np.float32)
    for row, step in zip(rows, steps, strict=True):
        for symbol, p in step.items():
            row[SYMBOLS.index(symbol) + 1 if symbol else 0] = p
    return rows


def by_all_paths(lattice: np.ndarray, symbols: str) -> dict[str, float]:
    """Probability of every text by adding up every path, as CTC is defined."""
    columns = [0, *(SYMBOLS.index(s) + 1 for s in symbols)]
    found: dict[str, float] = {}
    for path in itertools.product(columns, repeat=len(lattice)):
        p = float(np.prod([row[c] for row, c in zip(lattice, path, strict=True)]))
        text = "".join(SYMBOLS[c - 1] for c, before in zip(path, (0, *path), strict=False) if c and c != before)
        found[text] = found.get(text, 0.0) + p
    return found


def test_the_search_adds_up_all_paths_of_a_text() -> None:
    rng = np.random.default_rng(3)
    rows = []
    for _ in range(5):
        p = rng.dirichlet([1.0, 1.0, 1.0])
        rows.append({"": p[0], "1": p[1], "7": p[2]})
    lattice = lattice_of(*rows)
    truth = by_all_paths(lattice, "17")
    found = dict(search(lattice, width=200, floor=1e-9))
    assert found.keys() == truth.keys()
    for text, p in truth.items():
        assert found[text] == pytest.approx(p, abs=1e-6)


def test_twins_need_a_blank_between_them() -> None:
    found = dict(search(lattice_of({"1": 1.0}, {"1": 1.0}), width=8, floor=1e-3))
    assert found == {"1": pytest.approx(1.0)}
    found = dict(search(lattice_of({"1": 1.0}, {"": 1.0}, {"1": 1.0}), width=8, floor=1e-3))
    assert found == {"11": pytest.approx(1.0)}


def test_spellings_are_sorted_and_bounded() -> None:
    doubt = {"3": 0.4, "8": 0.35, "5": 0.25}
    reading = Reading("333333", 0.4, lattice=lattice_of(*[doubt, {"": 1.0}] * 6))
    found = spellings(reading, DateSettings(spellings=10))
    assert len(found) == 10
    assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)
    assert found[0][0] == "333333"


def test_without_a_lattice_doubts_become_the_usual_confusions() -> None:
    found = dict(spellings(Reading("18", 0.7, (("1", 1.0), ("8", 0.6))), DateSettings()))
    assert found["18"] == pytest.approx(0.6)
    assert max((t for t in found if t != "18"), key=lambda t: found[t]) == "13"
    assert sum(found.values()) < 1.0


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Москва", "MOCKBA"),
        ("МИР", "MИP"),
        ("août", "AOUT"),
        ("12·02–97", "12.02-97"),
        ("Ёлка", "EЛKA"),
        ("日", " "),
        ("1?|", "1?|"),
    ],
)
def test_folding_joins_scripts_and_drops_accents(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("folded", "spelled"),
    [
        ("MИP CAЛЮT-7 HOUSTON", "МИР САЛЮТ-7 HOUSTON"),
        ("БOPT MKC", "БОРТ МКС"),
        ("MKC", "MKC"),
        ("MIR STATION", "MIR STATION"),
        ("", ""),
    ],
)
def test_spelling_puts_text_back_into_cyrillic_where_a_letter_tells(folded: str, spelled: str) -> None:
    assert spell(folded) == spelled
    assert fold(spelled) == folded


def test_spellings_that_differ_in_their_separators_only_are_one() -> None:
    unsure = {" ": 0.3, ".": 0.3, "-": 0.2, "": 0.2}
    found = search(lattice_of(unsure, {"1": 1.0}, unsure, {"7": 1.0}, unsure), width=16, floor=1e-3)
    assert sum(p for _, p in found) == pytest.approx(1.0, abs=1e-5)
    assert {text.replace(".", " ") for text, _ in found} == {"1 7", "17"}
    assert found[0][1] == pytest.approx(0.8, abs=1e-5)


def worn(text: str, doubts: dict[int, str]) -> Reading:
    """A reading of a text in which other letters look likelier at some places."""
    steps = [{doubts[k]: 0.6, c: 0.4} if k in doubts else {c: 1.0} for k, c in enumerate(text)]
    lattice = lattice_of(*[row for step in steps for row in (step, {"": 1.0})])
    return Reading("".join(doubts.get(k, c) for k, c in enumerate(text)), 0.8, lattice=lattice)


def test_a_worn_name_of_a_month_is_known_by_its_other_letters() -> None:
    found = spellings(worn("29 CEHTЯБPЯ 1990", {4: "L", 5: "E", 7: "A", 10: "R"}), DateSettings())
    assert found[0][0] == "29 CEHTЯБPЯ 1990"
    assert found[0][1] > 0.5


def test_a_letter_that_decides_between_two_months_leaves_both_open() -> None:
    found = dict(spellings(worn("07 JUN 1991", {5: "L"}), DateSettings()))
    assert found["07 JUL 1991"] > found["07 JUN 1991"] > 0.1


def test_letters_that_are_no_month_stay_as_they_are() -> None:
    found = spellings(worn("17 HOUSTON 77058", {}), DateSettings())
    assert found[0][0] == "17 HOUSTON 77058"


def test_no_name_is_laid_along_a_numeral() -> None:
    month = [{"I": 0.9, "J": 0.03}, {"": 0.97, "U": 0.03}, {"I": 0.9, "L": 0.03}]
    lattice = lattice_of({"6": 1.0}, {"1": 1.0}, {" ": 1.0}, *month, {" ": 1.0}, {"2": 1.0}, {"4": 1.0})
    found = spellings(Reading("61 II 24", 0.9, lattice=lattice), DateSettings())
    assert found[0][0] == "61 II 24"
    assert not any("JUL" in text for text, _ in found)


def test_steps_over_which_the_outer_letters_of_a_name_go_on_belong_to_it() -> None:
    steps = [{"": 1.0} if c == "_" else {c: 0.98, "": 0.02} for c in "AAUUGG_ _1_6_ 1_9_8_3"]
    reading = Reading("AUG 16 1983", 1.0, lattice=lattice_of(*steps))
    text, probability = spellings(reading, DateSettings())[0]
    assert text == "AUG 16 1983"
    assert probability > 0.7
