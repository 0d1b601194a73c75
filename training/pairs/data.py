"""Measures of the pairs that were harvested: python -m training.pairs.data PAIRS... --out MEASURES.npz."""

import argparse
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from postmark_id.library.alignment import Pose, Strokes
from postmark_id.library.impression import Floats, Impression
from postmark_id.library.pairs import Field, measures
from postmark_id.models import Shape

EACH = (480, 400, 230)
"""Pairs of a file that are taken at most: of one mark, of twins, of others."""


@dataclass(frozen=True)
class Pair:
    """A reference of so many strikes, a mark and the pose of the first on the second; of which kind they are."""

    reference: np.ndarray
    mark: np.ndarray
    pose: Pose
    strikes: int
    kind: int


def read(path: Path) -> list[Pair]:
    """The pairs of a file; where no good pose was found for one mark, the pair teaches nothing."""
    with np.load(path) as held:
        pictures, pairs = held["pictures"], held["pairs"]
    found = []
    for p in pairs:
        kind = 0 if p[3] else 1 if p[4] else 2
        if kind or p[5] > 0.15:
            pose = Pose(p[6:].reshape(2, 3), float(p[5]))
            found.append(Pair(pictures[int(p[0])], pictures[int(p[1])], pose, int(p[2]), kind))
    return found


def impression(packed: np.ndarray) -> Impression:
    """A picture of the file as the program has it; its shape plays no part here."""
    seen = packed < 255
    return Impression(np.where(seen, packed / 254.0, 0.0).astype(np.float32), seen.astype(np.float32), Shape.CIRCLE)


def measured(pair: Pair) -> Floats:
    """The measures of a pair, as the program takes them."""
    mark, reference = Field.of(Strokes(impression(pair.mark))), Field.of(Strokes(impression(pair.reference)))
    return measures(mark.laid(pair.pose.matrix), reference, pair.pose.agreement, pair.strikes)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("pairs", type=Path)
    ap.add_argument("--out", type=Path, required=True)
    a = ap.parse_args()
    cv2.setNumThreads(1)
    rng = random.Random(5)
    rows, kinds, files = [], [], []
    for number, path in enumerate(sorted(a.pairs.glob("*.npz"))):
        pairs = read(path)
        for kind, most in enumerate(EACH):
            some = [pair for pair in pairs if pair.kind == kind]
            for pair in rng.sample(some, min(most, len(some))):
                rows.append(measured(pair))
                kinds.append(kind)
                files.append(number)
        print(path.name, len(rows), flush=True)
    np.savez(a.out, measures=np.stack(rows), kinds=np.array(kinds), files=np.array(files))


if __name__ == "__main__":
    main()
