"""Write the trained network of lines as half-precision ONNX and compare both: python export.py WEIGHTS lines.onnx."""

import argparse
import io
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from model import COLUMNS, ROWS, Lines

sys.path.append(str(Path(__file__).parent.parent / "detector"))
from halves import to_half_storage


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("weights", type=Path)
    ap.add_argument("model", type=Path)
    a = ap.parse_args()
    torch.set_num_threads(1)
    net = Lines().eval()
    net.load_state_dict(torch.load(a.weights, weights_only=True))
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net, torch.zeros(2, 1, ROWS, COLUMNS), buffer, input_names=["windows"], output_names=["lines"],
            dynamic_axes={"windows": {0: "n"}, "lines": {0: "n"}}, opset_version=17, dynamo=False,
        )  # fmt: skip
    model = to_half_storage(onnx.load_from_string(buffer.getvalue()))
    onnx.checker.check_model(model)
    written = model.SerializeToString()
    x = np.random.default_rng(1).uniform(-1, 1, (3, 1, ROWS, COLUMNS)).astype(np.float32)
    session = onnxruntime.InferenceSession(written, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        difference = np.abs(session.run(None, {"windows": x})[0] - net(torch.from_numpy(x)).numpy()).max()
    if difference > 0.05:
        raise SystemExit(f"the exported model differs from the trained one by {difference}")
    a.model.write_bytes(written)
    print(f"{a.model}: {a.model.stat().st_size} bytes, differs by {difference:.1e}")


if __name__ == "__main__":
    main()
