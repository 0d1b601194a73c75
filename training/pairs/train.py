"""Train the network of pairs: python -m training.pairs.train OUT.pt MEASURES.npz [--minutes 1].

MEASURES.npz is what `data` writes. The pairs of the first file of the harvest are kept for testing.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from training.loop import Parts, options, train
from training.pairs.model import KINDS, Pairs

BATCH = 256
SHARES = (0.4, 0.3, 0.3)
"""How often each kind is drawn."""


def judged(net: Pairs, x: torch.Tensor, kinds: torch.Tensor) -> str:
    """Cross entropy, and how many of each kind are taken wrongly for one mark or for none."""
    raw = net.heard(x).mean(dim=0)
    one = raw.argmax(dim=1) == 0
    wrong = [(one[kinds == k] != (k == 0)).float().mean() for k in range(len(KINDS))]
    said = ", ".join(f"{name} {share:.3f}" for name, share in zip(KINDS, wrong, strict=True))
    return f"held out {functional.cross_entropy(raw, kinds):.3f}, wrong: {said}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("measures", type=Path)
    given = options(parser, minutes=1, rate=2e-3)
    rng = np.random.default_rng(given.seed)
    with np.load(given.measures) as held:
        rows, kinds, files = torch.from_numpy(held["measures"]), torch.from_numpy(held["kinds"]), held["files"]
    test = torch.from_numpy(files == 0)
    learned = torch.from_numpy(np.flatnonzero(files != 0))
    of_kind = [learned[kinds[learned] == k].numpy() for k in range(len(KINDS))]
    net = Pairs()
    net.mean.copy_(rows[learned].mean(dim=0))
    net.spread.copy_(rows[learned].std(dim=0) + 1e-6)

    def losses(net: torch.nn.Module) -> Parts:
        counts = rng.multinomial(BATCH, SHARES)
        drawn = np.concatenate([rng.choice(some, count) for some, count in zip(of_kind, counts, strict=True)])
        heard = net.heard(rows[drawn])
        said = kinds[drawn].repeat(len(heard))
        return {"odds": functional.cross_entropy(heard.flatten(0, 1), said)}

    train(net, losses, given, lambda net: judged(net, rows[test], kinds[test]))


if __name__ == "__main__":
    main()
