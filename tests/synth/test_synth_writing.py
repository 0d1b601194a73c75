"""Dates as marks write them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from postmark_id.synth import writing

DAY = dt.date(1997, 2, 12)
ALL = sorted({*writing.BOARD, *writing.GROUND, *writing.AMERICAN, *writing.RUBBER_OLD, *writing.RUBBER_NEW})


@pytest.mark.parametrize("form", ALL)
def test_every_format_can_be_written_and_keeps_its_day(form):
    written = writing.write_date(DAY, form, np.random.default_rng(1))
    assert written.date == DAY
    assert "12" in written.text
    assert (written.hour is not None) == ("hh" in form)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("dd.mm.yy", "12.02.97"),
        ("dd mm yy", "12 02 97"),
        ("dd.mm.yyyy", "12.02.1997"),
        ("dd МЕСЯЦ yyyy", "12 ФЕВРАЛЯ 1997"),
        ("dd.ROMAN.yy", "12.II.97"),
        ("yyyy.mm.dd", "1997.02.12"),
        ("MONTH d, yyyy", "FEBRUARY 12, 1997"),
    ],
)
def test_formats_look_as_they_are_named(form, text):
    assert writing.write_date(DAY, form, np.random.default_rng(1)).text == text


def test_an_hour_stands_at_the_end():
    written = writing.write_date(DAY, "ddmmyyhh", np.random.default_rng(1))
    assert written.text == f"120297{written.hour:02d}"


def test_a_range_stays_within_its_month():
    for seed in range(20):
        written = writing.write_date(dt.date(1997, 2, 27), "dd-dd.mm.yyyy", np.random.default_rng(seed))
        assert written.text in {"27-28.02.1997", "27.02.1997"}
        assert ("-" in written.text) == (written.format == "dd-dd.mm.yyyy")


def test_the_usual_format_is_drawn_most():
    rng = np.random.default_rng(1)
    drawn = [writing.choose_format(writing.BOARD, rng) for _ in range(300)]
    assert max(set(drawn), key=drawn.count) == "dd.mm.yy"
