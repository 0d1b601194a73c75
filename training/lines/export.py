"""Write the trained network of lines as half-precision ONNX and compare both: python export.py WEIGHTS lines.onnx."""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from model import COLUMNS, ROWS, Lines

sys.path.append(str(Path(__file__).parent.parent / "detector"))
from halves import write


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("weights", type=Path)
    ap.add_argument("model", type=Path)
    a = ap.parse_args()
    torch.set_num_threads(1)
    net = Lines().eval()
    net.load_state_dict(torch.load(a.weights, weights_only=True))
    example = np.random.default_rng(1).uniform(-1, 1, (3, 1, ROWS, COLUMNS)).astype(np.float32)
    write(net, example, ("windows", "lines"), a.model, worst=0.05)


if __name__ == "__main__":
    main()
