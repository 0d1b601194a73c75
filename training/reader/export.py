"""Write a trained reader as ONNX: python -m training.reader.export WEIGHTS reader.onnx (or figures.onnx).

The file gives probabilities, (n, steps, 1 + symbols), and carries its alphabet, so that a program with another alphabet
refuses it. It is compared with PyTorch on a batch of rendered strips.
"""

import torch
from torch import nn
from training.onnx_file import trained, write
from training.reader.network import Reader
from training.reader.render import Strips
from training.reader.train import in_alphabet, tensors

from postmark_id.dates.alphabet import FIGURES, SYMBOLS

AXES = {"strips": {0: "n", 3: "width"}, "probabilities": {0: "n", 1: "steps"}}


class Probabilities(nn.Module):
    """The network with probabilities instead of their logarithms."""

    def __init__(self, reader: nn.Module) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, strips: torch.Tensor) -> torch.Tensor:
        return self.reader(strips).exp()


def alphabet_of(columns: int) -> str:
    """What a reader with so many columns reads: figures, or all there is."""
    return next(symbols for symbols in (SYMBOLS, FIGURES) if 1 + len(symbols) == columns)


if __name__ == "__main__":
    reader, path = trained(lambda weights: Reader(alphabet_of(len(weights["head.bias"]))), __doc__)
    alphabet = alphabet_of(len(reader.state_dict()["head.bias"]))
    drawn = in_alphabet((Strips(seed)() for seed in range(20)), figures=alphabet == FIGURES)
    strips, *_ = tensors(list(drawn), None, alphabet)
    net = Probabilities(reader).eval()
    write(net, strips, AXES, path, worst=1e-3, halves=False, properties={"alphabet": alphabet})
