"""Smaller model files: weights stored in half precision."""

import onnx
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
