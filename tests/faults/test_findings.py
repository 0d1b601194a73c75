"""What was found by searching is tried again for ever, and samples that were damaged on the way are survived."""

from pathlib import Path

import numpy as np
import pytest
from bad_files import encoded
from PIL import Image

from postmark_id.batch.examine import examine
from postmark_id.models import Outcome, ScanReport
from postmark_id.scan import load_bytes
from postmark_id.settings import Settings
from search import NAMES, seeds
from targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
FOUND = sorted((ROOT / "fuzz" / "findings").glob("*/*"))
SAMPLES = sorted((ROOT / "samples").glob("*.jpg"))[::8]


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_finding_is_survived(path):
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_the_inputs_that_a_search_begins_with_are_survived_whole_and_damaged(name):
    random = np.random.default_rng(7)
    for data in seeds(name):
        for damaged in (data, data[: len(data) // 2], *(flipped(data, random) for _ in range(6))):
            TARGETS[name](damaged)


def flipped(data, random):
    """A copy with 1 to 64 bytes changed."""
    changed = bytearray(data)
    for place in random.integers(0, max(1, len(data)), random.integers(1, 65)) if data else ():
        changed[place] = random.integers(256)
    return bytes(changed)


def damaged_copies(data, other, random):
    """A file cut at 16 points, changed 16 times, and with a piece of another one put in 8 times."""
    yield from (data[: len(data) * k // 16] for k in range(16))
    yield from (flipped(data, random) for _ in range(16))
    for _ in range(8):
        a, b = sorted(random.integers(0, len(data), 2))
        c = random.integers(0, len(other))
        yield data[:a] + other[c : c + 4096] + data[b:]


def small(path, kind):
    """A quarter of the size of a sample, in another format."""
    with Image.open(path) as image:
        return encoded(image.resize((image.width // 4, image.height // 4)), kind)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_damaged_copy_of_a_sample_has_exactly_one_outcome_a_page(path, tmp_path):
    random = np.random.default_rng(1997)
    whole = [small(path, kind) for kind in ("JPEG", "PNG", "TIFF", "WEBP")]
    for number, data in enumerate(whole):
        for damaged in damaged_copies(data, whole[number - 1], random):
            (tmp_path / "scan.jpg").write_bytes(damaged)
            pages = [page.report for page in examine(tmp_path / "scan.jpg", Settings(), nothing_found)]
            assert pages
            assert all(page.outcome is Outcome.NO_MARK for page in pages[:-1])
            assert [page.frame for page in pages] == list(range(len(pages)))
            if pages[-1].error is not None:
                code, message, hint = pages[-1].error
                assert code not in ("internal-error", "")
                assert hint
                assert "\n" not in message


def test_the_whole_samples_are_scans():
    for path in SAMPLES:
        (scan,) = load_bytes(path.read_bytes(), path.name, Settings().scan)
        assert min(scan.pixels.shape[:2]) > 100


def nothing_found(scan, *, back=None):
    return ScanReport(scan.path, scan.frame, scan.sha256, scan.width, scan.height, scan.dpi, Outcome.NO_MARK)
