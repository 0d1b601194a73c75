"""What is fuzzed: the three readers that take files of strangers, each as a function of bytes.

A target returns for every input that is taken in or refused as it should be; whatever else it raises is a finding. The
limits are small, so that an input that uses them up costs the search little.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from postmark_id.errors import LibraryError, ScanError, TableError
from postmark_id.flights.table import FlightTable
from postmark_id.library.archive import unpack
from postmark_id.scan import load_bytes
from postmark_id.settings import FlightSettings, LibrarySettings, ScanSettings

SCAN = ScanSettings(max_mpixels=2.0, max_frames=3, max_bytes=4_000_000)
LIBRARY = LibrarySettings(
    max_archive_bytes=400_000, max_archive_files=8, max_toml_bytes=8_000, max_picture_bytes=200_000
)


def loader(data: bytes) -> None:
    """Bytes of a scan: pages that keep to the limits, or a `ScanError`."""
    try:
        for scan in load_bytes(data, "cover.jpg", SCAN):
            assert scan.pixels.dtype == "uint8"
            assert scan.pixels.ndim == 3
            assert scan.pixels.shape[2] == 3
            assert scan.width * scan.height <= SCAN.max_mpixels * 1e6
            assert scan.dpi is None or SCAN.min_dpi < scan.dpi <= SCAN.max_dpi
    except ScanError as error:
        said_well(error.message, error.hint)


def archive(data: bytes) -> None:
    """Bytes of an archive of marks: marks within the folder that was given, or a `LibraryError`."""
    with tempfile.TemporaryDirectory() as folder:
        file, place = Path(folder) / "marks.zip", Path(folder) / "place"
        file.write_bytes(data)
        place.mkdir()
        try:
            for mark in unpack(file, place, LIBRARY):
                assert mark.folder.resolve().is_relative_to(place.resolve())
        except LibraryError as error:
            said_well(error.message, error.hint)
        assert {path.name for path in Path(folder).iterdir()} == {"marks.zip", "place"}
        assert not [path for path in place.rglob("*") if path.is_symlink()]


def table(data: bytes) -> None:
    """Bytes of a user's own flights: a table that can be asked, or a `TableError`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "flights.csv"
        file.write_bytes(data)
        try:
            found = FlightTable.load(file, settings=FlightSettings())
        except TableError as error:
            said_well(error.message, error.hint)
            return
        assert found.end is not None


def said_well(message: str, hint: str) -> None:
    """A person can act on it: a line of cause, a line of remedy."""
    assert message
    assert hint
    assert "\n" not in message + hint


TARGETS: dict[str, Callable[[bytes], None]] = {"loader": loader, "archive": archive, "table": table}
