"""`check` gives one result for each scan, data on stdout, and the exit code of the contract."""

import datetime as dt
import json
import re
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from postmark_id.models import Station
from postmark_id.outputs.contract import SCHEMA

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def test_one_scan_as_json_is_exactly_one_valid_document(postmark_id, spy, covers):
    said = postmark_id("check", covers("a.png") / "a.png", "--format", "json")
    assert said.code == 0
    (document,) = said.documents
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["scan"]["path"].endswith("a.png")
    assert said.err == ""


def test_several_scans_and_pages_are_one_document_a_line(postmark_id, spy, covers):
    folder = covers("a.png")
    pages = [Image.new("RGB", (64, 48), colour) for colour in ("white", "grey")]
    pages[0].save(folder / "b.tif", save_all=True, append_images=pages[1:])
    said = postmark_id("check", folder / "a.png", folder / "b.tif", "--format", "json")
    assert [(d["scan"]["path"][-5:], d["scan"]["frame"]) for d in said.documents] == [
        ("a.png", 0), ("b.tif", 0), ("b.tif", 1),
    ]  # fmt: skip
    first = postmark_id("check", folder / "b.tif", "--format", "json", "--first-frame")
    assert len(first.documents) == 1


def test_a_failing_scan_gives_its_row_and_exit_code_one_and_the_others_go_on(postmark_id, spy, covers):
    folder = covers("b.png")
    (folder / "a.png").touch()
    said = postmark_id("check", folder / "a.png", folder / "b.png", "--format", "json")
    assert said.code == 1
    assert [d["outcome"] for d in said.documents] == ["error", "no-event"]
    assert "a.png: file is empty (0 bytes)" in said.err
    text = postmark_id("check", folder / "a.png", folder / "none.png")
    assert text.code == 1
    assert "empty-file" in text.out
    assert "vanished" in text.out
    assert "Traceback" not in text.err


def test_a_fault_of_ours_is_a_row_and_a_traceback_only_with_vv(postmark_id, spy, covers):
    said = postmark_id("check", covers("fault.png") / "fault.png", "--format", "json")
    assert said.code == 1
    assert said.documents[0]["error"]["code"] == "internal-error"
    assert "Traceback" not in said.err


def test_what_a_library_prints_does_not_reach_stdout(postmark_id, spy, covers):
    said = postmark_id("check", covers("printer.png") / "printer.png", "--format", "json")
    assert "a library talks" in said.err
    assert "a library talks" not in said.out


def test_what_the_user_knows_reaches_the_pipeline(postmark_id, spy, covers):
    folder = covers("a.png", "b.png")
    said = postmark_id(
        "check", folder / "a.png", "--back", folder / "b.png", "--station", "mir", "--after", "1990-01-02",
        "--before", "1999-12-31", "--expect", "Soyuz TM-25",
    )  # fmt: skip
    assert said.code == 0
    (asked,) = spy.asked
    priors = asked["priors"]
    assert (priors.station, priors.after, priors.expect) == (Station.MIR, dt.date(1990, 1, 2), "Soyuz TM-25")
    assert asked["back"].path.endswith("b.png")


def test_the_print_on_a_cover_is_read_unless_that_is_declined_and_an_expected_flight_is_answered(postmark_id):
    scan = SAMPLES / "crs5-docking.jpg"
    (document,) = postmark_id("check", scan, "--format", "json", "--expect", "CRS-5").documents
    assert document["expectation"]["flight"] == "CRS-5"
    assert document["expectation"]["answer"] == "agree"
    assert [(w["code"], "Dragon CRS-6" in w["message"]) for w in document["warnings"]] == [
        ("expectation-differs", True)
    ]
    assert "The print on the cover names Dragon CRS-6." in document["story"]
    (quiet,) = postmark_id("check", scan, "--format", "json", "--no-read-cachet").documents
    assert quiet["warnings"] == []
    assert (quiet["flights"], quiet["marks"]) == (document["flights"], document["marks"])
    assert "expectation" not in quiet


def test_the_trace_goes_to_stderr_and_its_pictures_to_a_folder(postmark_id, spy, covers, tmp_path):
    debug = tmp_path / "debug"
    said = postmark_id("check", covers("a.png") / "a.png", "--format", "json", "--explain", "--debug-dir", debug)
    assert "marks: kept a circle \\x1b[31m" in said.err
    assert len(said.documents) == 1
    assert [path.name for path in debug.iterdir()] == ["a-1-01-ink.png"]


