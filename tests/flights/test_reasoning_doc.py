"""docs/reasoning.md says what the program does: examples, weights and warning codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postmark_id.cli import main
from postmark_id.settings import FlightSettings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reasoning.md").read_text("utf-8")
EXAMPLES = re.findall(r"```console\n\$ postmark-id (flights [^\n]*)\n(.*?)```", TEXT, re.DOTALL)


def test_there_are_examples_and_all_of_them_are_tested() -> None:
    assert len(EXAMPLES) >= 8
    assert TEXT.count("```console") == len(EXAMPLES)


@pytest.mark.parametrize(("command", "printed"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_each_example_is_what_the_program_prints(
    command: str, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("POSTMARK_ID_FLIGHTS", str(tmp_path / "none.csv"))
    with pytest.raises(SystemExit) as ended:
        main(command.split())
    assert ended.value.code == 0
    assert capsys.readouterr().out == printed


def test_the_weights_told_are_those_of_the_settings() -> None:
    weights = FlightSettings()
    for weight, words in (
        (weights.movement, "for a docking or undocking"),
        (weights.relocation, "for a change of port"),
        (weights.hatch_closing, "for the closing of the hatches"),
        (weights.launch_or_landing, "for a launch or landing"),
        (weights.accident, "for an accident"),
        (weights.other_event, "for a spacewalk or experiment"),
        (weights.minor_event, "for a handover or reentry"),
        (weights.movement * weights.day_off, "one day off"),
        (weights.movement * weights.year_off, "one year off"),
    ):
        told = TEXT.replace("\n", " ")
        assert f"{weight:.2f} {words}" in told


def test_every_warning_of_the_room_is_told_and_no_other() -> None:
    source = " ".join(path.read_text("utf-8") for path in (ROOT / "src/postmark_id/flights").glob("*.py"))
    raised = set(re.findall(r'Notice\(\s*"([a-z-]+)"', source))
    assert raised == set(re.findall(r"^\| `([a-z-]+)` \|", TEXT, re.MULTILINE))


def test_the_limits_told_are_those_of_the_settings() -> None:
    limits = FlightSettings()
    told = TEXT.replace("\n", " ")
    assert f"less than {limits.sure_date:.2f} is not sure by itself" in told
    assert f"{limits.sure_date_on_event:.2f} is enough" in told
    assert f"less than {limits.readable_date:.2f} counts as unread" in told
