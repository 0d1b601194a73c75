"""Draw the schematic pictures of the built-in reference marks.

No authenticated picture of these marks was at hand, so each one is drawn from its written description: the right
outline, the known wording, a stand-in motif. They show a collector what is meant; the program recognises marks by
shape, lettering and date, and never by this art. Run it again after a change:

    .venv/bin/python tools/draw_reference_marks.py --font .../PTS75F.ttf
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from postmark_id.geometry import regular_polygon

SIZE = 400
FINE = 4
"""Drawn this many times larger, then shrunk, for smooth edges."""
CENTRE = SIZE / 2
RADIUS = 186.0
ROOT = Path(__file__).resolve().parent.parent


class Drawing:
    """A white square to draw one mark on, in pixels of the finished picture."""

    def __init__(self, font: Path) -> None:
        self.image = Image.new("L", (SIZE * FINE, SIZE * FINE), 255)
        self.pen = ImageDraw.Draw(self.image)
        self.font = font

    def _face(self, size: float) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(str(self.font), round(size * FINE))

    def line(self, points: list[tuple[float, float]], width: float = 3) -> None:
        scaled = [(x * FINE, y * FINE) for x, y in points]
        self.pen.line(scaled, fill=0, width=round(width * FINE), joint="curve")

    def ring(self, radius: float, width: float = 3, dashes: int = 0) -> None:
        box = [(CENTRE - radius) * FINE, (CENTRE - radius) * FINE, (CENTRE + radius) * FINE, (CENTRE + radius) * FINE]
        if not dashes:
            self.pen.ellipse(box, outline=0, width=round(width * FINE))
        for k in range(dashes):
            self.pen.arc(box, 360 * k / dashes, 360 * (k + 0.6) / dashes, fill=0, width=round(width * FINE))

    def polygon(self, sides: int, radius: float = RADIUS, width: float = 4) -> None:
        corners = list(regular_polygon((CENTRE, self._middle(sides)), radius, sides, 0.0))
        self.line([*corners, corners[0], corners[1]], width)

    @staticmethod
    def _middle(sides: int) -> float:
        return CENTRE + (16.0 if sides == 5 else 0.0)

    def frame(self, half_width: float, half_height: float, width: float = 4) -> None:
        box = [CENTRE - half_width, CENTRE - half_height, CENTRE + half_width, CENTRE + half_height]
        self.pen.rectangle([v * FINE for v in box], outline=0, width=round(width * FINE))

    def text(self, words: str, y: float, size: float) -> None:
        self.pen.text((CENTRE * FINE, y * FINE), words, fill=0, font=self._face(size), anchor="mm")

    def arc_text(self, words: str, radius: float, size: float, *, top: bool = True) -> None:
        """Letters along a circle about the centre; the lower arc reads from left to right, too."""
        face = self._face(size)
        advance = [face.getlength(c) / FINE + 1.5 for c in words]
        angle = -sum(advance) / radius / 2
        for letter, step in zip(words, advance, strict=True):
            middle = angle + step / radius / 2
            angle += step / radius
            cell = Image.new("L", (round(size * 2 * FINE),) * 2, 255)
            ImageDraw.Draw(cell).text((cell.width / 2,) * 2, letter, fill=0, font=face, anchor="mm")
            turned = cell.rotate(-math.degrees(middle) * (1 if top else -1), Image.Resampling.BICUBIC, fillcolor=255)
            x = CENTRE + radius * math.sin(middle)
            y = CENTRE - radius * math.cos(middle) * (1 if top else -1)
            corner = (round(x * FINE - cell.width / 2), round(y * FINE - cell.height / 2))
            self.image.paste(0, corner, turned.point(lambda v: 255 - v))

    def star(self, x: float, y: float, rays: int, radius: float = 13) -> None:
        for k in range(rays):
            a = 2 * math.pi * k / rays - math.pi / 2
            self.line([(x, y), (x + radius * math.cos(a), y + radius * math.sin(a))], 2.6)

    def station(self, y: float, scale: float = 1.0) -> None:
        """A stand-in station: a stepped hull with two panels."""
        for x0, y0, x1, y1 in ((-70, -11, -20, 11), (-20, -17, 42, 17), (42, -9, 66, 9)):
            box = [CENTRE + x0 * scale, y + y0 * scale, CENTRE + x1 * scale, y + y1 * scale]
            self.pen.rectangle([v * FINE for v in box], outline=0, width=round(2.6 * FINE))
        for side in (-1, 1):
            top, bottom = y + side * 17 * scale, y + side * 52 * scale
            for x in (-8, 4, 16, 28):
                self.line([(CENTRE + x * scale, top), (CENTRE + x * scale, bottom)], 2.4)
            self.line([(CENTRE - 8 * scale, bottom), (CENTRE + 28 * scale, bottom)], 2.4)

    def globe(self, radius: float) -> None:
        self.ring(radius, 2.4)
        for share in (0.35, 0.75):
            box = [CENTRE - radius * share, CENTRE - radius, CENTRE + radius * share, CENTRE + radius]
            self.pen.ellipse([v * FINE for v in box], outline=0, width=round(1.6 * FINE))
        for share in (-0.5, 0.0, 0.5):
            half = radius * math.sqrt(1 - share * share)
            self.line([(CENTRE - half, CENTRE + share * radius), (CENTRE + half, CENTRE + share * radius)], 1.6)

    def finished(self) -> Image.Image:
        return self.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS).quantize(16)


def salyut7_pentagon(d: Drawing) -> None:
    d.polygon(5)
    d.polygon(5, RADIUS - 14, 2)
    d.text("БОРТ", 108, 30)
    d.text("КОСМИЧЕСКОЙ", 148, 27)
    d.text("СТАНЦИИ", 180, 27)
    d.station(256, 0.85)
    d.text("САЛЮТ-7", 328, 38)


def mir_pentagon(d: Drawing) -> None:
    d.polygon(5)
    d.polygon(5, RADIUS - 14, 2)
    d.text("БОРТ", 118, 34)
    d.station(208, 1.1)
    d.text("МИР", 306, 58)


def mir_octagon(d: Drawing) -> None:
    d.polygon(8)
    d.polygon(8, RADIUS - 13, 2)
    d.arc_text("БОРТ ОРБИТАЛЬНОГО КОМПЛЕКСА", 134, 25)
    d.station(200, 1.25)
    d.text("МИР", 312, 52)


def mir_postmark(d: Drawing) -> None:
    d.ring(RADIUS, 4)
    d.ring(RADIUS - 56, 2.4)
    d.arc_text("БОРТ ОРБИТАЛЬНОГО КОМПЛЕКСА", 158, 29)
    d.arc_text("МИР", 158, 32, top=False)
    d.text("dd.mm.yy", CENTRE, 46)


def iss_octagon(d: Drawing) -> None:
    d.polygon(8)
    d.polygon(8, RADIUS - 13, 2)
    d.arc_text("БОРТ МЕЖДУНАРОДНОЙ", 136, 26)
    d.arc_text("КОСМИЧЕСКОЙ СТАНЦИИ", 136, 26, top=False)
    d.globe(96)


def _iss_postmark(d: Drawing, radius: float, rays: int, date: str) -> None:
    d.ring(radius, 4)
    d.ring(radius - 52, 2.2)
    d.arc_text("ПОЧТА РОССИИ", radius - 27, 30)
    d.arc_text("РОССИЙСКИЙ СЕГМЕНТ", radius - 27, 25, top=False)
    d.text("БОРТ МКС", CENTRE - 58, 32)
    d.text(date, CENTRE + 8, 42 if len(date) < 10 else 36)
    for side in (-1, 1):
        d.star(CENTRE + side * (radius - 26), CENTRE - 4, rays)


def iss_postmark_old(d: Drawing) -> None:
    _iss_postmark(d, RADIUS, 8, "dd mm yy")


def iss_postmark_new(d: Drawing) -> None:
    _iss_postmark(d, RADIUS - 12, 6, "dd mm yy tt")


def iss_segment_seal(d: Drawing) -> None:
    d.ring(RADIUS, 4)
    d.ring(RADIUS - 48, 2.2)
    d.arc_text("РОССИЙСКИЙ СЕГМЕНТ", 160, 25)
    d.arc_text("МЕЖДУНАРОДНОЙ КОСМИЧЕСКОЙ СТАНЦИИ", 160, 21, top=False)
    d.text("dd mm yy", CENTRE, 44)


def iss_expedition_seal(d: Drawing) -> None:
    d.ring(RADIUS, 4)
    d.arc_text("ЭКСПЕДИЦИЯ N", 154, 32)
    d.arc_text("EXPEDITION N", 154, 32, top=False)
    d.globe(96)


def tromir(d: Drawing) -> None:
    d.ring(RADIUS, 2.4, dashes=48)
    d.text("AUSTROMIR", CENTRE - 34, 44)
    d.text("7.10.1991", CENTRE + 34, 44)


def perseus(d: Drawing) -> None:
    d.frame(160, 160)
    d.frame(148, 148, 2)
    d.text("ПЕРСЕЙ", CENTRE - 70, 50)
    d.station(CENTRE + 40, 1.3)


def crew_personal(d: Drawing) -> None:
    d.ring(RADIUS, 2.4, dashes=48)
    d.star(CENTRE, CENTRE - 50, 8, 44)
    d.text("emblem", CENTRE + 40, 34)
    d.text("and call sign", CENTRE + 82, 34)


DESIGNS: dict[str, Callable[[Drawing], None]] = {
    draw.__name__.replace("_", "-"): draw
    for draw in (
        salyut7_pentagon,
        mir_pentagon,
        mir_octagon,
        mir_postmark,
        iss_octagon,
        iss_postmark_old,
        iss_postmark_new,
        iss_segment_seal,
        iss_expedition_seal,
        tromir,
        perseus,
        crew_personal,
    )
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--font", type=Path, required=True, help="a bold font with Cyrillic letters, such as PT Sans Bold"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "reference_marks")
    arguments = parser.parse_args()
    for name, draw in DESIGNS.items():
        drawing = Drawing(arguments.font)
        draw(drawing)
        folder = arguments.out / name
        folder.mkdir(parents=True, exist_ok=True)
        drawing.finished().save(folder / "schematic.png", optimize=True)


if __name__ == "__main__":
    main()
