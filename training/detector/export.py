"""Write the trained network as half-precision ONNX: python export.py NET.pt OUT.onnx."""

import argparse
import io
from pathlib import Path

import onnx
import torch
from halves import to_half_storage
from model import MarkNet


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
