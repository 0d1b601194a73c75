"""Write the trained network of rows as ONNX: python -m training.rows.export WEIGHTS rows.onnx."""

import torch
from training.onnx_file import trained, write
from training.rows.model import SIDE, Rows

AXES = {"views": {0: "n"}, "maps": {0: "n"}}

if __name__ == "__main__":
    net, path = trained(Rows(), __doc__)
    write(net, torch.rand(4, 1, SIDE, SIDE), AXES, path, worst=0.05)
