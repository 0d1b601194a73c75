"""What each stage is worth: the same covers measured again with one stage off at a time: `make ablation`.

A stage is switched off from here, through the settings or by putting something plain in the place of a function, so
that the program needs no switches for it. Nothing is fitted again: a weight that was fitted beside others may be too
high or too low without them, and a stage whose work others can do in part looks worth less than it is.

    python benchmarks/ablation.py [FOLDER ...] [--count N] [--seed 960000] [--difficulty D ...] [--only STAGE ...]

Without a folder, covers are rendered for the occasion. Prints a section in Markdown, row by row as they are measured;
each row takes as long as `postmark-id evaluate` on the same covers.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from bench import one_core
from labelled import Cover, add_arguments, chosen, describe, tell

from postmark_id.dates.engines import EngineName
from postmark_id.dates.grammar import Window
from postmark_id.dates.reader import DateReader
from postmark_id.evaluate import Measures, score
from postmark_id.evaluate.run import identify_all
from postmark_id.evaluate.scores import rate
from postmark_id.geometry import iou
from postmark_id.ink import Sheet
from postmark_id.marks.closeup import look_closely
from postmark_id.marks.found import shares
from postmark_id.marks.propose import SAME_LINE, Proposal, Proposals, propose
from postmark_id.models import DateReading, Picture, Place, Quad, Shape
from postmark_id.settings import FoundWeights, MarkSettings, Settings

COLUMNS: dict[str, Callable[[Measures], float | None]] = {
    "seals, F1": lambda m: m.seals.f1,
    "their IoU": lambda m: m.seals.median_iou,
    "round marks, F1": lambda m: m.round_marks.f1,
    "board or ground right": lambda m: m.board_or_ground.share_right,
    "station right": lambda m: m.seal_stations.share_right,
    "dates exact": lambda m: m.dates.recall,
    "false dates a cover": lambda m: rate(m.dates.false, m.covers),
    "flight first": lambda m: rate(m.flights.top1, m.flights.covers),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the program and how it is switched off.

    Attributes
    ----------
    name : str
    instead : str
        What happens without it.
    off : callable
        Context in which it is off.
    settings : callable
        Turns the settings into those without it.
    ocr : str
        Engine that reads, as for `Identifier`.
    """

    name: str
    instead: str = ""
    off: Callable[[], AbstractContextManager[object]] = nullcontext
    settings: Callable[[Settings], Settings] = lambda settings: settings
    ocr: EngineName = "auto"


def substituting(substitutes: Mapping[str, Callable[..., Any]]) -> Callable[[], AbstractContextManager[object]]:
    """A context in which functions, named as `unittest.mock.patch` wants them, are replaced."""

    def off() -> ExitStack:
        with ExitStack() as stack:
            for name, function in substitutes.items():
                stack.enter_context(patch(name, function))
            return stack.pop_all()

    return off


def without_weight(name: str) -> Callable[[Settings], Settings]:
    """Settings under which one input of the shapes' log odds counts for nothing."""

    def changed(settings: Settings) -> Settings:
        weights: FoundWeights = replace(settings.marks.found_weights, **{name: 0.0})
        return replace(settings, marks=replace(settings.marks, found_weights=weights))

    return changed


def shares_by_close_look(proposal: Proposal, _: Mapping[Shape, float], weights: FoundWeights) -> dict[Shape, float]:
    """Let the close look speak for the ring, as the ring speaks for it where there is none."""
    return shares(proposal, proposal.seen, weights)


@contextmanager
def only_proposed_lines() -> Iterator[None]:
    """Read date lines only where a network proposed them, each once, however they are laid true afterwards."""
    proposed: list[Quad] = []
    done: set[Quad] = set()

    def proposing(sheet: Sheet, settings: MarkSettings) -> Proposals:
        found = propose(sheet, settings)
        proposed[:] = [line.quad for line in found.dates]
        done.clear()
        return found

    def looking(sheet: Sheet, proposals: Sequence[Proposal], settings: MarkSettings) -> tuple[Proposal, ...]:
        found = look_closely(sheet, proposals, settings)
        proposed.extend(line.quad for one in found for line in one.lines)
        return found

    def reading(
        reader: DateReader,
        pixels: Picture,
        quads: Sequence[Quad],
        window: Window | Sequence[Window] | None = None,
        places: Sequence[Place] = (),
    ) -> list[DateReading | None]:
        origins: dict[int, Quad] = {}
        for k, quad in enumerate(quads):
            origin = max(proposed, key=lambda line: iou(line, quad), default=None)
            if origin is not None and origin not in done and iou(origin, quad) >= SAME_LINE:
                done.add(origin)
                origins[k] = origin
        sensible = window if window is None or isinstance(window, Window) else [window[k] for k in origins]
        spots = [places[k] for k in origins if k < len(places)]
        found = dict(zip(origins, read_lines(reader, pixels, [*origins.values()], sensible, spots), strict=True))
        return [found.get(k) for k in range(len(quads))]

    read_lines = DateReader.read_lines
    with (
        patch("postmark_id.pipeline.propose", proposing),
        patch("postmark_id.pipeline.look_closely", looking),
        patch.object(DateReader, "read_lines", reading),
    ):
        yield


