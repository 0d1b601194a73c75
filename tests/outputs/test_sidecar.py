"""Sidecars carry keywords that other programs read, sure ones apart from guesses, and replace nothing."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from example_reports import REPORT

from postmark_id.errors import OverwriteError
from postmark_id.models import Outcome
from postmark_id.outputs.contract import report_json
from postmark_id.outputs.sidecar import keywords, write_sidecar


def items(path: Path) -> list[str]:
    return [one.text or "" for one in ET.parse(path).iter() if one.tag.endswith("}li")]


def test_a_sure_flight_is_a_keyword_and_a_guess_stands_apart() -> None:
    sure = keywords([report_json(REPORT)])
    open_ = keywords([report_json(replace(REPORT, outcome=Outcome.AMBIGUOUS))])
    assert any(branch[-1] == "Soyuz TM-25" and "check" not in branch[1] for branch in sure)
    assert any(branch[-1] == "Soyuz TM-25" and "check" in branch[1] for branch in open_)
    assert not any(branch[-1] == "Soyuz TM-25" and "check" not in branch[1] for branch in open_)


def test_every_keyword_of_two_pages_comes_once() -> None:
    assert keywords([report_json(REPORT)] * 2) == keywords([report_json(REPORT)])


def test_a_sidecar_is_xml_with_the_station_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg.xmp"
    assert write_sidecar(path, [report_json(REPORT)])
    assert "Mir" in items(path)


def test_names_with_signs_that_xml_forbids_do_no_harm(tmp_path: Path) -> None:
    flight = replace(REPORT.flights[0], flight="A<&>\x00|B/C")
    path = tmp_path / "a.jpg.xmp"
    assert write_sidecar(path, [report_json(replace(REPORT, flights=(flight,)))])
    assert any("A<&>" in item for item in items(path))


def test_a_sidecar_that_stands_there_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg.xmp"
    path.write_text("mine")
    with pytest.raises(OverwriteError):
        write_sidecar(path, [report_json(REPORT)])
    assert path.read_text() == "mine"