def test_the_notes_number_marks_as_the_summary_does_over_both_sides(postmark_id):
    scans = SAMPLES / "five-dates-1.jpg", "--back", SAMPLES / "hard.jpg"
    said = postmark_id("check", *scans, "--no-read-cachet", "--explain", "--format", "json")
    (document,) = said.documents
    numbers = {int(number) for number in re.findall(r": mark (\d+): ", said.err)}
    fronts = sum(mark.get("side") != "back" for mark in document["marks"])
    assert 1 in numbers
    assert fronts < max(numbers) <= len(document["marks"])
    read = document["marks"][0]["date"]
    assert f"dates: mark 1: {read['text']!r} is {read['date']}" in said.err
    assert document["dates"][0]["mark"] == 0  # programs count from 0, as the contract says


def test_an_annotated_picture_is_written_and_not_replaced_unasked(postmark_id, spy, covers, tmp_path):
    picture = tmp_path / "new" / "a.png"
    scan = covers("a.png") / "a.png"
    assert postmark_id("check", scan, "--overlay", picture).code == 0
    before = picture.read_bytes()
    said = postmark_id("check", scan, "--overlay", picture)
    assert said.code == 6
    assert "--overwrite" in said.err
    assert picture.read_bytes() == before
    assert postmark_id("check", scan, "--overlay", picture, "--overwrite").code == 0
    other = postmark_id("check", scan, "--overlay", tmp_path / "a.gif")
    assert other.code == 5
    assert other.err.startswith(f"postmark-id: {tmp_path / 'a.gif'}: pictures are not written in this format (")


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("a.png", "--format", "xml"), ("a.png", "--after", "12.02.97"), ("a.png", "--station", "Skylab"),
        ("a.png", "--after", "1999-01-01", "--before", "1998-01-01"), ("a.png", "b.png", "--back", "c.png"),
        ("a.png", "--max-mpixels", "0"), ("a.png", "--ocr", "magic"), ("a.png", "--no-such-option"),
    ],
)  # fmt: skip
def test_a_command_line_that_makes_no_sense_ends_with_code_two(postmark_id, spy, arguments):
    said = postmark_id("check", *arguments)
    assert said.code == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    assert not spy.asked


def test_the_pixel_cap_is_named_and_can_be_set(postmark_id, spy, covers):
    scan = covers("a.png", size=(401, 401)) / "a.png"
    said = postmark_id("check", scan, "--format", "json", "--max-mpixels", "0.1")
    assert said.documents[0]["error"]["code"] == "too-many-pixels"
    assert "--max-mpixels" in said.documents[0]["error"]["hint"]
    cause = f"postmark-id: {scan}: 401 x 401 pixels are 0.17 million, more than 0.1 million (scan it"
    assert said.err.startswith(cause)
    assert postmark_id("check", scan, "--max-mpixels", "0.2").code == 0


def test_a_missing_library_folder_ends_with_code_four(postmark_id, covers, tmp_path):
    said = postmark_id("check", covers("a.png") / "a.png", "--library", tmp_path / "none")
    assert said.code == 4
    assert "no such folder" in said.err
    assert len(said.err.strip().splitlines()) == 1


@pytest.mark.parametrize("command", [("check",), ("batch", "-j", "1")])
def test_marks_that_a_run_does_without_are_told_once_with_cause_and_remedy(postmark_id, spy, covers, tmp_path, command):
    library = tmp_path / "marks"
    (library / "nonsense").mkdir(parents=True)
    (library / "nonsense" / "mark.toml").write_text("x = [")
    picture = tmp_path / "seal.png"
    Image.new("L", (64, 64), "white").save(picture)
    said = postmark_id(
        "marks", "add", "my-seal", "--station", "Mir", "--shape", "octagon", "--picture", picture, "--library", library
    )
    assert said.code == 0, said.err
    mark = library / "my-seal"
    toml = mark / "mark.toml"
    toml.write_text(toml.read_text("utf-8") + f'\nreference = "{next(mark.glob("*.png")).name}"\n', "utf-8")
    whole = next(mark.glob("*.png")).read_bytes()
    next(mark.glob("*.png")).write_bytes(whole[: len(whole) // 2])
    folder = covers("a.png", "b.png")
    output = ("-o", tmp_path / "run") if command[0] == "batch" else ()
    scans = (folder / "a.png", folder / "b.png")
    said = postmark_id(*command, *scans, *output, "--library", library)
    assert said.code == 0, said.err
    warned = [line for line in said.err.splitlines() if line.startswith("warning: ")]
    assert len(warned) == 2
    assert "mark.toml: no valid TOML" in warned[0]
    assert ".png: file ends too early" in warned[1]
    assert "marks remove my-seal" in warned[1]


def test_schema_prints_the_schema(postmark_id):
    said = postmark_id("schema")
    assert json.loads(said.out) == SCHEMA
