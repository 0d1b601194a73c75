"""Make pairs of marks laid on references: python -m training.pairs.harvest OUT [--count 1000] [--seed 1600000].

Each group is a rubber and a near twin. References are learned from one strike and from several, and every mark is laid
on every reference of its group, and on those of a bank of other rubbers that the rough comparison takes for nearest.
What is kept are references and marks as bytes, and of each pair their numbers, how many strikes the reference is of,
whether they are one mark and whether they come from one group, the agreement and the pose. Every fifty groups are
written as one file.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from training.harvested import asked, write
from training.pairs.designs import SHAPES, Rubber, twin
from training.pairs.worn import Worn, struck

from postmark_id.library.alignment import Pose, Strokes, coarse, refine
from postmark_id.library.impression import Floats, Impression
from postmark_id.library.reference import LEAST_LAID, merged

BANK = 120
"""References of each shape among which strangers are sought."""
NEAREST = 2
Matrix = Floats


@dataclass
class Learned:
    """A reference, whose it is and how it lies: from the frame of the rubber to it."""

    strokes: Strokes
    rubber: Rubber
    matrix: Matrix
    strikes: int


@dataclass
class Kept:
    """What is written: pictures, and pairs as numbers of a reference, a mark, strikes, sameness, group and pose."""

    pictures: list[np.ndarray] = field(default_factory=list)
    pairs: list[tuple[float, ...]] = field(default_factory=list)

    def add(self, impression: Impression) -> int:
        self.pictures.append(packed(impression))
        return len(self.pictures) - 1


def packed(impression: Impression) -> np.ndarray:
    """Ink in 0..254, 255 where nothing is seen."""
    ink = np.round(np.clip(impression.ink, 0, 1) * 254)
    return np.where(impression.seen > 0.5, ink, 255).astype(np.uint8)


def between(first: Matrix, second: Matrix) -> Matrix:
    """The pose of a reference on a mark, both of which lie in a known way."""
    a, b = (np.vstack([m, [0, 0, 1]]) for m in (first, second))
    return np.asarray((b @ np.linalg.inv(a))[:2], np.float32)


def roughly(matrix: Matrix, rng: np.random.Generator) -> Matrix:
    """As the rough comparison finds a pose."""
    off = np.eye(2) + rng.normal(0, 0.02, (2, 2))
    return np.asarray(np.column_stack([matrix[:, :2] @ off, matrix[:, 2] + rng.normal(0, 1.5, 2)]), np.float32)


def learned(rubber: Rubber, strikes: list[Worn], rng: np.random.Generator) -> Learned:
    """A reference as `average` works it out, from poses that are nearly known."""
    first = strikes[0]
    if len(strikes) == 1:
        return Learned(Strokes(first.impression), rubber, first.matrix, 1)
    onto = Strokes(first.impression)
    laid = [(first.impression, np.eye(2, 3, dtype=np.float32))]
    for one in strikes[1:]:
        pose = refine(Strokes(one.impression), onto, [roughly(between(first.matrix, one.matrix), rng)])
        if pose.agreement >= LEAST_LAID:
            laid.append((one.impression, pose.matrix))
    return Learned(Strokes(merged(laid)), rubber, first.matrix, len(strikes))


def group(seed: int, banks: dict, kept: Kept) -> None:
    """All pairs of one group."""
    rng = np.random.default_rng([seed, 77])
    rubber = Rubber(SHAPES[int(rng.integers(3))], seed)
    other = twin(rubber, rng)
    own = [struck(rubber, rng) for _ in range(9 if rng.random() < 0.5 else 7)]
    its = [struck(other, rng) for _ in range(6)]
    marks = [(rubber, one) for one in own[:4]] + [(other, one) for one in its[:3]]
    references = [
        learned(rubber, own[4:5], rng), learned(rubber, own[5:6], rng), learned(rubber, own[4:], rng),
        learned(other, its[3:4], rng), learned(other, its[4:] if rng.random() < 0.5 else its[3:], rng),
    ]  # fmt: skip
    numbers = [kept.add(one.strokes.impression) for one in references]
    bank = banks.setdefault(rubber.shape, deque(maxlen=BANK))
    for of, mark in marks:
        strokes, number = Strokes(mark.impression), kept.add(mark.impression)
        for one, at in zip(references, numbers, strict=True):
            pose = refine(strokes, one.strokes, [roughly(between(one.matrix, mark.matrix), rng)])
            note(kept, (at, number), one.strikes, (of is one.rubber, True), pose)
        near = coarse(strokes, [one.strokes for _, one in bank])
        for k in sorted(range(len(bank)), key=lambda k: -near[k][0])[:NEAREST]:
            at, one = bank[k]
            if at is None:
                at = kept.add(one.strokes.impression)
                bank[k] = (at, one)
            note(kept, (at, number), one.strikes, (False, False), refine(strokes, one.strokes, near[k][1][:1]))
    for k in (0, 2):
        bank.append((numbers[k], references[k]))


def note(kept: Kept, numbers: tuple[int, int], strikes: int, likeness: tuple[bool, bool], pose: Pose) -> None:
    kept.pairs.append((*numbers, strikes, *likeness, pose.agreement, *pose.matrix.ravel()))


def main() -> None:
    out, seeds = asked(__doc__, count=1000, seed=1_600_000)
    banks: dict = {}
    kept = Kept()
    for number, seed in enumerate(seeds, start=1):
        group(seed, banks, kept)
        if number % 50 == 0 or number == len(seeds):
            pairs = np.array(kept.pairs, np.float32)
            write(out / f"pairs-{seed}.npz", pictures=np.stack(kept.pictures), pairs=pairs)
            kept = Kept()
            for bank in banks.values():  # the next file has their pictures anew
                bank.extend([(None, one) for _, one in list(bank)])


if __name__ == "__main__":
    main()
