import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from postmark_id.dates.engines import Reading, SecondOpinion, create
from postmark_id.dates.grammar import Window
from postmark_id.dates.reader import DateReader
from postmark_id.dates.strips import turned_about
from postmark_id.geometry import turned_rectangle
from postmark_id.models import Notice, Picture, Quad
from postmark_id.settings import DateSettings

FONTS = Path(__file__).parents[2] / "src" / "postmark_id" / "synth" / "fonts"
WINDOW = Window(dt.date(1977, 1, 1), dt.date(2026, 12, 31))


def cover(lines: Sequence[tuple[str, float]]) -> tuple[Picture, list[Quad]]:
    """A cover with dates at given turns, blue on cream, and the quad of each."""
    page = Image.new("RGB", (420 * len(lines), 420), (243, 234, 212))
    font = ImageFont.truetype(sorted(FONTS.glob("*sans.ttf"))[0], 40)
    quads = []
    for k, (text, turn) in enumerate(lines):
        tile = Image.new("L", (420, 420), 0)
        ImageDraw.Draw(tile).text((210, 210), text, font=font, fill=230, anchor="mm")
        tile = tile.rotate(-turn, resample=Image.Resampling.BICUBIC)
        page.paste(Image.new("RGB", tile.size, (60, 80, 160)), (420 * k, 0), tile)
        quads.append(turned_rectangle((420 * k + 210, 210), font.getlength(text) + 8, 42, turn))
    return np.asarray(page, np.uint8), quads


class Scripted:
    """An engine that answers from a list and counts the strips it was asked for."""

    def __init__(self, name: str, answers: Sequence[str], score: float = 1.0) -> None:
        self.name = name
        self.answers = list(answers)
        self.score = score
        self.asked = 0

    def read(self, strips: Sequence[Picture]) -> list[Reading]:
        texts = [self.answers.pop(0) for _ in strips]
        self.asked += len(strips)
        return [Reading(t, self.score, tuple((c, self.score) for c in t), engine=self.name) for t in texts]


def two_quads() -> tuple[Picture, list[Quad]]:
    return np.full((100, 200, 3), 240, np.uint8), [turned_rectangle((100, y), 80, 20, 0) for y in (30, 70)]


@pytest.mark.parametrize("engine", ["own", "rapidocr", "auto"])
def test_dates_are_read_at_any_turn_with_hour_and_place(engine: str) -> None:
    pixels, quads = cover([("12.02.97", 0), ("28 10 13 21", 33), ("5.XI.1987", 200)])
    readings = DateReader(create(engine)).read_lines(pixels, quads, WINDOW, ["inside", "beside"])
    assert [r.date if r else None for r in readings] == [
        dt.date(1997, 2, 12),
        dt.date(2013, 10, 28),
        dt.date(1987, 11, 5),
    ]
    assert readings[1] is not None
    assert readings[1].hour == 21
    assert [r.place if r else None for r in readings] == ["inside", "beside", "inside"]


@pytest.mark.parametrize("engine", ["own", "rapidocr"])
def test_a_line_given_the_wrong_way_round_is_read_and_its_quad_turned(engine: str) -> None:
    pixels, quads = cover([("27.12.95", 15)])
    (reading,) = DateReader(create(engine)).read_lines(pixels, [turned_about(quads[0])], WINDOW)
    assert reading is not None
    assert reading.date == dt.date(1995, 12, 27)
    assert np.allclose(reading.quad, quads[0])


def test_a_sure_line_is_read_once_and_a_doubtful_one_goes_the_whole_way() -> None:
    pixels, quads = two_quads()
    first = Scripted("own", ["12.02.97", "1Z.0Z.97", "LB'ZO'ZL", "1Z.0Z.97", "1Z.0Z.97"])
    second = Scripted("rapidocr", ["12.02.97"])
    sure, doubtful = DateReader(SecondOpinion(first, second)).read_lines(pixels, quads, WINDOW)
    assert (first.asked, second.asked) == (2 + 1 + 2, 1)
    assert sure is not None
    assert doubtful is not None
    assert sure.date == doubtful.date == dt.date(1997, 2, 12)
    assert doubtful.engine == "rapidocr"


def test_the_reader_of_figures_is_asked_for_unsure_lines_only_and_its_letters_are_not_shown() -> None:
    pixels, quads = two_quads()
    first = Scripted("own", ["12.02.97", "M.10.96", ""] + [""] * 8)
    figures = Scripted("figures", ["ШШШ 11.10.96 Ш", ""])
    sure, doubtful = DateReader(first, figures=figures).read_lines(pixels, quads, WINDOW)
    assert figures.asked == 2, "the doubtful one, both ways up"
    assert sure is not None
    assert doubtful is not None
    assert (doubtful.date, doubtful.text, doubtful.engine) == (dt.date(1996, 10, 11), "11.10.96", "figures")


def test_rows_are_read_by_the_reader_of_figures_whichever_way_up_they_stand() -> None:
    rows = [np.full((40, 300), 255, np.uint8)] * 2
    figures = Scripted("figures", ["ШШШШ 1996 01 20 ШШ", "Ш3ШШ", "1Ш", ""], score=0.7)
    reader = DateReader(Scripted("own", []), figures=figures)
    (date,) = reader.figures_among(rows, WINDOW)
    assert (date.date, date.text, date.quad) == (dt.date(1996, 1, 20), "1996 01 20", None)
    assert figures.asked == 4, "rows that are not read plainly are turned"
    assert DateReader(Scripted("own", [])).figures_among(rows) == []


