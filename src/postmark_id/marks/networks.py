"""Networks: the models in `postmark_id.data` that see marks, each loaded once and run on one thread."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

import onnxruntime


@functools.cache
def session(model: str) -> Any:
    """The network of a file in `postmark_id.data`, ready to run."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    weights = resources.files("postmark_id.data").joinpath(model).read_bytes()
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
