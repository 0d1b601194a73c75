"""Write the trained ring as half-precision ONNX and compare both: python export.py WEIGHTS ring.onnx."""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from model import ROWS, TURNS, Ring

sys.path.append(str(Path(__file__).parent.parent / "detector"))
from halves import write


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("weights", type=Path)
    ap.add_argument("model", type=Path)
    a = ap.parse_args()
    torch.set_num_threads(1)
    net = Ring().eval()
    net.load_state_dict(torch.load(a.weights, weights_only=True))
    example = np.random.default_rng(1).uniform(0, 255, (3, 3, ROWS, TURNS)).astype(np.float32)
    write(net, example, ("rings", "shapes"), a.model, worst=0.1)


if __name__ == "__main__":
    main()
