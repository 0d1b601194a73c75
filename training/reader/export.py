"""Turns trained weights into the ONNX file of the package.

    python training/reader/export.py /tmp/reader.pt src/postmark_id/data/reader.onnx

The file gives probabilities, (n, steps, 1 + symbols), and carries its alphabet, so that a program with another alphabet
refuses it. Every export is compared with PyTorch on a batch of rendered strips.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from network import Reader
from render import Strips
from torch import nn
from train import fits, tensors

from postmark_id.dates.alphabet import SYMBOLS


class Probabilities(nn.Module):
    """The network with probabilities instead of their logarithms."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, strips: torch.Tensor) -> torch.Tensor:
        return self.reader(strips).exp()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("model", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    reader = Reader()
    reader.load_state_dict(torch.load(options.weights, weights_only=True))
    network = Probabilities(reader).eval()
    temporary = options.model.with_suffix(".tmp")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.zeros(2, 1, 32, 160),),
            str(temporary),
            input_names=["strips"],
            output_names=["probabilities"],
            dynamic_axes={"strips": {0: "n", 3: "width"}, "probabilities": {0: "n", 1: "steps"}},
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load(temporary)
    onnx.helper.set_model_props(model, {"alphabet": SYMBOLS})
    onnx.checker.check_model(model)
    onnx.save(model, temporary)
    session = onnxruntime.InferenceSession(str(temporary), providers=["CPUExecutionProvider"])
    x, *_ = tensors([s for s in (Strips(seed)() for seed in range(20)) if fits(s)], None)
    with torch.no_grad():
        difference = np.abs(session.run(None, {"strips": x.numpy()})[0] - network(x).numpy()).max()
    if difference > 1e-3:
        raise SystemExit(f"the exported model differs from the trained one by {difference}")
    temporary.replace(options.model)
    print(f"{options.model}: {options.model.stat().st_size} bytes, differs by {difference:.1e}")


if __name__ == "__main__":
    main()
