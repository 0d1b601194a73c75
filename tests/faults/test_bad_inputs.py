"""The table of bad inputs, one row after the other, and all of them in one run."""

import csv
import hashlib
import json
import time
from pathlib import Path

import jsonschema
import pytest
from bad_files import JPEG, ROWS
from examiner_doubles import DoubleExaminer, DoubleRecipe

from postmark_id.batch.discover import discover
from postmark_id.batch.examine import examine
from postmark_id.batch.run import run
from postmark_id.batch.store import open_store
from postmark_id.outputs.contract import SCHEMA, dumps, report_json
from postmark_id.outputs.text import summary
from postmark_id.settings import Settings

VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SECONDS = 20.0


def state(path):
    return path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("number", "name", "build", "expected"), ROWS, ids=[f"{n}-{k}" for k, (n, *_) in enumerate(ROWS)]
)
def test_a_bad_file_has_the_outcome_of_its_row(tmp_path, number, name, build, expected):
    path = tmp_path / name
    build(path)
    before = state(path)
    begin = time.monotonic()
    (page,) = examine(path, Settings(), DoubleExaminer().identify, name=name)
    assert time.monotonic() - begin < SECONDS
    document = json.loads(dumps(report_json(page.report)).encode("utf-8"))
    VALIDATOR.validate(document)
    if expected.startswith("W:") or not expected:
        assert "error" not in document
        assert [f"W:{notice['code']}" for notice in document["warnings"]] == ([expected] if expected else [])
    else:
        assert document["error"]["code"] == expected
        assert document["error"]["hint"]
        assert str(tmp_path) not in document["error"]["message"]
    assert not any(c in summary(document) for c in "\x1b\u202e\udcff")
    assert state(path) == before
    assert [item.name for item in tmp_path.iterdir()] == [name]


class Silent:
    """A watch that keeps nothing."""

    def begin(self, *_): ...

    def step(self, *_): ...

    def say(self, *_): ...


def test_all_bad_files_in_one_run_have_one_row_each_and_harm_no_other(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for _, name, build, _ in ROWS:
        build(folder / name)
    (folder / "sub").mkdir()
    (folder / "sub" / "empty.jpg").write_bytes(JPEG)
    before = {path.name: state(path) for path in folder.iterdir() if path.is_file()}
    place = tmp_path / "run"
    recipe = DoubleRecipe()
    found, _ = discover([folder], recursive=True)
    run(found, open_store(place, recipe.fingerprint()), recipe, Silent(), jobs=1)

    lines = [json.loads(line) for line in (place / "results.jsonl").read_bytes().splitlines()]
    assert sorted(line["scan"]["path"] for line in lines) == sorted([*(row[1] for row in ROWS), "sub/empty.jpg"])
    failed = {line["scan"]["path"]: line["error"]["code"] for line in lines if "error" in line}
    assert failed == {name: code for _, name, _, code in ROWS if code and not code.startswith("W:")}
    assert {path.name: state(path) for path in folder.iterdir() if path.is_file()} == before

    with (place / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    page = (place / "report.html").read_text("utf-8")
    assert "<script" not in page
    assert "\x1b" not in page
    pictures = list((place / "overlays").rglob("*.jpg"))
    assert len(pictures) == len(lines) - len(failed)
    assert not [path for path in Path.cwd().iterdir() if path.name == "pwned"]
