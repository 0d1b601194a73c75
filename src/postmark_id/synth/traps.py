"""Things that look like marks or dates and are neither.

Design note: each trap copies one property of the real thing (the outline, the date, the lettering) and breaks another.
Their boxes are labelled, so that a false find can be named.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import numpy as np

from postmark_id.geometry import regular_polygon
from postmark_id.models import Point
from postmark_id.synth import motifs
from postmark_id.synth.fonts import choose_font, choose_hand
from postmark_id.synth.outlines import draw_outline, hand_cut, inset, reverse_out, turned
from postmark_id.synth.page import INKS, Colour, Page, Placed, rectangle, vary
from postmark_id.synth.printed import cachet_name, random_colour
from postmark_id.synth.sheet import Sheet
from postmark_id.synth.strikes import strike
from postmark_id.synth.wording import CACHETS, SERIAL
from postmark_id.synth.writing import BOARD, choose_format, write_date

Trapper = Callable[[Page, float], None]


def some_day(rng: np.random.Generator) -> dt.date:
    """Any day of the space age."""
    return dt.date(1961, 4, 12) + dt.timedelta(days=int(rng.integers(0, 23000)))


def _spot(page: Page, margin: float) -> Point:
    rng = page.rng
    x = float(rng.uniform(margin, max(margin + 1, page.width - margin)))
    return x, float(rng.uniform(margin, max(margin + 1, page.height - margin)))


def _ink(page: Page) -> Colour:
    names = list(INKS)
    return vary(INKS[names[int(page.rng.integers(len(names)))]], page.rng)


def _cachet_words(rng: np.random.Generator) -> list[str]:
    words = [CACHETS[int(rng.integers(len(CACHETS)))], cachet_name(rng)]
    return words[: int(rng.integers(1, 3))]


def _outlined(
    page: Page, wear: float, kind: str, corners: tuple[Point, ...], *, rubber: bool, dated: bool, solid: bool = False
) -> None:
    """A cachet or printed logo in some outline, words and picture inside; white on solid colour where asked for."""
    rng = page.rng
    radius = max(math.hypot(*p) for p in corners)
    sheet = page.sheet(2 * radius * 1.1 + 2, 2 * radius * 1.1 + 2)
    free = draw_outline(sheet, corners, rng, round_by=float(rng.choice([0.0, 0.8, 2.0])))
    font = choose_font(rng)
    core = radius * free * 0.62
    motifs.draw_motif(sheet, (0.0, -core * 0.2), core * float(rng.uniform(0.4, 0.75)), rng)
    for k, text in enumerate(_cachet_words(rng)):
        sheet.text(text, (0.0, core * (0.72 if k == 0 else -0.9)), min(2.8, core * 0.3), font, fit=core * 1.5)
    said = None
    if dated:
        said = write_date(some_day(rng), choose_format(BOARD, rng), rng).text
        sheet.text(said, (0.0, core * 0.35), min(2.6, core * 0.3), font, fit=core * 1.5)
    if solid:
        reverse_out(sheet, corners)
    spot = _spot(page, radius * 0.9)
    turn = float(rng.normal(0, 8)) if rubber else 0.0
    mask = strike(sheet.mask(), wear, rng, scale=sheet.scale) if rubber else sheet.mask()
    placed = page.put(sheet, spot, turn, _ink(page) if rubber else random_colour(rng, 0.7), mask)
    page.trap(kind, placed, corners, said)


def hexagon(page: Page, wear: float) -> None:
    """A cachet with six, seven or four sides, at times with a date."""
    rng = page.rng
    sides = int(rng.choice([6, 6, 6, 7, 4, 3, 9, 10]))
    name = {6: "hexagon-cachet", 7: "heptagon", 4: "square", 3: "triangle", 9: "nonagon", 10: "decagon"}[sides]
    corners = hand_cut(sides, float(rng.uniform(9, 20)), rng, 0.01)
    kind = rng.random()
    _outlined(page, wear, name, corners, rubber=kind < 0.75, dated=rng.random() < 0.4, solid=kind < 0.08)


def logo(page: Page, _: float) -> None:
    """A printed octagon or pentagon: part of the picture, not a strike."""
    rng = page.rng
    sides = int(rng.choice([8, 8, 5]))
    radius = float(rng.uniform(4, 9))
    corners = regular_polygon((0.0, 0.0), radius, sides, 0.0)
    sheet = page.sheet(2 * radius * 1.2, 2 * radius * 1.2)
    solid = rng.random() < 0.6
    if solid:
        sheet.area(corners)
        motifs.star(sheet, (0.0, 0.0), radius * 0.1, rng)
        sheet.text(
            str(rng.choice(["STOP", "NASA", "ЦУП", "СТОП", "ESA", "8"])),
            (0.0, 0.0),
            radius * 0.4,
            choose_font(rng),
            fit=radius * 1.4,
            erase=True,
        )
    else:
        sheet.path(corners, 0.4, closed=True)
        motifs.draw_motif(sheet, (0.0, 0.0), radius * 0.6, rng)
    placed = page.put(sheet, _spot(page, radius), 0.0, random_colour(rng, 0.7))
    page.trap("octagon-logo" if sides == 8 else "pentagon-logo", placed, corners)


def vignette(page: Page, _: float) -> None:
    """A picture printed in a frame as large as a seal: nothing is written in it, and its colours may be two."""
    rng = page.rng
    sides = int(rng.choice([8, 8, 8, 5, 5, 6]))
    radius = float(rng.uniform(8, 20))
    corners = turned(hand_cut(sides, radius, rng, 0.0), float(rng.choice([0.0, 0.0, rng.uniform(0.0, 360.0)])))
    sheet = page.sheet(2.7 * radius + 2, 2.7 * radius + 2)
    pen = float(rng.uniform(0.15, 0.8))
    sheet.path(corners, pen, closed=True)
    if rng.random() < 0.5:
        sheet.path(inset(corners, float(rng.uniform(0.75, 0.94))), min(pen, 0.35), closed=True)
    colour = random_colour(rng, 0.7)
    spot = _spot(page, radius)
    placed = page.put(sheet, spot, 0.0, colour)
    picture = page.sheet(2 * radius, 2 * radius)
    motifs.draw_motif(picture, (0.0, 0.0), radius * float(rng.uniform(0.3, 0.75)), rng)
    page.put(picture, spot, float(rng.normal(0, 20)), colour if rng.random() < 0.4 else random_colour(rng, 0.7))
    page.trap("vignette", placed, corners)


def shield(page: Page, wear: float) -> None:
    """A coat of arms."""
    rng = page.rng
    w, h = float(rng.uniform(8, 15)), float(rng.uniform(10, 18))
    t = np.linspace(0, 1, 12)
    side = [(w * (1 - float(v) ** 2), -h * 0.2 + h * 1.2 * float(v)) for v in t]
    corners = ((-w, -h), (w, -h), *side, *((-x, y) for x, y in reversed(side)))
    _outlined(page, wear, "shield", tuple(corners), rubber=rng.random() < 0.6, dated=False)


def disc(page: Page, wear: float) -> None:
    """A round cachet without a date of its own, or a printed coin."""
    rng = page.rng
    corners = hand_cut(0, float(rng.uniform(9, 20)), rng, 0.004)
    _outlined(page, wear, "round-cachet", corners, rubber=rng.random() < 0.6, dated=rng.random() < 0.15)


def coin(page: Page, _: float) -> None:
    """A medal or coin printed in metal colours."""
    rng = page.rng
    radius = float(rng.uniform(8, 16))
    sheet = page.sheet(2 * radius + 2, 2 * radius + 2)
    sheet.circle((0.0, 0.0), radius, ink=130)
    sheet.circle((0.0, 0.0), radius, 0.8)
    sheet.circle((0.0, 0.0), radius * 0.8, 0.3)
    font = choose_font(rng)
    sheet.arc(CACHETS[int(rng.integers(len(CACHETS)))], (0.0, 0.0), radius * 0.9, radius * 0.13, font)
    motifs.draw_motif(sheet, (0.0, 0.0), radius * 0.6, rng)
    gold = vary((0.72, 0.58, 0.25) if rng.random() < 0.6 else (0.6, 0.6, 0.62), rng)
    placed = page.put(sheet, _spot(page, radius), 0.0, gold)
    page.trap("coin", placed, regular_polygon((0.0, 0.0), radius, 0, 0.0))


def boxed(page: Page, wear: float) -> None:
    """A straight box with words, at times with a date: a handling or customs stamp."""
    rng = page.rng
    w, h = float(rng.uniform(24, 50)), float(rng.uniform(8, 18))
    sheet = page.sheet(w + 4, h + 4)
    corners = rectangle(w, h)
    sheet.path(corners, float(rng.uniform(0.3, 0.9)), closed=True)
    font = choose_font(rng)
    said = write_date(some_day(rng), choose_format(BOARD, rng), rng).text if rng.random() < 0.45 else None
    words = _cachet_words(rng)[:1] + ([said] if said else [])
    for k, text in enumerate(words):
        y = (k - (len(words) - 1) / 2) * h * 0.42
        sheet.text(text, (0.0, y), min(3.2, h * 0.25), font, fit=w * 0.9)
    mask = strike(sheet.mask(), wear, rng, scale=sheet.scale)
    placed = page.put(sheet, _spot(page, 14), float(rng.normal(0, 6)), _ink(page), mask)
    page.trap("box", placed, corners, said)


def registered(page: Page, _: float) -> None:
    """A registration label or a bar code with a number."""
    rng = page.rng
    w, h = float(rng.uniform(30, 42)), float(rng.uniform(11, 16))
    sheet: Sheet = page.sheet(w + 2, h + 2)
    sheet.path(rectangle(w, h), 0.4, closed=True)
    font = choose_font(rng)
    number = f"{int(rng.integers(100, 999))} {int(rng.integers(100, 999))}"
    sheet.text(str(rng.choice(["R", "З", "RR", "R"])), (-w * 0.38, 0.0), h * 0.5, font)
    if rng.random() < 0.5:
        x = -w * 0.2
        while x < w * 0.45:
            bar = float(rng.choice([0.2, 0.35, 0.5]))
            sheet.area([(x, -h * 0.35), (x + bar, -h * 0.35), (x + bar, h * 0.1), (x, h * 0.1)])
            x += bar + float(rng.choice([0.25, 0.5]))
        sheet.text(number, (w * 0.12, h * 0.32), h * 0.17, font)
    else:
        sheet.text("МОСКВА" if rng.random() < 0.5 else "HOUSTON", (w * 0.1, -h * 0.2), h * 0.2, font)
        sheet.text(f"№ {number}", (w * 0.1, h * 0.2), h * 0.25, font)
    placed = page.put(
        sheet,
        _spot(page, 16),
        float(rng.normal(0, 1)),
        vary((0.75, 0.15, 0.2), rng) if rng.random() < 0.5 else (0.1, 0.1, 0.1),
    )
    page.trap("registered-label", placed, rectangle(w, h), number)


def serial(page: Page, _: float) -> None:
    """A serial number, at times one that reads like a date."""
    rng = page.rng
    form = SERIAL[int(rng.integers(len(SERIAL)))]
    text = form.format(s=int(rng.integers(100, 99999)), a=int(rng.integers(1, 999)))
    kind = "serial"
    if rng.random() < 0.5:
        kind, text = "serial-date", f"№ {write_date(some_day(rng), 'ddmmyy', rng).text}"
    placed, line = page.write(text, _spot(page, 12), float(rng.uniform(1.8, 3.2)), choose_font(rng), _ink(page))
    page.trap(kind, placed, line.quad, text)


def print_line(page: Page, text: str) -> None:
    """A given line of print somewhere on the cover."""
    height = float(page.rng.uniform(1.8, 3.0))
    placed, line = page.write(text, _spot(page, 22), height, choose_font(page.rng), random_colour(page.rng, 0.4))
    page.trap("address-date", placed, line.quad, text)


def printed_date(page: Page, _: float) -> None:
    """A date in print: in an imprint, a cachet or a sender's line."""
    rng = page.rng
    said = write_date(some_day(rng), choose_format(BOARD, rng), rng).text
    before = str(rng.choice(["", "", "СТАРТ ", "LAUNCH ", "ПОЛЕТ ", "© Министерство связи ", "LANDING ", "Зак. 34 "]))
    placed, line = page.write(
        before + said, _spot(page, 15), float(rng.uniform(1.3, 3.4)), choose_font(rng), random_colour(rng, 0.4)
    )
    page.trap("address-date", placed, line.quad, said)


