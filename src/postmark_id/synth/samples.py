"""The labelled covers in ``samples/``: the documented cases, and a dozen varied ones.

Design note: a sample is a plan and a seed, written down here, so that anybody can render the folder anew. Seeds were
picked by eye and by label so that each sample shows its case; nothing else is special about them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from postmark_id.models import Shape, Station
from postmark_id.synth.covers import RenderedCover, render_plan
from postmark_id.synth.designs import Design
from postmark_id.synth.files import jpeg_bytes, write_pair
from postmark_id.synth.plan import Plan, Wanted

MAX_BYTES = 118_000
"""Largest picture of a sample."""
MIR, ISS, SALYUT = Station.MIR, Station.ISS, Station.SALYUT_7
_FIVE = {"1996-08-19": 501, "1996-09-19": 600, "1997-01-15": 700, "1997-02-12": 800, "1997-03-02": 902}
"""The five dates of the documented cover, and a seed for each."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample.

    Attributes
    ----------
    name : str
        Of the files, without suffix.
    shows : str
        What it is for, half a sentence.
    case : bool
        Whether it is a documented case.
    """

    name: str
    shows: str
    plan: Plan
    seed: int = 0
    difficulty: float = 0.25
    dpi: int = 150
    case: bool = False

    def render(self) -> RenderedCover:
        """Render the sample before JPEG compression."""
        return render_plan(self.plan, self.seed, self.difficulty, dpi=self.dpi, jpeg=False)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _seal(
    station: Station, shape: Shape, date: str | None = None, *, form: str | None = None, ink: str | None = None
) -> Wanted:
    return Wanted("seal", station, shape, _day(date) if date else None, form, ink=ink)


def _postmark(station: Station, date: str, *, form: str | None = None, ink: str | None = None) -> Wanted:
    form = form or ("dd.mm.yy" if station is MIR else "dd mm yy" if date < "2021" else "dd mm yy hh")
    return Wanted("postmark", station, date=_day(date), form=form, ink=ink)


def _cancel(name: str, second: str, date: str, *, western: bool = False, form: str | None = None) -> Wanted:
    return Wanted("cancel", date=_day(date), form=form, place=(name, second, western))


def _case(
    name: str,
    shows: str,
    *wanted: Wanted,
    seed: int,
    cachet: tuple[str, ...] | None = None,
    printed: tuple[str, ...] = (),
) -> Sample:
    return Sample(name, shows, Plan(name, wanted, 0, cachet, printed), seed, case=True)


def _varied(
    name: str, shows: str, *wanted: Wanted, seed: int, difficulty: float, traps: int = 1, dpi: int = 150
) -> Sample:
    return Sample(name, shows, Plan(name, wanted, traps), seed, difficulty, dpi)


_PENTAGON, _OCTAGON = Shape.PENTAGON, Shape.OCTAGON
_SAME = Design("rocket-octagon", _OCTAGON, MIR, 91)

SAMPLES: tuple[Sample, ...] = (
    _case(
        "t15-two-pentagons", "undated pentagons of both stations of Soyuz T-15",
        _seal(SALYUT, _PENTAGON), _seal(MIR, _PENTAGON), seed=100,
    ),
    _case(
        "tm2-first-souvenir-cover", "undated octagon among three ground cancels",
        _cancel("МОСКВА", "ПОЧТАМТ", "1987-10-04"), _cancel("БАЙКОНУР", "КОСМОДРОМ", "1987-11-21"),
        _cancel("АРКАЛЫК", "КАЗ. ССР", "1987-12-29"), _seal(MIR, _OCTAGON, ink="blue"), seed=201,
    ),
    _case(
        "tm14-wrong-year", "ground cancel whose year was set wrong on purpose",
        _cancel("БАЙКОНУР", "КОСМОДРОМ", "1991-03-17", form="dd.mm.yy"), seed=300,
    ),
    _case("znamya-card", "undocking and experiment on one day", _postmark(MIR, "1993-02-04"), seed=400),
    *(
        _case(f"five-dates-{k}", "one of the five dates of a documented cover", _postmark(MIR, day), seed=seed)
        for k, (day, seed) in enumerate(_FIVE.items(), 1)
    ),
    _case("spk-tests", "day of a spacewalk, no docking", _postmark(MIR, "1990-02-01"), seed=1001),
    _case("spektr-collision", "day of an accident", _postmark(MIR, "1997-06-25"), seed=1100),
    _case("mir-reentry", "a day on which nobody was aboard", _postmark(MIR, "2001-03-23"), seed=1200),
    _case("dragon-c2-berthing", "first berthing of a Dragon", _postmark(ISS, "2012-05-25"), seed=1304),
    _case("dragon-c2-release", "its release", _postmark(ISS, "2012-05-31"), seed=1400),
    _case(
        "crs5-docking", "the cachet names another flight than the mark means", _postmark(ISS, "2015-01-12"), seed=1500,
        cachet=("SPACEX CRS-6", "COMMERCIAL RESUPPLY SERVICES"),
    ),
    _case("crs5-release", "release of Dragon CRS-5", _postmark(ISS, "2015-02-10"), seed=1601),
    _case("crs7-loss", "day of a launch failure, no docking", _postmark(ISS, "2015-06-28"), seed=1700),
    _case(
        "atv3-houston", "American ground cancel, no on-board mark",
        _cancel("HOUSTON", "TX 77058", "2012-11-02", western=True), seed=1800,
    ),
    _case("sts76-docking", "docking of a Shuttle", _postmark(MIR, "1996-03-24"), seed=1900),
    _case("sts71-docking", "first docking of a Shuttle", _postmark(MIR, "1995-06-29"), seed=2000),
    _case(
        "apollo-none", "undated octagon; the date in print is older than the station", _seal(MIR, _OCTAGON), seed=2100,
        printed=("20.07.1969",),
    ),
    _varied(
        "five-dates-all", "all five dates on one cover", *(_postmark(MIR, day) for day in _FIVE), seed=2205,
        difficulty=0.2, traps=0,
    ),
    _varied(
        "pentagon-dated", "date inside the pentagon", _seal(SALYUT, _PENTAGON, "1985-06-08", form="dd.mm.yy"),
        seed=2300, difficulty=0.2,
    ),
    _varied(
        "octagon-dated", "date inside the octagon", _seal(MIR, _OCTAGON, "1992-07-29", form="dd.mm.yyyy"), seed=2401,
        difficulty=0.3,
    ),
    _varied(
        "date-beside", "loose date beside an octagon", _seal(ISS, _OCTAGON),
        Wanted("loose-date", ISS, Shape.OTHER, _day("2008-04-03"), "dd-mm-yy"), seed=2500, difficulty=0.25,
    ),
    _varied(
        "iss-new-postmark", "eight figures, the last two an hour", _seal(ISS, _OCTAGON), _postmark(ISS, "2021-04-09"),
        seed=2600, difficulty=0.3,
    ),
    _varied(
        "segment-and-expedition", "round seals of the ISS, one of them dated",
        Wanted("segment", ISS, date=_day("2009-03-28"), form="dd.mm.yy"),
        Wanted("expedition", ISS, number=19), seed=2703, difficulty=0.3,
    ),
    _varied(
        "roman-month", "month in Roman figures", _seal(MIR, _PENTAGON),
        _postmark(MIR, "1994-01-10", form="dd.ROMAN.yy"), seed=2800, difficulty=0.35,
    ),
    _varied(
        "rescue-pentagon", "pentagon of a rescue team: not from a station",
        Wanted("rescue", date=_day("1990-08-09"), form="dd.mm.yy", ink="red"), seed=2901, difficulty=0.3,
    ),
    _varied("no-mark", "traps only", seed=3000, difficulty=0.35, traps=4),
    _varied(
        "undated-worn", "two worn undated seals", _seal(MIR, _PENTAGON), _seal(MIR, _OCTAGON), seed=3100,
        difficulty=0.55,
    ),
    _varied(
        "seal-and-postmark", "the usual case, typically worn", _cancel("ЛЕНИНСК", "ПОЧТАМТ", "1989-09-06"),
        _seal(MIR, _OCTAGON), _postmark(MIR, "1989-09-08"), seed=3200, difficulty=0.45,
    ),
    _varied(
        "hard", "a cover to fail on", _seal(MIR, _PENTAGON), _postmark(MIR, "1998-01-31"), seed=3300, difficulty=0.8,
    ),
    *(
        _varied(
            f"same-seal-{k}", "a worn strike of always the same seal, to learn it from",
            Wanted("design", MIR, _OCTAGON, design=_SAME), seed=seed, difficulty=0.5,
        )
        for k, seed in enumerate((3408, 3410, 3404, 3413), 1)
    ),
)  # fmt: skip
"""All samples in the order of the list in samples/README.md."""


def sample_named(name: str) -> Sample:
    """The sample of a name.

    Raises
    ------
    KeyError
        Where there is none.
    """
    for sample in SAMPLES:
        if sample.name == name:
            return sample
    raise KeyError(name)


def write_samples(folder: Path) -> Iterator[Path]:
    """Write all samples, then the README that lists them; gives each path as it is written."""
    rows = []
    for sample in SAMPLES:
        cover = sample.render()
        yield write_pair(cover, _small_jpeg(cover), folder, sample.name)
        rows.append(_row(sample, cover))
    text = README.format(rows="\n".join(rows))
    (folder / "README.md").write_text(text, encoding="utf-8")
    yield folder / "README.md"


def _small_jpeg(cover: RenderedCover) -> bytes:
    """The best JPEG that is not larger than a sample may be."""
    data = b""
    for quality in range(86, 20, -4):
        data = jpeg_bytes(cover, quality)
        if len(data) <= MAX_BYTES:
            break
    return data


def _row(sample: Sample, cover: RenderedCover) -> str:
    flights = ", ".join(dict.fromkeys(f"{f['flight']} {f['event']}" for f in cover.label["flights"])) or "-"
    return f"| {sample.name} | {sample.shows} | {cover.label['outcome']} | {flights} |"


README = """# Sample covers

Every picture here is **rendered by a program** (`postmark-id synth --samples samples`): no real cover, no copy of a
real mark, no photograph. The wording, typefaces and pictures of the marks are made up within what collectors
describe. Use them to try the program and in tests; they say nothing about what real marks look like.

Licence: CC0 1.0 (the pictures and labels); the typefaces are listed in `src/postmark_id/synth/fonts/LICENCES.md`.
Origin of each: drawn by `src/postmark_id/synth/samples.py`, seed and difficulty in its label. The label beside each
picture is of the format in docs/evaluating.md.

| file | shows | outcome of a perfect reader | flights |
|---|---|---|---|
{rows}
"""
