"""``marks learn``: one strike begins a mark, more make it better, and nothing is spoiled."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from postmark_id.cli import main
from postmark_id.errors import LibraryError, UsageError
from postmark_id.library import DateLine, Library
from postmark_id.library.impression import Impression
from postmark_id.library.inspect import inspect
from postmark_id.library.learning import Lesson, learn, look_alike
from postmark_id.library.reference import Recogniser
from postmark_id.marks.learn import choose
from postmark_id.models import Kind, Mark, Outline, Scan, Shape, Station
from postmark_id.settings import Settings
from postmark_id.synth.designs import Design, draw_design
from postmark_id.synth.strikes import strike

TODAY = dt.date(2026, 11, 21)
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
NEW = {"stations": ["Mir"], "kind": "station-seal"}


def worn(seed, number, shape=Shape.OCTAGON, wear=0.35):
    """An impression of a design, struck the `number`-th time."""
    drawn = draw_design(Design("any", shape, Station.MIR, seed), 66.0 / 14.0)
    mask = strike(drawn.sheet.mask(), wear, np.random.default_rng([seed, number]), scale=66.0 / 14.0)
    side = min(mask.shape[0], 160)
    ink = np.zeros((160, 160), np.float32)
    at, start = (160 - side) // 2, (mask.shape[0] - side) // 2
    ink[at : at + side, at : at + side] = mask[start : start + side, start : start + side]
    return Impression(ink, np.ones((160, 160), np.float32), shape)


def taught(folder, ident, impression, *, line=None, scan="cover.jpg", **more):
    fields = {"id": ident, **({} if (folder / ident).exists() else NEW)}
    return learn(Lesson(impression, scan, line, "blue"), fields, folder, Library.load(folder), today=TODAY, **more)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine").mkdir()
    return tmp_path / "mine"


def test_one_strike_makes_a_mark_that_is_recognised(folder):
    mark = taught(folder, "seal", worn(7, 1))
    assert (mark.origin, mark.shape, mark.stations, mark.inks) == ("user", Shape.OCTAGON, (Station.MIR,), ("blue",))
    assert [(s.scan, s.learned) for s in mark.strikes] == [("cover.jpg", TODAY)]
    assert mark.reference == mark.folder / "reference.png"
    found = Recogniser(Library.load(folder).marks).recognise(worn(7, 2))
    assert found.accepted
    assert found.reference.mark.id == "seal"


def test_further_strikes_sharpen_the_reference_and_all_pictures_stay(folder):
    seen = []
    for number in range(4):
        mark = taught(folder, "seal", worn(7, number, wear=0.6))
        seen.append(Recogniser([mark]).recognise(worn(7, 9, wear=0.2)).pose.agreement)
    assert len(mark.strikes) == 4
    assert sorted(path.name for path in mark.pictures) == ["reference.png", *(f"strike-{k}.png" for k in range(1, 5))]
    assert seen[-1] > seen[0]
    assert not [path for path in folder.iterdir() if path.name.startswith(".incoming")]


def test_the_place_of_the_date_is_recorded_as_the_mean(folder):
    taught(folder, "seal", worn(7, 1), line=DateLine((0.0, 0.2), (0.8, 0.2)))
    mark = taught(folder, "seal", worn(7, 2), line=DateLine((0.1, 0.3), (0.9, 0.2)))
    assert mark.date_line is not None
    assert mark.date_line.centre == pytest.approx((0.05, 0.25), abs=0.03)
    assert mark.dated == "yes"


def test_what_a_person_wrote_into_the_mark_stays(folder):
    mark = taught(folder, "seal", worn(7, 1))
    mark.file.write_text(mark.file.read_text().replace("schema_version = 1", 'schema_version = 1\nnotes = "from Kyiv"'))
    assert taught(folder, "seal", worn(7, 2)).notes == "from Kyiv"


def test_a_strike_of_another_mark_is_refused_unless_one_is_sure(folder):
    taught(folder, "seal", worn(7, 1))
    before = sorted((folder / "seal").iterdir())
    with pytest.raises(LibraryError, match="does not look like seal"):
        taught(folder, "seal", worn(8, 1))
    with pytest.raises(LibraryError, match="the shape of seal is octagon, that of this strike circle"):
        taught(folder, "seal", worn(7, 1, Shape.CIRCLE))
    assert sorted((folder / "seal").iterdir()) == before
    assert len(taught(folder, "seal", worn(8, 1), anyway=True).strikes) == 2


def test_the_same_strike_is_learned_only_once(folder):
    taught(folder, "seal", worn(7, 1), scan="first.jpg")
    with pytest.raises(LibraryError, match=r"learned this strike already, from first\.jpg"):
        taught(folder, "seal", worn(7, 1))


def test_built_in_marks_are_never_changed_but_can_be_replaced(folder):
    with pytest.raises(LibraryError, match="is never changed"):
        taught(folder, "mir-octagon", worn(7, 1))
    lesson = Lesson(worn(7, 1), "cover.jpg")
    fields = {"id": "mir-octagon", "replaces": "mir-octagon", **NEW}
    learn(lesson, fields, folder, Library.load(folder), today=TODAY)
    assert Library.load(folder).find("mir-octagon").origin == "user"


def test_marks_that_look_alike_are_noticed(folder):
    taught(folder, "one", worn(7, 1))
    assert look_alike(Library.load(folder), worn(7, 2), "two")[0].id == "one"
    assert look_alike(Library.load(folder), worn(8, 2), "two") is None
    taught(folder, "two", worn(7, 2))
    taught(folder, "three", worn(8, 2))
    said = [f.notice.message for f in inspect(Library.load(folder).marks) if f.notice.code == "look-alike"]
    assert len(said) == 1
    assert "this looks like one, same mark?" in said[0]


def marks_at(*centres):
    found = []
    for x, y in centres:
        corners = ((x - 50, y - 50), (x + 50, y - 50), (x + 50, y + 50), (x - 50, y + 50))
        found.append(Mark(Kind.UNKNOWN, Outline(Shape.CIRCLE, (x, y), 50.0, 0.0, corners), 0.9, ink="blue"))
    return found


SCAN = Scan(np.full((300, 400, 3), 250, np.uint8), "cover.jpg")


@pytest.mark.parametrize(
    ("marks", "wanted", "message", "hint"),
    [
        ([], {"number": None}, "no mark was found", "--box"),
        (
            marks_at((80, 80), (200, 90)),
            {"number": None},
            "2 marks were found",
            "choose with --mark: 1 blue round mark at 80, 80; 2 blue round mark at 200, 90",
        ),
        (marks_at((80, 80)), {"number": 2}, "has no mark 2", "found: 1 blue round mark at 80, 80"),
        ([], {"number": None, "box": (390, 0, 50, 50)}, "lies outside the picture", "400 x 300"),
        ([], {"number": None, "box": (10, 10, 200, 200)}, "no pentagon, octagon or round mark", "closely"),
    ],
)
def test_a_mark_that_is_not_clear_is_asked_for_in_one_line(marks, wanted, message, hint):
    with pytest.raises(UsageError, match=message) as caught:
        choose(marks, SCAN, Settings(), **{"box": None, **wanted})
    assert hint in caught.value.hint


def test_a_number_or_a_box_chooses_a_found_mark():
    marks = marks_at((80, 80), (200, 90))
    assert choose(marks, SCAN, Settings(), number=2, box=None).outline is marks[1].outline
    assert choose(marks, SCAN, Settings(), number=None, box=(28, 30, 105, 100)).outline is marks[0].outline


@pytest.fixture
def run(folder, capsys):
    def command(*arguments):
        with pytest.raises(SystemExit) as left:
            main([*map(str, arguments), "--library", str(folder)])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return command


def test_a_mark_learned_from_a_sample_is_recognised_on_it_by_check(run, folder, tmp_path):
    sample = SAMPLES / "apollo-none.jpg"
    code, out, err = run("marks", "learn", sample, "--id", "my-octagon", "--station", "Mir", "--source", "samples")
    assert (code, out) == (0, "")
    assert "learned my-octagon from 1 strike" in err
    code, out, err = run("check", sample, "--format", "json", "--explain", "--debug-dir", tmp_path / "stages")
    assert code == 0
    assert '"reference":"my-octagon"' in out.replace(" ", "")
    assert "looks like my-octagon (learned from 1 strike): agreement" in err
    assert list((tmp_path / "stages").glob("*-mark-1-and-my-octagon*.png"))
    assert "same picture" not in run("marks", "validate")[1]
    assert "1 strike, the last on" in run("marks", "show", "my-octagon")[1]
    code, _, err = run("marks", "learn", sample, "--id", "my-octagon")
    assert code == 4
    assert "has learned this strike already, from apollo-none.jpg" in err


def test_a_picture_out_of_focus_is_told_and_learned_all_the_same(run, tmp_path):
    with Image.open(SAMPLES / "apollo-none.jpg") as picture:
        blurred = picture.filter(ImageFilter.GaussianBlur(1.6))
    blurred.save(tmp_path / "blurred.png")
    said = []
    for number, scan in enumerate((SAMPLES / "apollo-none.jpg", tmp_path / "blurred.png")):
        code, _, err = run("marks", "learn", scan, "--id", f"my-{number}", "--station", "Mir")
        assert code == 0, err
        said.append("out of focus" in err)
    assert said == [False, True]


def test_a_box_teaches_a_mark_and_faults_are_told_in_one_line(run, folder, tmp_path):
    sample = SAMPLES / "apollo-none.jpg"
    for arguments, exit_code, said in [
        ((sample, "--id", "x", "--mark", "1"), 2, "x is a new mark and needs a station"),
        ((sample, "--id", "Not An Id", "--station", "Mir"), 2, "can't be an id"),
        ((sample, "--id", "x", "--station", "Mir", "--mark", "1", "--box", "1,2,3,4"), 2, "name a mark twice"),
        ((sample, "--id", "x", "--station", "Mir", "--box", "1,2,3"), 2, "is no box"),
        ((tmp_path / "none.jpg", "--id", "x", "--station", "Mir"), 1, "none.jpg"),
    ]:
        code, _, err = run("marks", "learn", *arguments)
        assert (code, said in err) == (exit_code, True), err
    shutil.copyfile(Path(__file__), tmp_path / "text.jpg")
    assert run("marks", "learn", tmp_path / "text.jpg", "--id", "x", "--station", "Mir")[0] == 1
    assert not list(folder.iterdir())
