import copy
import datetime as dt
import json

import pytest

from postmark_id.errors import UsageError
from postmark_id.evaluate.results import pair, read_results, report_from_json
from postmark_id.evaluate.truth import Truth
from postmark_id.models import EventKind, Outcome, Shape, Station

DOCUMENT = {
    "schema_version": 1,
    "tool": {"name": "postmark-id", "version": "0.1.0"},
    "scan": {"path": "covers/a.jpg", "frame": 0, "sha256": "00", "width": 900, "height": 600, "dpi": None},
    "outcome": "identified",
    "marks": [
        {
            "kind": "board-postmark",
            "shape": "circle",
            "station": "Mir",
            "on_board": None,
            "reference": None,
            "score": 0.8,
            "box": [10, 10, 80, 80],
            "outline": [[10, 10], [90, 10], [90, 90], [10, 90]],
            "rotation": 3.0,
            "ink": "blue",
            "text": ["МИР"],
            "date": None,
            "reasons": [],
        }
    ],
    "dates": [
        {
            "date": "1997-02-12",
            "score": 0.97,
            "text": "12.02.97",
            "mark": 0,
            "place": "beside",
            "alternatives": [{"date": "1997-02-17", "score": 0.1}],
            "aboard": ["Korzun"],
        }
    ],
    "flights": [
        {
            "flight": "Soyuz TM-25",
            "station": "Mir",
            "event": "docking",
            "event_time": "1997-02-12T15:51Z",
            "date": "1997-02-12",
            "days_off": 0,
            "score": 0.9,
            "reasons": [],
        }
    ],
    "warnings": [{"code": "w", "message": "m"}],
    "timings": {"scan": 0.1},
}


def document(path="covers/a.jpg", frame=0):
    copied = copy.deepcopy(DOCUMENT)
    copied["scan"] |= {"path": path, "frame": frame}
    return copied


def test_a_document_of_the_contract_becomes_a_report():
    report = report_from_json(DOCUMENT)
    assert (report.path, report.outcome, report.timings) == (
        "covers/a.jpg",
        Outcome.IDENTIFIED,
        {"scan": 0.1},
    )
    (mark,) = report.marks
    assert (mark.shape, mark.station, mark.on_board) == (Shape.CIRCLE, Station.MIR, None)
    assert mark.outline.centre == (50.0, 50.0)
    (date,) = report.dates
    assert date.reading.alternatives[0].date == dt.date(1997, 2, 17)
    assert report.flights[0].event is EventKind.DOCKING


def test_an_error_of_the_contract_becomes_a_report():
    failed = document() | {
        "outcome": "error",
        "error": {"code": "truncated", "message": "cut off", "hint": "scan again"},
    }
    assert report_from_json(failed).error == ("truncated", "cut off", "scan again")


def test_results_are_read_from_a_file_and_from_the_folder_of_a_run(tmp_path):
    file = tmp_path / "results.jsonl"
    file.write_text(json.dumps(document()) + "\n\n" + json.dumps(document("b.jpg")) + "\n", encoding="utf-8")
    assert [r.path for r in read_results(file)] == ["covers/a.jpg", "b.jpg"]
    assert read_results(tmp_path) == read_results(file)


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"outcome": "identified"}'])
def test_a_line_that_is_no_result_is_named(tmp_path, line):
    file = tmp_path / "results.jsonl"
    file.write_text(json.dumps(document()) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"results\.jsonl:2: not a result"):
        read_results(file)


def test_a_folder_without_results_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"results\.jsonl: can't be read"):
        read_results(tmp_path)


def paired(files, *paths):
    reports = [report_from_json(document(path)) for path in paths]
    return [report.path for _, report in pair([Truth(file) for file in files], reports)]


def test_a_result_meets_its_label_by_the_end_of_its_path():
    assert paired(["x/a.jpg", "y/a.jpg"], "/old/y/a.jpg", "/old/x/a.jpg") == ["/old/x/a.jpg", "/old/y/a.jpg"]


def test_windows_paths_meet_their_labels():
    assert paired(["x/a.jpg"], "C:\\scans\\x\\a.jpg", "C:\\scans\\y\\a.jpg") == ["C:\\scans\\x\\a.jpg"]


def test_the_only_file_of_a_name_serves_from_wherever_it_comes():
    assert paired(["x/a.jpg"], "elsewhere/a.jpg") == ["elsewhere/a.jpg"]


def test_a_label_without_result_gets_an_error():
    ((_, report),) = pair([Truth("x/a.jpg")], [])
    assert report.outcome is Outcome.ERROR
    assert report.error is not None
    assert report.error[0] == "missing"


def test_later_frames_of_a_file_are_not_measured():
    reports = [report_from_json(document("a.jpg", frame)) for frame in (1, 0)]
    ((_, report),) = pair([Truth("a.jpg")], reports)
    assert report.frame == 0
