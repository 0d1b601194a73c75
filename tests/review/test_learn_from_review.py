"""What a review named is learned: every strike of it, each once."""

import json
import shutil
from pathlib import Path

import pytest

from postmark_id.batch.manifest import Manifest
from postmark_id.batch.verdicts import MarkVerdict, Verdict, add
from postmark_id.cli import main
from postmark_id.library import Library
from postmark_id.outputs.contract import dumps

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    """A sample and its document, by the program itself."""
    folder = tmp_path_factory.mktemp("scans") / "scans"
    folder.mkdir()
    shutil.copyfile(SAMPLES / "apollo-none.jpg", folder / "apollo-none.jpg")
    run = folder.parent / "run"
    with pytest.raises(SystemExit) as left:
        main(["batch", str(folder), "-o", str(run), "--write", "jsonl", "-j", "1"])
    assert left.value.code == 0
    return folder, run


@pytest.fixture
def reviewed(examined, tmp_path):
    """The run, copied, so that each test has a review of its own."""
    run = tmp_path / "run"
    shutil.copytree(examined[1], run)
    return run, json.loads((run / "results.jsonl").read_text("utf-8"))


@pytest.fixture
def learn(tmp_path, capsys):
    (tmp_path / "mine").mkdir()

    def command(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["marks", "learn", *map(str, arguments), "--library", str(tmp_path / "mine")])
        return int(left.value.code or 0), capsys.readouterr().err

    return command


def named(document, ident, *, station="Mir", kind="station-seal", number=None):
    """A verdict that names a polygon of a document."""
    seals = [k for k, mark in enumerate(document["marks"]) if mark["shape"] in ("pentagon", "octagon")]
    place = seals[0] if number is None else number
    mark = MarkVerdict(place, tuple(document["marks"][place]["box"]), kind, station, None, ident)
    return Verdict("corrected", marks=(mark,))


def test_a_named_strike_is_learned_once(reviewed, learn, tmp_path):
    run, document = reviewed
    add(run, document, named(document, "my-octagon"))
    code, said = learn("--from-review", run, "--source", "my covers")
    assert code == 0
    assert "learned my-octagon from 1 strike" in said
    mark = Library.load(tmp_path / "mine").find("my-octagon")
    assert [str(station) for station in mark.stations] == ["Mir"]
    assert (str(mark.kind), mark.source) == ("station-seal", "my covers")
    code, said = learn("--from-review", run)
    assert code == 0
    assert "known already" in said
    assert len(Library.load(tmp_path / "mine").find("my-octagon").strikes) == 1


def test_a_strike_that_can_not_be_learned_is_told_and_costs_no_other(reviewed, learn, tmp_path):
    run, document = reviewed
    good = named(document, "my-octagon").marks[0]
    bad = MarkVerdict(good.mark, (0, 0, 4, 4), good.kind, good.station, None, "another")
    add(run, document, Verdict("corrected", marks=(bad, good)))
    code, said = learn("--from-review", run)
    assert code == 1
    assert "another, apollo-none.jpg" in said
    assert "learned my-octagon" in said


def test_a_review_that_names_nothing_and_scans_that_have_gone_are_told(reviewed, learn, tmp_path):
    run, document = reviewed
    code, said = learn("--from-review", run)
    assert code == 2
    assert "names no mark" in said
    add(run, document, named(document, "my-octagon"))
    kept = json.loads((run / "manifest.json").read_text("utf-8"))
    (tmp_path / "empty").mkdir()
    Manifest(kept["run"], kept["begun"], kept["fingerprint"], {"paths": [str(tmp_path / "empty")]}).write(run)
    code, said = learn("--from-review", run)
    assert code == 2
    assert "not where the run found it" in said


@pytest.mark.parametrize(
    "more", [("scan.jpg",), ("--id", "x"), ("--station", "Mir"), ("--mark", "1"), ("--kind", "unknown")]
)
def test_what_the_review_says_is_not_said_twice(reviewed, learn, more):
    code, said = learn("--from-review", reviewed[0], *more)
    assert code == 2
    assert "from the review" in said


def test_without_a_scan_or_a_review_there_is_nothing_to_learn(learn):
    code, said = learn("--id", "x")
    assert code == 2
    assert "--from-review" in said


def test_documents_stay_as_they_are(reviewed):
    """A verdict is no part of a result."""
    run, document = reviewed
    before = (run / "results.jsonl").read_bytes()
    add(run, document, named(document, "my-octagon"))
    assert (run / "results.jsonl").read_bytes() == before
    assert dumps(document).encode() + b"\n" == before
