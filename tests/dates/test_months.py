"""Names of months: which month they mean, and in which language."""

import pytest

from postmark_id.dates.alphabet import fold
from postmark_id.dates.months import is_foreign


@pytest.mark.parametrize(
    "text", ["24 AVRIL 2023", "18. MÄRZ 2016", "2 MAI 1990", "12.DEZ.85", "3 AOÛT 1988", "31 GEN 1995", "19 MRT 80"]
)
def test_months_of_other_languages_are_told(text):
    assert is_foreign(fold(text))


@pytest.mark.parametrize(
    "text", ["24 APRIL 2023", "24 МАЙ 1994", "12 SEPT 1985", "5 ЯНВ 88", "12.02.97", "12.VIII.97", ""]
)
def test_english_and_russian_months_and_figures_are_not(text):
    assert not is_foreign(fold(text))
