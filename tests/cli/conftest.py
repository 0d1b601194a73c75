"""The command line, run in this process, with the pipeline's double behind it."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from examiner_doubles import DoubleExaminer, DoubleRecipe
from PIL import Image

from postmark_id.batch.examine import PipelineRecipe
from postmark_id.cli import main


@dataclass
class Said:
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def documents(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Spy(DoubleExaminer):
    """Remembers what it was asked with, beside the scan."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def identify(self, scan, **options):
        self.asked.append({"scan": scan, **options})
        if options.get("trace"):
            options["trace"].note("marks", "kept a circle \x1b[31m")
            options["trace"].picture("ink", np.zeros((9, 9, 3), np.uint8))
        return super().identify(scan, back=options.get("back"))


@pytest.fixture
def postmark_id(capfd):
    """Run a command line and give what it said."""

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Said(int(left.value.code or 0), out, err)

    return run


@pytest.fixture
def spy(monkeypatch):
    """Put the double in place of the pipeline, for `check` and for the workers of `batch`."""
    double = Spy()
    monkeypatch.setattr(PipelineRecipe, "open", lambda _: double)
    original = PipelineRecipe

    def recipe(**options):
        from postmark_id.cli.scan_options import recipe as real

        plan = real(**options)
        assert isinstance(plan, original)
        return DoubleRecipe(plan.settings)

    monkeypatch.setattr("postmark_id.cli.batch.recipe", recipe)
    return double


@pytest.fixture
def covers(tmp_path):
    """Make pictures of one colour in a folder."""
    folder = tmp_path / "covers"
    folder.mkdir()

    def make(*names: str, size=(64, 48)):
        for name in names:
            shade = sum(map(ord, name)) % 200 + 30
            Image.fromarray(np.full((size[1], size[0], 3), shade, np.uint8)).save(folder / name)
        return folder

    return make
