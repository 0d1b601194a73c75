"""Every number here can be checked by hand on the covers built in the test."""

import dataclasses
import datetime as dt

import pytest

from postmark_id.evaluate import score
from postmark_id.evaluate.measure import judge
from postmark_id.evaluate.scores import Detection, Measures, total
from postmark_id.evaluate.truth import TrueDate, TrueFlight, TrueMark, Truth
from postmark_id.geometry import regular_polygon
from postmark_id.models import (
    BoardDate,
    DateCandidate,
    DateReading,
    EventKind,
    FlightMatch,
    Kind,
    Mark,
    Outcome,
    Outline,
    ScanReport,
    Shape,
    Station,
)
from postmark_id.settings import EvaluateSettings

DOCKING = dt.date(1997, 2, 12)
OTHER = dt.date(1996, 8, 19)
SETTINGS = EvaluateSettings()


def true_mark(shape=Shape.OCTAGON, at=(100.0, 100.0), *, rotation=0.0, date=None, legible=True, **fields):
    fields = {"on_board": True, "station": Station.MIR} | fields
    true_date = TrueDate(date, legible) if date else None
    outline = regular_polygon(at, 50.0, shape.sides, rotation)
    return TrueMark(shape, outline, rotation=rotation, date=true_date, **fields)


def mark(shape=Shape.OCTAGON, at=(100.0, 100.0), *, rotation=0.0, score=0.9, date=None, **fields):
    fields = {"on_board": True, "station": Station.MIR} | fields
    outline = Outline(shape, at, 50.0, rotation, regular_polygon(at, 50.0, shape.sides, rotation))
    reading = DateReading(date, 0.9, "") if date else None
    return Mark(Kind.UNKNOWN, outline, score, date=reading, **fields)


def board_date(date, score=0.9, alternatives=()):
    others = tuple(DateCandidate(other, 0.1) for other in alternatives)
    return BoardDate(DateReading(date, score, "", alternatives=others), 0)


def flight(name, date=DOCKING, score=0.9, event=EventKind.DOCKING):
    return FlightMatch(name, Station.MIR, event, f"{date}", date, 0, score)


def report(*marks, dates=(), flights=(), outcome=Outcome.IDENTIFIED, timings=None):
    return ScanReport(
        "a.jpg",
        0,
        "",
        500,
        300,
        None,
        outcome,
        tuple(marks),
        tuple(dates),
        tuple(flights),
        timings=timings or {},
    )


def truth(*marks, flights=(), outcome=Outcome.IDENTIFIED, difficulty=0.45):
    return Truth("a.jpg", tuple(marks), tuple(flights), outcome, difficulty)


def measure(true, found):
    return judge(true, found, SETTINGS)


def test_a_seal_in_its_place_is_a_hit_with_full_overlap():
    seals = measure(truth(true_mark()), report(mark())).seals
    assert (seals.hits, seals.false, seals.missed) == (1, 0, 0)
    assert seals.mean_iou == pytest.approx(1.0)
    assert (seals.precision, seals.recall, seals.f1) == (1.0, 1.0, 1.0)


def test_a_seal_of_the_wrong_shape_is_false_and_a_miss():
    seals = measure(truth(true_mark()), report(mark(Shape.PENTAGON))).seals
    assert (seals.hits, seals.false, seals.missed) == (0, 1, 1)


def test_a_seal_far_off_is_false_and_a_miss():
    seals = measure(truth(true_mark()), report(mark(at=(160.0, 100.0)))).seals
    assert (seals.hits, seals.false, seals.missed) == (0, 1, 1)


def test_the_better_scored_of_two_reports_of_one_seal_is_the_hit():
    seals = measure(truth(true_mark()), report(mark(score=0.5), mark(at=(110.0, 100.0), score=0.8))).seals
    assert (seals.hits, seals.false, seals.missed) == (1, 1, 0)
    assert seals.mean_iou < 0.9


def test_each_report_takes_the_seal_that_it_overlaps_most():
    near = truth(true_mark(), true_mark(at=(130.0, 100.0)))
    seals = measure(near, report(mark(at=(128.0, 100.0), score=0.9), mark(at=(98.0, 100.0), score=0.8))).seals
    assert seals.hits == 2
    assert min(seals.ious) > 0.9


