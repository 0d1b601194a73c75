"""docs/teach-a-mark.md can be done as it is written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from postmark_id.cli import main
from postmark_id.library import Library

ROOT = Path(__file__).resolve().parent.parent


def typed(page: str) -> list[list[str]]:
    blocks = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    return [shlex.split(line[2:]) for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def agreement(capsys: pytest.CaptureFixture[str]) -> float:
    """Agreement of the fourth cover with what was learned so far."""
    with pytest.raises(SystemExit):
        main(["check", "samples/same-seal-4.jpg", "--library", "my-marks", "--explain"])
    found = re.search(r"looks like rocket-octagon .*: agreement ([\d.]+);", capsys.readouterr().err)
    assert found is not None
    return float(found[1])


def test_the_tutorial_can_be_done_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "samples").mkdir()
    for sample in (ROOT / "samples").glob("same-seal-*.jpg"):
        (tmp_path / "samples" / sample.name).write_bytes(sample.read_bytes())
    monkeypatch.chdir(tmp_path)
    said = {}
    agreements = []
    page = (ROOT / "docs" / "teach-a-mark.md").read_text(encoding="utf-8")
    for words in typed(page):
        if words[0] == "mkdir":
            Path(words[1]).mkdir()
            continue
        assert words[0] == "postmark-id"
        with pytest.raises(SystemExit) as left:
            main(words[1:])
        captured = capsys.readouterr()
        said[" ".join(words)] = captured.out + captured.err
        assert not left.value.code, (words, captured.err)
        if words[1:3] == ["marks", "learn"]:
            agreements.append(agreement(capsys))
    told = re.search(r"rises from ([\d.]+) after one strike to ([\d.]+) and ([\d.]+)\.", page)
    assert told is not None
    assert agreements == pytest.approx([float(figure) for figure in told.groups()], abs=0.02)
    checks = [text for command, text in said.items() if " check samples/same-seal-4.jpg" in command]
    assert len(checks) == 2
    assert all("rocket-octagon" in text for text in checks)
    assert list(Path("stages").glob("*rocket-octagon.png"))
    learned = Library.load(Path("their-marks")).find("rocket-octagon")
    assert len(learned.strikes) == 3
    assert Path("rocket-octagon.png").is_file()