def test_rows_that_run_around_a_mark_are_read_both_ways() -> None:
    """The letters of the lower half of a ring often stand the other way round."""
    short, long = np.full((40, 300), 255, np.uint8), np.full((40, 420), 255, np.uint8)
    readings = DateReader(Scripted("own", ["MOSKVA", "PREMIER JOUR 661", "1996 01 20 VILN"])).read_rows([short, long])
    assert [[way.text for way in ways] for ways in readings] == [["MOSKVA"], ["PREMIER JOUR 661", "1996 01 20 VILN"]]
    (date,) = DateReader(Scripted("own", [])).dates_among(readings, WINDOW)
    assert date.date == dt.date(1996, 1, 20)


def test_an_unsure_line_is_cut_again_with_other_margins() -> None:
    pixels, quads = cover([("12.02.97", 0)])
    heights = []

    class Watching(Scripted):
        def read(self, strips: Sequence[Picture]) -> list[Reading]:
            heights.extend(float((s < 128).any(axis=1).mean()) for s in strips)
            return super().read(strips)

    engine = Watching("own", ["1Z.0Z.97", "", "1Z.0Z.97", "12.02.97"])
    (reading,) = DateReader(engine, DateSettings(further_pads=(0.6, 0.0))).read_lines(pixels, quads, WINDOW)
    assert reading is not None
    assert reading.text == "12.02.97"
    first, _, wide, narrow = heights
    assert wide < first < narrow


def test_a_line_without_figures_does_not_go_to_the_second_engine() -> None:
    pixels, quads = two_quads()
    second = Scripted("rapidocr", [])
    reader = DateReader(SecondOpinion(Scripted("own", ["MИP", "", "dИW", ""]), second))
    assert reader.read_lines(pixels, quads, WINDOW) == [None, None]
    assert second.asked == 0


@pytest.mark.parametrize(("text", "asked"), [("M1P 45 7", 0), ("71.02.9745", 1), ("12.02.97", 1)])
def test_a_hopeless_line_goes_to_the_second_engine_only_with_the_figures_of_a_date(text: str, asked: int) -> None:
    second = Scripted("rapidocr", ["12.02.97"] * 2)
    doubtful = DateSettings(doubtful=1.01, further_looks=0)
    reader = DateReader(SecondOpinion(Scripted("own", [text, ""]), second), doubtful)
    reader.read_strips([np.full((48, 200), 255, np.uint8)], WINDOW)
    assert (second.asked > 0) == bool(asked)


def test_the_second_engine_is_left_out_where_it_is_not_wanted() -> None:
    second = Scripted("rapidocr", ["12.02.97"] * 2)
    reader = DateReader(SecondOpinion(Scripted("own", ["12.0Z.97"] * 2), second), DateSettings(further_looks=0))
    reader.read_strips([np.full((48, 200), 255, np.uint8)], WINDOW, second_opinion=False)
    assert second.asked == 0


def test_the_second_engine_is_asked_about_the_most_promising_lines_only() -> None:
    pixels, quads = cover([("12.02.97", 0)])
    first = Scripted("own", ["1Z.0Z.97"] * 20 + [""] * 20 + ["1Z.0Z.97"] * 8)
    second = Scripted("rapidocr", ["12.02.97"] * 20)
    reader = DateReader(SecondOpinion(first, second), DateSettings(second_opinions=3, further_looks=4))
    reader.read_lines(pixels, quads * 20, WINDOW)
    assert second.asked == 3
    assert first.answers == []


def test_notices_of_engines_are_kept_once() -> None:
    class Failing:
        name = "failing"

        def read(self, strips: Sequence[Picture]) -> list[Reading]:
            return [Reading("", 0.0, notice=Notice("ocr-failed", "it failed")) for _ in strips]

    pixels, quads = two_quads()
    reader = DateReader(Failing())
    assert reader.read_lines(pixels, quads) == [None, None]
    assert reader.notices == [Notice("ocr-failed", "it failed")]


def test_no_lines_give_no_readings() -> None:
    assert DateReader(Scripted("own", [])).read_lines(np.zeros((10, 10, 3), np.uint8), []) == []


def test_lettering_is_read_in_its_own_script() -> None:
    pixels, quads = cover([("HOUSTON", 0), ("ПОЧТА", 0)])
    reader = DateReader.open("own", DateSettings())
    strips = [reader.strip(pixels, q) for q in quads]
    assert [r.text for r in reader.read_lettering(strips)] == ["HOUSTON", "ПОЧТА"]


def test_same_pixels_give_the_same_reading() -> None:
    pixels, quads = cover([("12.02.97", 3)])
    reader = DateReader(create("auto"))
    assert reader.read_lines(pixels, quads, WINDOW) == reader.read_lines(pixels, quads, WINDOW)


def test_each_line_may_have_its_own_window() -> None:
    pixels, quads = two_quads()
    reader = DateReader(Scripted("own", ["12.03.36", "12.03.36", *[""] * 20]))
    anywhen, in_a_station = reader.read_lines(pixels, quads, [Window(), WINDOW])
    assert anywhen is not None
    assert in_a_station is None or in_a_station.score < 0.1 * anywhen.score
