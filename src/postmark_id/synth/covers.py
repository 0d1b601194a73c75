"""Renders a cover with known truth: paper, print, stamps, marks, wear, scan, label.

Design note: the seed decides everything. A cover is planned (`plan`), printed (`printed`, `traps`), struck (`marks`,
`ground`, `strikes`), seen (`scanning`), and then measured (`truth`): the label says what can be read in the finished
picture, not what was meant to be readable. The label format is described in
docs/evaluating.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from postmark_id.models import Picture, Point, Quad, Station
from postmark_id.synth import days, ground, marks, paper, printed, scanning, traps, truth, writing
from postmark_id.synth.designs import draw_design
from postmark_id.synth.layouts import DrawnMark
from postmark_id.synth.page import INKS, Colour, Page, Placed, Trap, vary
from postmark_id.synth.plan import Plan, Wanted, choose_scenario, make_plan
from postmark_id.synth.sheet import Mask
from postmark_id.synth.strikes import strike

SCHEMA_VERSION = 1
_INK_WEIGHTS = {"black": 0.24, "blue": 0.28, "violet": 0.19, "red": 0.14, "pink": 0.06, "green": 0.09}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of a mark, its corners in the finished picture in reading order, and whether it can be read there."""

    char: str
    quad: Quad
    legible: bool


@dataclass(frozen=True, slots=True)
class RenderedCover:
    """A cover and the truth about it.

    Attributes
    ----------
    pixels : ndarray, shape (height, width, 3), uint8
        RGB.
    label : dict
        In the label format.
    dpi : int
    letters : tuple of tuple of Letter
        Letters of the lettering and the date of each mark of the label; empty where they were not asked for.
    """

    pixels: Picture
    label: dict[str, Any]
    dpi: int
    letters: tuple[tuple[Letter, ...], ...] = ()


@dataclass
class Struck:
    """A mark on the page: its drawing, its worn mask, where it lies and in which ink."""

    drawn: DrawnMark
    worn: Mask
    placed: Placed
    colour: Colour
    ink: str
    wanted: Wanted
    beside: Struck | None = field(default=None, repr=False)

    @property
    def reach(self) -> float:
        """Radius of the mark, millimetres."""
        return self.drawn.radius


def render_cover(
    seed: int,
    difficulty: float = 0.45,
    *,
    dpi: int | None = None,
    jpeg: bool = True,
    scenario: str | None = None,
    letters: bool = False,
) -> RenderedCover:
    """Render a random cover.

    Parameters
    ----------
    seed : int
        Decides everything.
    difficulty : float
        0 (clean) to 1 (hardly to be read); scales all the wear.
    dpi : int, optional
        Drawn at random among 150 to 600 where it is not given.
    jpeg : bool
        Put the picture through JPEG compression of a random quality.
    scenario : str, optional
        One of `plan.SCENARIOS`; drawn at random where it is not given.
    letters : bool
        Give every letter of the marks, too.

    Raises
    ------
    UsageError
        Where there is no such scenario.
    """
    rng = np.random.default_rng([seed, 7041])
    plan = make_plan(scenario or choose_scenario(rng), rng)
    return render_plan(plan, seed, difficulty, dpi=dpi, jpeg=jpeg, letters=letters)


def render_plan(
    plan: Plan,
    seed: int,
    difficulty: float = 0.45,
    *,
    dpi: int | None = None,
    jpeg: bool = True,
    letters: bool = False,
) -> RenderedCover:
    """Render a cover on which stands what a plan says; parameters as in `render_cover`."""
    rng = np.random.default_rng([seed, 1961])
    chosen = dpi or int(rng.choice([150, 200, 240, 300, 400, 600], p=[0.25, 0.2, 0.12, 0.28, 0.1, 0.05]))
    wear = float(np.clip(difficulty, 0.0, 1.0))
    page = paper.make_page(rng, chosen / 25.4, wear)
    _print(page, plan, wear)
    struck = _strike_all(page, plan, wear)
    if rng.random() < 0.3:
        for _ in range(int(rng.integers(1, 4))):
            where = (float(rng.uniform(0.15, 0.85)) * page.width, float(rng.uniform(0.2, 0.9)) * page.height)
            if struck and rng.random() < 0.3:
                x, y = struck[int(rng.integers(len(struck)))].placed.centre
                where = (x + float(rng.normal(0, 9)), y + float(rng.normal(0, 6)))
            printed.signature(page, where)
    seen = scanning.view(page.pixels, page.scale, rng, wear)
    pixels = scanning.develop(seen.pixels, rng, wear, photo=seen.photo, jpeg=jpeg)
    label = _label(pixels, page, struck, seen.homography)
    label |= {"seed": seed, "difficulty": round(wear, 4), "dpi": chosen, "scenario": plan.scenario}
    of_marks = tuple(_letters(s, pixels, seen.homography) for s in _labelled(struck)) if letters else ()
    return RenderedCover(pixels, label, chosen, of_marks)


