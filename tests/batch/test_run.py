"""A run gives every file one outcome, whatever it does to its worker, and goes on where it stopped."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import examiner_doubles
import numpy as np
import pytest
from examiner_doubles import DoubleRecipe
from PIL import Image

from postmark_id.batch import examine
from postmark_id.batch.discover import discover
from postmark_id.batch.pairs import Pairing, pair
from postmark_id.batch.products import Request
from postmark_id.batch.run import run
from postmark_id.batch.store import locked, open_store
from postmark_id.errors import LibraryError, MissingDependencyError, OutputError
from postmark_id.settings import Settings

DOUBLES = Path(examiner_doubles.__file__)


class Watch:
    """Remembers what it is told."""

    def __init__(self):
        self.done, self.steps, self.messages = None, [], []

    def begin(self, total, done, kept):
        self.done = done

    def step(self, name, briefs, seconds):
        self.steps.append((name, *briefs))

    def say(self, message):
        self.messages.append(message)


def covers(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shade = sum(map(ord, name)) % 200 + 30
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((48, 64, 3), shade, np.uint8)).save(folder / name)
    return folder


def batch(folder, place, recipe=None, **options):
    recipe = recipe or DoubleRecipe()
    watch = Watch()
    found, _ = discover([folder], recursive=True)
    options = {"jobs": 1, **options}
    summary = run(found, open_store(place, recipe.fingerprint()), recipe, watch, **options)
    return summary, watch


def lines(place):
    return [json.loads(line) for line in (place / "results.jsonl").read_text("utf-8").splitlines()]


def without_timings(place):
    return [{**line, "timings": None} for line in lines(place)]


def test_all_results_are_written_sorted_and_the_same_for_any_number_of_workers(tmp_path):
    folder = covers(tmp_path / "in", "b.png", "a.png", "deep/c.png", "d.png")
    summary, _ = batch(folder, tmp_path / "one", jobs=1)
    batch(folder, tmp_path / "two", jobs=2)
    assert [line["scan"]["path"] for line in lines(tmp_path / "one")] == ["a.png", "b.png", "d.png", "deep/c.png"]
    assert without_timings(tmp_path / "one") == without_timings(tmp_path / "two")
    assert (tmp_path / "one/results.csv").read_bytes() == (tmp_path / "two/results.csv").read_bytes()
    assert summary.outcomes == {"no-event": 4}
    page = (tmp_path / "one/report.html").read_text("utf-8")
    assert 'src="overlays/deep/c.png.jpg"' in page
    assert (tmp_path / "one/overlays/deep/c.png.jpg").exists()
    assert not list((tmp_path / "one").rglob(".postmark-id-*"))


def test_a_file_that_kills_hangs_or_breaks_its_worker_costs_itself_only(tmp_path):
    names = [
        "a.png",
        "exit.png",
        "fault.png",
        "memory.png",
        "nan.png",
        "print.png",
        "runaway.png",
        "segfault.png",
        "z.png",
    ]
    folder = covers(tmp_path / "in", *names)
    (folder / "empty.png").touch()
    settings = Settings()
    quick = replace(settings, batch=replace(settings.batch, seconds_per_file=3.0))
    summary, watch = batch(folder, tmp_path / "run", DoubleRecipe(quick), jobs=2)
    found = {line["scan"]["path"]: line.get("error", {}).get("code") for line in lines(tmp_path / "run")}
    assert found == {
        "a.png": None, "empty.png": "empty-file", "exit.png": "worker-crashed", "fault.png": "internal-error",
        "memory.png": "out-of-memory", "nan.png": "internal-error", "print.png": None, "runaway.png": "timeout",
        "segfault.png": "worker-crashed", "z.png": None,
    }  # fmt: skip
    assert summary.outcomes == {"error": 7, "no-event": 3}
    assert summary.failures["timeout"] == ["runaway.png"]
    crash = next(line["error"] for line in lines(tmp_path / "run") if line["scan"]["path"] == "segfault.png")
    assert "SIGSEGV" in crash["message"]
    assert crash["message"].startswith("segfault.png: ")
    assert len(watch.steps) == 10


def test_a_second_run_does_only_what_changed(tmp_path):
    folder = covers(tmp_path / "in", "a.png", "b.png", "c.png", "d.png")
    (folder / "bad.png").write_bytes(b"")
    place = tmp_path / "run"
    batch(folder, place)
    before = without_timings(place)
    _, watch = batch(folder, place)
    assert (watch.done, watch.steps) == (5, [])
    assert without_timings(place) == before

    Image.new("RGB", (64, 48), "red").save(folder / "b.png")
    os.utime(folder / "c.png", (1, 1))
    (folder / "d.png").unlink()
    _, watch = batch(folder, place)
    assert [name for name, *_ in watch.steps] == ["b.png"]
    assert [line["scan"]["path"] for line in lines(place)] == ["a.png", "b.png", "bad.png", "c.png"]

    _, watch = batch(folder, place, DoubleRecipe(version="2"))
    assert len(watch.steps) == 4
    _, watch = batch(folder, place, DoubleRecipe(version="2"), restart=True)
    assert len(watch.steps) == 4


def test_what_may_have_passed_is_tried_again_and_missing_pictures_are_drawn(tmp_path):
    folder = covers(tmp_path / "in", "a.png", "segfault.png")
    place = tmp_path / "run"
    batch(folder, place, request=Request(("jsonl",)))
    assert not list((place / "overlays").iterdir())
    assert not (place / "report.html").exists()
    _, watch = batch(folder, place, request=Request(("jsonl",)))
    assert [name for name, *_ in watch.steps] == ["segfault.png"]
    _, watch = batch(folder, place, request=Request(("overlay",)))
    assert [name for name, *_ in watch.steps] == ["a.png", "segfault.png"]
    assert (place / "overlays/a.png.jpg").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"documents": []}', b'{"made_from": 3, "documents": [{}]}'])
def test_a_damaged_result_is_made_again(tmp_path, damage):
    folder = covers(tmp_path / "in", "a.png")
    place = tmp_path / "run"
    store = open_store(place, DoubleRecipe().fingerprint())
    store.result_path("a.png").write_bytes(damage)
    found, _ = discover([folder])
    assert not store.is_done(found[0])


def test_fail_fast_stops_at_the_first_failure(tmp_path):
    folder = covers(tmp_path / "in", "b.png", "c.png", "d.png")
    (folder / "a.png").touch()
    summary, watch = batch(folder, tmp_path / "run", fail_fast=True)
    assert len(watch.steps) == 1
    assert summary.undone == 3
    assert not summary.interrupted


def test_workers_that_can_not_start_end_the_run_with_the_reason(tmp_path):
    folder = covers(tmp_path / "in", "a.png")
    with pytest.raises(LibraryError, match=r"mark\.toml:3"):
        batch(folder, tmp_path / "one", DoubleRecipe(fails="library"))
    with pytest.raises(MissingDependencyError, match="exit code 7"):
        batch(folder, tmp_path / "two", DoubleRecipe(fails="die"))


def test_a_full_disk_ends_the_run_and_keeps_what_was_done(tmp_path):
    folder = covers(tmp_path / "in", "a.png", "disk.png", "z.png")
    with pytest.raises(OutputError, match="disk is full"):
        batch(folder, tmp_path / "run")
    assert sorted(path.name for path in (tmp_path / "run/results").iterdir()) == ["a.png.json"]


def test_two_runs_do_not_share_a_folder(tmp_path):
    folder = covers(tmp_path / "in", "a.png")
    place = tmp_path / "run"
    open_store(place, "x")
    with locked(place), pytest.raises(OutputError, match=f"process {os.getpid()}"):
        batch(folder, place)
    batch(folder, place)


def start(folder, place, jobs=1):
    command = [sys.executable, str(DOUBLES), str(folder), str(place), str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_killed_run_goes_on_and_ends_as_an_undisturbed_one(tmp_path):
    names = [f"slow-0.05-{k:02d}.png" for k in range(12)]
    folder = covers(tmp_path / "in", *names)
    place = tmp_path / "run"
    process = start(folder, place)
    for _ in range(4):
        process.stdout.readline()
    process.kill()
    process.communicate(timeout=90)
    assert not (place / "results.jsonl").exists()
    _, watch = batch(folder, place)
    assert watch.done >= 4
    assert watch.done + len(watch.steps) == 12
    batch(folder, tmp_path / "undisturbed")
    assert without_timings(place) == without_timings(tmp_path / "undisturbed")
    assert not list(place.rglob(".postmark-id-*"))


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM"])
def test_a_signal_once_finishes_what_is_in_work(tmp_path, signal_name):
    import signal

    folder = covers(tmp_path / "in", *[f"slow-0.3-{k}.png" for k in range(8)])
    place = tmp_path / "run"
    process = start(folder, place)
    process.stdout.readline()
    process.send_signal(getattr(signal, signal_name))
    output, messages = process.communicate(timeout=90)
    assert process.returncode == 130
    assert "once more stops at once" in messages
    assert "Traceback" not in messages
    assert len(lines(place)) == 1 + len(output.splitlines())
    assert 1 <= len(lines(place)) < 8


def test_a_signal_twice_stops_at_once(tmp_path):
    import signal

    folder = covers(tmp_path / "in", "a.png", "runaway.png")
    process = start(folder, tmp_path / "run")
    assert process.stdout.readline() == "a.png\n"
    process.send_signal(signal.SIGINT)
    assert "once more" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=90)
    assert process.returncode != 0
    assert [path.name for path in (tmp_path / "run/results").iterdir()] == ["a.png.json"]


def test_other_weights_of_a_network_are_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = examine.PipelineRecipe(Settings())
    before = recipe.fingerprint()
    assert recipe.fingerprint() == before
    monkeypatch.setattr(examine, "_networks", lambda: (("reader.onnx", "0" * 64),))
    assert recipe.fingerprint() != before


def test_scans_of_one_base_name_do_not_write_over_each_other(tmp_path):
    folder = covers(tmp_path / "in", "a.png", "a.tif", "deep/a.png")
    batch(folder, tmp_path / "run")
    assert sorted(str(p.relative_to(tmp_path / "run/results")) for p in (tmp_path / "run/results").rglob("*.json")) == [
        "a.png.json", "a.tif.json", "deep/a.png.json",
    ]  # fmt: skip
    assert len(list((tmp_path / "run/overlays").rglob("*.jpg"))) == len(lines(tmp_path / "run")) == 3


def test_a_cover_is_looked_at_again_when_its_back_came_changed_or_went(tmp_path):
    folder = covers(tmp_path / "in", "a_front.png")
    place = tmp_path / "run"

    def again():
        found, _ = discover([folder])
        watch = Watch()
        run(pair(found, Pairing())[0], open_store(place, "x"), DoubleRecipe(), watch, jobs=1)
        return len(watch.steps)

    assert (again(), again()) == (1, 0)
    covers(folder, "a_back.png")
    assert (again(), again()) == (1, 0)
    Image.new("RGB", (64, 48), "red").save(folder / "a_back.png")
    assert (again(), again()) == (1, 0)
    (folder / "a_back.png").unlink()
    assert (again(), again()) == (1, 0)
    assert "back" not in lines(place)[0]


def made(place):
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.suffix in (".jpg", ".xmp"))


def test_pictures_and_keywords_go_with_what_they_were_made_of(tmp_path):
    folder = covers(tmp_path / "in", "a.png", "b.png", "deep/c.png")
    place = tmp_path / "run"
    everything = Request(("overlay", "xmp"))
    batch(folder, place, request=everything)
    both = [f"{kind}/{name}.{end}" for kind, end in (("overlays", "jpg"), ("sidecars", "xmp"))
            for name in ("a.png", "b.png", "deep/c.png")]  # fmt: skip
    assert made(place) == both
    (place / "overlays" / "mine.jpg").touch()

    (folder / "a.png").write_bytes(b"")
    (folder / "b.png").unlink()
    batch(folder, place, request=everything)
    assert made(place) == ["overlays/deep/c.png.jpg", "overlays/mine.jpg", "sidecars/deep/c.png.xmp"]
    assert not (place / "results" / "b.png.json").exists()

    (folder / "deep" / "c.png").unlink()  # the last of its folder: its disk may be away
    batch(folder, place, request=everything)
    assert (place / "results" / "deep" / "c.png.json").exists()


def test_results_of_other_inputs_are_kept(tmp_path):
    folder = covers(tmp_path / "in", "a.png", "b.png")
    other = covers(tmp_path / "other", "c.png")
    for one in (folder, folder / "a.png", other):
        batch(one, tmp_path / "run")
    assert batch(folder, tmp_path / "run")[0].reused == 2


def test_a_page_that_a_file_lost_takes_its_picture_with_it(tmp_path):
    folder = covers(tmp_path / "in", "z.png")
    pages = [Image.fromarray(np.full((48, 64, 3), shade, np.uint8)) for shade in (50, 90, 130)]
    for kept in (3, 1):
        pages[0].save(folder / "a.tif", save_all=True, append_images=pages[1:kept])
        batch(folder, tmp_path / "run")
    assert made(tmp_path / "run") == ["overlays/a.tif.jpg", "overlays/z.png.jpg"]


def test_the_same_file_under_another_name_is_told_whoever_comes_first(tmp_path):
    folder = covers(tmp_path / "in", "a.png", "b.png")
    (folder / "c.png").write_bytes((folder / "a.png").read_bytes())
    (folder / "d_back.png").write_bytes((folder / "a.png").read_bytes())
    covers(folder, "d_front.png")
    (folder / "e.png").touch()
    (folder / "f.png").touch()
    found, _ = discover([folder])
    for jobs in (1, 2):
        place = tmp_path / f"run{jobs}"
        store = open_store(place, "x")
        summary = run(pair(found, Pairing())[0], store, DoubleRecipe(), Watch(), jobs=jobs)
        told = {line["scan"]["path"]: [w["message"] for w in line["warnings"]] for line in lines(place)}
        assert told == {
            "a.png": [], "b.png": [], "c.png": ["c.png is the same file as a.png"],
            "d_front.png": ["d_back.png is the same file as a.png"], "e.png": [], "f.png": [],
        }  # fmt: skip
        assert summary.twins.same_file == {("c.png", 0): "a.png", ("d_back.png", 0): "a.png"}
        assert all(not document["warnings"] for name in ("c.png", "d_front.png") for document in store.read(name))
        manifest = json.loads((place / "manifest.json").read_bytes())
        assert manifest["results"]["same_file"] == 2
