"""Our own readers: small networks trained on rendered lines (training/reader).

One reads dates and lettering, the other figures alone. That one sees a line longer than it is: neighbours are told
apart only where each has a step of the network to itself, so that who sees a narrow VIII as it stands has no way to
read more than VII. And to it all letters but those of numerals are one, so that an 11 with long flags is no M.
"""

from __future__ import annotations

from postmark_id.dates.alphabet import FIGURES, SYMBOLS
from postmark_id.dates.engines.ctc import CtcEngine, Recipe
from postmark_id.errors import MissingDependencyError
from postmark_id.networks import session
from postmark_id.settings import DateSettings

HEIGHT = 32
MARGIN = 32
"""Without paper behind it, a last letter is lost now and then."""


STRETCH = 1.6
"""How much longer than it is a line is shown to the reader of figures; it was trained with 1.35 to 1.85."""


def open_own(settings: DateSettings) -> CtcEngine:
    """Open the reader of dates and lettering that comes with the package.

    Raises
    ------
    MissingDependencyError
        If the model is not there or onnxruntime is missing, or the model is none of this version.
    """
    return _of_this_version("reader.onnx", Recipe("own", HEIGHT, 1, SYMBOLS, settings.batch, MARGIN))


def open_figures(settings: DateSettings) -> CtcEngine:
    """Open the reader of figures, likewise.

    Raises
    ------
    MissingDependencyError
        As `open_own`.
    """
    recipe = Recipe("figures", HEIGHT, 1, FIGURES, settings.batch, MARGIN, STRETCH)
    return _of_this_version("figures.onnx", recipe)


def _of_this_version(model: str, recipe: Recipe) -> CtcEngine:
    engine = CtcEngine(session(model), recipe)
    if engine.metadata.get("alphabet") != recipe.alphabet:
        raise MissingDependencyError(
            f"{model} was trained for another alphabet", code="bad-model", hint="reinstall postmark-id"
        )
    return engine
