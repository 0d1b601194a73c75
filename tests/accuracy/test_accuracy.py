"""Accuracy on freshly rendered covers, far from all seeds used in training: `make accuracy`.

`POSTMARK_ID_ACCURACY_SEED` sets the first seed, `POSTMARK_ID_ACCURACY_COVERS` the covers for each difficulty.
"""

import os
import tomllib
from pathlib import Path

import pytest

from postmark_id.evaluate import score, to_text, truth_from_json
from postmark_id.evaluate.scores import Measures, rate
from postmark_id.models import Scan
from postmark_id.pipeline import Identifier
from postmark_id.synth.covers import render_cover

SEED = int(os.environ.get("POSTMARK_ID_ACCURACY_SEED", "900000"))
COVERS = int(os.environ.get("POSTMARK_ID_ACCURACY_COVERS", "40"))
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))
MEASURED = {
    "seal_precision": lambda m: m.seals.precision,
    "seal_recall": lambda m: m.seals.recall,
    "postmark_precision": lambda m: m.board_postmarks.precision,
    "postmark_recall": lambda m: m.board_postmarks.recall,
    "board_or_ground": lambda m: m.board_or_ground.share_right,
    "date_recall": lambda m: m.dates.recall,
    "false_dates_most": lambda m: rate(m.dates.false, m.covers),
    "flight_top1": lambda m: rate(m.flights.top1, m.flights.covers),
    "negatives_clean": lambda m: rate(m.negatives_clean, m.negatives),
    "identified_wrong_most": lambda m: rate(len(m.flights.wrong), m.covers),
}


@pytest.fixture(scope="module")
def scores():
    identifier = Identifier()
    pairs = []
    for band, difficulty in enumerate(float(name) for name in FLOORS):
        for seed in range(SEED + 10_000 * band, SEED + 10_000 * band + COVERS):
            cover = render_cover(seed, difficulty)
            report = identifier.identify(Scan(cover.pixels, f"cover-{seed}.jpg", dpi=cover.dpi))
            pairs.append((truth_from_json({"file": report.path} | cover.label), report))
    return score(pairs)


def below(name: str, measures: Measures, floors: dict[str, float]) -> list[str]:
    """What misses its floor, in words."""
    missed = []
    for key, floor in floors.items():
        value = MEASURED[key](measures)
        if value is not None and (value > floor if key.endswith("_most") else value < floor):
            missed.append(f"difficulty {name}: {key} is {value:.3f}, should be {floor}")
    return missed


@pytest.mark.accuracy
def test_rendered_covers_are_read_as_well_as_before(scores, capsys):
    with capsys.disabled():
        print(f"\n{COVERS} covers for each difficulty, seeds from {SEED}\n\n{to_text(scores)}")
    measured = dict(scores.by_difficulty)
    assert set(measured) == set(FLOORS)
    assert [line for name, floors in FLOORS.items() for line in below(name, measured[name], floors)] == []
