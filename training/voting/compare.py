"""Compare proposers on rendered covers: what docs/decisions/0002-proposing-marks.md reports.

    python -m training.voting.compare [--proposers voting,contours,network,fitted] [--covers 20] [--seed 920000]

Covers are rendered at each difficulty. Every second one is used to choose the threshold with the best F1, the others
to measure it; recall among the first proposals is taken over all. A true mark of which less than 0.3 is visible counts
for nothing, nor does a proposal there, as in `postmark_id.evaluate`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
from training.voting.proposed import Proposed

from postmark_id.evaluate.measure import match_marks
from postmark_id.evaluate.scores import Detection, total
from postmark_id.evaluate.truth import TrueMark, truth_from_json
from postmark_id.models import Kind, Mark, Picture, Shape
from postmark_id.settings import EvaluateSettings
from postmark_id.synth.covers import render_cover

Proposer = Callable[[Picture], list[Proposed]]
GROUPS = {"seals": (Shape.PENTAGON, Shape.OCTAGON), "round marks": (Shape.CIRCLE,)}
FIRST = 6
DIFFICULTIES = (0.15, 0.45, 0.85)
DPI = 200
COLUMNS = (
    ("proposer", "proposer", ""),
    ("marks", "marks", ""),
    ("difficulty", "difficulty", ""),
    ("true", "true", ""),
    (f"first {FIRST}", "recall_first", ".2f"),
    ("IoU", "mean_iou", ".2f"),
    ("rotation", "median_rotation_error", ".1f"),
    ("precision", "precision", ".2f"),
    ("recall", "recall", ".2f"),
    ("F1", "f1", ".2f"),
    ("ms", "ms", ".0f"),
)


@dataclass(frozen=True, slots=True)
class Cover:
    """A rendered cover, its true marks by group, and what a proposer said."""

    difficulty: float
    marks: tuple[TrueMark, ...]
    proposed: tuple[Proposed, ...]
    seconds: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proposers", default="voting,contours,network,fitted")
    parser.add_argument("--covers", type=int, default=20, help="for each difficulty")
    parser.add_argument("--seed", type=int, default=920_000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    if args.covers < 2:
        parser.error("one half of the covers chooses the threshold, the other is measured: at least 2 are needed")
    cv2.setNumThreads(1)
    names = args.proposers.split(",")
    proposers: dict[str, Proposer] = {
        name: importlib.import_module(f"training.voting.{name}").propose for name in names
    }
    runs = run(proposers, args.covers, args.seed)
    rows = [row for name, covers in runs.items() for row in measure(name, covers)]
    show(rows)
    if args.json:
        args.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def run(proposers: dict[str, Proposer], count: int, seed: int) -> dict[str, list[Cover]]:
    """Let all proposers see the same covers."""
    runs: dict[str, list[Cover]] = {name: [] for name in proposers}
    for k, difficulty in enumerate(DIFFICULTIES):
        for number in range(count):
            cover = render_cover(seed + 1000 * k + number, difficulty, dpi=DPI)
            marks = truth_from_json({"file": ""} | cover.label).marks
            for name, propose in proposers.items():
                start = time.process_time()
                proposed = propose(cover.pixels)
                seconds = time.process_time() - start
                runs[name].append(Cover(difficulty, marks, tuple(proposed), seconds))
    return runs


def detect(cover: Cover, group: str, *, threshold: float = 0.0, first: int | None = None) -> Detection:
    """Count hits of the proposals above a threshold, or of the first ones.

    Seals are true where they are on board; round marks wherever they are from: lettering tells them apart later.
    """
    shapes = GROUPS[group]
    found = [p for p in cover.proposed if p.outline.shape in shapes and p.score >= threshold][:first]
    there = [m for m in cover.marks if m.shape in shapes and (m.on_board or m.shape is Shape.CIRCLE)]
    # the red pentagon of the rescue team has the right shape: no proposer can know better
    other = [m for m in cover.marks if m.shape in shapes and m not in there]
    marks = [Mark(Kind.UNKNOWN, p.outline, p.score) for p in found]
    counted = match_marks(marks, there, EvaluateSettings())[1]
    excused = match_marks(marks, other, EvaluateSettings())[1].hits
    return Detection(counted.hits, counted.false - excused, counted.missed, counted.ious, counted.rotation_errors)


def measure(name: str, covers: Sequence[Cover]) -> list[dict[str, object]]:
    """A row for each group and difficulty, and one for all."""
    rows = []
    for group, shapes in GROUPS.items():
        candidates = sorted({round(p.score, 3) for c in covers for p in c.proposed if p.outline.shape in shapes})
        tuning, test = covers[::2], covers[1::2]
        threshold = max(
            candidates[:: max(1, len(candidates) // 200)],
            key=lambda t: total([detect(c, group, threshold=t) for c in tuning]).f1 or 0.0,
            default=0.0,
        )
        for difficulty in (*DIFFICULTIES, None):
            chosen = [c for c in covers if difficulty in (None, c.difficulty)]
            tested = [c for c in test if difficulty in (None, c.difficulty)]
            first = total([detect(c, group, first=FIRST) for c in chosen])
            sure = total([detect(c, group, threshold=threshold) for c in tested])
            turned = {p.outline.rotation for c in chosen for p in c.proposed}
            rows.append(
                {
                    "proposer": name,
                    "marks": group,
                    "difficulty": difficulty or "all",
                    "covers": len(chosen),
                    "true": first.hits + first.missed,
                    "recall_first": first.recall,
                    "mean_iou": first.mean_iou,
                    "median_rotation_error": first.median_rotation_error if len(turned) > 1 else None,
                    "threshold": threshold,
                    "precision": sure.precision,
                    "recall": sure.recall,
                    "f1": sure.f1,
                    "ms": 1000 * statistics.median(c.seconds for c in chosen),
                }
            )
    return rows


def show(rows: Sequence[dict[str, object]]) -> None:
    """Print the table of the decision."""
    print("| " + " | ".join(title for title, _, _ in COLUMNS) + " |")
    print("|" + " --- |" * len(COLUMNS))
    for row in rows:
        print("| " + " | ".join(_cell(row[key], form) for _, key, form in COLUMNS) + " |")


def _cell(value: object, form: str) -> str:
    return "-" if value is None else format(value, form)


if __name__ == "__main__":
    main()
