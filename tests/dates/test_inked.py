"""A date under another ink is read in its own."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from postmark_id.dates.inked import compared, inked
from postmark_id.geometry import turned_rectangle
from postmark_id.ink import density, lay_out, main_ink
from postmark_id.models import Scan
from postmark_id.settings import Settings

SETTINGS = Settings()


def test_a_stroke_of_another_ink_across_a_line_is_gone_from_its_strip() -> None:
    picture = np.full((300, 600, 3), 245, np.uint8)
    cv2.putText(picture, "12.02.97", (120, 170), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (200, 40, 40), 6, cv2.LINE_AA)
    bare = lay_out(Scan(picture.copy(), "bare"), SETTINGS.ink)
    cv2.line(picture, (100, 90), (480, 200), (20, 60, 170), 8, cv2.LINE_AA)
    crossed = lay_out(Scan(picture, "crossed"), SETTINGS.ink)
    red = main_ink(density(bare), SETTINGS.ink)
    quad = turned_rectangle((262.0, 148.0), 290.0, 50.0, 0.0)
    clean, freed = (inked(sheet, quad, red, SETTINGS.dates) for sheet in (bare, crossed))
    assert clean.shape == freed.shape
    assert clean.min() < 40, "the figures are there"
    # where no figure stands nothing is left of the stroke, which would be as dark as a figure
    paper = clean > 220
    assert float((freed[paper] < 120).mean()) < 0.03


def test_a_line_outside_the_picture_gives_an_empty_strip() -> None:
    sheet = lay_out(Scan(np.full((200, 300, 3), 245, np.uint8), "x"), SETTINGS.ink)
    ink = main_ink(density(sheet), SETTINGS.ink)
    strip = inked(sheet, turned_rectangle((900.0, 900.0), 100.0, 20.0, 0.0), ink, SETTINGS.dates)
    assert strip.shape[0] == SETTINGS.dates.strip_height


@pytest.mark.parametrize(("colour", "alike"), [((200, 40, 40), True), ((30, 60, 180), False)])
def test_the_ink_of_a_line_is_like_that_of_its_seal_or_not(colour: tuple[int, int, int], alike: bool) -> None:
    picture = np.full((300, 600, 3), 245, np.uint8)
    red = picture.copy()
    cv2.rectangle(red, (40, 40), (560, 260), (200, 40, 40), 5)
    cv2.putText(picture, "12.02.97", (120, 170), cv2.FONT_HERSHEY_SIMPLEX, 2.0, colour, 6, cv2.LINE_AA)
    ink = main_ink(density(lay_out(Scan(red, "seal"), SETTINGS.ink)), SETTINGS.ink)
    sheet = lay_out(Scan(picture, "date"), SETTINGS.ink)
    found, _ = compared(sheet, turned_rectangle((262.0, 148.0), 290.0, 50.0, 0.0), ink)
    assert (found >= SETTINGS.dates.same_ink) is alike
    off_the_sheet, _ = compared(sheet, turned_rectangle((900.0, 900.0), 100.0, 20.0, 0.0), ink)
    assert off_the_sheet == pytest.approx(1.0)


@pytest.mark.parametrize(("seal", "stronger"), [(40, False), (190, True)])
def test_a_line_of_print_is_far_stronger_than_a_faint_seal(seal: int, stronger: bool) -> None:
    picture = np.full((300, 600, 3), 245, np.uint8)
    struck = picture.copy()
    cv2.rectangle(struck, (40, 40), (560, 260), (seal, seal, seal), 5)
    cv2.putText(picture, "12.02.97", (120, 170), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (40, 40, 40), 6, cv2.LINE_AA)
    ink = main_ink(density(lay_out(Scan(struck, "seal"), SETTINGS.ink)), SETTINGS.ink)
    line = turned_rectangle((262.0, 148.0), 290.0, 50.0, 0.0)
    _, times = compared(lay_out(Scan(picture, "date"), SETTINGS.ink), line, ink)
    assert (times >= SETTINGS.dates.stronger) is stronger
