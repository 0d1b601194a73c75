"""RapidOCR's recogniser (PP-OCR, Apache-2.0), from the model inside its wheel; no network, nothing printed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from postmark_id.dates.engines.ctc import CtcEngine, Recipe
from postmark_id.errors import MissingDependencyError
from postmark_id.networks import open_session

HEIGHT = 48


def open_rapid() -> CtcEngine:
    """Open the recogniser without importing the package `rapidocr`, which would open detectors and log.

    Raises
    ------
    MissingDependencyError
        If rapidocr or its model is not installed.
    """
    model = find_model()
    session = open_session(model)
    names = session.get_modelmeta().custom_metadata_map.get("character", "")
    if not names:
        raise MissingDependencyError(
            f"{model.name} of rapidocr names no characters", code="bad-model", hint="pip install -U rapidocr"
        )
    # One strip at a time: together they are padded, and take longer than alone.
    alphabet = (*names.splitlines(), " ")
    return CtcEngine(session, Recipe("rapidocr", HEIGHT, 3, alphabet, batch=1))


def find_model() -> Path:
    """Where the wheel keeps its recogniser; the name carries a version, so it is looked for.

    Raises
    ------
    MissingDependencyError
    """
    spec = importlib.util.find_spec("rapidocr")
    places = list(spec.submodule_search_locations or ()) if spec else []
    models = sorted(m for p in places for m in Path(p, "models").glob("*rec*.onnx"))
    if not models:
        raise MissingDependencyError(
            "rapidocr with its models is not installed", code="no-rapidocr", hint="pip install rapidocr"
        )
    return models[-1]
