"""Make pairs of marks found on whole covers: python -m training.pairs.covers OUT [--count 300] [--seed 1620000].

Each set is a rubber, two near twins and another one of its shape, struck five times each on rendered covers. The marks
are those that the program finds, brought to one size as it does that, with other strikes, print and stamps across them.
Every mark is laid on a reference of each of the four, and on the nearest of a bank of others, from where the rough
comparison finds them. Every twenty sets are written as one file: pictures, and of each pair the numbers of reference
and mark, of how many strikes the reference is, whether they are one mark and whether they are twins, the agreement and
the pose.
"""

import datetime as dt
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from training.harvested import asked, write
from training.pairs.designs import SHAPES, Rubber, draw, twin
from training.pairs.pictures import packed

from postmark_id.geometry import iou
from postmark_id.ink import lay_out
from postmark_id.library.alignment import Pose, Strokes, coarse, refine
from postmark_id.library.impression import Impression, rectify
from postmark_id.library.reference import LEAST_LAID, merged
from postmark_id.marks.closeup import look_closely
from postmark_id.marks.fit import fit
from postmark_id.marks.propose import propose
from postmark_id.marks.recognise import date_lines
from postmark_id.models import Scan, Station
from postmark_id.settings import Settings
from postmark_id.synth import covers
from postmark_id.synth.designs import Design, draw_design
from postmark_id.synth.layouts import DrawnMark
from postmark_id.synth.plan import Plan, Wanted, repeated
from postmark_id.synth.writing import WrittenDate

SETTINGS = Settings()
BANK = 150
"""References of each shape among which strangers are sought."""
NEAREST = 2
"""Of the bank that each mark is laid on."""
STRIKES, EACH = 5, 4
"""Of a rubber in a set; marks on a cover."""
SAME_PLACE = 0.5
NAMES = ("0", "1", "2", "3")


@dataclass
class Kept:
    """What is written."""

    pictures: list[np.ndarray] = field(default_factory=list)
    pairs: list[tuple[float, ...]] = field(default_factory=list)

    def add(self, impression: Impression) -> int:
        """Keep a picture; gives its number."""
        self.pictures.append(packed(impression))
        return len(self.pictures) - 1

    def note(self, numbers: tuple[int, int], strikes: int, likeness: tuple[bool, bool], pose: Pose) -> None:
        """Keep a pair."""
        self.pairs.append((*numbers, strikes, *likeness, pose.agreement, *pose.matrix.ravel()))


@dataclass(frozen=True)
class OnCovers(Design):
    """A rubber where a design is asked for."""

    rubber: Rubber | None = None


def drawn(design: Design, scale: float, date: WrittenDate | None = None, wheels: float = 0.0) -> DrawnMark:
    """Draw a design or, in its place, a rubber."""
    if not isinstance(design, OnCovers) or design.rubber is None:
        return draw_design(design, scale, date, wheels)
    mark = draw(design.rubber, date, scale)
    mark.design = design.id
    return mark


def some_set(seed: int, rng: np.random.Generator) -> list[Design]:
    """A mark, two near twins and another one; some are drawn as the designs of rendered covers."""
    shape = SHAPES[int(rng.integers(3))]
    if rng.random() < 0.35:
        first = Design("0", shape, (Station.MIR, Station.ISS)[int(rng.integers(2))], seed, bool(rng.random() < 0.5))
        twins = [
            replace(first, id=str(k), **({"motif": k} if rng.random() < 0.5 else {"lower": int(rng.integers(1, 4))}))
            for k in (1, 2)
        ]
        return [first, *twins, replace(first, id="3", seed=seed + 500_000)]
    rubber = Rubber(shape, seed)
    others = [twin(rubber, rng), twin(rubber, rng), Rubber(shape, seed + 500_000)]
    return [OnCovers(str(k), shape, Station.MIR, seed, True, rubber=one) for k, one in enumerate([rubber, *others])]


