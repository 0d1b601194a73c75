"""The reference library: marks as folders with a `mark.toml` and pictures, and what their lettering says.

`Library.load` gives the built-in marks overlaid with the user's own; `judge` says from lines of lettering which
station a mark names and whether it was struck aboard.
"""

from postmark_id.library.lettering import LetteringVerdict, judge
from postmark_id.library.schema import Dated, DateLine, Lettering, ReferenceMark, WordingStatus
from postmark_id.library.store import Library, Period

__all__ = [
    "DateLine",
    "Dated",
    "Lettering",
    "LetteringVerdict",
    "Library",
    "Period",
    "ReferenceMark",
    "WordingStatus",
    "judge",
]