def caption(page: Page, _: float) -> None:
    """Lines of small print that tell of a flight, with a date in one of them."""
    rng = page.rng
    corner = (float(rng.uniform(4, page.width * 0.6)), float(rng.uniform(page.height * 0.3, page.height * 0.85)))
    height, font, colour = float(rng.uniform(1.1, 1.9)), choose_font(rng), random_colour(rng, 0.4)
    count = int(rng.integers(2, 6))
    dated = int(rng.integers(count))
    for k in range(count):
        text = " ".join([CACHETS[int(rng.integers(len(CACHETS)))].capitalize(), cachet_name(rng)])
        if k == dated:
            text = f"{cachet_name(rng)} {write_date(some_day(rng), choose_format(BOARD, rng), rng).text}"
        placed, line = page.write(text, (corner[0], corner[1] + k * height * 1.7), height, font, colour)
        if k == dated:
            page.trap("address-date", placed, line.quad, text)


def watermark(page: Page, _: float) -> None:
    """Pale lettering that an auction house lays over its pictures."""
    rng = page.rng
    text = str(rng.choice(["AUCTION", "LOT {n}", "COVERS.SPACE", "COPY", "АУКЦИОН", "ЛОТ {n}"])).format(
        n=int(rng.integers(1, 3000))
    )
    height = float(rng.uniform(5, 16))
    sheet = page.sheet(height * (len(text) + 2) * 1.1, height * 2.4)
    line = sheet.text(text, (0.0, 0.0), height, choose_font(rng))
    pale = sheet.mask() * np.float32(rng.uniform(0.1, 0.35))
    placed = page.put(
        sheet,
        (page.width / 2, page.height * float(rng.uniform(0.3, 0.8))),
        float(rng.uniform(-35, 10)),
        (0.4, 0.4, 0.4),
        pale,
    )
    page.trap("watermark", placed, line.quad, text)


