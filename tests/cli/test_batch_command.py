"""`batch` writes a run, tells what came of it on stderr, and leaves its inputs alone."""

import csv
import hashlib
import json
import sqlite3
from contextlib import closing

import pytest
from PIL import Image


def states(folder):
    return {p.name: (p.stat().st_mtime_ns, hashlib.sha256(p.read_bytes()).hexdigest()) for p in folder.iterdir()}


def test_a_run_writes_everything_and_touches_no_input(postmark_id, spy, covers, tmp_path):
    folder = covers("b.png", "a.png")
    (folder / "bad.jpg").write_text("no picture")
    before = states(folder)
    run = tmp_path / "run"
    said = postmark_id("batch", folder, "-o", run, "-j", "1")
    assert said.code == 1
    assert said.out == ""
    assert "3 scans: 2 no docking near the date, 1 not processed" in said.err
    told = "bad.jpg: is not a picture but looks like plain text (postmark-id reads "
    assert told in said.err
    assert "not-an-image: bad.jpg" in said.err
    assert states(folder) == before
    lines = [json.loads(line) for line in (run / "results.jsonl").read_text("utf-8").splitlines()]
    assert [line["scan"]["path"] for line in lines] == ["a.png", "b.png", "bad.jpg"]
    with (run / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["path"] for row in csv.DictReader(file) if row["row"] == "cover"] == ["a.png", "b.png", "bad.jpg"]
    assert sorted(p.name for p in (run / "overlays").iterdir()) == ["a.png.jpg", "b.png.jpg"]
    assert str(folder) not in (run / "report.html").read_text("utf-8") + (run / "results.jsonl").read_text("utf-8")

    again = postmark_id("batch", folder, "-o", run, "-j", "1")
    assert "3 of 3 files were done already" in again.err
    assert told in again.err


def test_scans_and_covers_are_counted_apart_where_covers_have_two_sides(postmark_id, spy, covers, tmp_path):
    folder = covers("a_front.png", "a_back.png", "b_front.png", "c.png", "d.png")
    (folder / "b_back.png").write_text("no picture")
    for restart in ((), ("--restart",), ()):
        said = postmark_id("batch", folder, "-o", tmp_path / "run", "-j", "1", "--write", "jsonl", *restart)
        assert "\n6 scans, 4 covers: 4 no docking near the date, 1 not processed\n" in f"\n{said.err}"
    assert "6 of 6 files were done already" in said.err


def test_pages_in_turn_are_two_scans_of_one_cover(postmark_id, spy, covers, tmp_path):
    folder = covers()
    pages = [Image.new("RGB", (64, 48), colour) for colour in ("white", "grey", "navy", "red")]
    pages[0].save(folder / "b.tif", save_all=True, append_images=pages[1:])
    run = tmp_path / "run"
    said = postmark_id("batch", folder, "-o", run, "-j", "1", "--write", "jsonl", "--pair", "pages")
    assert said.err.startswith("4 scans, 2 covers: ")
    alone = postmark_id("batch", folder, "-o", tmp_path / "alone", "-j", "1", "--write", "jsonl")
    assert alone.err.startswith("4 scans: ")


def test_many_failures_of_an_earlier_run_are_told_again_in_short(postmark_id, spy, covers, tmp_path):
    folder = covers("a.png")
    for number in range(7):
        (folder / f"bad-{number}.jpg").write_text(f"no picture {number}")
    arguments = ("batch", folder, "-o", tmp_path / "run", "-j", "1", "--write", "jsonl", "--pair", "none")
    assert postmark_id(*arguments).err.count("is not a picture but") == 7
    again = postmark_id(*arguments).err
    assert again.count("is not a picture but") == 5
    assert "and 2 more that failed before" in again


def test_a_dry_run_lists_and_writes_nothing(postmark_id, spy, covers, tmp_path):
    said = postmark_id("batch", covers("a.png", "b.png"), "-o", tmp_path / "run", "--dry-run")
    assert (said.code, said.out) == (0, "to do\ta.png\nto do\tb.png\n")
    assert not (tmp_path / "run").exists()


def test_a_run_inside_its_input_is_not_its_own_input(postmark_id, spy, covers):
    folder = covers("a.png")
    for _ in range(2):
        assert postmark_id("batch", folder, "-r", "-o", folder / "run", "-j", "1").code == 0
    assert len((folder / "run/results.jsonl").read_text("utf-8").splitlines()) == 1


