"""`postmark-id synth` as a user meets it."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from postmark_id.cli import main


def run(*arguments):
    with pytest.raises(SystemExit) as caught:
        main(["synth", *(str(a) for a in arguments)])
    return int(caught.value.code)


def test_it_writes_pictures_with_labels(tmp_path, capsys):
    assert run(tmp_path / "out", "-n", 2, "--seed", 5, "-d", 0.2, "-d", 0.8, "--dpi", 100) == 0
    printed = capsys.readouterr().out.split()
    assert [p.rsplit("/")[-1].rsplit("\\")[-1] for p in printed] == ["cover-5.jpg", "cover-6.jpg"]
    for seed, difficulty in ((5, 0.2), (6, 0.8)):
        label = json.loads((tmp_path / f"out/cover-{seed}.json").read_text(encoding="utf-8"))
        assert (label["seed"], label["difficulty"], label["file"]) == (seed, difficulty, f"cover-{seed}.jpg")
        with Image.open(tmp_path / f"out/cover-{seed}.jpg") as picture:
            assert picture.size == (label["width"], label["height"])
            assert round(picture.info["dpi"][0]) == 100
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "cover-5.jpg", "cover-5.json", "cover-6.jpg", "cover-6.json",
    ]  # fmt: skip


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        assert run(tmp_path / name, "-n", 1, "--seed", 9, "--dpi", 100) == 0
    assert (tmp_path / "a/cover-9.jpg").read_bytes() == (tmp_path / "b/cover-9.jpg").read_bytes()
    assert (tmp_path / "a/cover-9.json").read_bytes() == (tmp_path / "b/cover-9.json").read_bytes()


def test_it_refuses_to_overwrite_before_it_writes_anything(tmp_path, capsys):
    (tmp_path / "cover-2.json").write_text("mine", encoding="utf-8")
    assert run(tmp_path, "-n", 3, "--seed", 1, "--dpi", 100) == 6
    assert "--overwrite" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["cover-2.json"]
    assert (tmp_path / "cover-2.json").read_text(encoding="utf-8") == "mine"


def test_overwrite_replaces(tmp_path):
    (tmp_path / "cover-2.json").write_text("mine", encoding="utf-8")
    assert run(tmp_path, "-n", 1, "--seed", 2, "--dpi", 100, "--overwrite") == 0
    assert json.loads((tmp_path / "cover-2.json").read_text(encoding="utf-8"))["seed"] == 2


def test_a_folder_that_cannot_be_made_is_exit_five(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run(tmp_path / "file" / "out", "-n", 1, "--dpi", 100) == 5
    assert "can't write" in capsys.readouterr().err


def test_an_unknown_scenario_is_a_usage_error(tmp_path):
    assert run(tmp_path, "--scenario", "parcel") == 2


def test_a_difficulty_beyond_one_is_a_usage_error(tmp_path):
    assert run(tmp_path, "-d", "1.5") == 2
