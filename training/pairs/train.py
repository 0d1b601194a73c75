"""Train the network of pairs: python -m training.pairs.train OUT.pt POOL COVERS [--minutes 45].

POOL holds strikes in known poses (`pool`), COVERS pairs as the program lays them (`covers`); of each the first file is
kept for testing.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional
from training.loop import Parts, options, train
from training.pairs.data import OF_COVERS, found_pairs, groups, known_pair
from training.pairs.model import KINDS, Pairs

BATCH = 48
FROM_POOL = 24
TEST = 600
Set = tuple[torch.Tensor, torch.Tensor]


def judged(net: Pairs, sets: dict[str, Set]) -> str:
    """Cross entropy, and how often a pair of one mark has higher odds than one of twins, and of others."""
    said = []
    for name, (x, kinds) in sets.items():
        raw = torch.cat([net.heard(part)[0] for part in x.split(64)])
        text = f"{name} {functional.cross_entropy(raw, kinds):.3f}"
        for k in (1, 2):
            odds = raw[:, 0] - raw[:, k]
            one, other = odds[kinds == 0], odds[kinds == k]
            if len(other):
                text += f", {KINDS[k]} {float((one[:, None] > other[None]).float().mean()):.3f}"
        said.append(text)
    return "; ".join(said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("pool", type=Path)
    parser.add_argument("covers", type=Path)
    given = options(parser, minutes=45, rate=2e-3)
    cv2.setNumThreads(1)
    rng, fixed = np.random.default_rng(given.seed), np.random.default_rng(7)
    held, *pool = (groups(path, rng) for path in sorted(given.pool.glob("*.npz")))
    tested, *covers = (found_pairs(path) for path in sorted(given.covers.glob("*.npz")))
    of_pool = [group for some in pool for group in some]
    of_kind = [[pair for some in covers for pair in some if pair.kind == k] for k in range(len(KINDS))]

    def known(some: list, count: int, chance: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        drawn = [known_pair(some[int(chance.integers(len(some)))], chance) for _ in range(count)]
        x, kinds, places = (np.stack(part) for part in zip(*drawn, strict=True))
        return torch.from_numpy(x), torch.from_numpy(kinds), torch.from_numpy(places)

    sets = {
        "pool": known(held, TEST, fixed)[:2],
        "covers": (
            torch.from_numpy(np.stack([pair.seen(fixed) for pair in tested])),
            torch.tensor([pair.kind for pair in tested]),
        ),
    }

    def losses(net: torch.nn.Module) -> Parts:
        x, kinds, places = known(of_pool, FROM_POOL, rng)
        which = rng.choice(len(KINDS), BATCH - FROM_POOL, p=OF_COVERS)
        others = [of_kind[k][int(rng.integers(len(of_kind[k])))].seen(rng) for k in which]
        raw, said = net.heard(torch.cat([x, torch.from_numpy(np.stack(others))]))
        return {
            "kind": functional.cross_entropy(raw, torch.cat([kinds, torch.from_numpy(which)])),
            # nothing is known of places in pairs of covers
            "places": 2.0 * functional.binary_cross_entropy_with_logits(said[: len(places), 0], places),
        }

    train(Pairs(), losses, given, lambda net: judged(net, sets))


if __name__ == "__main__":
    main()
