"""The fonts of rendered covers: complete, small, licensed, renamed."""

from __future__ import annotations

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from postmark_id.synth import fonts

PUNCTUATION = "«»–•©№ÄÖÜäöüßÉÈéèÔÛû"


@pytest.mark.parametrize("path", fonts.FONTS + fonts.HANDS, ids=lambda p: p.stem)
def test_every_font_draws_all_letters(path):
    assert fonts.covers(path, fonts.NEEDED + PUNCTUATION)


def test_a_letter_that_is_not_there_is_noticed():
    assert not fonts.covers(fonts.FONTS[0], "ژ")


@pytest.mark.parametrize("path", fonts.FONTS + fonts.HANDS, ids=lambda p: p.stem)
def test_every_font_is_small_and_listed_with_its_licence(path):
    listed = (path.parent / "LICENCES.md").read_text(encoding="utf-8")
    assert path.stat().st_size < 60_000
    assert path.name in listed


def test_licence_texts_lie_beside_the_fonts():
    folder = fonts.FONTS[0].parent
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL-1.1.txt").read_text(encoding="utf-8")
    assert "Apache License" in (folder / "Apache-2.0.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", fonts.FONTS + fonts.HANDS, ids=lambda p: p.stem)
def test_no_subset_goes_by_a_reserved_name(path):
    reserved = ("comfortaa", "play", "russo", "marck")
    names = [str(n).lower() for n in TTFont(path)["name"].names if n.nameID in {1, 3, 4, 6}]
    assert names
    assert not [n for n in names if any(r in n for r in reserved)]


def test_there_are_hands_and_at_least_eight_faces():
    assert len(fonts.FONTS) >= 8
    assert len(fonts.HANDS) >= 3


def test_extra_fonts_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv(fonts.ENVIRONMENT, raising=False)
    assert fonts.extra_font_paths() == ()
    (tmp_path / "mine.ttf").write_bytes(fonts.FONTS[0].read_bytes())
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    monkeypatch.setenv(fonts.ENVIRONMENT, str(tmp_path))
    assert [p.name for p in fonts.extra_font_paths()] == ["mine.ttf"]


def test_a_glyph_knows_where_its_ink_lies():
    letter = fonts.glyph(fonts.FONTS[0], "8", 40)
    x0, y0, x1, y1 = (int(v) for v in letter.inked)
    assert letter.mask[y0:y1, x0:x1].sum() > 0.95 * letter.mask.sum(dtype=np.int64)
    assert abs((y1 - y0) - 40) <= 3


def test_a_space_has_no_ink_but_a_width():
    space = fonts.glyph(fonts.FONTS[0], " ", 40)
    assert space.mask.size == 0
    assert space.advance > 0
