"""Write the trained ring as ONNX: python -m training.ring.export WEIGHTS ring.onnx."""

import torch
from training.onnx_file import trained, write
from training.ring.model import ROWS, TURNS, Ring

AXES = {"rings": {0: "n"}, "shapes": {0: "n"}}

if __name__ == "__main__":
    net, path = trained(Ring(), __doc__)
    write(net, 255 * torch.rand(4, 3, ROWS, TURNS), AXES, path, worst=0.1)
