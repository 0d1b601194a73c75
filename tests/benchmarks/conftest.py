from pathlib import Path

import labelled
import pytest

from postmark_id.synth.covers import render_cover
from postmark_id.synth.files import write_cover

SEEDS = (961_000, 961_001)


@pytest.fixture(scope="session")
def labelled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small covers, each with a seal and a dated postmark from on board, as `postmark-id synth` writes them."""
    folder = tmp_path_factory.mktemp("covers")
    for seed in SEEDS:
        cover = render_cover(seed, 0.3, dpi=150, jpeg=False, scenario="seal-with-postmark")
        write_cover(cover, folder, f"cover-{seed}")
    return folder


@pytest.fixture
def covers(labelled_folder: Path) -> list[labelled.Cover]:
    return labelled.read([labelled_folder])
