"""Smaller model files: weights stored in half precision."""

import io
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper


def write(net: torch.nn.Module, example: np.ndarray, names: tuple[str, str], path: Path, worst: float) -> None:
    """Write a trained network of one input and one output that takes any number of examples, if it answers the same.

    Parameters
    ----------
    net : Module
        Ready to answer, in `eval` mode.
    example : ndarray, float32
        Two examples or more, of the kind that the network is asked.
    names : tuple of str
        Of the input and the output.
    path : Path
    worst : float
        Difference between both answers from which nothing is written.
    """
    given, answer = names
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net, torch.from_numpy(example), buffer, input_names=[given], output_names=[answer],
            dynamic_axes={given: {0: "n"}, answer: {0: "n"}}, opset_version=17, dynamo=False,
        )  # fmt: skip
    model = to_half_storage(onnx.load_from_string(buffer.getvalue()))
    onnx.checker.check_model(model)
    written = model.SerializeToString()
    session = onnxruntime.InferenceSession(written, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        difference = np.abs(session.run(None, {given: example})[0] - net(torch.from_numpy(example)).numpy()).max()
    if difference > worst:
        raise SystemExit(f"the exported model differs from the trained one by {difference}")
    path.write_bytes(written)
    print(f"{path}: {path.stat().st_size} bytes, differs by {difference:.1e}")


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
