"""Every stage is off when it is said to be off, on again afterwards, and its row says what that costs."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import ablation
import labelled
import pytest
from labelled import Cover
from labelled_reports import finding_all, finding_nothing

from postmark_id import dating, pipeline
from postmark_id.dates import reader
from postmark_id.dates.reader import DateReader
from postmark_id.flights import settling
from postmark_id.flights.table import FlightTable
from postmark_id.marks import closeup, fit, identify, ring
from postmark_id.marks.lettering import Lettering
from postmark_id.models import DateCandidate, DateReading, Quad, ScanReport, Station
from postmark_id.pipeline import Identifier
from postmark_id.scan import load
from postmark_id.settings import Settings

STAGES = {stage.name: stage for stage in ablation.STAGES}
DAY, BETTER_DAY = dt.date(1979, 2, 12), dt.date(1997, 2, 12)


@dataclass
class Looked:
    """What was done to identify a cover."""

    report: ScanReport
    networks: list[str] = field(default_factory=list)
    proposed: list[Quad] = field(default_factory=list)
    read: list[Quad] = field(default_factory=list)
    shares: list[tuple] = field(default_factory=list)


@pytest.fixture(scope="module")
def without(labelled_folder: Path) -> Callable[..., Looked]:
    """Identifies a cover without a stage, or with all, and watches; the program's own engine is enough for that."""
    (path, *_) = (cover.path for cover in labelled.read([labelled_folder]))
    identifier = Identifier(ocr="own")
    (scan,) = load(path, Settings().scan)

    @cache
    def run(name: str | None = None) -> Looked:
        looked = Looked(ScanReport("", 0, "", 0, 0, None, "error"))
        with pytest.MonkeyPatch.context() as watch:
            _watch(watch, looked)
            with (STAGES[name] if name else ablation.EVERYTHING).off():
                looked.report = identifier.identify(scan)
        return looked

    return run


def _watch(watch: pytest.MonkeyPatch, looked: Looked) -> None:
    """Keep what the networks are asked for, what they propose, and the lines that are read."""
    sessions = {module: module.session for module in (closeup, ring)}
    for module, session in sessions.items():
        watch.setattr(module, "session", lambda model, ask=session: looked.networks.append(model) or ask(model))
    propose, look, read_lines, shares = pipeline.propose, pipeline.look_closely, DateReader.read_lines, ablation.shares

    def proposing(*given):
        found = propose(*given)
        looked.proposed += [line.quad for line in found.dates]
        return found

    def looking(*given):
        found = look(*given)
        looked.proposed += [line.quad for one in found for line in one.lines]
        return found

    def reading(reader, pixels, quads, *given):
        looked.read += quads
        return read_lines(reader, pixels, quads, *given)

    for module in (pipeline, ablation):
        watch.setattr(module, "propose", proposing)
        watch.setattr(module, "look_closely", looking)
    watch.setattr(DateReader, "read_lines", reading)
    watch.setattr(ablation, "shares", lambda *given: looked.shares.append(given) or shares(*given))


@pytest.mark.parametrize(("name", "network"), [("close look", "closeup.onnx"), ("ring", "ring.onnx")])
def test_a_network_that_is_off_is_not_asked(name: str, network: str, without) -> None:
    assert without(name).report.marks
    assert network not in without(name).networks
    assert network in without().networks


def test_without_the_ring_the_close_look_speaks_for_both(without) -> None:
    said = without("ring").shares
    assert said
    assert all(around == proposal.seen and around for proposal, around, _ in said)


def test_without_the_fit_outlines_lie_elsewhere(without) -> None:
    fitted, unfitted = ({mark.outline.points for mark in without(name).report.marks} for name in (None, "fit"))
    assert fitted
    assert unfitted
    assert not fitted & unfitted


def test_without_lettering_none_is_read(without) -> None:
    assert any(mark.text for mark in without().report.marks)
    assert without("lettering").report.marks
    assert not any(mark.text for mark in without("lettering").report.marks)


def test_only_lines_that_a_network_proposed_are_read_and_each_once(without) -> None:
    looked = without("laying lines true")
    assert {*looked.read} <= {*looked.proposed}
    assert len(looked.read) == len({*looked.read}) > 0
    assert {*without().read} - {*without().proposed}, "with it on, others are read as well"


def test_a_date_is_not_narrowed_without_the_life_of_the_station() -> None:
    reading = DateReading(DAY, 0.6, "", alternatives=(DateCandidate(BETTER_DAY, 0.3),))
    spans = ((dt.date(1986, 3, 1), dt.date(2000, 6, 1)),)
    with STAGES["life of the station"].off():
        assert pipeline.in_life(reading, spans) is reading
    assert pipeline.in_life(reading, spans).date == BETTER_DAY