def handwritten_date(page: Page, _: float) -> None:
    """A date written with a pen."""
    rng = page.rng
    said = write_date(some_day(rng), choose_format(BOARD, rng), rng).text.capitalize()
    ink = vary((0.15, 0.2, 0.55) if rng.random() < 0.6 else (0.15, 0.15, 0.15), rng)
    placed, line = page.write(
        said, _spot(page, 15), float(rng.uniform(2.6, 5.0)), choose_hand(rng), ink, turn=float(rng.normal(0, 6))
    )
    page.trap("handwriting", placed, line.quad, said)


def frame(page: Page, _: float) -> None:
    """A decorated frame or the border of an album page."""
    rng = page.rng
    w, h = page.width * float(rng.uniform(0.3, 0.95)), page.height * float(rng.uniform(0.4, 0.95))
    sheet = page.sheet(w + 2, h + 2)
    cut = float(rng.choice([0.0, 0.0, 5.0, 9.0]))
    a, b = w / 2, h / 2
    corners = (
        (-a + cut, -b),
        (a - cut, -b),
        (a, -b + cut),
        (a, b - cut),
        (a - cut, b),
        (-a + cut, b),
        (-a, b - cut),
        (-a, -b + cut),
    )
    sheet.path(corners, float(rng.uniform(0.2, 1.0)), closed=True)
    sheet.path([(x * 0.97, y * 0.96) for x, y in corners], 0.25, closed=True)
    centre = (w / 2 + float(rng.uniform(0, max(1.0, page.width - w))), page.height / 2)
    placed: Placed = page.put(sheet, centre, 0.0, random_colour(rng, 0.6))
    page.trap("frame", placed, corners)


TRAPS: tuple[Trapper, ...] = (
    hexagon, vignette, logo, shield, disc, coin, boxed, registered, serial,
    printed_date, printed_date, handwritten_date, frame, caption, caption, watermark,
)  # fmt: skip


def set_trap(page: Page, wear: float) -> None:
    """One trap chosen at random."""
    TRAPS[int(page.rng.integers(len(TRAPS)))](page, wear)