def test_a_hardly_visible_seal_is_neither_hit_nor_miss():
    faint = truth(true_mark(visible=0.2))
    for found in (report(), report(mark()), report(mark(Shape.PENTAGON))):
        seals = measure(faint, found).seals
        assert (seals.hits, seals.false, seals.missed) == (0, 0, 0)


def test_precision_recall_and_f1_follow_from_the_counts():
    detection = Detection(hits=3, false=1, missed=2)
    assert detection.precision == pytest.approx(0.75)
    assert detection.recall == pytest.approx(0.6)
    assert detection.f1 == pytest.approx(2 / 3)


def test_a_rate_of_nothing_is_none():
    empty = Detection()
    assert (empty.precision, empty.recall, empty.f1, empty.mean_iou) == (None, None, None, None)


def test_a_polygon_from_the_ground_is_false_unless_the_report_says_so():
    rescue = truth(true_mark(Shape.PENTAGON, on_board=False), outcome=Outcome.NO_MARK)
    taken_in = measure(rescue, report(mark(Shape.PENTAGON, on_board=None)))
    assert (taken_in.seals.false, taken_in.negatives_false_seals) == (1, 1)
    assert measure(rescue, report(mark(Shape.PENTAGON, on_board=False))).seals.false == 0


@pytest.mark.parametrize(
    ("shape", "true", "found", "error"),
    [(Shape.OCTAGON, 10, 57, 2), (Shape.PENTAGON, 0, 70, 2), (Shape.PENTAGON, 5, 15, 10)],
)
def test_rotation_errors_are_taken_up_to_the_symmetry_of_the_shape(shape, true, found, error):
    seals = measure(truth(true_mark(shape, rotation=true)), report(mark(shape, rotation=found))).seals
    assert seals.median_rotation_error == pytest.approx(error)


def test_a_seal_lettered_upright_that_stands_on_a_corner_has_no_rotation_error():
    standing = dataclasses.replace(true_mark(Shape.PENTAGON, rotation=36.0), rotation=0.0)
    seals = measure(truth(standing), report(mark(Shape.PENTAGON, rotation=36.0))).seals
    assert seals.median_rotation_error == pytest.approx(0.0, abs=1e-6)
    assert seals.reading_errors == pytest.approx((36.0,))
    assert seals.share_upright(20.0) == 0.0


def test_the_reading_direction_counts_only_where_the_lettering_is_legible():
    both = truth(true_mark(rotation=350.0), true_mark(at=(300.0, 100.0), lettering_legible=False))
    seals = measure(both, report(mark(rotation=5.0), mark(at=(300.0, 100.0)))).seals
    assert seals.reading_errors == pytest.approx((15.0,))
    assert seals.share_upright(20.0) == 1.0


def test_stations_of_matched_seals_are_right_wrong_or_open():
    three = truth(*(true_mark(at=(x, 100.0)) for x in (100.0, 300.0, 500.0)))
    found = report(mark(), mark(at=(300.0, 100.0), station=Station.ISS), mark(at=(500.0, 100.0), station=None))
    tally = measure(three, found).seal_stations
    assert (tally.right, tally.wrong, tally.left_open) == (1, 1, 1)
    assert tally.share_right == pytest.approx(1 / 3)


def test_stations_of_seals_without_anything_legible_are_counted_apart():
    three = truth(
        true_mark(),
        true_mark(at=(300.0, 100.0), lettering_legible=False),
        true_mark(at=(500.0, 100.0), lettering_legible=False, date=DOCKING),
    )
    found = report(mark(), mark(at=(300.0, 100.0), station=None), mark(at=(500.0, 100.0)))
    measures = measure(three, found)
    assert (measures.seal_stations.right, measures.seal_stations.left_open) == (2, 1)
    assert (measures.legible_seal_stations.right, measures.legible_seal_stations.left_open) == (2, 0)


def test_board_postmarks_count_only_where_the_report_says_on_board():
    true = truth(
        true_mark(Shape.CIRCLE),
        true_mark(Shape.CIRCLE, (300.0, 100.0)),
        true_mark(Shape.CIRCLE, (500.0, 100.0), on_board=False),
    )
    found = report(
        mark(Shape.CIRCLE),
        mark(Shape.CIRCLE, (300.0, 100.0), on_board=None),
        mark(Shape.CIRCLE, (500.0, 100.0)),
    )
    measures = measure(true, found)
    board, every = measures.board_postmarks, measures.round_marks
    assert (board.hits, board.false, board.missed) == (1, 1, 1)
    assert (every.hits, every.false, every.missed) == (3, 0, 0)
    told = measures.board_or_ground
    assert (told.right, told.wrong, told.left_open) == (1, 1, 1)


