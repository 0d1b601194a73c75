"""Strikes of rubbers and their twins, in poses that are known: python -m training.pairs.pool OUT [--count 1000].

Each group is a rubber and a near twin, struck six times each. Every two strikes of a group can be laid on each other
while training, so that many pairs come of few strikes. Every hundred groups are written as one file.
"""

import numpy as np
from training.harvested import asked, write
from training.pairs.designs import SHAPES, Rubber, twin
from training.pairs.pictures import packed
from training.pairs.worn import struck

STRIKES = 6


def group_of(seed: int) -> tuple[tuple[Rubber, Rubber], np.random.Generator]:
    """The rubber and the twin of a seed, and the chance that strikes them."""
    rng = np.random.default_rng([seed, 79])
    rubber = Rubber(SHAPES[int(rng.integers(3))], seed)
    return (rubber, twin(rubber, rng)), rng


def main() -> None:
    out, seeds = asked(__doc__, count=1000, seed=1_640_000)
    pictures, matrices, of = [], [], []
    for number, seed in enumerate(seeds, start=1):
        rubbers, rng = group_of(seed)
        for which, one in enumerate(rubbers):
            for _ in range(STRIKES):
                worn = struck(one, rng)
                pictures.append(packed(worn.impression))
                matrices.append(worn.matrix)
                of.append((seed, which))
        if number % 100 == 0 or number == len(seeds):
            write(out / f"pool-{seed}.npz", pictures=np.stack(pictures), matrices=np.stack(matrices), of=np.array(of))
            pictures, matrices, of = [], [], []


if __name__ == "__main__":
    main()