def _print(page: Page, plan: Plan, wear: float) -> None:
    """Everything that was on the cover before it was marked."""
    rng = page.rng
    if plan.cachet is not None or rng.random() < 0.7:
        printed.cachet(page, plan.cachet)
    if rng.random() < 0.6:
        printed.address(page)
    x = page.width - float(rng.uniform(4, 9))
    for _ in range(int(rng.choice(4, p=[0.12, 0.5, 0.26, 0.12]))):
        size = (float(rng.uniform(20, 32)), float(rng.uniform(20, 36)))
        size = size if rng.random() < 0.6 else (size[1] * 1.2, size[0])
        if x - size[0] < page.width * 0.35:
            break
        printed.postage_stamp(page, (x - size[0], float(rng.uniform(3, 8))), size)
        x -= size[0] + float(rng.uniform(-0.3, 3))
    for _ in range(plan.traps):
        traps.set_trap(page, wear)
    for text in plan.printed:
        traps.print_line(page, text)


def _draw(wanted: Wanted, rng: np.random.Generator, scale: float, wheels: float) -> DrawnMark:
    """Draw one wanted mark, with its date written in a format that fits it.

    Raises
    ------
    ValueError
        Where a mark that is always dated has no date.
    """
    date = _written(wanted, rng)
    if wanted.design is not None:
        return draw_design(wanted.design, scale, date, wheels)
    station = wanted.station or Station.MIR
    undated: dict[str, Callable[[], DrawnMark]] = {
        "seal": lambda: marks.draw_seal(station, wanted.shape, rng, scale, date=date, wheels=wheels),
        "expedition": lambda: marks.draw_expedition_seal(rng, scale, wanted.number),
        "crew": lambda: marks.draw_crew_stamp(station, rng, scale),
        "rescue": lambda: ground.draw_rescue_pentagon(rng, scale, date),
    }
    if wanted.what in undated:
        return undated[wanted.what]()
    if date is None:
        raise ValueError(f"a {wanted.what} needs a date")
    dated: dict[str, Callable[[], DrawnMark]] = {
        "postmark": lambda: marks.draw_postmark(station, rng, scale, date, wheels=wheels, new=date.date.year >= 2021),
        "segment": lambda: marks.draw_segment_seal(rng, scale, date, wheels=wheels),
        "loose-date": lambda: marks.draw_loose_date(rng, scale, date, wheels=wheels),
        "pictorial": lambda: ground.draw_pictorial(rng, scale, date, place=wanted.place),
        "cancel": lambda: ground.draw_cancel(rng, scale, date, place=wanted.place, wheels=wheels),
    }
    return dated[wanted.what]()


def _written(wanted: Wanted, rng: np.random.Generator) -> writing.WrittenDate | None:
    if wanted.date is None:
        return None
    weights = writing.BOARD if wanted.on_board else writing.GROUND
    if wanted.what == "postmark" and wanted.station is Station.ISS and rng.random() < 0.75:
        weights = writing.RUBBER_NEW if wanted.date.year >= 2021 else writing.RUBBER_OLD
    if (wanted.place is not None and wanted.place[2]) or (not wanted.on_board and rng.random() < 0.15):
        weights = writing.AMERICAN
    return writing.write_date(wanted.date, wanted.form or writing.choose_format(weights, rng), rng)


def _ink_name(wanted: Wanted, usual: str, rng: np.random.Generator) -> str:
    if wanted.ink:
        return wanted.ink
    if not wanted.on_board:
        return "black" if rng.random() < 0.82 else _any_ink(rng)
    return usual if rng.random() < 0.6 else _any_ink(rng)


def _any_ink(rng: np.random.Generator) -> str:
    return str(rng.choice(list(_INK_WEIGHTS), p=list(_INK_WEIGHTS.values())))


