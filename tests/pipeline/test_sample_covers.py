"""Every sample comes out as its label says: the cases that our user named, and a dozen varied ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from postmark_id.models import ScanReport
from postmark_id.pipeline import Identifier
from postmark_id.scan import load

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.json"))
NOT_YET = {
    "octagon-dated": "no engine reads its worn date",
}
MISREAD = {
    "octagon-dated": "its worn date is misread, at 0.95; only the table of events leaves the cover open",
}
"""Samples whose flights are not named yet, and why; a test fails when one of them begins to work."""


@pytest.fixture(scope="module")
def identifier() -> Identifier:
    return Identifier()


@pytest.fixture(scope="module")
def reports(identifier: Identifier) -> dict[str, ScanReport]:
    """Reports made so far: a sample is identified once for all its tests."""
    return {}


def report_of(name: str, identifier: Identifier, reports: dict[str, ScanReport]) -> ScanReport:
    if name not in reports:
        reports[name] = identifier.identify(next(iter(load(SAMPLES / f"{name}.jpg", identifier.settings.scan))))
    return reports[name]


def label_of(name: str) -> dict[str, Any]:
    label: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return label


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(reason=NOT_YET[name], strict=True)) if name in NOT_YET else name
        for name in NAMES
    ],
)
def test_a_sample_names_the_flights_of_its_label(
    name: str, identifier: Identifier, reports: dict[str, ScanReport]
) -> None:
    report = report_of(name, identifier, reports)
    leading = {}
    for match in report.flights:
        leading.setdefault(match.date.isoformat(), match.flight)
    for flight in label_of(name)["flights"]:
        assert leading.get(flight["date"]) == flight["flight"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(reason=MISREAD[name], strict=True)) if name in MISREAD else name
        for name in NAMES
    ],
)
def test_a_sample_shows_no_date_aboard_that_it_does_not_carry(
    name: str, identifier: Identifier, reports: dict[str, ScanReport]
) -> None:
    report = report_of(name, identifier, reports)
    true = {m["date"]["date"] for m in label_of(name)["marks"] if m["on_board"] and m["date"]}
    assert {date.reading.date.isoformat() for date in report.dates} <= true


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_never_surely_wrong(name: str, identifier: Identifier, reports: dict[str, ScanReport]) -> None:
    report, label = report_of(name, identifier, reports), label_of(name)
    if report.outcome == "identified":
        assert label["outcome"] == "identified"
