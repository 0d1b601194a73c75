"""Fixed designs: the same rubber again and again, and twins that differ in one part."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from postmark_id.models import Shape, Station
from postmark_id.synth.covers import render_plan
from postmark_id.synth.designs import Design, draw_design
from postmark_id.synth.plan import Plan, Wanted
from postmark_id.synth.writing import write_date

SCALE = 8.0
DESIGN = Design("mine", Shape.PENTAGON, Station.MIR, 31)


def drawn(design):
    return draw_design(design, SCALE).sheet.ink


@pytest.mark.parametrize("shape", [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE])
def test_a_design_always_looks_the_same(shape):
    design = replace(DESIGN, shape=shape)
    assert np.array_equal(drawn(design), drawn(design))
    assert not np.array_equal(drawn(design), drawn(replace(design, seed=32)))


@pytest.mark.parametrize("change", [{"motif": 1}, {"lower": 1}])
def test_twins_differ_in_one_part_only(change):
    one, other = drawn(DESIGN), drawn(replace(DESIGN, **change))
    differs = (one != other).mean()
    assert 0.0 < differs < 0.5 * (one > 0).mean()


def test_two_dates_change_nothing_but_the_date_line():
    design = replace(DESIGN, dated=True)
    rng = np.random.default_rng(3)
    marks = [draw_design(design, SCALE, write_date(dt.date(1997, 2, d), "dd.mm.yy", rng)) for d in (11, 25)]
    rows = np.flatnonzero((marks[0].sheet.ink != marks[1].sheet.ink).any(axis=1))
    line = [marks[0].sheet.pixel(p)[1] for p in marks[0].date_line.quad]
    assert len(rows)
    assert min(line) - 4 <= rows.min()
    assert rows.max() <= max(line) + 4


def test_a_cover_says_which_design_was_struck():
    plan = Plan("design", (Wanted("design", DESIGN.station, DESIGN.shape, design=DESIGN),))
    label = render_plan(plan, 5, 0.2, dpi=150).label
    assert [(m["design"], m["shape"], m["reference"]) for m in label["marks"]] == [("mine", "pentagon", None)]