def _strike_all(page: Page, plan: Plan, wear: float) -> list[Struck]:
    """Strike the wanted marks one after the other."""
    rng = page.rng
    usual = _any_ink(rng)
    struck: list[Struck] = []
    for wanted in plan.wanted:
        drawn = _draw(wanted, rng, page.sheet_scale, wear)
        ink = _ink_name(wanted, usual, rng)
        colour = vary(INKS[ink], rng)
        seal = (
            next((s for s in reversed(struck) if s.wanted.what == "seal"), None)
            if wanted.what == "loose-date"
            else None
        )
        if seal is not None:
            centre, turn = _beside(page, seal, drawn, rng)
        else:
            turn = _turn(rng)
            centre = _free_spot(page, drawn.radius, wanted, struck, rng)
        worn = strike(drawn.sheet.mask(), wear, rng, scale=drawn.sheet.scale)
        placed = page.put(drawn.sheet, centre, turn, colour, worn)
        struck.append(Struck(drawn, worn, placed, colour, ink, wanted))
        if seal is not None:
            seal.beside = struck[-1]
    return struck


def _turn(rng: np.random.Generator) -> float:
    """Rotation of a strike: mostly near upright, at times anything."""
    if rng.random() < 0.8:
        return float(np.clip(rng.normal(0, 11), -30, 30))
    return float(rng.uniform(-180, 180))


def _beside(page: Page, seal: Struck, date: DrawnMark, rng: np.random.Generator) -> tuple[Point, float]:
    """A place for a loose date next to its seal, on the side with the most room among two tries."""
    assert date.date_line is not None
    (x0, y0), _, (x1, y1), _ = date.date_line.quad
    gap = float(rng.uniform(1.0, 4.0))
    turn = seal.placed.turn + float(rng.normal(0, 3))
    options = []
    for side in rng.permutation(4):
        reach = seal.reach * 0.95 + gap + ((x1 - x0) / 2 if side < 2 else (y1 - y0) / 2)
        angle = math.radians(turn + {0: 0.0, 1: 180.0, 2: 90.0, 3: -90.0}[int(side)])
        x = seal.placed.centre[0] + reach * math.cos(angle)
        y = seal.placed.centre[1] + reach * math.sin(angle)
        half = (x1 - x0) / 2
        room = min(x - half, page.width - x - half, y - 3, page.height - y - 3)
        options.append((min(room, 2.0), x, y))
    best = max(options, key=lambda o: o[0])
    return (best[1], best[2]), turn


def _free_spot(page: Page, radius: float, wanted: Wanted, struck: list[Struck], rng: np.random.Generator) -> Point:
    """A centre for a mark: cancels by the stamps, the rest anywhere, with little overlap of other marks."""
    hang = 0.75 if rng.random() < 0.08 else 1.02
    margin = radius * hang
    allowed = float(rng.uniform(0.0, 0.45)) if rng.random() < 0.25 else 0.0
    best, least = (page.width / 2, page.height / 2), math.inf
    for _ in range(25):
        x = float(rng.uniform(margin, max(margin + 0.1, page.width - margin)))
        y = float(rng.uniform(margin, max(margin + 0.1, page.height - margin)))
        if page.stamps and rng.random() < (0.75 if not wanted.on_board else 0.2):
            corners = np.asarray(page.stamps[int(rng.integers(len(page.stamps)))]) / page.scale
            low, high = corners.min(axis=0), corners.max(axis=0)
            x = float(rng.uniform(low[0] - radius * 0.7, high[0] + radius * 0.2))
            y = float(rng.uniform(low[1], high[1] + radius * 0.5))
            x = float(np.clip(x, margin, max(margin, page.width - margin)))
            y = float(np.clip(y, margin, max(margin, page.height - margin)))
        overlap = max((_overlap((x, y), radius, s) for s in struck), default=0.0)
        if overlap < least:
            best, least = (x, y), overlap
        if overlap <= allowed:
            break
    return best


def _overlap(centre: Point, radius: float, other: Struck) -> float:
    """How far two marks reach into each other, as a share of the smaller radius."""
    distance = math.dist(centre, other.placed.centre)
    return max(0.0, (radius + other.reach - distance) / (2 * min(radius, other.reach)))


def _labelled(struck: list[Struck]) -> list[Struck]:
    """The marks that have an entry of their own in the label: a loose date belongs to the seal beside it."""
    return [s for s in struck if s.wanted.what != "loose-date"]