def test_board_and_ground_are_told_apart_only_where_the_lettering_is_legible():
    unread = truth(true_mark(Shape.CIRCLE, lettering_legible=False))
    assert measure(unread, report(mark(Shape.CIRCLE))).board_or_ground.count == 0


def test_a_date_counts_once_however_many_marks_carry_it():
    twice = truth(true_mark(Shape.CIRCLE, date=DOCKING), true_mark(date=DOCKING))
    dates = measure(twice, report(dates=[board_date(DOCKING), board_date(DOCKING)])).dates
    assert (dates.legible, dates.read, dates.reported, dates.false) == (1, 1, 1, 0)


def test_a_true_date_among_the_alternatives_is_a_candidate_and_not_read():
    dates = measure(truth(true_mark(date=DOCKING)), report(dates=[board_date(OTHER, alternatives=[DOCKING])]))
    assert (dates.dates.read, dates.dates.among_candidates, dates.dates.false) == (0, 1, 1)


def test_a_true_date_that_is_illegible_is_not_wanted_and_not_false():
    hidden = truth(true_mark(date=DOCKING, legible=False))
    dates = measure(hidden, report(dates=[board_date(DOCKING)])).dates
    assert (dates.legible, dates.reported, dates.false) == (0, 1, 0)


def test_the_date_of_a_ground_cancel_reported_as_on_board_is_false():
    ground = truth(true_mark(Shape.CIRCLE, on_board=False, date=OTHER), true_mark(date=DOCKING))
    dates = measure(ground, report(dates=[board_date(DOCKING), board_date(OTHER)])).dates
    assert (dates.read, dates.false, dates.false_from_ground, dates.ground_read) == (1, 1, 1, 0)
    assert dates.precision == pytest.approx(0.5)


def test_the_date_of_a_ground_cancel_is_read_where_it_stays_with_its_mark():
    ground = truth(true_mark(Shape.CIRCLE, on_board=False, date=OTHER), outcome=Outcome.NO_MARK)
    found = report(mark(Shape.CIRCLE, on_board=False, date=OTHER), outcome=Outcome.NO_MARK)
    dates = measure(ground, found).dates
    assert (dates.ground_legible, dates.ground_read, dates.false) == (1, 1, 0)


TM25 = TrueFlight("Soyuz TM-25", EventKind.DOCKING, DOCKING)
TM24 = TrueFlight("Soyuz TM-24", EventKind.DOCKING, OTHER)


def flights_of(true_flights, found_flights):
    true = truth(true_mark(date=DOCKING), true_mark(date=OTHER), flights=true_flights)
    return measure(true, report(dates=[board_date(DOCKING)], flights=found_flights)).flights


def test_the_flight_named_first_is_top_one_and_the_third_is_top_three():
    wrong = [flight("Progress M-33", score=0.8), flight("Progress M-34", score=0.7)]
    first = flights_of([TM25], [*wrong, flight("Soyuz TM-25", score=0.9)])
    assert (first.covers, first.top1, first.top3, first.wrong) == (1, 1, 1, ())
    third = flights_of([TM25], [*wrong, flight("Soyuz TM-25", score=0.1)])
    assert (third.top1, third.top3, third.wrong) == (0, 1, ("a.jpg",))


def test_a_cover_with_two_dates_needs_both_flights():
    both = flights_of([TM25, TM24], [flight("Soyuz TM-25"), flight("Soyuz TM-24", OTHER)])
    assert (both.covers, both.top1, both.top3) == (1, 1, 1)
    one = flights_of([TM25, TM24], [flight("Soyuz TM-25")])
    assert (one.covers, one.top1, one.top3) == (1, 0, 0)


def test_two_flights_of_one_day_may_be_named_in_either_order():
    twin = TrueFlight("Soyuz TM-24", EventKind.UNDOCKING, DOCKING)
    named = [flight("Soyuz TM-24", score=0.9, event=EventKind.UNDOCKING), flight("Soyuz TM-25", score=0.8)]
    assert flights_of([TM25, twin], named).top1 == 1


