"""Write the trained ring as half-precision ONNX and compare both: python export.py WEIGHTS ring.onnx."""

import argparse
import io
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from model import ROWS, TURNS, Ring

sys.path.append(str(Path(__file__).parent.parent / "detector"))
from halves import to_half_storage


def main() -> None:
    ap = argparse.ArgumentParser()
    ap.add_argument("weights", type=Path)
    ap.add_argument("model", type=Path)
    a = ap.parse_args()
    torch.set_num_threads(1)
    net = Ring().eval()
    net.load_state_dict(torch.load(a.weights, weights_only=True))
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net, torch.zeros(2, 3, ROWS, TURNS), buffer, input_names=["rings"], output_names=["shapes"],
            dynamic_axes={"rings": {0: "n"}, "shapes": {0: "n"}}, opset_version=17, dynamo=False,
        )  # fmt: skip
    model = to_half_storage(onnx.load_from_string(buffer.getvalue()))
    onnx.checker.check_model(model)
    written = model.SerializeToString()
    x = np.random.default_rng(1).uniform(0, 255, (3, 3, ROWS, TURNS)).astype(np.float32)
    session = onnxruntime.InferenceSession(written, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        difference = np.abs(session.run(None, {"rings": x})[0] - net(torch.from_numpy(x)).numpy()).max()
    if difference > 0.1:
        raise SystemExit(f"the exported model differs from the trained one by {difference}")
    a.model.write_bytes(written)
    print(f"{a.model}: {a.model.stat().st_size} bytes, differs by {difference:.1e}")


if __name__ == "__main__":
    main()
