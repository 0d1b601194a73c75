"""``postmark-id marks``: what people type and what they read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from postmark_id.cli import main
from postmark_id.library import Library

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mine").mkdir()
    monkeypatch.setenv("POSTMARK_ID_LIBRARY", str(tmp_path / "mine"))
    return tmp_path / "mine"


@pytest.fixture
def crop(tmp_path: Path) -> Path:
    image = Image.new("RGB", (120, 120), "white")
    ImageDraw.Draw(image).regular_polygon((60, 60, 50), 8, outline="navy", width=4)
    image.save(tmp_path / "crop.PNG")
    return tmp_path / "crop.PNG"


@pytest.fixture
def run(mine: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def marks(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["marks", *map(str, arguments)])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return marks


def add(run: Run, ident: str, crop: Path, *more: str) -> tuple[int, str, str]:
    return run("add", ident, "--station", "Mir", "--shape", "octagon", "--picture", crop, *more)


def test_list_shows_every_mark_within_80_columns(run: Run) -> None:
    code, out, err = run("list")
    assert code == 0
    assert not err
    lines = out.splitlines()
    assert len(lines) == 2 + len(Library.load())
    assert max(map(len, lines)) <= 80
    assert any(line.split()[:3] == ["mir-octagon", "Mir", "octagon"] for line in lines)


def test_list_of_one_station_leaves_the_others_out(run: Run) -> None:
    _, out, _ = run("list", "--station", "Salyut-7", "--format", "json")
    assert [mark["id"] for mark in json.loads(out)] == ["salyut7-pentagon"]


def test_list_as_json_holds_what_show_holds(run: Run) -> None:
    _, listed, _ = run("list", "--format", "json")
    _, shown, _ = run("show", "mir-octagon", "--format", "json")
    assert json.loads(shown) in json.loads(listed)
    assert json.loads(shown)["first"] == "1987-11-01"


def test_list_tells_what_it_left_out_on_stderr_and_goes_on(run: Run, mine: Path) -> None:
    (mine / "bad").mkdir()
    (mine / "bad" / "mark.toml").write_text("id = 3\n", encoding="utf-8")
    code, out, err = run("list")
    assert code == 0
    assert "mir-octagon" in out
    assert err.startswith(f"warning: {mine / 'bad' / 'mark.toml'}:1: ")


@pytest.mark.parametrize(
    ("known", "says"),
    [
        (("--first", "1988", "--last", "1990"), "1988-01-01 to 1990-12-31"),
        (("--first", "1988"), "from 1988-01-01 on; no end of use is known"),
        (("--last", "1990"), "until 1990-12-31; no beginning of use is known"),
        ((), "neither beginning nor end is known"),
    ],
)
def test_show_says_in_words_what_is_known_of_the_use(run: Run, crop: Path, known: tuple[str, ...], says: str) -> None:
    add(run, "mine", crop, *known)
    (line,) = [line for line in run("show", "mine")[1].splitlines() if line.startswith("used ")]
    assert line.split(maxsplit=1)[1] == says


def test_an_unknown_mark_is_a_slip_of_who_typed_it_and_no_fault_of_the_library(run: Run, tmp_path: Path) -> None:
    for arguments in (("show", "none"), ("remove", "none"), ("export", tmp_path / "marks.zip", "none")):
        code, _, err = run(*arguments)
        assert (code, err) == (2, "postmark-id: no mark has the id 'none' (see 'postmark-id marks list')\n")


def test_show_says_that_a_picture_is_schematic(run: Run) -> None:
    _, out, _ = run("show", "salyut7-pentagon")
    assert "schematic" in out
    assert "Board of space station Salyut-7 (translation)" in out
    assert max(map(len, out.splitlines())) <= 80 + len(str(Library.load().find("salyut7-pentagon").folder))


def test_show_of_an_unknown_mark_suggests_one(run: Run) -> None:
    code, out, err = run("show", "mir-octogon")
    assert (code, out) == (2, "")
    assert err == "postmark-id: no mark has the id 'mir-octogon' (did you mean 'mir-octagon'?)\n"


def test_validate_passes_the_built_in_marks(run: Run) -> None:
    code, out, _ = run("validate")
    assert code == 0
    assert f"marks: {len(Library.load())}, faults: 0" in out


def test_validate_decodes_every_picture(run: Run, mine: Path, crop: Path) -> None:
    add(run, "broken", crop)
    (picture,) = (mine / "broken").glob("*.png")
    picture.write_bytes(picture.read_bytes()[:60])
    code, out, _ = run("validate")
    assert code == 4
    assert str(picture) in out
    assert "faults: 1" in out


def test_validate_finds_an_empty_and_a_repeated_picture(run: Run, tmp_path: Path, crop: Path) -> None:
    Image.new("L", (64, 64), 255).save(tmp_path / "white.png")
    add(run, "white", tmp_path / "white.png")
    add(run, "first", crop)
    add(run, "second", crop)
    code, out, _ = run("validate")
    assert code == 4
    assert "shows nothing" in out
    assert "is the same picture as" in out


def test_validate_strict_takes_advice_as_fault(run: Run) -> None:
    assert run("validate", "--strict")[0] == 4


def test_an_added_mark_is_there_whole(run: Run, mine: Path, crop: Path) -> None:
    code, out, err = add(
        run, "my-octagon", crop, "--lettering", "БОРТ МИР", "--ink", "blue", "--first", "1988", "--dated", "no"
    )
    assert (code, out) == (0, "")
    assert err == f"added my-octagon: {mine / 'my-octagon'}\n"
    mark = Library.load(strict=True).find("my-octagon")
    assert mark.lettering[0].text == "БОРТ МИР"
    assert mark.pictures[0].read_bytes() == crop.read_bytes()
    assert not list(mine.glob(".*"))


def test_adding_twice_is_refused_unless_overwriting(run: Run, crop: Path) -> None:
    add(run, "mine", crop, "--name", "first")
    code, _, err = add(run, "mine", crop, "--name", "second")
    assert code == 6
    assert "--overwrite" in err
    assert Library.load().find("mine").name == "first"
    assert add(run, "mine", crop, "--name", "second", "--overwrite")[0] == 0
    assert Library.load().find("mine").name == "second"


def test_adding_a_built_in_id_needs_replaces(run: Run, mine: Path, crop: Path) -> None:
    code, _, err = add(run, "mir-octagon", crop)
    assert code == 4
    assert "replaces" in err
    assert not list(mine.iterdir())
    assert add(run, "mir-octagon", crop, "--replaces", "mir-octagon")[0] == 0
    assert Library.load(strict=True).find("mir-octagon").origin == "user"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--first", "12/04/88"), "12/04/88"),
        (("--first", "1999", "--last", "1987"), "before it begins"),
        (("--dated", "fixed"), "fixed_date"),
        (("--size-mm", "9000"), "9000"),
    ],
)
def test_a_value_that_makes_no_sense_is_named_and_nothing_is_added(
    run: Run, mine: Path, crop: Path, arguments: tuple[str, ...], says: str
) -> None:
    code, _, err = add(run, "mine", crop, *arguments)
    assert code == 4
    assert says in err
    assert "mark.toml" not in err
    assert not list(mine.iterdir())


def test_a_picture_that_is_none_is_refused(run: Run, mine: Path, tmp_path: Path) -> None:
    (tmp_path / "note.png").write_text("hello", encoding="utf-8")
    code, _, err = add(run, "mine", tmp_path / "note.png")
    assert code == 4
    assert "is no picture" in err
    assert not list(mine.iterdir())


def test_a_mark_of_ones_own_can_be_removed_and_a_built_in_one_cannot(run: Run, mine: Path, crop: Path) -> None:
    add(run, "mine", crop)
    assert run("remove", "mine")[0] == 0
    assert Library.load().get("mine") is None
    code, _, err = run("remove", "mir-octagon")
    assert code == 4
    assert "came with the program" in err
    assert Library.load().get("mir-octagon") is not None


def test_what_was_removed_comes_back_from_the_bin(run: Run, mine: Path, crop: Path) -> None:
    add(run, "mine", crop)
    before = (mine / "mine" / "mark.toml").read_bytes()
    run("remove", "mine")
    assert run("restore", "mine")[0] == 0
    assert (mine / "mine" / "mark.toml").read_bytes() == before
    assert Library.load().get("mine") is not None
    code, _, err = run("restore", "mine")
    assert code == 2
    assert "no mark 'mine' was removed (the bin is empty)" in err


def test_a_removed_mark_does_not_come_back_over_another_one(run: Run, crop: Path) -> None:
    add(run, "mine", crop)
    run("remove", "mine")
    add(run, "mine", crop, "--name", "the second")
    code, _, err = run("restore", "mine")
    assert code == 6
    assert "stands there already" in err
    found = Library.load().get("mine")
    assert found is not None
    assert found.name == "the second"
    assert run("restore", "../mine")[0] == 2


def test_a_sheet_shows_all_pictures_of_a_mark(run: Run, crop: Path, tmp_path: Path) -> None:
    run("add", "mine", "--station", "Mir", "--shape", "octagon", "--picture", crop, "--picture", crop)
    code, _, err = run("show", "mine", "--sheet", tmp_path / "sheet.png")
    assert (code, err) == (0, "")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (510, 282)
    assert run("show", "mine", "--sheet", tmp_path / "sheet.png")[0] == 6
    code, _, err = run("show", "mine", "--sheet", tmp_path / "sheet.gif")
    assert code == 5
    assert err.startswith(f"postmark-id: {tmp_path / 'sheet.gif'}: pictures are not written in this format")


def test_a_folder_of_crops_can_be_added(run: Run, crop: Path, tmp_path: Path) -> None:
    (tmp_path / "crops").mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "crops" / name).write_bytes(crop.read_bytes())
    (tmp_path / "crops" / "notes.txt").write_text("not a picture", encoding="utf-8")
    assert add(run, "mine", tmp_path / "crops")[0] == 0
    found = Library.load().get("mine")
    assert found is not None
    assert len(found.pictures) == 2
    (tmp_path / "empty").mkdir()
    code, _, err = add(run, "other", tmp_path / "empty")
    assert code == 2
    assert "holds no picture" in err


def test_marks_travel_by_archive(run: Run, tmp_path: Path, crop: Path) -> None:
    add(run, "one", crop)
    add(run, "two", crop)
    code, out, err = run("export", tmp_path / "marks.zip")
    assert (code, out) == (0, "")
    assert "one, two" in err
    (tmp_path / "other").mkdir()
    code, _, err = run("import", tmp_path / "marks.zip", "--library", tmp_path / "other")
    assert code == 0
    assert err.count("added ") == 2
    other = Library.load(tmp_path / "other", strict=True)
    assert other.find("two").pictures[0].read_bytes() == crop.read_bytes()


def test_exporting_over_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "marks.zip").write_text("precious", encoding="utf-8")
    assert run("export", tmp_path / "marks.zip", "mir-octagon")[0] == 6
    assert (tmp_path / "marks.zip").read_text(encoding="utf-8") == "precious"
    assert run("export", tmp_path / "marks.zip", "mir-octagon", "--overwrite")[0] == 0


def test_exporting_nothing_is_a_question_of_usage(run: Run, tmp_path: Path) -> None:
    code, _, err = run("export", tmp_path / "marks.zip")
    assert code == 2
    assert "--all" in err
    assert not (tmp_path / "marks.zip").exists()
    assert run("export", tmp_path / "marks.zip", "--all")[0] == 0


def test_an_import_takes_all_marks_or_none(run: Run, mine: Path, tmp_path: Path, crop: Path) -> None:
    add(run, "one", crop)
    add(run, "two", crop)
    run("export", tmp_path / "marks.zip")
    run("remove", "one")
    code, _, err = run("import", tmp_path / "marks.zip")
    assert code == 6
    assert str(mine / "two") in err
    assert Library.load().get("one") is None
    assert run("import", tmp_path / "marks.zip", "--overwrite")[0] == 0
    assert Library.load(strict=True).get("one") is not None


def test_a_folder_can_be_imported_and_stays_as_it_is(run: Run, mine: Path, tmp_path: Path, crop: Path) -> None:
    add(run, "one", crop)
    (mine / "one").rename(tmp_path / "given")
    assert run("import", tmp_path / "given")[0] == 0
    assert Library.load(strict=True).find("one").folder == mine / "one"
    assert (tmp_path / "given" / "mark.toml").is_file()


def test_a_library_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    code, _, err = run("list", "--library", tmp_path / "none")
    assert code == 4
    assert f"{tmp_path / 'none'}: no such folder" in err