def found_on(some: list[Wanted], seed: int, rng: np.random.Generator) -> Iterator[tuple[str, Impression]]:
    """The marks of a set as they are found on one cover."""
    if rng.random() < 0.5:
        some = [Wanted("cancel", date=dt.date(1995, 3, 4)), *some]
    wear = float(np.clip(rng.normal(0.45, 0.12), 0.05, 0.8))
    cover = covers.render_plan(Plan("designs", tuple(some), int(rng.integers(0, 3))), seed, wear)
    sheet = lay_out(Scan(cover.pixels, "rendered", dpi=cover.dpi), SETTINGS.ink)
    proposals = propose(sheet, SETTINGS.marks)
    proposals = replace(proposals, marks=look_closely(sheet, proposals.marks, SETTINGS.marks))
    for proposal in proposals.marks:
        one = fit(sheet, proposal, SETTINGS.marks, SETTINGS.ink)
        if one.score < SETTINGS.marks.least_found:
            continue
        same = [label for label in cover.label["marks"] if label["shape"] == one.outline.shape.value]
        near = [
            (iou(label["outline"], one.outline.points), label["design"]) for label in same if label["design"] in NAMES
        ]
        share, name = max(near, default=(0.0, ""))
        if share >= SAME_PLACE:
            yield name, rectify(sheet, one.outline, one.ink, date_lines(one, proposals))


def strikes_of_set(seed: int, rng: np.random.Generator) -> list[tuple[int, Impression]]:
    """Found strikes of the four marks of a set, by number."""
    wanted = repeated(some_set(seed, rng), STRIKES, rng)
    starts = range(0, len(wanted), EACH)
    pages = [found_on(wanted[k : k + EACH], seed * 10 + k // EACH, rng) for k in starts]
    return [(int(name), impression) for page in pages for name, impression in page]


def together(strikes: list[Strokes]) -> Impression:
    """Strikes of one mark laid on the first of them."""
    laid = [(strikes[0].impression, np.eye(2, 3, dtype=np.float32))]
    for one in strikes[1:]:
        pose = refine(one, strikes[0], coarse(one, strikes[:1])[0][1])[0]
        if pose.agreement >= LEAST_LAID:
            laid.append((one.impression, pose.matrix))
    return merged(laid)


def lay_set(strikes: list[tuple[int, Impression]], banks: dict, kept: Kept, rng: np.random.Generator) -> None:
    """All pairs of a set, and some with marks of other sets."""
    if not strikes:
        return
    numbers = [kept.add(one) for _, one in strikes]
    ready = [Strokes(one) for _, one in strikes]
    many = {}
    bank = banks.setdefault(ready[0].shape, deque(maxlen=BANK))
    for k, (of, _) in enumerate(strikes):
        for which in range(4):
            others = [j for j, (name, _) in enumerate(strikes) if name == which and j != k]
            if not others:
                continue
            some = [int(j) for j in rng.permutation(others)]
            if len(some) > 2 and rng.random() < 0.2:
                group = tuple(sorted(others)[:4])
                if group not in many:
                    whole = together([ready[j] for j in group])
                    many[group] = (kept.add(whole), Strokes(whole))
                at, onto, count = *many[group], len(group)
            else:
                at, onto, count = numbers[some[0]], ready[some[0]], 1
            pose = refine(ready[k], onto, coarse(ready[k], [onto])[0][1])[0]
            kept.note((at, numbers[k]), count, (which == of, (which == 3) == (of == 3)), pose)
        near = coarse(ready[k], [one for _, one in bank])
        for j in sorted(range(len(bank)), key=lambda j: -near[j][0])[:NEAREST]:
            at, one = bank[j]
            if at is None:
                at = kept.add(one.impression)
                bank[j] = (at, one)
            kept.note((at, numbers[k]), 1, (False, False), refine(ready[k], one, near[j][1])[0])
    for name in range(4):
        first = next((j for j, (of, _) in enumerate(strikes) if of == name), None)
        if first is not None:
            bank.append((numbers[first], ready[first]))


def main() -> None:
    out, seeds = asked(__doc__, count=300, seed=1_620_000)
    covers.draw_design = drawn
    banks: dict = {}
    kept = Kept()
    for number, seed in enumerate(seeds, start=1):
        rng = np.random.default_rng([seed, 78])
        lay_set(strikes_of_set(seed, rng), banks, kept, rng)
        if number % 20 == 0 or number == len(seeds):
            pairs = np.array(kept.pairs, np.float32)
            write(out / f"covers-{seed}.npz", pictures=np.stack(kept.pictures), pairs=pairs)
            print(seed, len(kept.pictures), len(pairs), flush=True)
            kept = Kept()
            for bank in banks.values():  # the next file has their pictures anew
                known = [(None, one) for _, one in bank]
                bank.clear()
                bank.extend(known)


if __name__ == "__main__":
    main()
