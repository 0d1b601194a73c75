"""Memory, disks, homes and two runs at a time: rows 41, 43, 45 and 49 of the table of bad inputs."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import examiner_doubles
import numpy as np
import pytest
from examiner_doubles import DoubleRecipe
from PIL import Image

from postmark_id.batch import pool
from postmark_id.batch.discover import discover
from postmark_id.batch.products import Request
from postmark_id.batch.run import run
from postmark_id.batch.store import open_store
from postmark_id.settings import Settings

DOUBLES = Path(examiner_doubles.__file__)


class Silent:
    def begin(self, *_): ...

    def step(self, *_): ...

    def say(self, *_): ...


def covers(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        Image.fromarray(np.full((48, 64, 3), 30 + number, np.uint8)).save(folder / name)
    return folder


def batch(folder, place, recipe=None, **options):
    recipe = recipe or DoubleRecipe()
    return run(discover([folder])[0], open_store(place, recipe.fingerprint()), recipe, Silent(), jobs=1, **options)


def documents(place):
    lines = [json.loads(line) for line in (place / "results.jsonl").read_bytes().splitlines()]
    return [{**line, "timings": None} for line in lines]


def environment(**changes):
    whole = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), **changes}
    return {name: value for name, value in whole.items() if value is not None}


def test_row_41_a_scan_that_wants_too_much_memory_costs_itself_only(tmp_path, monkeypatch):
    pytest.importorskip("resource")
    monkeypatch.setattr(pool, "_memory", lambda: 0)
    settings = Settings()
    recipe = DoubleRecipe(replace(settings, batch=replace(settings.batch, least_memory=3_000_000_000)))
    summary = batch(covers(tmp_path / "in", "a.png", "greedy.png", "z.png"), tmp_path / "run", recipe)
    assert summary.failures == {"out-of-memory": ["greedy.png"]}
    failed = next(line["error"] for line in documents(tmp_path / "run") if "error" in line)
    assert "--jobs 1" in failed["hint"]
    assert "--max-mpixels" in failed["hint"]


FULL = """
import resource, signal, sys
from pathlib import Path
from examiner_doubles import DoubleRecipe
from postmark_id.batch.discover import discover
from postmark_id.batch.manifest import read
from postmark_id.batch.products import Request, export
from postmark_id.batch.store import Store
from postmark_id.errors import OutputError

place, product = Path(sys.argv[1]), sys.argv[2]
found, _ = discover([sys.argv[3]])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
try:
    export(found, Store(place, DoubleRecipe().fingerprint()), Request((product,)), read(place))
except OutputError as error:
    print(int(error.exit_code), error.message, error.hint, sep="|")
"""
"""Makes one product where no file can grow beyond a limit, as on a disk that is full."""


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """A run of 40 covers with every product."""
    place = tmp_path_factory.mktemp("full")
    folder = covers(place / "in", *[f"{k:02d}.png" for k in range(40)])
    batch(folder, place / "run", request=Request(()))
    return folder, place / "run"


@pytest.mark.parametrize("there", [False, True], ids=["new", "in place of an old one"])
@pytest.mark.parametrize("product", ["jsonl", "csv", "html", "sqlite"])
def test_row_43_a_disk_that_is_full_leaves_no_half_product_and_all_results(worked, product, there):
    pytest.importorskip("resource")
    folder, place = worked
    name = {"jsonl": "results.jsonl", "csv": "results.csv", "html": "report.html", "sqlite": "catalogue.sqlite"}[
        product
    ]
    (place / name).unlink(missing_ok=True)
    if there:
        batch(folder, place, request=Request((product,)))
    before = (place / name).read_bytes() if there else None
    results = sorted(p.name for p in (place / "results").iterdir())
    done = subprocess.run(
        [sys.executable, "-c", FULL, place, product, folder, "9000"], env=environment(), capture_output=True, text=True,
        timeout=90, check=True,
    )  # fmt: skip
    code, message, hint = done.stdout.strip().split("|")
    assert code == "5"
    assert name in message
    assert hint
    assert (place / name).exists() == there
    if product == "sqlite" and there:
        with closing(sqlite3.connect(place / name)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert database.execute("SELECT count(*) FROM scans").fetchone() == (40,)
    elif there:
        assert (place / name).read_bytes() == before
    assert sorted(p.name for p in (place / "results").iterdir()) == results
    left = {p.name for p in place.iterdir()} - {".lock", ".postmark-id", "manifest.json", "results", "overlays"}
    assert left <= {"results.jsonl", "results.csv", "report.html", "catalogue.sqlite"}


def test_row_45_two_runs_of_the_same_scans_at_a_time_do_not_meet(tmp_path):
    """There is no cache that two runs could share; what they do share is the scans."""
    folder = covers(tmp_path / "in", *[f"slow-0.05-{k}.png" for k in range(8)])
    running = [
        subprocess.Popen([sys.executable, DOUBLES, folder, tmp_path / name, "1"], stdout=subprocess.DEVNULL,
                         env=environment())
        for name in ("one", "two")
    ]  # fmt: skip
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert documents(tmp_path / "one") == documents(tmp_path / "two")


@pytest.mark.parametrize(
    "changes",
    [{"HOME": "/proc/1", "XDG_DATA_HOME": "/proc/1/data", "XDG_CACHE_HOME": "/proc/1/cache"}, {"HOME": None},
     {"PYTHONWARNINGS": "error", "PYTHONOPTIMIZE": "1"}],
    ids=["read-only home", "no home", "warnings are errors, assertions off"],
)  # fmt: skip
def test_row_49_a_batch_needs_no_home_and_gives_no_warning(tmp_path, changes):
    folder = covers(tmp_path / "in", "a.png")
    done = subprocess.run(
        [sys.executable, DOUBLES, folder, tmp_path / "run", "1"], env=environment(**changes), capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "a.png\n", "")
    assert len(documents(tmp_path / "run")) == 1