def test_a_list_of_files_may_hold_one_that_has_gone(postmark_id, spy, covers, tmp_path):
    folder = covers("a.png")
    listing = tmp_path / "list.txt"
    listing.write_text(f"{folder / 'a.png'}\n{folder / 'gone.png'}\n", encoding="utf-8")
    said = postmark_id("batch", "--files-from", listing, "-o", tmp_path / "run", "--write", "jsonl")
    assert said.code == 1
    assert "vanished: gone.png" in said.err
    assert sorted(p.name for p in (tmp_path / "run").iterdir() if p.is_file()) == [
        ".lock",
        ".postmark-id",
        "manifest.json",
        "results.jsonl",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("none",), ("*.tif",), (".", "-j", "0"), (".", "-j", "-1"), (".", "-j", "9999"), (".", "-j", "abc"),
        (".", "--after", "1.1.97"), (".", "--after", "1999-01-01", "--before", "1998-01-01"),
        (".", "--write", "pdf"), (".", "--write", ""), (".", "--timeout-per-file", "0"), (),
    ],
)  # fmt: skip
def test_a_command_line_that_makes_no_sense_ends_with_code_two_and_writes_nothing(
    postmark_id, spy, tmp_path, monkeypatch, arguments
):
    monkeypatch.chdir(tmp_path)
    said = postmark_id("batch", *arguments, "-o", "run")
    assert said.code == 2
    assert not (tmp_path / "run").exists()
    assert "Traceback" not in said.err


def test_an_empty_folder_is_nothing_to_do(postmark_id, spy, covers, tmp_path):
    said = postmark_id("batch", covers(), "-o", tmp_path / "run")
    assert said.code == 2
    assert "nothing to do" in said.err


def test_a_bad_place_for_results_ends_before_any_work(postmark_id, spy, covers, tmp_path):
    folder = covers("a.png")
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    (tmp_path / "link").symlink_to(tmp_path / "full")
    assert postmark_id("batch", folder, "-o", tmp_path / "file").code == 5
    assert postmark_id("batch", folder, "-o", tmp_path / "file" / "run").code == 5
    assert postmark_id("batch", folder, "-o", tmp_path / "link").code == 5
    refused = postmark_id("batch", folder, "-o", tmp_path / "full")
    assert refused.code == 6
    assert "--overwrite" in refused.err
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["mine.txt"]
    assert postmark_id("batch", folder, "-o", tmp_path / "full", "--overwrite", "-j", "1").code == 0


def test_names_are_shown_with_control_characters_escaped(postmark_id, spy, covers, tmp_path):
    folder = covers()
    (folder / "\x1b[31mred\n.png").touch()
    said = postmark_id("batch", folder, "-o", tmp_path / "run", "-j", "1")
    assert "\x1b" not in said.err
    assert "\\x1b[31mred\\n.png" in said.err


def test_a_run_like_another_takes_the_same_scans_and_only_where_none_are_named(postmark_id, spy, covers, tmp_path):
    folder = covers("a_front.png", "a_back.png", "z.png")
    (tmp_path / "list.txt").write_text(str(folder / "z.png"))
    first = tmp_path / "first"
    postmark_id("batch", folder / "a_front.png", "--files-from", tmp_path / "list.txt", "-o", first, "-j", "1")
    again = postmark_id("batch", "--like", first, "-o", tmp_path / "second", "--dry-run")
    assert sorted(line.rpartition("\t")[2].rpartition("/")[2] for line in again.out.splitlines()) == [
        "a_front.png", "z.png",
    ]  # fmt: skip
    other = postmark_id("batch", folder / "a_back.png", "--like", first, "-o", tmp_path / "third", "--dry-run")
    assert other.out == "to do\ta_back.png\n"


def test_front_and_back_are_one_cover_unless_told_otherwise(postmark_id, spy, covers, tmp_path):
    folder = covers("a_front.png", "a_back.png", "b.png")
    said = postmark_id("batch", folder, "-o", tmp_path / "run", "--dry-run")
    assert said.out == "to do\ta_front.png\ta_back.png\nto do\tb.png\n"
    assert "1 cover has a front and a back" in said.err
    apart = postmark_id("batch", folder, "-o", tmp_path / "run", "--dry-run", "--pair", "none")
    assert len(apart.out.splitlines()) == 3