def _letters(s: Struck, pixels: Picture, homography: scanning.Homography) -> tuple[Letter, ...]:
    """Letters of the lettering and of the date inside a mark."""
    to_picture = truth.sheet_to_picture(s.drawn.sheet, s.placed, homography)
    found = []
    for line in (*s.drawn.lettering, *([s.drawn.date_line] if s.drawn.date_line is not None else [])):
        scores = truth.letter_scores(line, s.drawn.sheet, pixels, to_picture, s.colour)
        for (char, quad), score in zip(line.letters, scores, strict=True):
            a, b, c, d = truth.map_points(s.placed.pixels(quad), homography)
            found.append(Letter(char, (a, b, c, d), truth.letter_legible(score)))
    return tuple(found)


def _label(pixels: Picture, page: Page, struck: list[Struck], homography: scanning.Homography) -> dict[str, Any]:
    """The truth about the finished picture."""
    h, w = pixels.shape[:2]
    entries = [_mark_label(s, pixels, homography) for s in _labelled(struck)]
    flights, outcome = days.conclude(entries)
    return {
        "schema_version": SCHEMA_VERSION,
        "width": w,
        "height": h,
        "marks": entries,
        "traps": [_trap_label(t, homography) for t in page.traps],
        "stamps": [_rounded(truth.map_points(q, homography)) for q in page.stamps],
        "flights": flights,
        "outcome": outcome.value,
    }


def _mark_label(s: Struck, pixels: Picture, homography: scanning.Homography) -> dict[str, Any]:
    drawn, sheet = s.drawn, s.drawn.sheet
    to_picture = truth.sheet_to_picture(sheet, s.placed, homography)
    outline = truth.map_points(s.placed.pixels(drawn.outline), homography)
    scores = [
        score for line in drawn.lettering for score in truth.letter_scores(line, sheet, pixels, to_picture, s.colour)
    ]
    size = (pixels.shape[1], pixels.shape[0])
    a, b = truth.map_points(s.placed.pixels([(0.0, 0.0), (1.0, 0.0)]), homography)
    return {
        "kind": drawn.kind.value,
        "shape": drawn.shape.value,
        "station": drawn.station.value if drawn.station else None,
        "on_board": drawn.on_board,
        "reference": drawn.reference,
        "design": drawn.design,
        "outline": _rounded(outline),
        "box": _box(outline),
        "rotation": round(math.degrees(math.atan2(b[1] - a[1], b[0] - a[0])), 2),
        "ink": s.ink,
        "lettering": [line.text for line in drawn.lettering],
        "lettering_legible": truth.wording_legible(scores),
        "visible": round(truth.visible_share(drawn.outline, sheet, s.worn, to_picture, size), 3),
        "date": _date_label(s, pixels, homography),
    }


def _date_label(s: Struck, pixels: Picture, homography: scanning.Homography) -> dict[str, Any] | None:
    """The date inside a mark, or that of the loose date stamp beside it."""
    source = s if s.drawn.date_line is not None else s.beside
    if source is None or source.drawn.date is None or source.drawn.date_line is None:
        return None
    line, date = source.drawn.date_line, source.drawn.date
    to_picture = truth.sheet_to_picture(source.drawn.sheet, source.placed, homography)
    scores = truth.letter_scores(line, source.drawn.sheet, pixels, to_picture, source.colour)
    quad = truth.map_points(source.placed.pixels(line.quad), homography)
    inside = all(0 <= x < pixels.shape[1] and 0 <= y < pixels.shape[0] for x, y in quad)
    found: dict[str, Any] = {
        "date": date.date.isoformat(),
        "text": date.text,
        "format": date.format,
        "hour": date.hour,
        "legible": inside and truth.date_legible(scores, line.letters),
        "place": "inside" if source is s else "beside",
        "quad": _rounded(quad),
    }
    # where there is more than one row, the quad is no line of text
    return found | ({"rows": source.drawn.date_rows} if source.drawn.date_rows > 1 else {})


def _trap_label(trap: Trap, homography: scanning.Homography) -> dict[str, Any]:
    return {"kind": trap.kind, "box": _box(truth.map_points(trap.corners, homography)), "text": trap.text}


def _rounded(points: tuple[Point, ...]) -> list[list[float]]:
    return [[round(x, 1), round(y, 1)] for x, y in points]


def _box(points: tuple[Point, ...]) -> list[int]:
    """Upright box around points, x, y, width, height."""
    left, top = math.floor(min(x for x, _ in points)), math.floor(min(y for _, y in points))
    right, bottom = math.ceil(max(x for x, _ in points)), math.ceil(max(y for _, y in points))
    return [left, top, right - left, bottom - top]
