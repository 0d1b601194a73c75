"""Rendered covers: the seed decides, the label is valid, the truth sits on the ink."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from postmark_id.errors import UsageError
from postmark_id.models import Kind, Outcome, Shape, Station
from postmark_id.synth import covers, plan

DPI = 100


@pytest.fixture(scope="module")
def shelf():
    return [covers.render_cover(seed, (0.15, 0.45, 0.85)[seed % 3], dpi=DPI) for seed in range(12)]


def test_the_same_seed_gives_the_same_bytes():
    one, two = (covers.render_cover(11, 0.5, dpi=DPI) for _ in range(2))
    assert one.pixels.tobytes() == two.pixels.tobytes()
    assert one.label == two.label


def test_no_two_covers_are_alike(shelf):
    assert len({c.pixels.tobytes() for c in shelf}) == len(shelf)


def test_pixels_are_rgb_bytes_and_the_label_knows_their_size(shelf):
    for cover in shelf:
        assert cover.pixels.dtype == np.uint8
        assert cover.pixels.shape == (cover.label["height"], cover.label["width"], 3)
        assert cover.pixels.std() > 3
        assert cover.label["dpi"] == cover.dpi == DPI


def test_a_label_survives_json(shelf):
    for cover in shelf:
        assert json.loads(json.dumps(cover.label)) == cover.label


def test_labels_use_the_words_of_the_contract(shelf):
    for cover in shelf:
        label = cover.label
        assert label["schema_version"] == 1
        Outcome(label["outcome"])
        for mark in label["marks"]:
            Kind(mark["kind"])
            shape = Shape(mark["shape"])
            assert mark["station"] is None or Station(mark["station"])
            if shape is not Shape.OTHER:
                assert len(mark["outline"]) == (shape.sides or 36)
            assert 0.0 <= mark["visible"] <= 1.0
            x, y, w, h = mark["box"]
            assert all(x <= px <= x + w and y <= py <= y + h for px, py in mark["outline"])
            if mark["date"] is not None:
                dt.date.fromisoformat(mark["date"]["date"])
                assert len(mark["date"]["quad"]) == 4
                assert mark["date"]["place"] in {"inside", "beside"}


def test_flights_follow_from_the_legible_dates_on_board(shelf):
    for cover in shelf:
        dates = {
            m["date"]["date"] for m in cover.label["marks"] if m["on_board"] and m["date"] and m["date"]["legible"]
        }
        assert {f["date"] for f in cover.label["flights"]} <= dates
        if not any(m["on_board"] for m in cover.label["marks"]):
            assert cover.label["outcome"] == "no-mark"
        elif not dates:
            assert cover.label["outcome"] == "date-unread"


def test_ink_of_a_clean_date_is_darker_than_the_paper_around_its_quad():
    for seed in range(3):
        wanted = plan.Wanted("postmark", Station.MIR, date=dt.date(1997, 2, 12), form="dd.mm.yy", ink="black")
        cover = covers.render_plan(plan.Plan("test", (wanted,)), seed, 0.05, dpi=150)
        date = cover.label["marks"][0]["date"]
        if not date["legible"]:
            continue
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = date["quad"]
        t = np.linspace(0.02, 0.98, 60)
        rows = []
        for v in (-0.12, 0.2, 0.4, 0.6, 0.8, 1.12):
            left, right = (x0 + (x3 - x0) * v, y0 + (y3 - y0) * v), (x1 + (x2 - x1) * v, y1 + (y2 - y1) * v)
            xs = np.round(left[0] + (right[0] - left[0]) * t).astype(int)
            ys = np.round(left[1] + (right[1] - left[1]) * t).astype(int)
            rows.append(float(cover.pixels[ys, xs].mean()))
        assert np.mean(rows[1:5]) < np.mean([rows[0], rows[-1]])


@pytest.mark.parametrize("scenario", plan.SCENARIOS)
def test_a_scenario_can_be_forced(scenario):
    label = covers.render_cover(7, 0.1, dpi=DPI, scenario=scenario).label
    aboard = [m for m in label["marks"] if m["on_board"]]
    assert label["scenario"] == scenario
    assert bool(aboard) == (scenario not in {"negative", "ground-only"})
    if scenario == "undated":
        assert all(m["date"] is None for m in aboard)
    if scenario == "date-beside":
        assert any(m["date"] and m["date"]["place"] == "beside" for m in aboard)
    if scenario == "dated-seal":
        assert any(m["date"] and m["shape"] in {"pentagon", "octagon"} for m in aboard)
    if scenario == "several-dates":
        assert len({m["date"]["date"] for m in aboard if m["date"]}) > 1


def test_an_unknown_scenario_is_refused_with_the_list():
    with pytest.raises(UsageError) as caught:
        covers.render_cover(1, scenario="parcel")
    assert "negative" in caught.value.hint


def test_a_mark_that_needs_a_date_says_so():
    with pytest.raises(ValueError, match="needs a date"):
        covers.render_plan(plan.Plan("test", (plan.Wanted("postmark", Station.MIR),)), 1, dpi=DPI)


def test_legibility_and_visibility_fall_with_difficulty_in_the_mean():
    wanted = (
        plan.Wanted("seal", Station.MIR, Shape.OCTAGON),
        plan.Wanted("postmark", Station.MIR, date=dt.date(1997, 2, 12), form="dd.mm.yy"),
    )
    legible, visible = [], []
    for difficulty in (0.1, 0.9):
        marks = [
            m
            for seed in range(7)
            for m in covers.render_plan(plan.Plan("test", wanted), seed, difficulty, dpi=110).label["marks"]
        ]
        legible.append(np.mean([m["date"]["legible"] for m in marks if m["date"]]))
        visible.append(np.mean([m["visible"] for m in marks]))
    assert legible[0] > legible[1] + 0.3
    assert visible[0] > visible[1] + 0.1
    assert visible[0] > 0.9


def test_jpeg_changes_the_pixels_but_not_the_marks():
    with_jpeg = covers.render_cover(3, 0.4, dpi=DPI)
    without = covers.render_cover(3, 0.4, dpi=DPI, jpeg=False)
    assert not np.array_equal(with_jpeg.pixels, without.pixels)
    assert [m["outline"] for m in with_jpeg.label["marks"]] == [m["outline"] for m in without.label["marks"]]


def test_resolution_is_drawn_where_it_is_not_given():
    cover = covers.render_cover(5, 0.2, scenario="negative")
    assert cover.dpi in {150, 200, 240, 300, 400, 600}
    assert cover.label["dpi"] == cover.dpi


def test_about_a_fifth_of_the_plans_have_no_on_board_mark():
    rng = np.random.default_rng(5)
    plans = [plan.make_plan(plan.choose_scenario(rng), rng) for _ in range(400)]
    empty = sum(not any(w.on_board for w in p.wanted) for p in plans)
    assert 0.12 < empty / len(plans) < 0.25
