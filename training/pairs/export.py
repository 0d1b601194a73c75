"""Write the trained network of pairs as ONNX: python -m training.pairs.export WEIGHTS pairs.onnx."""

import torch
from training.onnx_file import trained, write
from training.pairs.model import FIELDS, SIDE, Pairs

AXES = {"pairs": {0: "n"}, "odds": {0: "n"}}

if __name__ == "__main__":
    net, path = trained(Pairs(), __doc__)
    write(net, torch.rand(4, FIELDS, SIDE, SIDE), AXES, path, worst=0.05)