def test_a_tie_stays_without_the_table() -> None:
    table, settings = FlightTable.load(), Settings().flights
    read = [(dt.date(1997, 2, 17), 0.5), (dt.date(1997, 2, 12), 0.4)]
    with STAGES["ties"].off():
        assert settling._tie_broken(read, [Station.MIR], table, settings) == (read, [])
    assert settling._tie_broken(read, [Station.MIR], table, settings)[0] == read[::-1]


def test_the_reader_of_figures_is_not_opened() -> None:
    with STAGES["reader of figures"].off():
        assert DateReader.open("own").figures is None
    assert DateReader.open("own").figures is not None


def test_a_mark_stays_as_it_is_without_company() -> None:
    mark = object()
    with STAGES["company"].off():
        assert identify._in_company(mark, None, (), None) is mark


@pytest.mark.parametrize("name", ["noticed", "seen", "around"])
def test_one_weight_is_off_and_the_others_stay(name: str) -> None:
    weights = Settings().marks.found_weights
    changed = STAGES[f"weight of {name}"].settings(Settings()).marks.found_weights
    assert getattr(weights, name) > 0
    assert changed == replace(weights, **{name: 0.0})


def test_unsure_lines_are_not_cut_again_without_other_margins() -> None:
    settings = STAGES["other margins"].settings(Settings())
    assert settings != Settings()
    assert settings == replace(Settings(), dates=replace(Settings().dates, further_pads=()))


def test_every_stage_switches_something_off_and_on_again() -> None:
    rooms = (pipeline, fit, identify, dating, settling, reader, dating.Dater, DateReader, Identifier, Lettering)

    def present() -> list[object]:
        return [dict(vars(place)) for place in rooms]

    before = present()
    for stage in ablation.STAGES:
        with stage.off():
            replaced = present() != before
        assert replaced or stage.settings(Settings()) != Settings() or stage.ocr != "auto", stage.name
        assert present() == before, stage.name


def test_covers_are_identified_without_the_stage_and_judged(covers: list[Cover]) -> None:
    lettering = replace(STAGES["lettering"], ocr="own")
    measured = ablation.measure(covers[:1], lettering)
    assert (measured.covers, measured.errors) == (1, ())
    assert measured.seals.hits + measured.seals.missed == ablation.counts(measured)["seals"] > 0


def test_a_row_says_what_is_lost_without_a_stage(covers: list[Cover], monkeypatch: pytest.MonkeyPatch) -> None:
    """All is found with everything on; the program's own engine alone finds nothing on the second cover."""

    def identify_all(paths: list[Path], _settings: Settings, ocr: str) -> list[ScanReport]:
        assert paths == [cover.path for cover in covers]
        return [finding_all(covers[0]), (finding_nothing if ocr == "own" else finding_all)(covers[1])]

    monkeypatch.setattr(ablation, "identify_all", identify_all)
    lines = list(ablation.section(covers, [STAGES["second engine"]]))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|")]
    header, _, everything, less = rows
    assert header == ["without", *ablation.COLUMNS]
    assert {len(row) for row in rows} == {len(header)}
    seals, rounds = ([_marks(cover, shapes) for cover in covers] for shapes in ("pentagon octagon", "circle"))
    for name, (first, second) in {"seals, F1": seals, "round marks, F1": rounds}.items():
        assert everything[header.index(name)] == "1.00"
        f1 = 2 * first / (2 * first + second)
        assert less[header.index(name)] == f"{f1:.2f} ({f1 - 1:+.2f})"
    assert f" {sum(seals)} seals, {sum(rounds)} round marks" in "\n".join(lines)
    assert lines[-1].startswith("* **second engine** off: ")


def _marks(cover: Cover, shapes: str) -> int:
    """Marks of some shapes that count; a seal only from on board."""
    counting = [mark for mark in cover.truth.marks if mark.visible >= Settings().evaluate.min_visible]
    return sum(mark.shape in shapes and (mark.on_board or mark.shape == "circle") for mark in counting)


def test_a_difference_is_shown_where_two_figures_show_it() -> None:
    assert ablation.cell(0.5, 0.5) == "0.50"
    assert ablation.cell(0.5, 0.503) == "0.50"
    assert ablation.cell(0.4, 0.503) == "0.40 (-0.10)"
    assert ablation.cell(None, 0.5) == "-"