EVERYTHING = Stage("nothing: everything on")
STAGES = (
    Stage(
        "close look",
        "marks and date lines stay as they were proposed on the whole cover; the ring alone says the shape",
        substituting({"postmark_id.pipeline.look_closely": lambda _sheet, proposals, _settings: tuple(proposals)}),
    ),
    Stage(
        "ring",
        "the close look alone says the shape",
        substituting(
            {
                "postmark_id.marks.fit.shapes_around": lambda *_: {},
                "postmark_id.marks.fit.shares": shares_by_close_look,
            }
        ),
    ),
    Stage(
        "weight of noticed",
        "the peak of the first network says nothing of the shape",
        settings=without_weight("noticed"),
    ),
    Stage("weight of seen", "the close look says nothing of the shape", settings=without_weight("seen")),
    Stage("weight of around", "the ring says nothing of the shape", settings=without_weight("around")),
    Stage(
        "fit",
        "outlines keep the place and size that the close look saw, unturned",
        substituting({"postmark_id.marks.fit._search": lambda _strokes, _sides, start, *_: start}),
    ),
    Stage(
        "laying lines true",
        "reading only the proposed lines: none is widened, turned or shifted, and no other row is read as a date",
        only_proposed_lines,
    ),
    Stage(
        "other margins",
        "an unsure line is not cut again with more or less around it",
        settings=lambda settings: replace(settings, dates=replace(settings.dates, further_pads=())),
    ),
    Stage("second engine", "the program's own reader only", ocr="own"),
    Stage(
        "reader of figures",
        "unsure lines and bent rows are not read by it",
        substituting({"postmark_id.dates.reader.reader_of_figures": lambda *_: None}),
    ),
    Stage(
        "among words",
        "no date is taken from rows of letters",
        substituting({"postmark_id.dating.Dater._take_from_words": lambda *_: None}),
    ),
    Stage(
        "lettering",
        "none is read",
        substituting({"postmark_id.marks.lettering.Lettering.strips": lambda *_, **__: []}),
    ),
    Stage(
        "life of the station",
        "the station that the lettering names says nothing of the date",
        substituting({"postmark_id.pipeline.in_life": lambda reading, *_: reading}),
    ),
    Stage(
        "agreement",
        "dates of other marks say nothing of a date",
        substituting({"postmark_id.dating.agreed": lambda readings, _: list(readings)}),
    ),
    Stage(
        "ties",
        "the table never leads with another reading",
        substituting({"postmark_id.flights.settling._tie_broken": lambda ordered, *_: (ordered, [])}),
    ),
    Stage(
        "emblems",
        "neither evenness nor plain words speak against a seal",
        substituting({"postmark_id.marks.identify._no_seal": lambda *_: ""}),
    ),
    Stage(
        "company",
        "other marks of a cover say nothing of a mark",
        substituting({"postmark_id.marks.identify._in_company": lambda mark, *_: mark}),
    ),
)


def main() -> None:
    """Measure with everything on, then without each stage, and print the section."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--only", action="append", choices=[s.name for s in STAGES], help="stages to switch off")
    args = parser.parse_args()
    one_core()
    stages = [stage for stage in STAGES if not args.only or stage.name in args.only]
    with chosen(args) as covers:
        for line in section(covers, stages):
            print(line, flush=True)


def section(covers: Sequence[Cover], stages: Sequence[Stage]) -> Iterator[str]:
    """The section in Markdown, line by line."""
    tell(f"measuring everything on, then {len(stages)} stages off, on {len(covers)} covers")
    everything = measure(covers, EVERYTHING)
    yield "## Each stage off in turn\n"
    yield INTRODUCTION.format(covers=describe(covers), **counts(everything))
    yield "| without | " + " | ".join(COLUMNS) + " |"
    yield "| --- " * (1 + len(COLUMNS)) + "|"
    yield row(EVERYTHING, everything, everything)
    for stage in stages:
        yield row(stage, measure(covers, stage), everything)
        tell(f"measured without {stage.name}")
    yield ""
    yield from (f"* **{stage.name}** off: {stage.instead}." for stage in stages)


INTRODUCTION = """Measured by `make ablation` on rendered covers: {covers}.
They bear {seals} seals, {rounds} round marks and {dates} legible dates; {flights} of them have flights to be named. In
brackets the difference to everything on. Nothing was fitted again without a stage.
"""


def counts(m: Measures) -> dict[str, int]:
    """How many there are of what the shares are shares of."""
    return {
        "seals": m.seals.hits + m.seals.missed,
        "rounds": m.round_marks.hits + m.round_marks.missed,
        "dates": m.dates.legible,
        "flights": m.flights.covers,
    }


def measure(covers: Sequence[Cover], stage: Stage) -> Measures:
    """Identify and judge covers without a stage."""
    settings = stage.settings(Settings())
    with stage.off():
        reports = list(identify_all([cover.path for cover in covers], settings, ocr=stage.ocr))
    return score(zip([cover.truth for cover in covers], reports, strict=True), settings.evaluate).overall


def row(stage: Stage, measured: Measures, everything: Measures) -> str:
    """A row of the table: each measure, and how far it is off where that shows."""
    cells = [cell(of(measured), of(everything)) for of in COLUMNS.values()]
    return f"| {stage.name} | " + " | ".join(cells) + " |"


def cell(value: float | None, before: float | None) -> str:
    """A measure, with the difference to another where two figures show it."""
    if value is None or before is None:
        return "-" if value is None else f"{value:.2f}"
    difference = round(value - before, 2)
    return f"{value:.2f} ({difference:+.2f})" if difference else f"{value:.2f}"


if __name__ == "__main__":
    main()
