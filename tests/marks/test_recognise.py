"""What follows when a mark is recognised: its name, its station, its upright and the place of its date."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from postmark_id.geometry import regular_polygon, turned_rectangle
from postmark_id.library import DateLine, ReferenceMark
from postmark_id.library.alignment import Pose, Strokes
from postmark_id.library.impression import SIDE, Impression
from postmark_id.library.lettering import judge
from postmark_id.library.reference import Recognition, Reference
from postmark_id.library.schema import Dated
from postmark_id.marks.recognise import in_keeping, line_of, named, quad_of, station_of, weight_aboard
from postmark_id.models import Kind, Mark, Outline, Shape, Station

OUTLINE = Outline(Shape.OCTAGON, (300.0, 200.0), 80.0, 0.0, regular_polygon((300.0, 200.0), 80.0, 8, 0.0))
BLANK = Strokes(Impression(np.zeros((SIDE, SIDE), np.float32), np.ones((SIDE, SIDE), np.float32), Shape.OCTAGON))
SEAL = ReferenceMark(
    "my-seal", "My seal", (Station.MIR,), Kind.SOUVENIR_SEAL, Shape.OCTAGON, Dated.NO, Path("nowhere")
)  # fmt: skip


def recognition(mark=SEAL, *, accepted=True, sure=True):
    pose = Pose(np.array([[1, 0, 0], [0, 1, 0]], np.float32), 0.7)
    return Recognition(BLANK, Reference(mark, BLANK), pose, 0.9, None, 0.0, accepted, sure, "looks like my-seal")


FOUND = Mark(Kind.STATION_SEAL, OUTLINE, 0.9, on_board=True, aboard_sure=False, reasons=("an octagon",))


def test_a_recognised_mark_takes_the_name_and_kind_of_its_reference_and_says_why():
    mark = named(FOUND, recognition())
    assert (mark.reference, mark.kind, mark.aboard_sure) == ("my-seal", Kind.SOUVENIR_SEAL, True)
    assert mark.reasons == ("an octagon", "looks like my-seal")


def test_none_of_these_changes_nothing():
    assert named(FOUND, None) is FOUND
    assert named(FOUND, recognition(accepted=False, sure=False)) is FOUND
    assert weight_aboard(recognition(accepted=False, sure=False), 5.0) == 0.0


def test_a_recognised_mark_speaks_for_its_place_of_striking():
    assert weight_aboard(recognition(), 5.0) == 5.0
    assert weight_aboard(recognition(sure=False), 5.0) == 2.5
    assert weight_aboard(recognition(replace(SEAL, kind=Kind.GROUND_CANCEL, stations=())), 5.0) == -5.0
    assert weight_aboard(recognition(replace(SEAL, kind=Kind.UNKNOWN)), 5.0) == 0.0


def test_only_a_sure_match_names_the_station_and_only_where_there_is_one():
    assert station_of(recognition()) is Station.MIR
    assert station_of(recognition(sure=False)) is None
    assert station_of(recognition(replace(SEAL, stations=(Station.MIR, Station.ISS)))) is None
    assert station_of(recognition(replace(SEAL, kind=Kind.GROUND_CANCEL))) is None


@pytest.mark.parametrize(
    ("words", "kept"),
    [(("ОРБИТАЛЬНЫЙ КОМПЛЕКС МИР",), True), ((), True), (("МКС", "ISS"), False), (("САЛЮТ-7",), False)],
)
def test_a_mark_whose_lettering_names_another_station_is_none_of_the_learned_ones(words, kept):
    found = in_keeping(recognition(), judge(words))
    assert found is not None
    assert found.accepted is kept
    assert ("but its lettering names" in found.reason) is not kept
    assert in_keeping(None, judge(words)) is None


def test_the_two_salyuts_are_told_apart_by_one_figure_and_no_reason_to_doubt_a_likeness():
    salyut = replace(SEAL, stations=(Station.SALYUT_7,))
    found = in_keeping(recognition(salyut), judge(["САЛЮТ-6"]))
    assert found is not None
    assert found.accepted


@pytest.mark.parametrize("turn", [0.0, 33.0, -140.0])
@pytest.mark.parametrize("shape", [Shape.PENTAGON, Shape.OCTAGON, Shape.CIRCLE])
def test_the_place_of_a_date_goes_with_its_mark(shape, turn):
    corners = regular_polygon((300.0, 200.0), 80.0, shape.sides, turn)
    outline = Outline(shape, (300.0, 200.0), 80.0, turn, corners)
    line = DateLine((0.1, 0.3), (0.8, 0.2), -3.0)
    again = line_of(quad_of(line, outline), outline)
    assert again.centre == pytest.approx(line.centre, abs=0.01)
    assert again.size == pytest.approx(line.size, abs=0.01)
    assert again.rotation == pytest.approx(line.rotation, abs=0.2)


def test_a_date_line_lies_where_the_lettering_stands_upright():
    quad = quad_of(DateLine((0.0, 0.5), (0.8, 0.2)), replace(OUTLINE, rotation=90.0))
    wanted = turned_rectangle((260.0, 200.0), 64.0, 16.0, 90.0)
    assert np.abs(np.array(quad) - np.array(wanted)).max() < 1.5
