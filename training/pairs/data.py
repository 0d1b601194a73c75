"""Pairs to learn from: strikes in poses that are known, and marks as the program finds and lays them."""

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from training.pairs.designs import draw
from training.pairs.model import SIDE
from training.pairs.pictures import between, chained, packed, unpacked
from training.pairs.pool import group_of
from training.pairs.worn import to_frame

from postmark_id.library.alignment import Strokes, fetched
from postmark_id.library.impression import MIDDLE, Floats
from postmark_id.library.impression import SIDE as WHOLE
from postmark_id.library.pairs import EDGE, Field, compared
from postmark_id.library.reference import merged

TWINS, OF_MANY = 0.5, 0.2
"""Of pairs from the pool, how many are twins, and how many references are of three strikes."""
OF_COVERS = (0.4, 0.25, 0.35)
"""Of pairs from covers, how many are of each kind."""
LEAST_LAID = 0.15
"""Agreement below which a reference of one mark was laid wrongly and teaches nothing."""
STAMPED = 0.1
"""Share of the strikes of the pool over which a dark picture is laid."""
CELL = 8
"""Side of the places of which it is learned whether rubbers differ there, pixels."""


@dataclass(frozen=True)
class Small:
    """The fields of an impression, in bytes."""

    strokes: np.ndarray
    ink: np.ndarray
    seen: np.ndarray

    @classmethod
    def of(cls, picture: np.ndarray) -> "Small":
        """Those of a picture of the files."""
        one = Field.of(Strokes(unpacked(picture)))
        return cls((one.strokes * 32).astype(np.int8), (one.ink * 127).astype(np.uint8), one.seen.astype(np.uint8))

    def laid(self, matrix: Floats) -> Field:
        """The fields as a matrix fetches them."""
        strokes, ink, seen = (fetched(f.astype(np.float32), matrix) for f in (self.strokes, self.ink, self.seen))
        return Field(strokes * np.float32(1 / 32), ink * np.float32(1 / 127), seen)


def seen_together(mark: Small, reference: Small, pose: Floats, turn: Floats) -> Floats:
    """What the network sees of a pair that is turned as a whole."""
    return compared(mark.laid(chained(turn, pose)), reference.laid(turn))


def turned(rng: np.random.Generator) -> Floats:
    """Any turn around the middle, at times mirrored."""
    angle = rng.uniform(-math.pi, math.pi)
    c, s = math.cos(angle), math.sin(angle)
    linear = np.array([[c, -s], [s, c]]) @ np.diag([1.0, float(rng.choice([-1.0, 1.0]))])
    return np.column_stack([linear, MIDDLE - linear @ [MIDDLE, MIDDLE]]).astype(np.float32)


def nearly(matrix: Floats, rng: np.random.Generator) -> Floats:
    """A pose as the alignment finds it."""
    wide = 1.0 if rng.random() < 0.85 else 2.5
    off = np.eye(2) + rng.normal(0, 0.005 * wide, (2, 2))
    middle = np.array([MIDDLE, MIDDLE])
    shift = middle - off @ middle + rng.normal(0, 0.5 * wide, 2)
    return chained(np.column_stack([off, shift]).astype(np.float32), matrix)


