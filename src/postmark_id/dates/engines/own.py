"""Our own reader: a small network trained on rendered date lines and lettering (training/reader)."""

from __future__ import annotations

from postmark_id.dates.alphabet import SYMBOLS
from postmark_id.dates.engines.ctc import CtcEngine, Recipe
from postmark_id.errors import MissingDependencyError
from postmark_id.networks import session
from postmark_id.settings import DateSettings

HEIGHT = 32
MARGIN = 32
"""Without paper behind it, a last letter is lost now and then."""


def open_own(settings: DateSettings) -> CtcEngine:
    """Open the reader that comes with the package.

    Raises
    ------
    MissingDependencyError
        If the model is not there or onnxruntime is missing, or the model is none of this version.
    """
    engine = CtcEngine(session("reader.onnx"), Recipe("own", HEIGHT, 1, SYMBOLS, settings.batch, MARGIN))
    if engine.metadata.get("alphabet") != SYMBOLS:
        raise MissingDependencyError(
            "the reader's model was trained for another alphabet", code="bad-model", hint="reinstall postmark-id"
        )
    return engine
