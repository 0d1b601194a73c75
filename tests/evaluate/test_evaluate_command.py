import json

import numpy as np
import pytest
from PIL import Image

from postmark_id.cli import main
from postmark_id.errors import ExitCode
from postmark_id.models import Outcome, ScanReport

LABEL = {"schema_version": 1, "difficulty": 0.45, "marks": [], "flights": [], "outcome": "no-mark"}


def result(name, outcome):
    return {
        "schema_version": 1,
        "scan": {"path": f"covers/{name}", "frame": 0, "sha256": "", "width": 64, "height": 48, "dpi": None},
        "outcome": outcome,
        "marks": [],
        "dates": [],
        "flights": [],
        "warnings": [],
        "timings": {"ink": 0.5},
    }


@pytest.fixture
def covers(tmp_path):
    folder = tmp_path / "covers"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        Image.fromarray(np.full((48, 64, 3), 255, np.uint8)).save(folder / name)
        label = (folder / name).with_suffix(".json")
        label.write_text(json.dumps(LABEL | {"file": name}), encoding="utf-8")
    return folder


@pytest.fixture
def run_folder(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    lines = [json.dumps(result("a.png", "no-mark")), json.dumps(result("b.png", "date-unread"))]
    (folder / "results.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


class Reader:
    """Says of every scan that nothing is on it."""

    def __init__(self, settings, ocr):
        self.ocr = ocr

    def identify(self, scan):
        outcome = Outcome.NO_MARK
        return ScanReport(scan.path, scan.frame, scan.sha256, scan.width, scan.height, scan.dpi, outcome)


@pytest.fixture
def _reader(monkeypatch):
    monkeypatch.setattr("postmark_id.evaluate.run.Identifier", Reader)


def evaluate(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", *map(str, arguments)])
    shown = capsys.readouterr()
    return stop.value.code, shown.out, shown.err


def test_given_results_are_measured_without_running_anything(capsys, covers, run_folder):
    code, out, err = evaluate(capsys, covers, "--results", run_folder, "--format", "json")
    overall = json.loads(out)["overall"]
    assert (code, err) == (ExitCode.OK, "")
    assert overall["covers"] == 2
    assert overall["outcomes"] == {"no-mark -> date-unread": 1, "no-mark -> no-mark": 1}
    assert overall["mean_seconds"] == {"ink": 0.5}


def test_the_tables_go_to_stdout(capsys, covers, run_folder):
    code, out, _ = evaluate(capsys, covers, "--results", run_folder / "results.jsonl")
    assert code == ExitCode.OK
    assert ["nothing", "claimed", "1.000", "2/2"] in [line.split() for line in out.splitlines()]


def test_a_limit_takes_the_first_labels(capsys, covers, run_folder):
    _, out, _ = evaluate(capsys, covers, "--results", run_folder, "--limit", 1, "--format", "json")
    assert json.loads(out)["overall"]["outcomes"] == {"no-mark -> no-mark": 1}


@pytest.mark.usefixtures("_reader")
def test_without_results_the_pictures_are_read_and_their_results_can_be_kept(capsys, covers, tmp_path):
    kept = tmp_path / "kept.jsonl"
    code, out, _ = evaluate(capsys, covers, "--write", kept, "--format", "json")
    assert code == ExitCode.OK
    assert json.loads(out)["overall"]["outcomes"] == {"no-mark -> no-mark": 2}
    assert "scan" in json.loads(out)["overall"]["mean_seconds"]
    assert [json.loads(line)["outcome"] for line in kept.read_text().splitlines()] == ["no-mark", "no-mark"]
    _, again, _ = evaluate(capsys, covers, "--results", kept, "--format", "json")
    assert json.loads(again)["overall"]["outcomes"] == {"no-mark -> no-mark": 2}


@pytest.mark.usefixtures("_reader")
def test_kept_results_are_not_replaced_unless_asked(capsys, covers, tmp_path):
    kept = tmp_path / "kept.jsonl"
    kept.write_text("precious", encoding="utf-8")
    code, _, err = evaluate(capsys, covers, "--write", kept)
    assert code == ExitCode.REFUSED_OVERWRITE
    assert "kept.jsonl" in err
    assert kept.read_text() == "precious"
    code, _, _ = evaluate(capsys, covers, "--write", kept, "--overwrite")
    assert code == ExitCode.OK
    assert kept.read_text() != "precious"


@pytest.mark.usefixtures("_reader")
def test_a_picture_that_cannot_be_read_is_an_error_and_the_others_go_on(capsys, covers):
    (covers / "a.png").write_bytes(b"")
    code, out, err = evaluate(capsys, covers, "--format", "json")
    overall = json.loads(out)["overall"]
    assert code == ExitCode.OK
    assert overall["errors"] == ["a.png"]
    assert overall["outcomes"] == {"no-mark -> error": 1, "no-mark -> no-mark": 1}
    assert "a.png" in err


def test_drift_names_what_changed_since_another_run(capsys, covers, run_folder, tmp_path):
    before = tmp_path / "before.jsonl"
    before.write_text("\n".join(json.dumps(result(name, "no-mark")) for name in ("a.png", "b.png")), encoding="utf-8")
    arguments = (covers, "--results", run_folder, "--against", before)
    _, out, _ = evaluate(capsys, *arguments, "--format", "json")
    drift = json.loads(out)["drift"]
    assert (drift["compared"], drift["outcome"], drift["dates"]) == (2, 1, 0)
    assert drift["changes"] == [{"file": "b.png", "what": "outcome", "before": ["no-mark"], "after": ["date-unread"]}]
    _, text, _ = evaluate(capsys, *arguments)
    assert "b.png  outcome  no-mark  ->  date-unread" in text


def test_covers_that_only_one_run_knows_are_not_compared(capsys, covers, run_folder, tmp_path):
    before = tmp_path / "before.jsonl"
    before.write_text(json.dumps(result("a.png", "no-mark")), encoding="utf-8")
    _, out, _ = evaluate(capsys, covers, "--results", run_folder, "--against", before, "--format", "json")
    assert json.loads(out)["drift"]["compared"] == 1


def test_a_label_without_result_is_told(capsys, covers, tmp_path):
    partial = tmp_path / "partial.jsonl"
    partial.write_text(json.dumps(result("a.png", "no-mark")), encoding="utf-8")
    _, out, err = evaluate(capsys, covers, "--results", partial, "--format", "json")
    assert "b.png: no result" in err
    assert json.loads(out)["overall"]["errors"] == ["b.png"]


def test_keeping_results_that_were_given_makes_no_sense(capsys, covers, run_folder, tmp_path):
    code, _, err = evaluate(capsys, covers, "--results", run_folder, "--write", tmp_path / "x.jsonl")
    assert code == ExitCode.USAGE
    assert "--write" in err


def test_a_folder_without_labels_is_a_usage_error(capsys, tmp_path):
    code, _, err = evaluate(capsys, tmp_path)
    assert code == ExitCode.USAGE
    assert "no labels" in err