def stamped(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A dark picture across a strike, in which little of it shows."""
    y, x = np.mgrid[:WHOLE, :WHOLE] - MIDDLE
    angle, (u, v) = rng.normal(0, 0.3), rng.uniform(-45, 45, 2)
    along, down = x * math.cos(angle) + y * math.sin(angle) - u, y * math.cos(angle) - x * math.sin(angle) - v
    inside = (np.abs(along) < rng.uniform(20, 70)) & (np.abs(down) < rng.uniform(20, 70))
    tones = np.zeros((WHOLE, WHOLE), np.float32)
    for cells, share in ((int(rng.integers(3, 9)), 1.0), (int(rng.integers(10, 40)), 0.7)):
        grid = rng.random((cells, cells), dtype=np.float32)
        tones += cv2.resize(grid, (WHOLE, WHOLE), interpolation=cv2.INTER_CUBIC) * np.float32(share)
    tones = np.clip((tones - tones.mean()) * rng.uniform(1, 3) + rng.uniform(0.1, 0.6), 0, 1)
    over = np.clip(tones * 254 + picture * rng.uniform(0.0, 0.6), 0, 254)
    return np.where(inside & (picture < 255), over, picture).astype(np.uint8)


def differing(seed: int) -> Floats:
    """Where a rubber of the pool and its twin differ, in their true frame, 0..1."""
    drawn = [draw(one, None, 3.0) for one in group_of(seed)[0]]
    a, b = (cv2.warpAffine(one.sheet.mask(), to_frame(one), (WHOLE, WHOLE)) for one in drawn)
    near = np.ones((5, 5), np.uint8)
    apart = np.maximum(a - cv2.dilate(b, near), 0) + np.maximum(b - cv2.dilate(a, near), 0)
    return np.asarray(np.clip(cv2.GaussianBlur(apart.astype(np.float32), (0, 0), 2.0) * 4, 0, 1), np.float32)


@dataclass(frozen=True)
class Group:
    """Strikes of a rubber and of its twin with their matrices, a reference of three, and where both differ."""

    strikes: list[list[tuple[Small, Floats]]]
    averages: list[tuple[Small, Floats]]
    differs: Floats


def groups(path: Path, rng: np.random.Generator) -> list[Group]:
    """The groups of a file of the pool."""
    with np.load(path) as held:
        pictures, matrices, of = held["pictures"], held["matrices"], held["of"]
    found = []
    for seed in np.unique(of[:, 0]):
        strikes, averages = [], []
        for which in (0, 1):
            some = np.flatnonzero((of == (seed, which)).all(axis=1))
            own = [stamped(pictures[k], rng) if rng.random() < STAMPED else pictures[k] for k in some]
            poses = [matrices[k] for k in some]
            strikes.append(list(zip(map(Small.of, own), poses, strict=True)))
            laid = [(unpacked(one), between(poses[0], pose)) for one, pose in zip(own[:3], poses[:3], strict=True)]
            averages.append((Small.of(packed(merged(laid))), poses[0]))
        found.append(Group(strikes, averages, differing(int(seed))))
    return found


def known_pair(group: Group, rng: np.random.Generator) -> tuple[Floats, int, Floats]:
    """A pair of a group, its kind, and where its rubbers differ, shape (SIDE / CELL, SIDE / CELL)."""
    twins, which = int(rng.random() < TWINS), int(rng.integers(2))
    own, its = group.strikes[which], group.strikes[which ^ twins]
    j, k = (int(v) for v in rng.choice(len(own), 2, replace=False))
    reference, to_reference = its[j]
    if rng.random() < OF_MANY:
        (reference, to_reference), k = group.averages[which ^ twins], int(rng.integers(3, len(own)))
    mark, to_mark = own[k]
    turn, pose = turned(rng), nearly(between(to_reference, to_mark), rng)
    places = np.zeros((SIDE // CELL, SIDE // CELL), np.float32)
    if twins:
        back = np.asarray(cv2.invertAffineTransform(to_reference), np.float32)
        laid = fetched(group.differs, chained(turn, back))[EDGE:-EDGE, EDGE:-EDGE]
        places = laid.reshape(SIDE // CELL, CELL, SIDE // CELL, CELL).max(axis=(1, 3))
    return seen_together(mark, reference, pose, turn), twins, places


@dataclass(frozen=True)
class Laid:
    """A mark and a reference that the program laid on it, and of which kind they are."""

    mark: Small
    reference: Small
    pose: Floats
    kind: int

    def seen(self, rng: np.random.Generator) -> Floats:
        """What the network sees of it, at any turn."""
        return seen_together(self.mark, self.reference, self.pose, turned(rng))


def found_pairs(path: Path) -> list[Laid]:
    """The pairs of a file of covers; where no good pose was found for one mark, the pair teaches nothing."""
    with np.load(path) as held:
        small, pairs = [Small.of(picture) for picture in held["pictures"]], held["pairs"]
    kinds = np.where(pairs[:, 3] > 0, 0, np.where(pairs[:, 4] > 0, 1, 2))
    useful = (kinds > 0) | (pairs[:, 5] > LEAST_LAID)
    return [
        Laid(small[int(p[1])], small[int(p[0])], p[6:].reshape(2, 3), int(kind))
        for p, kind in zip(pairs[useful], kinds[useful], strict=True)
    ]
