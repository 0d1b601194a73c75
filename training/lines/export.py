"""Write the trained network of lines as ONNX: python -m training.lines.export WEIGHTS lines.onnx."""

import torch
from training.lines.model import COLUMNS, ROWS, Lines
from training.onnx_file import trained, write

AXES = {"windows": {0: "n"}, "lines": {0: "n"}}

if __name__ == "__main__":
    net, path = trained(Lines(), __doc__)
    write(net, 2 * torch.rand(4, 1, ROWS, COLUMNS) - 1, AXES, path, worst=0.05)
