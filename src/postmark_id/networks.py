"""Networks: models in ONNX, each opened once and run on one thread."""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path
from typing import Any

from postmark_id.errors import MissingDependencyError


@functools.cache
def session(model: str) -> Any:
    """The network of a file in `postmark_id.data`, ready to run.

    Raises
    ------
    MissingDependencyError
        As `open_session`.
    """
    with resources.as_file(resources.files("postmark_id.data").joinpath(model)) as path:
        return open_session(path)


def open_session(model: Path) -> Any:
    """Open a model on one thread, quietly.

    Raises
    ------
    MissingDependencyError
        If onnxruntime is missing or the model is missing or can't be loaded.
    """
    try:
        import onnxruntime  # noqa: PLC0415
    except ImportError as error:
        raise MissingDependencyError(
            "onnxruntime is not installed", code="no-onnxruntime", hint="pip install onnxruntime"
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own family, undocumented
        raise MissingDependencyError(
            f"{model.name}: the model cannot be loaded", code="bad-model", hint="reinstall postmark-id"
        ) from error