def test_catalogue_and_sidecars_are_written_on_request_and_what_stands_there_is_kept(
    postmark_id, spy, covers, tmp_path
):
    folder = covers("a_front.png", "a_back.png", "b.png")
    (folder / "b.png.xmp").write_text("mine")
    shared = tmp_path / "all.sqlite"
    for name in ("one", "two", "two"):
        said = postmark_id(
            "batch", folder, "-o", tmp_path / name, "-j", "1", "--write", "sqlite,xmp,html", "--catalogue", shared,
            "--sidecars-beside-scans",
        )  # fmt: skip
        assert said.code == 0, said.err
    assert "left as they are: " in said.err
    assert (folder / "b.png.xmp").read_text() == "mine"
    assert {p.name for p in folder.glob("*.xmp")} == {"a_back.png.xmp", "a_front.png.xmp", "b.png.xmp"}
    with closing(sqlite3.connect(shared)) as database:
        assert database.execute("SELECT folder FROM runs ORDER BY folder").fetchall() == [("one",), ("two",)]
        paths = "SELECT path, back_path FROM scans JOIN runs ON runs.id = run_id WHERE folder = 'two' ORDER BY path"
        assert database.execute(paths).fetchall() == [("a_front.png", "a_back.png"), ("b.png", None)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    manifest = json.loads((tmp_path / "two" / "manifest.json").read_text("utf-8"))
    assert (manifest["pairing"]["rule"], manifest["pairing"]["covers"]) == ("words", 1)
    assert manifest["ended"]
    assert "McDowell" in manifest["attribution"]
    assert "McDowell" in (tmp_path / "two" / "report.html").read_text("utf-8")
    assert "1 cover has a front and a back" in said.err


def test_what_the_user_knows_of_all_covers_counts_in_the_fingerprint(postmark_id, spy, covers, tmp_path):
    folder = covers("a.png")
    run = tmp_path / "run"
    known = ("--station", "mir", "--after", "1997-01-01", "--before", "1997-12-31")
    assert postmark_id("batch", folder, "-o", run, "-j", "1").code == 0
    assert postmark_id("batch", folder, "-o", run, "--dry-run", *known).out == "to do\ta.png\n"
    assert postmark_id("batch", folder, "-o", run, "-j", "1", *known).code == 0
    assert postmark_id("batch", "--like", run, "-o", run, "--dry-run").out.startswith("done\t")
    assert postmark_id("batch", "--like", run, "-o", run, "--dry-run", "--after", "1997-01-02").out.startswith("to do")


def test_what_the_user_knows_reaches_the_pipeline():
    from postmark_id.batch.examine import PipelineRecipe
    from postmark_id.cli.scan_options import priors
    from postmark_id.models import Station
    from postmark_id.settings import Settings

    known = priors("Mir", None, None)
    plain, knowing = (PipelineRecipe(Settings(), priors=one) for one in (None, known))
    assert plain.fingerprint() != knowing.fingerprint()
    assert knowing.open().priors.station is Station.MIR


def test_the_same_file_twice_is_told_in_summary_table_and_page(postmark_id, spy, covers, tmp_path):
    folder = covers("a.png")
    (folder / "b.png").write_bytes((folder / "a.png").read_bytes())
    run = tmp_path / "run"
    said = postmark_id("batch", folder, "-o", run, "-j", "1")
    assert "the same file as an earlier scan: b.png" in said.err
    with (run / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        warned = {row["path"]: row["warnings"] for row in csv.DictReader(file) if row["row"] == "cover"}
    assert warned == {"a.png": "", "b.png": "duplicate-scan: b.png is the same file as a.png"}
    assert "b.png is the same file as a.png" in (run / "report.html").read_text("utf-8")


def test_a_scheduler_that_does_not_answer_ends_with_code_three(postmark_id, spy, covers, tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("postmark_id.batch.cluster._CONNECT", 1.0)
    said = postmark_id("batch", covers("a.png"), "-o", tmp_path / "run", "--scheduler", "tcp://127.0.0.1:1")
    assert said.code == 3
    assert "no Dask scheduler answers there" in said.err
    assert len(said.err.strip().splitlines()) == 1
