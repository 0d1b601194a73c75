"""Documents have the keys, order and types of the contract, and survive whatever text comes."""

import json
import math
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
from example_reports import MARK, REPORT
from hypothesis import given, settings
from hypothesis import strategies as st

from postmark_id.models import Expectation, Outcome, ScanReport
from postmark_id.outputs.contract import SCHEMA, dumps, report_json

VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_a_full_report_has_the_keys_of_the_contract_in_their_order():
    document = report_json(REPORT)
    VALIDATOR.validate(document)
    assert list(document) == [
        "schema_version", "tool", "scan", "outcome", "marks", "dates", "flights", "warnings", "timings", "story",
    ]  # fmt: skip
    assert list(document["scan"]) == ["path", "frame", "sha256", "width", "height", "dpi"]
    assert list(document["marks"][0]) == [
        "kind", "shape", "station", "on_board", "reference", "score", "box", "outline", "rotation", "ink", "text",
        "date", "reasons",
    ]  # fmt: skip
    assert list(document["dates"][0])[:7] == ["date", "score", "text", "mark", "place", "alternatives", "aboard"]
    assert list(document["flights"][0]) == [
        "flight", "station", "event", "event_time", "date", "days_off", "score", "reasons",
    ]  # fmt: skip


def test_values_are_those_of_the_contract():
    document = report_json(REPORT)
    mark = document["marks"][0]
    assert (mark["kind"], mark["shape"], mark["station"], mark["on_board"]) == (
        "board-postmark",
        "octagon",
        "Mir",
        True,
    )
    assert (mark["score"], mark["rotation"], len(mark["outline"])) == (0.93, 22.5, 8)
    assert document["scan"]["dpi"] == 300
    assert dumps(document["scan"]["dpi"]) == "300"
    assert document["dates"][0] == {
        "date": "1997-02-12", "score": 0.971, "text": "12.02.97", "mark": 0, "place": "inside",
        "alternatives": [{"date": "1997-02-13", "score": 0.2}], "aboard": ["Korzun", "Kaleri"],
        "hour": 15, "until": "1997-02-13", "engine": "rapidocr",
        "quad": [[1.0, 2.0], [3.0, 2.0], [3.0, 4.0], [1.0, 4.0]],
    }  # fmt: skip
    assert document["marks"][1]["date"] is None
    assert document["timings"] == {"scan": 0.1235}


def test_only_where_a_flight_is_expected_is_it_answered():
    assert "expectation" not in report_json(REPORT)
    document = report_json(replace(REPORT, expectation=Expectation("STS-81", "can't tell", "No date was read.")))
    VALIDATOR.validate(document)
    assert document["expectation"] == {"flight": "STS-81", "answer": "can't tell", "reason": "No date was read."}
    document["expectation"]["answer"] = "maybe"
    assert not VALIDATOR.is_valid(document)


def test_only_a_mark_of_the_back_names_its_side():
    front, back = report_json(replace(REPORT, marks=(MARK, replace(MARK, side="back"))))["marks"]
    assert "side" not in front
    assert back["side"] == "back"


def test_an_empty_report_and_an_error_are_valid_and_only_the_error_has_one():
    empty = report_json(ScanReport("a", 1, "", 0, 0, None, Outcome.NO_MARK))
    failed = report_json(ScanReport("a", 0, "", 0, 0, None, Outcome.ERROR, error=("empty-file", "a: empty", "rescan")))
    VALIDATOR.validate(empty)
    VALIDATOR.validate(failed)
    assert "error" not in empty
    assert failed["error"] == {"code": "empty-file", "message": "a: empty", "hint": "rescan"}
    del failed["error"]
    assert not VALIDATOR.is_valid(failed)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.update(outcome="certain"),
        lambda d: d["marks"][0].update(shape="hexagon"),
        lambda d: d["marks"][0].pop("reference"),
        lambda d: d["dates"][0].update(date="12.02.97"),
        lambda d: d["flights"][0].update(event_time="1997-02-12 15:51"),
        lambda d: d["marks"][0].update(score=1.2),
        lambda d: d.pop("sha256", d["scan"].pop("sha256")),
    ],
)
def test_the_schema_refuses_what_the_contract_forbids(spoil):
    document = report_json(REPORT)
    spoil(document)
    assert not VALIDATOR.is_valid(document)


def test_the_schema_itself_is_valid():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_numbers_of_numpy_and_negative_zero_come_out_plain():
    outline = replace(MARK.outline, points=((np.float32(-0.01), np.float64(2.26)), (9, 9), (0, 9)), rotation=-0.02)
    mark = report_json(replace(REPORT, marks=(replace(MARK, outline=outline, score=np.float32(0.5)),)))["marks"][0]
    assert dumps([mark["outline"][0], mark["rotation"], mark["score"]]) == "[[0.0, 2.3], 0.0, 0.5]"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_json_does_not_have_is_never_written(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps(report_json(replace(REPORT, marks=(replace(MARK, score=value),))))


@settings(deadline=None)
@given(st.text(st.characters(), max_size=40))
def test_any_text_survives_the_round_trip_as_utf8(text):
    name = text + "\udcff"
    line = dumps(report_json(replace(REPORT, path=name, story=(name,))))
    assert "\n" not in line
    found = json.loads(line.encode("utf-8"))
    # Two lone halves that happen to stand side by side are one letter to a JSON reader.
    assert found["scan"]["path"] == name.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
