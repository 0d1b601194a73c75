"""Known words are spotted through misread letters, and nonsense is not."""

from dataclasses import replace

import numpy as np
import pytest

from postmark_id.dates.alphabet import SYMBOLS, fold
from postmark_id.dates.engines import Lattice
from postmark_id.dates.spotting import spot
from postmark_id.library.wordings import WORDINGS
from postmark_id.settings import SpottingSettings

SETTINGS = SpottingSettings()
WORDS = tuple(wording.text for wording in WORDINGS)


def lattice_of(text: str, rng: np.random.Generator, *, wrong: float = 0.0, sure: float = 0.85) -> Lattice:
    """A lattice that spells a text, a share of its letters with the right one as second choice only."""
    letters = [1 + SYMBOLS.index(c) for c in fold(text)]
    steps = []
    for letter in letters:
        step = rng.dirichlet(np.full(1 + len(SYMBOLS), 0.3)) * (1 - sure)
        first, second = letter, int(rng.integers(1, 1 + len(SYMBOLS)))
        if rng.random() < wrong:
            first, second = second, first
        step[first] += sure * 0.75
        step[second] += sure * 0.25
        blank = np.full(1 + len(SYMBOLS), 0.05 / len(SYMBOLS))
        blank[0] = 0.95
        steps += [step / step.sum(), blank]
    return np.array(steps, dtype=np.float32)


@pytest.mark.parametrize("word", ["БАЙКОНУР", "САЛЮТ-7", "МКС", "RUSSIAN SEGMENT", "АРКАЛЫК"])
def test_a_word_is_spotted_inside_a_longer_line(word: str) -> None:
    lattice = lattice_of(f"X0{word}*WQ", np.random.default_rng(1))
    assert spot([lattice], WORDS, SETTINGS)[0].word == word


@pytest.mark.parametrize("seed", range(8))
def test_a_word_is_spotted_with_a_third_of_its_letters_misread(seed: int) -> None:
    lattice = lattice_of("QZ БАЙКОНУР W", np.random.default_rng(seed), wrong=0.33)
    assert "БАЙКОНУР" in {found.word for found in spot([lattice], WORDS, SETTINGS)}


def test_random_letters_hardly_ever_make_a_word() -> None:
    rng = np.random.default_rng(5)
    letters = [c for c in SYMBOLS if c.isalpha()]
    false = 0
    for _ in range(60):
        text = "".join(rng.choice(letters, 18))
        false += any(len(found.word) > 4 for found in spot([lattice_of(text, rng)], WORDS, SETTINGS))
    assert false <= 1


def test_the_best_of_several_strips_counts() -> None:
    rng = np.random.default_rng(2)
    strips = [lattice_of("WQZJFW", rng), lattice_of("БАЙКОНУР", rng), np.zeros((0, 1 + len(SYMBOLS)), np.float32)]
    found = spot(strips, WORDS, SETTINGS)
    assert found[0].word == "БАЙКОНУР"
    assert found[0].cost == pytest.approx(0.0, abs=0.3)


def test_nothing_is_spotted_in_nothing() -> None:
    assert spot([], WORDS, SETTINGS) == []
    assert spot([np.zeros((0, 1 + len(SYMBOLS)), np.float32)], WORDS, SETTINGS) == []


def test_a_cheap_phrase_does_not_pay_for_a_word_that_is_not_there() -> None:
    found = {one.word for one in spot([lattice_of("NIX SPACE STATION", np.random.default_rng(4))], WORDS, SETTINGS)}
    assert "SPACE STATION" in found
    assert not any("MIR" in word for word in found)


def test_a_short_word_must_be_plain() -> None:
    lattice = lattice_of("ISK", np.random.default_rng(6), sure=1.0)
    lattice[4] = 0.0
    lattice[4, [1 + SYMBOLS.index("K"), 1 + SYMBOLS.index("S")]] = 0.9, 0.1
    assert "ISS" not in {one.word for one in spot([lattice], WORDS, SETTINGS)}
    assert "ISS" in {one.word for one in spot([lattice], WORDS, replace(SETTINGS, highest_cost_short=1.3))}


@pytest.mark.parametrize("short", ["МКС", "MIR"])
def test_a_short_word_that_is_read_plainly_is_no_echo_of_a_long_one_elsewhere(short: str) -> None:
    rng = np.random.default_rng(4)
    strips = [lattice_of("КОСМИЧЕСКАЯ ПОЧТА", rng, sure=0.98), lattice_of(short, rng)]
    assert {found.word for found in spot(strips, WORDS, SETTINGS)} == {"КОСМИЧЕСКАЯ ПОЧТА", short}
    strict = replace(SETTINGS, plain=-1.0)
    assert short not in {found.word for found in spot(strips, WORDS, strict)}


def test_of_words_that_lie_across_each_other_only_the_one_that_explains_more_is_spotted() -> None:
    lattice = lattice_of("КОСМИЧЕСКАЯ ПОЧТА", np.random.default_rng(3), wrong=0.15)
    across = {one.word for one in spot([lattice], ("КОСМИЧЕСКАЯ ПОЧТА", "ПОЧТАМТ", "ПОЧТА"), SETTINGS)}
    assert across == {"КОСМИЧЕСКАЯ ПОЧТА"}
    apart = lattice_of("КАЗАХСТАН ПОЧТАМТ", np.random.default_rng(3))
    assert {one.word for one in spot([apart], ("КАЗАХСТАН", "ПОЧТАМТ"), SETTINGS)} == {"КАЗАХСТАН", "ПОЧТАМТ"}


def spaced(line: str) -> Lattice:
    """A lattice that spells a line plainly, with as many steps to a letter as a strip has."""
    lattice = lattice_of(line, np.random.default_rng(3), sure=0.98)
    return np.repeat(lattice, [1, 4] * len(fold(line)), axis=0)


@pytest.mark.parametrize(("name", "line"), [("МИР", "ИТОМИР"), ("ISS", "RISSIA"), ("МИР", "МИРАЛ")])
def test_a_name_inside_another_word_is_none(name: str, line: str) -> None:
    assert name not in {one.word for one in spot([spaced(line)], (name,), SETTINGS)}
    assert name in {one.word for one in spot([spaced(line.replace(name, f" {name} "))], (name,), SETTINGS)}


@pytest.mark.parametrize("line", ["БОРТ МКС", "ТОС-МКС", "АЦИЯМКС", "МКССЕГМ", "SМКС"])
def test_a_name_beside_another_word_counts(line: str) -> None:
    assert "МКС" in {one.word for one in spot([spaced(line)], ("МКС", "СТАНЦИЯ", "СЕГМЕНТ"), SETTINGS)}
