import datetime as dt
import json
import re
from pathlib import Path

import pytest

from postmark_id.errors import UsageError
from postmark_id.evaluate.truth import read_labels
from postmark_id.models import EventKind, Outcome, Shape, Station

LABEL = {
    "schema_version": 1,
    "file": "cover.jpg",
    "seed": 17,
    "difficulty": 0.45,
    "dpi": 300,
    "width": 900,
    "height": 600,
    "marks": [
        {
            "kind": "board-postmark",
            "shape": "circle",
            "station": "Mir",
            "on_board": True,
            "reference": None,
            "design": "double ring",
            "outline": [[10, 10], [90, 10], [90, 90], [10, 90]],
            "box": [10, 10, 80, 80],
            "rotation": 12.5,
            "ink": "blue",
            "lettering": ["МИР"],
            "lettering_legible": False,
            "visible": 0.8,
            "date": {
                "date": "1997-02-12",
                "text": "12.02.97",
                "format": "dd.mm.yy",
                "hour": None,
                "legible": True,
                "place": "inside",
                "quad": [[20, 40], [80, 40], [80, 60], [20, 60]],
            },
        }
    ],
    "traps": [],
    "stamps": [],
    "flights": [{"flight": "Soyuz TM-25", "event": "docking", "date": "1997-02-12"}],
    "outcome": "identified",
}


def write(folder, name, label):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(label), encoding="utf-8")


def test_a_label_keeps_what_is_measured(tmp_path):
    write(tmp_path, "cover.json", LABEL)
    (truth,) = read_labels(tmp_path)
    (mark,) = truth.marks
    assert (truth.file, truth.difficulty, truth.outcome) == ("cover.jpg", 0.45, Outcome.IDENTIFIED)
    assert (mark.shape, mark.station, mark.on_board) == (Shape.CIRCLE, Station.MIR, True)
    assert (mark.rotation, mark.visible, mark.lettering_legible) == (12.5, 0.8, False)
    assert mark.outline[1] == (90.0, 10.0)
    assert mark.date is not None
    assert mark.date.date == dt.date(1997, 2, 12)
    assert truth.flights[0].event is EventKind.DOCKING
    assert truth.dates(on_board=True) == {dt.date(1997, 2, 12)}
    assert truth.dates(on_board=False) == frozenset()
    assert not truth.negative


def test_labels_of_inner_folders_come_in_the_order_of_their_paths(tmp_path):
    for name in ("b", "a"):
        write(tmp_path / name, "cover.json", LABEL)
    assert [truth.file for truth in read_labels(tmp_path)] == ["a/cover.jpg", "b/cover.jpg"]


def test_a_json_file_that_is_no_label_is_left_alone(tmp_path):
    write(tmp_path, "cover.json", LABEL)
    write(tmp_path, "notes.json", {"hello": "world"})
    write(tmp_path, "list.json", [1, 2])
    assert len(read_labels(tmp_path)) == 1


def test_a_folder_without_labels_is_nothing_to_do(tmp_path):
    with pytest.raises(UsageError, match="no labels found"):
        read_labels(tmp_path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"outcome": "perhaps"}, "perhaps"),
        ({"schema_version": 2}, "schema_version is 2"),
        ({"marks": [{"shape": "octagon"}]}, "outline"),
        ({"flights": [{"flight": "X", "event": "docking", "date": "12.02.97"}]}, "12.02.97"),
    ],
)
def test_a_label_that_makes_no_sense_is_named_with_the_reason(tmp_path, change, reason):
    write(tmp_path, "cover.json", LABEL | change)
    with pytest.raises(UsageError, match=r"cover\.json: not a label") as caught:
        read_labels(tmp_path)
    assert reason in caught.value.message


def test_a_label_that_is_no_json_is_named(tmp_path):
    (tmp_path / "cover.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match=r"cover\.json: not a label"):
        read_labels(tmp_path)


def test_the_label_in_the_documentation_is_a_label(tmp_path):
    page = Path(__file__).parents[2] / "docs" / "evaluating.md"
    (block,) = re.findall(r"```json\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    write(tmp_path, "cover.json", json.loads(block))
    (truth,) = read_labels(tmp_path)
    assert truth.marks[0].date is not None
    assert truth.flights[0].flight == "Soyuz TM-25"
