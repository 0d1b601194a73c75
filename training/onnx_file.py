"""Trained networks as ONNX files: written in one way, and only where the file answers as the network does."""

import argparse
import io
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from torch import nn

Weights = Mapping[str, torch.Tensor]


def trained(net: nn.Module | Callable[[Weights], nn.Module], doc: str) -> tuple[nn.Module, Path]:
    """The network with the weights that the command line names, ready to answer, and where its file is to be.

    Where the weights tell what network they belong to, a function of them makes it.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("model", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    weights = torch.load(given.weights, weights_only=True)
    made = net if isinstance(net, nn.Module) else net(weights)
    made.load_state_dict(weights)
    return made.eval(), given.model


def write(
    net: nn.Module,
    example: torch.Tensor,
    axes: dict[str, dict[int, str]],
    path: Path,
    worst: float,
    *,
    halves: bool = True,
    properties: dict[str, str] | None = None,
) -> None:
    """Write a network of one input as ONNX.

    Parameters
    ----------
    net : Module
        Ready to answer, in `eval` mode.
    example : Tensor
        What the network may be asked. It is written from half of that along the free axes of the input and compared
        on all of it, so that a size which only seems to be free shows.
    axes : dict
        The input and the outputs by name, in order, each with its free axes.
    path : Path
    worst : float
        Difference between the answers of file and network from which nothing is written.
    halves : bool
        Whether weights are stored in half precision.
    properties : dict, optional
        What else the file is to say about itself.
    """
    given, *answers = axes
    half = example[tuple(slice(n // 2 if k in axes[given] else None) for k, n in enumerate(example.shape))]
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net, (half,), buffer, input_names=[given], output_names=answers, dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
    model = onnx.load_from_string(buffer.getvalue())
    if halves:
        store_halves(model)
    onnx.helper.set_model_props(model, properties or {})
    onnx.checker.check_model(model)
    written = model.SerializeToString()
    found = onnxruntime.InferenceSession(written, providers=["CPUExecutionProvider"]).run(
        None, {given: example.numpy()}
    )
    with torch.no_grad():
        wanted = net(example)
    wanted = [wanted] if isinstance(wanted, torch.Tensor) else wanted
    difference = max(float(np.abs(a - b.numpy()).max()) for a, b in zip(found, wanted, strict=True))
    if difference > worst:
        raise SystemExit(f"the exported model differs from the trained one by {difference}")
    path.write_bytes(written)
    print(f"{path}: {path.stat().st_size} bytes, differs by {difference:.1e}")


def store_halves(model: onnx.ModelProto) -> None:
    """Store weights as float16 and cast them when the model is loaded: half the bytes, the same arithmetic."""
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) > 1:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype("float16"), name + "_half"))
            casts.append(onnx.helper.make_node("Cast", [name + "_half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