def test_the_right_flight_with_the_wrong_event_is_told():
    counts = flights_of([TM25], [flight("Soyuz TM-25", event=EventKind.UNDOCKING)])
    assert (counts.top1, counts.events_right) == (1, 0)


@pytest.mark.parametrize(
    ("true", "found", "wrong"),
    [
        (truth(), report(), True),
        (truth(true_mark(on_board=False)), report(), True),
        (truth(true_mark(date=DOCKING), flights=[TM25]), report(dates=[board_date(OTHER)]), True),
        (truth(true_mark(date=DOCKING), outcome=Outcome.NO_EVENT), report(dates=[board_date(DOCKING)]), True),
        (
            truth(true_mark(date=DOCKING), flights=[TM25]),
            report(dates=[board_date(DOCKING)], flights=[flight("Mir EO-23")]),
            True,
        ),
        (
            truth(true_mark(date=DOCKING), flights=[TM25]),
            report(dates=[board_date(DOCKING)], flights=[flight("Soyuz TM-25")]),
            False,
        ),
        (
            truth(true_mark(date=DOCKING), flights=[TM25]),
            report(dates=[board_date(OTHER)], outcome=Outcome.AMBIGUOUS),
            False,
        ),
        (
            truth(true_mark(date=DOCKING, legible=False), outcome=Outcome.DATE_UNREAD),
            report(dates=[board_date(DOCKING)], flights=[flight("Soyuz TM-25")]),
            False,
        ),
    ],
)
def test_only_a_confident_answer_that_does_not_hold_is_wrong(true, found, wrong):
    assert measure(true, found).flights.wrong == (("a.jpg",) if wrong else ())


@pytest.mark.parametrize(
    ("found", "clean"),
    [
        (report(outcome=Outcome.NO_MARK), 1),
        (report(mark(Shape.CIRCLE, on_board=False), outcome=Outcome.DATE_UNREAD), 1),
        (report(mark(Shape.CIRCLE, on_board=True), outcome=Outcome.DATE_UNREAD), 0),
        (report(dates=[board_date(DOCKING)], outcome=Outcome.NO_EVENT), 0),
    ],
)
def test_a_negative_cover_is_clean_where_nothing_on_board_is_claimed(found, clean):
    measures = measure(truth(true_mark(Shape.CIRCLE, on_board=False), outcome=Outcome.NO_MARK), found)
    assert (measures.negatives, measures.negatives_clean) == (1, clean)


def test_a_scan_that_failed_is_an_error_and_its_seals_are_missed():
    measures = measure(truth(true_mark()), report(outcome=Outcome.ERROR))
    assert measures.errors == ("a.jpg",)
    assert measures.seals.missed == 1


def test_the_sum_of_covers_is_counted_field_by_field():
    one = measure(truth(true_mark(date=DOCKING)), report(mark(), timings={"scan": 0.25}))
    two = measure(truth(true_mark(date=DOCKING)), report(dates=[board_date(DOCKING)], timings={"scan": 0.75}))
    both = total([one, two])
    assert (both.covers, both.seals.hits, both.seals.missed) == (2, 1, 1)
    assert (both.dates.legible, both.dates.read) == (2, 1)
    assert both.date_scores == ((0.9, True),)
    assert both.mean_timings == {"scan": 0.5}


def test_covers_are_grouped_by_their_difficulty_from_easy_to_hard():
    scores = score([(truth(difficulty=d), report(outcome=Outcome.NO_MARK)) for d in (0.85, 0.15, 0.85)])
    assert [(name, m.covers) for name, m in scores.by_difficulty] == [("0.15", 1), ("0.85", 2)]
    assert scores.overall.covers == 3


def test_many_difficulties_are_shown_in_bands():
    pairs = [(truth(difficulty=k / 10), report(outcome=Outcome.NO_MARK)) for k in range(11)]
    groups = score(pairs).by_difficulty
    assert [(name, m.covers) for name, m in groups] == [("0-0.3", 3), ("0.3-0.6", 3), ("0.6-1", 5)]


def test_no_covers_give_empty_scores():
    assert score([]).overall == Measures()
