"""Write the trained network as half-precision ONNX: python export.py NET.pt OUT.onnx."""

import argparse
import io
import sys
from pathlib import Path

import onnx
import torch
from model import SIDE, Closeup

sys.path.append(str(Path(__file__).parent.parent / "detector"))
from halves import to_half_storage


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("net", type=Path)
    ap.add_argument("out", type=Path)
    a = ap.parse_args()
    net = Closeup()
    net.load_state_dict(torch.load(a.net)["net"])
    net.eval()
    buffer = io.BytesIO()
    torch.onnx.export(
        net, torch.zeros(2, 3, SIDE, SIDE), buffer, input_names=["patches"], output_names=["maps", "whole"],
        dynamic_axes={"patches": {0: "n"}, "maps": {0: "n"}, "whole": {0: "n"}}, dynamo=False,
    )  # fmt: skip
    model = to_half_storage(onnx.load_from_string(buffer.getvalue()))
    onnx.checker.check_model(model)
    a.out.write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
