"""The gallery, drawn from two rendered covers and results of which one finds all and one nothing."""

import re
from dataclasses import replace
from pathlib import Path

import gallery
import numpy as np
import pytest
from labelled import Cover
from labelled_reports import finding_all, finding_nothing
from PIL import Image

from postmark_id.outputs.contract import report_json
from postmark_id.outputs.jsonl import write_jsonl


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr("sys.argv", ["gallery.py", *map(str, arguments)])
    gallery.main()


def pixels_of(picture: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int((np.abs(picture.astype(int) - colour).max(axis=2) < 25).sum())


def test_the_covers_that_failed_are_drawn_and_listed_and_the_others_are_not(
    covers: list[Cover], labelled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, wrong = covers
    write_jsonl(tmp_path / "results.jsonl", map(report_json, [finding_all(right), finding_nothing(wrong)]))
    page = tmp_path / "docs" / "failures.md"
    page.parent.mkdir()
    run(monkeypatch, labelled_folder, "--results", tmp_path / "results.jsonl", "--page", page)
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^\d+\. `(.+?)`", text, re.MULTILINE) == [wrong.path.stem]
    assert re.search(rf"^1\. `{wrong.path.stem}`, difficulty 0.3: \S.* missed, \d+% of it visible", text, re.MULTILINE)
    assert "On 1 of all 2 nothing is wrong." in text
    assert re.findall(r"!\[.+?\]\((.+?)\)", text) == ["images/failures.jpg"]
    with Image.open(page.parent / "images" / "failures.jpg") as sheet:
        assert sheet.format == "JPEG"
        assert sheet.width == 2 * gallery.TILE[0] + 3 * gallery.MARGIN


def test_a_page_written_again_leaves_no_sheet_of_the_one_before(
    covers: list[Cover], labelled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_jsonl(tmp_path / "results.jsonl", map(report_json, map(finding_nothing, covers)))
    page = tmp_path / "failures.md"
    arguments = (labelled_folder, "--results", tmp_path / "results.jsonl", "--page", page)
    monkeypatch.setattr(gallery, "A_SHEET", 1)
    run(monkeypatch, *arguments)
    assert sorted(p.name for p in (tmp_path / "images").iterdir()) == ["failures-1.jpg", "failures-2.jpg"]
    run(monkeypatch, *arguments, "--worst", 1)
    assert sorted(p.name for p in (tmp_path / "images").iterdir()) == ["failures.jpg"]
    assert len(re.findall(r"^\d+\. ", page.read_text(encoding="utf-8"), re.MULTILINE)) == 1


def test_the_worst_cover_comes_first(covers: list[Cover]) -> None:
    first, second = covers
    full = finding_all(first)
    one_missing = replace(full, marks=full.marks[1:], dates=())
    assert [f.cover for f in gallery.ranked(covers, [one_missing, finding_nothing(second)])] == [second, first]
    assert [f.cover for f in gallery.ranked(covers, [finding_nothing(first), finding_all(second)])] == [first]


def test_what_is_there_is_drawn_in_green_and_what_was_found_in_orange(covers: list[Cover]) -> None:
    nothing, everything = (
        gallery.draw_cover(gallery.Failure(covers[0], report(covers[0]), ()))
        for report in (finding_nothing, finding_all)
    )
    assert max(nothing.shape[1] / gallery.TILE[0], nothing.shape[0] / gallery.TILE[1]) == pytest.approx(1, abs=0.01)
    changed = np.abs(nothing.astype(int) - everything.astype(int)).max(axis=2) > 40
    assert changed.sum() > 100, "the found outlines make a difference"
    assert pixels_of(nothing, gallery.TRUE) > 100
    assert pixels_of(everything, gallery.FOUND) > pixels_of(nothing, gallery.FOUND) + 20


def test_marks_concerned_are_drawn_heavier(covers: list[Cover]) -> None:
    (failure,) = gallery.ranked(covers[:1], [finding_nothing(covers[0])])
    plain = gallery.Failure(failure.cover, failure.report, ())
    heavy, light = (pixels_of(gallery.draw_cover(one), gallery.TRUE) for one in (failure, plain))
    assert heavy > 2 * light > 0


def test_dashes_follow_the_line_and_leave_the_gaps_bare() -> None:
    square = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])
    lines = gallery.dashes(square, 12.0, 8.0)
    assert len(lines) == 20
    lengths = [np.linalg.norm(np.diff(line, axis=0), axis=1).sum() for line in lines]
    assert lengths == pytest.approx([12.0] * 20)
    on_edge = [np.isclose(line, 0.0) | np.isclose(line, 100.0) for line in lines]
    assert all(edge.any(axis=1).all() for edge in on_edge)


def test_sheets_keep_to_the_room_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    monkeypatch.setattr(gallery, "MOST_BYTES", 150_000)
    names = gallery.write_sheets([noise, noise], tmp_path, "failures")
    assert 50_000 < sum((tmp_path / name).stat().st_size for name in names) <= 150_000
