"""Write the trained close look as ONNX: python -m training.closeup.export WEIGHTS closeup.onnx."""

import torch
from training.closeup.model import SIDE, Closeup
from training.onnx_file import trained, write

AXES = {"patches": {0: "n"}, "maps": {0: "n"}, "whole": {0: "n"}}

if __name__ == "__main__":
    net, path = trained(Closeup(), __doc__)
    write(net, torch.rand(4, 3, SIDE, SIDE), AXES, path, worst=0.1)
