"""Labelled covers to measure on: folders that `postmark-id synth` wrote, or covers rendered for this run only."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from postmark_id.evaluate import Truth, read_labels
from postmark_id.models import Box
from postmark_id.synth.covers import render_cover
from postmark_id.synth.files import write_cover

COUNT = 67
"""Covers rendered for each difficulty where nobody says how many."""
DIFFICULTIES = (0.15, 0.45, 0.85)


@dataclass(frozen=True, slots=True)
class Trap:
    """Something on a cover that is easily taken for a mark or its date, such as a shield or an address."""

    kind: str
    box: Box
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """A picture and what is really on it."""

    path: Path
    truth: Truth
    traps: tuple[Trap, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let the user choose the covers."""
    parser.add_argument("labelled", type=Path, nargs="*", help="folders of labelled covers; rendered if none is named")
    parser.add_argument("--count", type=int, help=f"covers of each folder (all), or of each difficulty ({COUNT})")
    parser.add_argument("--seed", type=int, default=960_000, help="first cover to render")
    parser.add_argument("--difficulty", type=float, action="append", help="difficulty to render; may be repeated")


@contextmanager
def chosen(args: argparse.Namespace) -> Iterator[list[Cover]]:
    """The covers that the user chose; rendered ones last as long as the context."""
    if args.labelled:
        yield read(args.labelled, args.count)
        return
    with tempfile.TemporaryDirectory() as name:
        folders = []
        for k, difficulty in enumerate(args.difficulty or DIFFICULTIES):
            folders.append(Path(name) / f"{difficulty:g}")
            render(folders[-1], args.seed + 3_000 * k, args.count or COUNT, difficulty)
        yield read(folders)


def render(folder: Path, seed: int, count: int, difficulty: float) -> None:
    """Write covers and labels as `postmark-id synth` does."""
    for number in range(seed, seed + count):
        write_cover(render_cover(number, difficulty, jpeg=False), folder, f"cover-{number}")


def read(folders: Sequence[Path], count: int | None = None) -> list[Cover]:
    """The covers of folders, at most so many of each; a cover is named after its folder, too."""
    return [
        Cover(folder / truth.file, replace(truth, file=f"{folder.resolve().name}/{truth.file}"), _traps(folder, truth))
        for folder in folders
        for truth in read_labels(folder)[:count]
    ]


def _traps(folder: Path, truth: Truth) -> tuple[Trap, ...]:
    """What the label says of traps; `evaluate` has no need of it."""
    label = json.loads((folder / truth.file).with_suffix(".json").read_bytes())
    return tuple(Trap(trap["kind"], tuple(trap["box"]), trap.get("text")) for trap in label.get("traps", ()))


def describe(covers: Sequence[Cover]) -> str:
    """Which covers they are, difficulty by difficulty: how many, and the first and the last."""
    named: dict[float, list[str]] = {}
    for cover in covers:
        named.setdefault(cover.truth.difficulty, []).append(cover.path.stem)
    return "; ".join(
        f"{len(names)} at difficulty {difficulty:g} ({names[0]} to {names[-1]})"
        for difficulty, names in sorted(named.items())
    )


def tell(message: str) -> None:
    """Say on stderr how far the work is, for stdout may be redirected."""
    print(message, file=sys.stderr, flush=True)
