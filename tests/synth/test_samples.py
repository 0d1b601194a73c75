"""The sample covers: complete, small, and true to their plans."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from postmark_id.synth.samples import MAX_BYTES, SAMPLES, sample_named, write_samples

FOLDER = Path(__file__).parents[2] / "samples"
CASES = (
    "t15-two-pentagons", "tm2-first-souvenir-cover", "tm14-wrong-year", "znamya-card", "five-dates-1", "five-dates-2",
    "five-dates-3", "five-dates-4", "five-dates-5", "spk-tests", "spektr-collision", "mir-reentry",
    "dragon-c2-berthing", "dragon-c2-release", "crs5-docking", "crs5-release", "crs7-loss", "atv3-houston",
    "sts76-docking", "sts71-docking", "apollo-none",
)  # fmt: skip


def label_of(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_every_documented_case_has_a_sample():
    assert {s.name for s in SAMPLES if s.case} == set(CASES)
    assert len({s.name for s in SAMPLES}) == len(SAMPLES)


@pytest.mark.parametrize("name", [s.name for s in SAMPLES])
def test_a_sample_is_small_and_agrees_with_its_label(name):
    data = (FOLDER / f"{name}.jpg").read_bytes()
    label = label_of(name)
    assert len(data) <= MAX_BYTES
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (label["width"], label["height"])
    assert label["file"] == f"{name}.jpg"
    assert label["seed"] == sample_named(name).seed


@pytest.mark.parametrize("name", [s.name for s in SAMPLES])
def test_the_dates_of_a_sample_are_those_of_its_plan(name):
    planned = sorted(w.date.isoformat() for w in sample_named(name).plan.wanted if w.date and w.on_board)
    labelled = sorted(m["date"]["date"] for m in label_of(name)["marks"] if m["date"] and m["on_board"])
    assert labelled == planned


def test_the_readme_lists_every_sample_and_its_origin():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"| {s.name} |" in text for s in SAMPLES)
    assert "rendered by a program" in text
    assert "Licence" in text


def test_the_five_dates_mean_five_events():
    label = label_of("five-dates-all")
    assert label["outcome"] == "identified"
    assert [(f["flight"], f["event"]) for f in label["flights"]] == [
        ("Soyuz TM-24", "docking"), ("STS-79", "docking"), ("STS-81", "docking"),
        ("Soyuz TM-25", "docking"), ("Soyuz TM-24", "undocking"),
    ]  # fmt: skip


def test_a_cachet_naming_another_flight_does_not_change_the_truth():
    assert sample_named("crs5-docking").plan.cachet == ("SPACEX CRS-6", "COMMERCIAL RESUPPLY SERVICES")
    assert [f["flight"] for f in label_of("crs5-docking")["flights"]] == ["Dragon CRS-5"]


def test_rendering_a_sample_again_gives_the_committed_label():
    cover = sample_named("sts76-docking").render()
    committed = label_of("sts76-docking")
    for key in ("seed", "dpi", "width", "height", "flights", "outcome"):
        assert cover.label[key] == committed[key]
    for new, old in zip(cover.label["marks"], committed["marks"], strict=True):
        assert new["lettering"] == old["lettering"]
        assert new["date"]["text"] == old["date"]["text"]
        assert new["box"] == pytest.approx(old["box"], abs=2)


def test_writing_samples_ends_with_the_readme(tmp_path, monkeypatch):
    monkeypatch.setattr("postmark_id.synth.samples.SAMPLES", SAMPLES[2:4])
    written = [p.name for p in write_samples(tmp_path)]
    assert written == ["tm14-wrong-year.jpg", "znamya-card.jpg", "README.md"]
    assert json.loads((tmp_path / "znamya-card.json").read_text(encoding="utf-8"))["outcome"] == "identified"
    assert "| znamya-card |" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_an_unknown_sample_is_a_key_error():
    with pytest.raises(KeyError):
        sample_named("nothing")
