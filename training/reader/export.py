"""Write the trained reader as ONNX: python -m training.reader.export WEIGHTS reader.onnx.

The file gives probabilities, (n, steps, 1 + symbols), and carries its alphabet, so that a program with another alphabet
refuses it. It is compared with PyTorch on a batch of rendered strips.
"""

import torch
from torch import nn
from training.onnx_file import trained, write
from training.reader.network import Reader
from training.reader.render import Strips
from training.reader.train import fits, tensors

from postmark_id.dates.alphabet import SYMBOLS

AXES = {"strips": {0: "n", 3: "width"}, "probabilities": {0: "n", 1: "steps"}}


class Probabilities(nn.Module):
    """The network with probabilities instead of their logarithms."""

    def __init__(self, reader: nn.Module) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, strips: torch.Tensor) -> torch.Tensor:
        return self.reader(strips).exp()


if __name__ == "__main__":
    reader, path = trained(Reader(), __doc__)
    strips, *_ = tensors([s for s in (Strips(seed)() for seed in range(20)) if fits(s)], None)
    net = Probabilities(reader).eval()
    write(net, strips, AXES, path, worst=1e-3, halves=False, properties={"alphabet": SYMBOLS})
