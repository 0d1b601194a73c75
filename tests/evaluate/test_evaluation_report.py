import json

import pytest

from postmark_id.evaluate import to_json, to_text
from postmark_id.evaluate.report import reliability
from postmark_id.evaluate.scores import DateCounts, Detection, FlightCounts, Measures, Scores, Tally
from postmark_id.settings import EvaluateSettings

MEASURES = Measures(
    covers=4,
    errors=("broken.jpg",),
    negatives=2,
    negatives_clean=1,
    negatives_false_seals=1,
    seals=Detection(3, 1, 2, (0.9, 0.8, 0.7), (1.0, 2.0, 9.0)),
    seal_stations=Tally(2, 1, 0),
    dates=DateCounts(legible=4, read=3, among_candidates=4, reported=5, false=2, false_from_ground=1),
    flights=FlightCounts(covers=2, top1=1, top3=2, events_right=1, identified=2, wrong=("bad.jpg",)),
    outcomes=(("identified", "identified"), ("identified", "ambiguous"), ("no-mark", "no-mark")),
    date_scores=((0.4, False), (0.96, True), (0.98, True), (1.0, False)),
    timings=(("scan", 0.1), ("marks", 0.2), ("scan", 0.3)),
)


def test_the_document_gives_counts_and_rates():
    overall = to_json(Scores(MEASURES, (("0.45", MEASURES),)))["overall"]
    assert overall["seals"]["precision"] == 0.75
    assert overall["seals"]["recall"] == 0.6
    assert overall["seals"]["f1"] == 0.6667
    assert overall["seals"]["false_per_cover"] == 0.25
    assert overall["seals"]["median_iou"] == 0.8
    assert overall["seals"]["median_rotation_error"] == 2.0
    assert overall["seals"]["mean_rotation_error"] == 4.0
    assert overall["dates"]["recall"] == 0.75
    assert overall["dates"]["false_per_cover"] == 0.5
    assert overall["flights"]["identified_wrong"] == 1
    assert overall["flights"]["identified_wrong_files"] == ["bad.jpg"]
    assert overall["negatives"]["share_clean"] == 0.5
    assert overall["outcomes"]["identified -> ambiguous"] == 1
    assert overall["mean_seconds"] == {"scan": 0.2, "marks": 0.2}
    assert overall["errors"] == ["broken.jpg"]


def test_the_document_of_nothing_is_valid_json_without_nan():
    document = to_json(Scores(Measures()))
    assert document["overall"]["seals"]["precision"] is None
    json.dumps(document, allow_nan=False)


def test_scores_of_dates_are_compared_with_the_share_that_is_right():
    low, high = reliability(MEASURES, EvaluateSettings(score_edges=(0.5, 0.95)))
    assert (low["from"], low["to"], low["dates"], low["share_right"]) == (0.0, 0.5, 1, 0.0)
    assert (high["from"], high["to"], high["dates"]) == (0.95, 1.0, 3)
    assert high["mean_score"] == pytest.approx(0.98)
    assert high["share_right"] == pytest.approx(0.6667)


def test_the_tables_show_a_column_for_each_difficulty_and_what_a_share_is_a_share_of():
    text = to_text(Scores(MEASURES, (("0.15", MEASURES), ("0.85", Measures(covers=1)))))
    head = text.splitlines()[0].split()
    assert head == ["difficulty", "all", "0.15", "0.85"]
    precision = next(line for line in text.splitlines() if line.startswith("  precision"))
    assert precision.split() == ["precision", "0.750", "3/4", "0.750", "3/4", "-"]
    assert "wrong among identified:\n  bad.jpg\n" in text
    assert "errors:\n  broken.jpg\n" in text


def test_a_single_difficulty_needs_no_column_of_its_own():
    assert to_text(Scores(MEASURES, (("0.45", MEASURES),))).splitlines()[0].split() == ["difficulty", "all"]


def test_outcomes_stand_in_a_table_of_label_against_result():
    rows = [line.split() for line in to_text(Scores(MEASURES)).splitlines()]
    start = next(i for i, row in enumerate(rows) if row[:1] == ["label"])
    assert rows[start] == ["label", "\\", "result", "identified", "ambiguous", "no-mark"]
    assert rows[start + 2] == ["identified", "1", "1", "."]
    assert rows[start + 3] == ["no-mark", ".", ".", "1"]
