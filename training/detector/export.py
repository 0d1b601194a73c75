"""Write the trained proposing network as ONNX: python -m training.detector.export WEIGHTS proposer.onnx."""

import torch
from training.detector.model import MarkNet
from training.onnx_file import trained, write

AXES = {"picture": {2: "height", 3: "width"}, "maps": {2: "rows", 3: "columns"}}

if __name__ == "__main__":
    net, path = trained(MarkNet(), __doc__)
    write(net, torch.rand(1, 3, 448, 768), AXES, path, worst=0.1)
