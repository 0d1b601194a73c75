"""Write the trained network as half-precision ONNX: python export.py NET.pt OUT.onnx."""

import argparse
import io
from pathlib import Path

import onnx
import torch
from model import MarkNet
from onnx import numpy_helper


def to_half_storage(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store weights as float16 and cast them when the model is loaded: half the bytes, the same arithmetic."""
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) > 1:
            name = tensor.name
            half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype("float16"), name + "_half")
            tensor.CopyFrom(half)
            casts.append(onnx.helper.make_node("Cast", [name + "_half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("net", type=Path)
    ap.add_argument("out", type=Path)
    a = ap.parse_args()
    net = MarkNet()
    net.load_state_dict(torch.load(a.net)["net"])
    net.eval()
    buffer = io.BytesIO()
    torch.onnx.export(
        net, torch.zeros(1, 3, 448, 768), buffer, input_names=["picture"], output_names=["maps"],
        dynamic_axes={"picture": {2: "height", 3: "width"}, "maps": {2: "rows", 3: "columns"}}, dynamo=False,
    )  # fmt: skip
    model = to_half_storage(onnx.load_from_string(buffer.getvalue()))
    onnx.checker.check_model(model)
    a.out.write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
