"""Every threshold and limit, typed and documented, in one place; a class for each room.

Code takes these objects as arguments and holds no number of its own that a person might want to change.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from postmark_id.settings.dates import DateSettings, PrintSettings, SpottingSettings
from postmark_id.settings.flights import FlightSettings
from postmark_id.settings.library import LetteringSettings, LibrarySettings, RecognitionSettings
from postmark_id.settings.marks import AboardWeights, FoundWeights, LetteringStrips, MarkSettings
from postmark_id.settings.runs import BatchSettings, EvaluateSettings, OverlaySettings
from postmark_id.settings.scans import InkSettings, ScanSettings

__all__ = [
    "AboardWeights",
    "BatchSettings",
    "DateSettings",
    "EvaluateSettings",
    "FlightSettings",
    "FoundWeights",
    "InkSettings",
    "LetteringSettings",
    "LetteringStrips",
    "LibrarySettings",
    "MarkSettings",
    "OverlaySettings",
    "PrintSettings",
    "RecognitionSettings",
    "ScanSettings",
    "Settings",
    "SpottingSettings",
]


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run."""

    scan: ScanSettings = field(default_factory=ScanSettings)
    ink: InkSettings = field(default_factory=InkSettings)
    marks: MarkSettings = field(default_factory=MarkSettings)
    spotting: SpottingSettings = field(default_factory=SpottingSettings)
    library: LibrarySettings = field(default_factory=LibrarySettings)
    recognition: RecognitionSettings = field(default_factory=RecognitionSettings)
    lettering: LetteringSettings = field(default_factory=LetteringSettings)
    evaluate: EvaluateSettings = field(default_factory=EvaluateSettings)
    dates: DateSettings = field(default_factory=DateSettings)
    print: PrintSettings = field(default_factory=PrintSettings)
    flights: FlightSettings = field(default_factory=FlightSettings)
    overlay: OverlaySettings = field(default_factory=OverlaySettings)
    batch: BatchSettings = field(default_factory=BatchSettings)
