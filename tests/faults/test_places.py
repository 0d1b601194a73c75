"""Names, places and file systems: rows 25, 29, 30, 33 to 35, 70 and 73 of the table of bad inputs, with whole runs."""

import json
import os
import sqlite3
import time
import tracemalloc
import unicodedata
from contextlib import closing, suppress

import pytest
from bad_files import JPEG, cover, encoded
from examiner_doubles import DoubleRecipe
from PIL import Image

from postmark_id.batch.discover import discover
from postmark_id.batch.products import Request
from postmark_id.batch.run import run
from postmark_id.batch.store import open_store


class Silent:
    def begin(self, *_): ...

    def step(self, *_): ...

    def say(self, *_): ...


def batch(found, place, **options):
    recipe = DoubleRecipe()
    return run(found, open_store(place, recipe.fingerprint()), recipe, Silent(), jobs=1, **options)


def paths(place):
    return [json.loads(line)["scan"]["path"] for line in (place / "results.jsonl").read_bytes().splitlines()]


def test_row_25_broken_links_and_loops_are_told_and_a_run_ends_well(tmp_path):
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.jpg").write_bytes(JPEG)
    (folder / "broken.jpg").symlink_to(folder / "gone.jpg")
    (folder / "self.jpg").symlink_to("self.jpg")
    (folder / "deep" / "loop").symlink_to(folder)
    found, skipped = discover([folder], recursive=True)
    assert {(os.path.basename(item.path), item.failed) for item in skipped} == {  # noqa: PTH119
        ("broken.jpg", False), ("self.jpg", False), ("loop", False),
    }  # fmt: skip
    assert all(item.reason for item in skipped)
    batch(found, tmp_path / "run")
    assert paths(tmp_path / "run") == ["a.jpg"]


def test_row_29_files_of_one_base_name_have_results_pictures_and_keywords_of_their_own(tmp_path):
    folder = tmp_path / "in"
    for name in ("a.jpg", "a.jpeg", "box/a.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(JPEG)
    batch(discover([folder], recursive=True)[0], tmp_path / "run", request=Request(("jsonl", "overlay", "xmp")))
    assert paths(tmp_path / "run") == ["a.jpeg", "a.jpg", "box/a.jpg"]
    for kind, end in (("results", ".json"), ("overlays", ".jpg"), ("sidecars", ".xmp")):
        made = sorted(str(p.relative_to(tmp_path / "run" / kind)) for p in (tmp_path / "run" / kind).rglob(f"*{end}"))
        assert made == [f"a.jpeg{end}", f"a.jpg{end}", f"box/a.jpg{end}"]


@pytest.mark.parametrize(
    "names",
    [("cover.jpg", "COVER.JPG"), tuple(unicodedata.normalize(form, "Éclair.jpg") for form in ("NFC", "NFD"))],
    ids=["case", "normal form"],
)
def test_row_30_two_spellings_of_one_file_are_worked_on_once(tmp_path, names):
    """A second name of the same file plays a file system that takes both spellings for one."""
    (tmp_path / names[0]).write_bytes(JPEG)
    with suppress(FileExistsError):  # where the file system does so itself
        (tmp_path / names[1]).hardlink_to(tmp_path / names[0])
    found, _ = discover([tmp_path / names[0], tmp_path / names[1], tmp_path])
    assert len(found) == 1


def test_row_33_nothing_is_made_or_touched_beside_the_scans(tmp_path):
    folder = tmp_path / "in"
    (folder / "box").mkdir(parents=True)
    (folder / "box" / "a.jpg").write_bytes(JPEG)
    for place in (folder / "box", folder):
        place.chmod(0o555)
    before = {p: p.stat().st_mtime_ns for p in (folder, *folder.rglob("*"))}
    request = Request(("csv", "jsonl", "html", "overlay", "sqlite", "xmp"))
    batch(discover([folder], recursive=True)[0], tmp_path / "run", request=request)
    assert {p: p.stat().st_mtime_ns for p in (folder, *folder.rglob("*"))} == before
    for place in (folder, folder / "box"):
        place.chmod(0o755)


def test_row_34_long_paths_work_and_those_too_long_for_the_system_are_told(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    deep = folder / ("x" * 120) / ("y" * 120) / ("z" * 120)
    deep.mkdir(parents=True)
    (deep / "a.jpg").write_bytes(JPEG)
    monkeypatch.chdir(deep)
    for _ in range(20):  # beyond 4096 bytes in all
        os.mkdir("w" * 200)  # noqa: PTH102  the absolute path could not be made
        os.chdir("w" * 200)
    with open("b.jpg", "wb") as file:  # noqa: PTH123
        file.write(JPEG)
    monkeypatch.chdir(tmp_path)
    found, skipped = discover(["in"], recursive=True)
    assert [len(item.name) for item in found] == [3 * 121 + len("a.jpg")]
    assert [item.failed for item in skipped] == [True]
    monkeypatch.chdir("/")
    batch(found, tmp_path / "run")
    assert paths(tmp_path / "run") == [found[0].name]


def test_row_35_many_files_are_listed_in_bounded_time_and_memory(tmp_path):
    count = 20_000
    for k in range(count):
        if k % 2000 == 0:
            (tmp_path / f"box{k // 2000:02d}").mkdir()
        os.close(os.open(tmp_path / f"box{k // 2000:02d}" / f"{k:06d}.jpg", os.O_CREAT | os.O_WRONLY))
    begin = time.monotonic()
    tracemalloc.start()
    found, _ = discover([tmp_path], recursive=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == count
    assert peak / count < 2500
    assert time.monotonic() - begin < 60


def test_row_70_words_of_sql_in_a_name_are_only_a_name(tmp_path):
    names = ["'); DROP TABLE scans;--.jpg", '"; DELETE FROM runs;.jpg', "%_?1.jpg"]
    for name in names:
        (tmp_path / name).write_bytes(JPEG)
    for _ in range(2):
        batch(discover([tmp_path])[0], tmp_path / "run", request=Request(("sqlite",)))
    with closing(sqlite3.connect(tmp_path / "run" / "catalogue.sqlite")) as database:
        rows = database.execute("SELECT path FROM scans ORDER BY path").fetchall()
        assert [row[0] for row in rows] == sorted(names)
        assert database.execute("SELECT count(*) FROM runs").fetchone() == (1,)


def test_row_73_what_a_scan_says_of_its_owner_goes_nowhere(tmp_path):
    secret = "Jane Collector, 7 Orbit Road"
    tags = Image.Exif()
    tags[315] = tags[270] = secret
    tags.get_ifd(0x8825).update({1: "N", 2: (55.0, 45.0, 7.0)})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(encoded(cover(), "JPEG", exif=tags, comment=secret.encode()))
    request = Request(("csv", "jsonl", "html", "overlay", "sqlite", "xmp"))
    batch(discover([tmp_path / "in"])[0], tmp_path / "run", request=request)
    written = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert len(written) == 10
    for path in written:
        assert not [word for word in (b"Jane", b"Orbit", bytes(tmp_path / "in")) if word in path.read_bytes()], path
    with Image.open(tmp_path / "run" / "overlays" / "a.jpg.jpg") as picture:
        assert not picture.getexif()
